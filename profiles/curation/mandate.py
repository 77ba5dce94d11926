"""Who asks for an operation, and why an operation is refused."""

from dataclasses import dataclass, field
from uuid import UUID, uuid4

from accounts.models import User
from profiles.models import IdentityOperation


class OperationRefused(Exception):
    """The operation would break something; the message tells a curator what, and what to do."""


@dataclass(frozen=True, slots=True)
class Mandate:
    """Who wants it and why; the token is made with the form, so that a double submit is done once."""

    user: User | None
    reason: str
    token: UUID = field(default_factory=uuid4)


def find_done(mandate: Mandate) -> IdentityOperation | None:
    """Return what was done already on this very form."""
    return IdentityOperation.objects.filter(token=mandate.token).first()
