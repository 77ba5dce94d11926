"""What profiles tell the rooms that build on them, so that they need not know them."""

from django.dispatch import Signal

# Sent inside the transaction of an operation on identity, or of its undo, with the `operation` and `researcher_ids`,
# the primary keys of the records that it is about. What a receiver counts anew by them is shown by previews as well.
records_rearranged = Signal()
