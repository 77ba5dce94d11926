"""What the importer tells the rooms that build on it, so that it need not know them."""

from django.dispatch import Signal

# Sent after the commit that stored a page of records, with `work_ids` (works created or updated) and
# `researcher_ids` (researchers who lost an authorship by it): primary keys.
works_loaded = Signal()

# Sent when printed affiliations were matched, with `work_ids`: the works that may mean other institutions now, or None
# for all.
affiliations_matched = Signal()
