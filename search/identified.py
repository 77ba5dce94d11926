"""From an identifier to the page of what it names."""

from django.db import connection

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
    return ""


def find_by_doi(doi: str) -> Work | None:
    """Return the work with the DOI, in whatever case; arXiv lists several in one field, parted by spaces."""
    with connection.cursor() as cursor:
        cursor.execute(BY_DOI, [doi])
        row = cursor.fetchone()
    return visible_works().filter(pk=row[0]).first() if row else None


def address_of(found: Work | Institution | None) -> str:
    """The address of the page of what was found, where there is such a page."""
    get_address = getattr(found, "get_absolute_url", None)
    return get_address() if get_address else ""
