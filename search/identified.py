"""From an identifier to the page of what it names."""

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


def find_identified(identifier: Identifier) -> str:
    """Return the address of the page of what is identified; empty when nothing imported has the identifier."""
    if identifier.kind is IdentifierKind.ARXIV:
        return address_of(visible_works().filter(arxiv_id=identifier.value).first())
    if identifier.kind is IdentifierKind.DOI:
        return address_of(find_by_doi(identifier.value))
    if identifier.kind is IdentifierKind.ROR:
        return address_of(Institution.objects.filter(ror_id=identifier.value).first())
    return address_of(find_by_orcid(identifier.value))


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


def address_of(found: Work | Institution | Researcher | None) -> str:
    """The address of the page of what was found, where there is such a page."""
    get_address = getattr(found, "get_absolute_url", None)
    return get_address() if get_address else ""
