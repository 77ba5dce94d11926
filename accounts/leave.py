"""A member deletes their account: shut at once, gone as soon as a worker comes to it."""

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.signals import account_leaving


@transaction.atomic
def ask_to_leave(user: User) -> None:
    """Shut an account: nobody can log in, every session ends, and it is deleted after the commit."""
    from accounts.tasks import delete_account as task  # noqa: PLC0415 - the task calls back into this module

    user.is_active, user.leaving_since = False, timezone.now()
    user.save(update_fields=["is_active", "leaving_since"])
    end_sessions(user)
    transaction.on_commit(lambda: task.delay(user.pk), robust=True)


def end_sessions(user: User) -> None:
    """End every session of a member."""
    sessions = UserSession.objects.filter(user=user)
    Session.objects.filter(session_key__in=list(sessions.values_list("session_key", flat=True))).delete()
    sessions.delete()


@transaction.atomic
def delete_account(user_id: int) -> str | None:
    """Delete an account with all that is only the member's, and return the address that it had.

    Do nothing, and return None, for one that has not asked, or is gone.
    """
    user = User.objects.select_for_update().filter(pk=user_id, leaving_since__isnull=False).first()
    if user is None:
        return None
    account_leaving.send(sender=User, user=user)
    user.delete()
    return user.email


def list_leaving() -> list[int]:
    """Return the members who wait to be deleted."""
    return list(User.objects.filter(leaving_since__isnull=False).values_list("pk", flat=True))
