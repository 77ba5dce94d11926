"""A person is hidden everywhere, and stays so through later imports; their works stay, unlinked."""

from django.db import transaction

from accounts.models import User
from claims.errors import ClaimRefused
from claims.locks import lock_record
from claims.models import Report, Suppression
from claims.steps import by_curator
from profiles.identity.services import list_researchers_on
from profiles.models import Researcher
from profiles.trust_facts import refresh_trust
from works.models import Authorship


def suppress(record: Researcher, report: Report | None, curator: User) -> Suppression:
    """Hide a locked record; raise `ClaimRefused` for one that is merged, or is somebody's."""
    if record.state == Researcher.State.MERGED:
        raise ClaimRefused("This record was merged: suppress the one that it leads to.")
    if record.state == Researcher.State.CLAIMED:
        raise ClaimRefused("This record has an owner: their claim has to end first.")
    suppression, is_new = Suppression.objects.get_or_create(
        researcher=record, defaults={"report": report, "granted_by": curator, "state_before": record.state}
    )
    if is_new:
        record.state = Researcher.State.SUPPRESSED
        record.save(update_fields=["state"])
        refresh_trust_of_coauthors(record)
    return suppression


@transaction.atomic
def lift_suppression(curator: User, suppression: Suppression, reason: str) -> None:
    """Show a person again, at their own wish."""
    by_curator(curator, reason)
    record = lock_record(suppression.researcher_id)
    own = Suppression.objects.select_for_update().filter(pk=suppression.pk).first()
    if own is None:
        return
    record.state = own.state_before
    record.save(update_fields=["state"])
    own.delete()
    refresh_trust_of_coauthors(record)


def refresh_trust_of_coauthors(record: Researcher) -> None:
    """Count the close collaborators of everybody on the record's works again."""
    refresh_trust(list_researchers_on(Authorship.objects.filter(researcher=record).values_list("work", flat=True)))
