"""What the importer tells the rooms that build on it, so that it need not know them."""

from django.dispatch import Signal

# Sent after the commit that stored a page of records. `work_ids`: primary keys of the works that were created or updated.
works_loaded = Signal()
