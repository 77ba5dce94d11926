"""Which institution a mail domain belongs to, and whether a researcher's bylines name it."""

from works.institutions.queries import bylines_at
from works.models import Institution


def find_institution(domain: str) -> Institution | None:
    """Return the institution of a mail domain; the nearest parent counts (`cs.ox.ac.uk` → `ox.ac.uk`)."""
    labels = domain.lower().strip(".").split(".")
    parents = [".".join(labels[start:]) for start in range(len(labels) - 1)]
    by_domain: dict[str, Institution] = {}
    for institution in Institution.objects.filter(domains__overlap=parents).order_by("pk"):
        for each in institution.domains:
            by_domain.setdefault(each, institution)
    return next((by_domain[parent] for parent in parents if parent in by_domain), None)


def is_printed_on_works(institution: Institution, researcher_id: int) -> bool:
    """Whether an affiliation printed with this researcher's name on one of the works means the institution."""
    return bylines_at(institution).filter(researcher=researcher_id, work__hidden=False).exists()
