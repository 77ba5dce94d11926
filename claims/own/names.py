"""The name that a page shows, and former names that nothing may show or find."""

from typing import Any

from claims.errors import ClaimRefused
from claims.models import Claim, OwnerPage
from profiles.identity.services import searchable
from profiles.models import Researcher
from works.models import LONGEST_NAME, Authorship
from works.names import fold, name_key, slugify_name

MOST_HIDDEN = 20


def read_names(record: Researcher) -> dict[str, Any]:
    """Return the name that is shown, and the folded names that are hidden."""
    return {"display_name": record.display_name, "hidden": list(record.hidden_names)}


def write_names(record: Researcher, value: dict[str, Any]) -> None:
    """Set both; whatever the record is found by and shown with follows, the readable part of the address too."""
    shown = " ".join(str(value["display_name"]).replace("\0", "").split())
    hidden = list(dict.fromkeys(fold(name) for name in value["hidden"] if fold(name)))
    if not shown or len(shown) > LONGEST_NAME or not any(character.isalpha() for character in shown):
        raise ClaimRefused("Please give the name that the page is to show.")
    if len(hidden) > MOST_HIDDEN:
        raise ClaimRefused(f"At most {MOST_HIDDEN} names can be hidden.")
    if fold(shown) in hidden:
        raise ClaimRefused("The name that is shown cannot be hidden as well.")
    variants = [name for name in list_all_names(record) if fold(name) not in hidden]
    record.display_name, record.hidden_names = shown, hidden
    record.slug = slugify_name(shown)
    record.name_variants = variants
    record.search_name = searchable([shown, *variants])
    record.save(update_fields=["display_name", "hidden_names", "slug", "name_variants", "search_name"])
    keep_place_in_lists(record.pk)


def keep_place_in_lists(researcher_id: int) -> None:
    """Let lists by family name put a record that hides names where its shown name belongs."""
    record = Researcher.objects.get(pk=researcher_id)
    key = name_key(record.display_name) if record.hidden_names else ""
    if key or OwnerPage.objects.filter(researcher=record).exists():
        OwnerPage.objects.update_or_create(researcher=record, defaults={"browse_key": key})


def list_all_names(record: Researcher) -> list[str]:
    """Return every name under which the record is or was known, hidden ones included: those printed, and before."""
    claim = Claim.objects.filter(researcher=record, record_before__isnull=False).order_by("-pk").first()
    before = claim.record_before["name_variants"] if claim and claim.record_before else []
    printed = Authorship.objects.filter(researcher=record).order_by("pk").values_list("printed_name", flat=True)
    return list(dict.fromkeys([*before, *record.name_variants, *printed]))
