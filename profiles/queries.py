"""Reads for the profile page and the pages that explain its figures."""

import json
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import Count, Max, Min, Q

from accounts.models import User
from profiles.cohesion import Stability
from profiles.models import Follow, Researcher
from profiles.public_ids import decode_public_id
from profiles.trust import TrustFacts, TrustReport, compute_trust
from profiles.trust_facts import count_facts
from works.models import Authorship, Institution, Topic

MAXIMUM_REDIRECTS = 20
STANDING = """
    SELECT (SELECT count(*) FROM profiles_follow WHERE researcher_id = %(researcher)s), t.facts, t.computed_at
    FROM (SELECT) AS always LEFT JOIN profiles_trustsnapshot t ON t.researcher_id = %(researcher)s
"""
# The institutions come with it as JSON: a page has eight queries.
AFFILIATION = """
    SELECT newest.text, newest.arxiv_id, newest.year, (
        SELECT jsonb_agg(jsonb_build_object('id', i.id, 'ror_id', i.ror_id, 'name', i.name) ORDER BY m.position)
        FROM works_printedaffiliation p
        JOIN works_affiliationmatch m ON m.printed_affiliation_id = p.id
        JOIN works_institution i ON i.id = m.institution_id
        WHERE md5(p.text) = md5(newest.text) AND p.text = newest.text
    )
    FROM (
        SELECT a.printed_affiliation AS text, w.arxiv_id, COALESCE((w.curated->>'year')::smallint, w.year) AS year
        FROM works_authorship a JOIN works_work w ON w.id = a.work_id AND NOT w.hidden
        WHERE a.researcher_id = %(researcher)s AND a.printed_affiliation <> '' AND a.attribution <> 'disputed'
        ORDER BY w.current_version_at DESC, w.id DESC LIMIT 1
    ) newest
"""


@dataclass(frozen=True, slots=True)
class Counts:
    """The four counts of the trust snapshot."""

    works: int
    followers: int
    topics: int
    close_collaborators: int


@dataclass(frozen=True, slots=True)
class Affiliation:
    """The newest affiliation printed in a byline, the work that says so, and the institutions that it means."""

    text: str
    arxiv_id: str
    year: int
    institutions: list[Institution]


@dataclass(frozen=True, slots=True)
class Standing:
    """The trust of a researcher with its counts; `computed_at` is None when it was computed for this page."""

    trust: TrustReport
    counts: Counts
    computed_at: datetime | None


@dataclass(frozen=True, slots=True)
class TopicShare:
    """One topic of a researcher, with how many of their works carry it and in which years."""

    topic: Topic
    works: int
    first_year: int
    last_year: int


def get_researcher(handle: str) -> Researcher:
    """Find a researcher by the id at the end of a handle; raise `Researcher.DoesNotExist`.

    A merged record leads to the one that it was merged into; a suppressed one is not found.
    """
    try:
        pk = decode_public_id(handle.rpartition("-")[2])
    except ValueError as error:
        raise Researcher.DoesNotExist(str(error)) from error
    for _hop in range(MAXIMUM_REDIRECTS):
        researcher = Researcher.objects.exclude(state=Researcher.State.SUPPRESSED).get(pk=pk)
        if researcher.merged_into_id is None:
            return researcher
        pk = researcher.merged_into_id
    raise Researcher.DoesNotExist(f"{handle} redirects in a circle.")


def get_standing(researcher: Researcher) -> Standing:
    """Return trust and counts, from the facts as last stored, or as counted now when none are; followers always now."""
    with connection.cursor() as cursor:
        cursor.execute(STANDING, {"researcher": researcher.pk})
        followers, stored, computed_at = cursor.fetchone() or (0, None, None)
    facts = TrustFacts(**json.loads(stored)) if stored else count_facts([researcher.pk])[researcher.pk]
    counts = Counts(facts.works, followers, facts.topics, facts.close_collaborators)
    return Standing(compute_trust(facts), counts, computed_at)


def get_stability(researcher: Researcher, counts: Counts) -> Stability:
    """Return how well the record hangs together, as last looked at."""
    return Stability(min(researcher.tied_works or 0, counts.works), counts.works)


def count_followers(researcher: Researcher) -> int:
    """Return how many members follow the researcher."""
    return Follow.objects.filter(researcher=researcher).count()


def list_followed(user: User | AnonymousUser) -> list[Researcher]:
    """Return the researchers whom a member follows, by name, each with its `number_of_works`."""
    counted = Q(authorships__work__hidden=False) & ~Q(authorships__attribution=Authorship.Attribution.DISPUTED)
    followed = Researcher.objects.filter(follows__follower=user.pk, state__in=Researcher.LISTED_STATES)
    number_of_works = Count("authorships__work", filter=counted, distinct=True)
    return list(followed.annotate(number_of_works=number_of_works).order_by("search_name", "pk"))


def get_affiliation(researcher: Researcher) -> Affiliation | None:
    """Return the affiliation printed on the newest work that prints one, never a guess."""
    with connection.cursor() as cursor:
        cursor.execute(AFFILIATION, {"researcher": researcher.pk})
        row = cursor.fetchone()
    if row is None:
        return None
    text, arxiv_id, year, institutions = row
    return Affiliation(text, arxiv_id, year, [Institution(**each) for each in json.loads(institutions or "[]")])


def list_topics(researcher: Researcher) -> list[TopicShare]:
    """Return the topics of the researcher's works, the commonest first."""
    counted = Authorship.objects.filter(researcher=researcher).exclude(attribution=Authorship.Attribution.DISPUTED)
    topics = (
        Topic.objects.filter(works__in=counted.values("work"), works__hidden=False)
        .annotate(number=Count("works", distinct=True), first=Min("works__year"), last=Max("works__year"))
        .order_by("-number", "code")
    )
    return [TopicShare(topic, topic.number, topic.first, topic.last) for topic in topics]


def summarise(researcher: Researcher) -> str:
    """Return the owner's one line, or the default one."""
    default = f"{researcher.display_name} contributes to research discovery and scholarly infrastructure."
    return researcher.summary or default
