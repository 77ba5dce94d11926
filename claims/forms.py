"""What people send us about claims."""

from typing import Any

from django import forms

from claims.models import Evidence
from claims.queries import MarkedWork

LONGEST_STATEMENT = 2000
MARK_CHOICES = [("mine", "Mine"), ("not_mine", "Not mine"), ("unsure", "Not sure")]


class ClaimForm(forms.Form):
    """What the claimant says about the works, and to a curator."""

    statement = forms.CharField(
        label="Anything a curator should know",
        help_text="Only curators read it. Needed only if none of the other proofs fits.",
        required=False,
        max_length=LONGEST_STATEMENT,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, works: list[MarkedWork], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.works = works

    def marks(self) -> dict[int, str]:
        """Return mine, not_mine or unsure by work id, for the works that were shown; nonsense counts as unsure."""
        allowed = {value for value, _label in MARK_CHOICES}
        said = {marked.work.pk: self.data.get(f"work-{marked.work.pk}", "unsure") for marked in self.works}
        return {work_id: mark if mark in allowed else "unsure" for work_id, mark in said.items()}


class ProofForm(forms.Form):
    """One proof: its kind, and where it is to be found."""

    kind = forms.ChoiceField(
        choices=[
            (kind.value, kind.label)
            for kind in (
                Evidence.Kind.INSTITUTIONAL_EMAIL,
                Evidence.Kind.BACK_LINK,
                Evidence.Kind.TOKEN,
                Evidence.Kind.ORCID,
                Evidence.Kind.AUTHOR_FEED,
            )
        ]
    )
    address = forms.CharField(required=False, max_length=500)

    def clean(self) -> dict[str, Any]:
        """Check the address by its kind."""
        cleaned = super().clean() or {}
        address = cleaned.get("address", "")
        if cleaned.get("kind") == Evidence.Kind.INSTITUTIONAL_EMAIL:
            cleaned["address"] = forms.EmailField(max_length=254).clean(address)
            if not cleaned["address"].isascii():  # look-alike letters make another domain of the same appearance
                raise forms.ValidationError("Please write the address in plain letters.")
        return cleaned


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(max_length=LONGEST_STATEMENT, widget=forms.Textarea(attrs={"rows": 3}))
