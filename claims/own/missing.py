"""A work that is missing from a record: found by its arXiv id, fetched where we do not have it, and added."""

import re

from django.conf import settings
from django.db import transaction

from accounts.models import User
from claims.errors import ClaimRefused
from claims.models import RecordChange
from claims.own.change import lock_own
from claims.own.works import take_place
from profiles.models import Researcher
from profiles.services import update_profiles_of_works
from works.arxiv.harvest import make_client
from works.arxiv.load import load_records
from works.arxiv.parse import parse_list_records
from works.models import Authorship, Work
from works.names import fold

ARXIV_ID = re.compile(r"(?:arXiv:)?([a-z-]+(?:\.[A-Z]{2})?/\d{7}|\d{4}\.\d{4,5})(?:v\d+)?", re.ASCII)


def read_arxiv_id(text: str) -> str:
    """Read an arXiv id, or the address of its abstract; raise `ClaimRefused` for anything else."""
    match = ARXIV_ID.fullmatch(text.strip().rpartition("/abs/")[2])
    if match is None:
        raise ClaimRefused("That is not an arXiv id, such as 2011.14522.")
    return match[1]


@transaction.atomic
def add_missing(user: User, researcher: Researcher, arxiv_id: str) -> RecordChange | None:
    """Attribute a work that we have to the owner's record; None when it is theirs already.

    Raise `Work.DoesNotExist` when it has to be fetched first, `ClaimRefused` when its byline has no such name or
    somebody else has confirmed that place.
    """
    record, claim = lock_own(user, researcher.pk)
    work = Work.objects.get(arxiv_id=arxiv_id, hidden=False)
    if Authorship.objects.filter(work=work, researcher=record).exists():
        return None
    return take_place(record, claim, find_place(record, work))


def find_place(record: Researcher, work: Work) -> Authorship:
    """Return the one place of a byline that bears the record's family name and may be given to it."""
    families = set(Authorship.objects.filter(researcher=record).values_list("family_name", flat=True))
    families |= {record.display_name.rpartition(" ")[2]}
    folded = {fold(family) for family in families if family}
    people = work.authorships.filter(kind=Authorship.Kind.PERSON).select_related("researcher")
    places = [place for place in people if fold(place.family_name) in folded]
    if len(places) != 1:
        raise ClaimRefused("Its byline does not name you in exactly one place; please report it to the curators.")
    holder = places[0].researcher
    if holder is not None and holder.state == Researcher.State.CLAIMED:
        raise ClaimRefused("Somebody who has claimed their record holds that place; please report it to the curators.")
    if places[0].attribution == Authorship.Attribution.CONFIRMED:
        raise ClaimRefused("A person has confirmed that place; please report it to the curators.")
    return places[0]


def fetch_work(arxiv_id: str) -> None:
    """Fetch one record from arXiv, load it and resolve its byline; raise `ArxivError` when it cannot be had."""
    client = make_client(settings.ARXIV_OAI_URL)
    page = parse_list_records(client.fetch_record(arxiv_id, metadata_prefix="arXivRaw"))
    result = load_records(page.records)
    update_profiles_of_works(result.work_ids, result.detached_researcher_ids)
