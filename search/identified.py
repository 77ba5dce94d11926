"""From an identifier to what it names."""

from django.db import connection

from claims.machine import State
from claims.models import Evidence
from profiles.models import Researcher
from search.identifiers import Identifier, IdentifierKind
from works.models import Institution, Work
from works.queries import visible_works

BY_DOI = """
    SELECT id FROM works_work
    WHERE doi <> '' AND string_to_array(lower(doi), ' ') @> ARRAY[%s] AND NOT hidden
    ORDER BY id LIMIT 1
"""


def find_identified(identifier: Identifier) -> Work | Institution | Researcher | None:
    """Return what is identified, which has a page; None when nothing imported has the identifier."""
    match identifier.kind:
        case IdentifierKind.ARXIV:
            return visible_works().filter(arxiv_id=identifier.value).first()
        case IdentifierKind.DOI:
            return find_by_doi(identifier.value)
        case IdentifierKind.ROR:
            return Institution.objects.filter(ror_id=identifier.value).first()
        case IdentifierKind.ORCID:
            return find_by_orcid(identifier.value)


def find_by_orcid(orcid: str) -> Researcher | None:
    """Return the researcher whose owner signed in with the ORCID iD to prove it, while the claim holds undisputed."""
    proofs = Evidence.objects.filter(
        kind__in=[Evidence.Kind.ORCID, Evidence.Kind.AUTHOR_FEED],
        status=Evidence.Status.VERIFIED,
        address=orcid,
        claim__state=State.APPROVED,
        claim__researcher__state=Researcher.State.CLAIMED,
    )
    proof = proofs.select_related("claim__researcher").order_by("-checked_at", "-pk").first()
    return proof.claim.researcher if proof else None


def find_by_doi(doi: str) -> Work | None:
    """Return the work with the DOI, in whatever case; arXiv lists several in one field, parted by spaces."""
    with connection.cursor() as cursor:
        cursor.execute(BY_DOI, [doi])
        row = cursor.fetchone()
    return visible_works().filter(pk=row[0]).first() if row else None
