"""What a curator fills in: what to do with which works, to whom, and why."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django import forms

from accounts.models import User
from profiles.curation.mandate import Mandate, OperationRefused
from profiles.curation.merge import merge_researchers
from profiles.curation.move import move_authorships, split_authorships
from profiles.models import IdentityOperation, Researcher
from profiles.queries import get_researcher
from works.models import Authorship


class ReasonForm(forms.Form):
    """Why; and the token by which a form that is submitted twice is done once."""

    reason = forms.CharField(label="Why? This is kept.", max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def mandate(self, user: User) -> Mandate:
        """Say on whose behalf, of a valid form."""
        return Mandate(user, self.cleaned_data["reason"], self.cleaned_data["token"])


class OperationForm(ReasonForm):
    """One operation on one record."""

    ACTIONS = (
        ("split", "Split the chosen works off as a new record"),
        ("move", "Move the chosen works to another record"),
        ("merge", "Merge this whole record into another; its address redirects"),
    )
    action = forms.ChoiceField(label="What to do", choices=ACTIONS, widget=forms.RadioSelect, initial="split")
    authorships = forms.MultipleChoiceField(
        label="Works of this record", required=False, widget=forms.CheckboxSelectMultiple
    )
    target = forms.CharField(
        label="The other record", required=False, help_text="Its address, or the seven letters at the end of it"
    )
    field_order = ["action", "authorships", "target", "reason", "token"]

    def __init__(self, researcher: Researcher, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.researcher = researcher
        self.fields["reason"].label = "Why? This is kept, and the public log shows it."
        rows = Authorship.objects.filter(researcher=researcher).select_related("work")
        works: Any = self.fields["authorships"]
        works.choices = [(str(row.pk), describe_row(row)) for row in rows.order_by("-work__year", "work__title")]

    def clean_target(self) -> Researcher | None:
        """Find the record that was named."""
        text = self.cleaned_data["target"].strip().rstrip("/").rpartition("/")[2]
        if not text:
            return None
        try:
            return get_researcher(text)
        except Researcher.DoesNotExist as error:
            raise forms.ValidationError("There is no such record.") from error

    def clean(self) -> None:
        """See that what the action needs is there."""
        super().clean()
        values = self.cleaned_data
        if values.get("action") in {"move", "merge"} and "target" in values and not values["target"]:
            self.add_error("target", "Say which record.")
        if values.get("action") in {"move", "split"} and not values.get("authorships"):
            self.add_error("authorships", "Choose at least one work.")

    def researchers(self) -> list[Researcher]:
        """Return the records that a valid form is about, as far as they exist."""
        target = self.cleaned_data["target"] if self.cleaned_data["action"] != "split" else None
        return [self.researcher, target] if target else [self.researcher]

    def operation(self, user: User) -> Callable[[], IdentityOperation]:
        """Return the service call that a valid form asks for."""
        values, mandate = self.cleaned_data, self.mandate(user)
        authorship_ids = [int(pk) for pk in values["authorships"]]
        if values["action"] == "split":
            return lambda: split_authorships(authorship_ids, source=self.researcher, mandate=mandate)
        if values["action"] == "move":
            return lambda: move_authorships(
                authorship_ids, source=self.researcher, target=values["target"], mandate=mandate
            )
        return lambda: merge_researchers(self.researcher, values["target"], mandate)

    def refuse(self, refused: OperationRefused) -> None:
        """Show a refusal where errors are shown."""
        self.add_error(None, str(refused))


def describe_row(row: Authorship) -> str:
    """Name one work of a record to a curator."""
    mark = "" if row.attribution == Authorship.Attribution.AUTOMATIC else f", {row.get_attribution_display()}"
    return f"{row.work.arxiv_id} ({row.work.year}) {row.work.title}; printed as {row.printed_name}{mark}"
