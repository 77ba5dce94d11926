"""What the account room asks the others, so that it need not know them."""

from django.dispatch import Signal

# Sent with `user`; a receiver returns {file name: JSON value} with what its room holds about the member.
export_wanted = Signal()
# Sent with `user` inside the transaction that deletes the account; a receiver lets go of what is the member's.
account_leaving = Signal()
