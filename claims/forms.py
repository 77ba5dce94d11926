"""What people send us about claims."""

from typing import Any

from django import forms

from claims.models import Evidence
from claims.proofs.orcid import can_sign_in
from claims.queries import MarkedWork

LONGEST_STATEMENT = 2000
MARK_CHOICES = [("mine", "Mine"), ("not_mine", "Not mine"), ("unsure", "Not sure")]


PROOFS = [
    (Evidence.Kind.ORCID.value, "ORCID: I sign in there on the next page"),
    (Evidence.Kind.INSTITUTIONAL_EMAIL.value, "My address at an institution: I open a link that is sent there"),
    (Evidence.Kind.BACK_LINK.value, "A link back from my home page"),
    (Evidence.Kind.TOKEN.value, "A token on a page or in a repository that one of the abstracts names"),
    (Evidence.Kind.STATEMENT.value, "None of these: a curator reads what I write below"),
]
NEED_ADDRESS = {Evidence.Kind.INSTITUTIONAL_EMAIL, Evidence.Kind.BACK_LINK}


class ClaimForm(forms.Form):
    """What the claimant says about the works, how they will show it, and what a curator should know."""

    proof = forms.ChoiceField(
        label="How will you show that it is you?", required=False, choices=PROOFS, widget=forms.RadioSelect
    )
    address = forms.CharField(
        label="Your address there, or the address of your home page",
        help_text="Needed for an address at an institution and for a link back. It is never shown to others.",
        required=False,
        max_length=500,
    )
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
        proof: Any = self.fields["proof"]
        proof.choices = [each for each in PROOFS if each[0] != Evidence.Kind.ORCID or can_sign_in()]

    def clean(self) -> dict[str, Any]:
        """Check the address by the proof that it is for."""
        cleaned = super().clean() or {}
        if cleaned.get("proof") in NEED_ADDRESS and cleaned.get("address"):
            proof = ProofForm({"kind": cleaned["proof"], "address": cleaned["address"]})
            if not proof.is_valid():
                self.add_error("address", " ".join(str(each) for errors in proof.errors.values() for each in errors))
        return cleaned

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
