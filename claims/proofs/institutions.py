"""Which institution a mail domain belongs to: the one place that knows."""

from typing import Any

from works.models import Authorship, Institution

# The column in which ROR's domains stand. Named here once, because a site without ROR rows has no such column yet:
# then nothing is found and a curator decides.
DOMAINS = "domains"


def find_institution(domain: str) -> Institution | None:
    """Return the institution of a mail domain; the nearest parent counts (`cs.ox.ac.uk` → `ox.ac.uk`)."""
    if not hasattr(Institution, DOMAINS):
        return None
    labels = domain.lower().strip(".").split(".")
    parents = [".".join(labels[start:]) for start in range(len(labels) - 1)]
    overlapping: dict[str, Any] = {f"{DOMAINS}__overlap": parents}
    by_domain: dict[str, Institution] = {}
    for institution in Institution.objects.filter(**overlapping).order_by("pk"):
        for each in getattr(institution, DOMAINS):
            by_domain.setdefault(each, institution)
    return next((by_domain[parent] for parent in parents if parent in by_domain), None)


def is_printed_on_works(institution: Institution, researcher_id: int) -> bool:
    """Whether an affiliation printed with this researcher's name on one of the works names the institution."""
    held = Authorship.objects.filter(researcher=researcher_id, work__hidden=False)
    return held.filter(printed_affiliation__icontains=institution.name).exists()
