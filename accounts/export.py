"""A member's data as a zip of JSON files, one a subject."""

import io
import json
import zipfile
from datetime import timedelta
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import timezone

from accounts.models import AccountExport, User
from accounts.signals import export_wanted

KEPT_FOR = timedelta(days=7)


def request_export(user: User) -> AccountExport:
    """Ask for an export; one that is being made already is not made twice."""
    from accounts.tasks import build_export as task  # noqa: PLC0415 - the task calls back into this module

    wanted, is_new = AccountExport.objects.get_or_create(user=user, ready_at=None)
    if is_new:
        transaction.on_commit(lambda: task.delay(wanted.pk), robust=True)
    return wanted


def build_export(export_id: int) -> str | None:
    """Fill an export and return whom to tell; do nothing, and return None, for one that is ready or gone."""
    export = AccountExport.objects.select_related("user").filter(pk=export_id, ready_at=None).first()
    if export is None:
        return None
    export.archive, export.ready_at = pack(gather(export.user)), timezone.now()
    export.save(update_fields=["archive", "ready_at"])
    return export.user.email


def gather(user: User) -> dict[str, Any]:
    """Collect what every room holds about a member, by file name; secrets of log-in are not data to hand out."""
    found: dict[str, Any] = {
        "account": {"email": user.email, "joined_at": user.joined_at, "last_login": user.last_login},
        "addresses": list(EmailAddress.objects.filter(user=user).values("email", "verified", "primary")),
        "sign_ins": list(SocialAccount.objects.filter(user=user).values("provider", "uid", "date_joined")),
        "second_factors": list(Authenticator.objects.filter(user=user).values("type", "created_at", "last_used_at")),
        "sessions": list(UserSession.objects.filter(user=user).values("ip", "user_agent", "created_at")),
    }
    answers: list[tuple[Any, Any]] = export_wanted.send(sender=User, user=user)
    for _receiver, answer in answers:
        found.update(answer)
    return found


def pack(files: dict[str, Any]) -> bytes:
    """Write each value as a JSON file into one zip."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, value in sorted(files.items()):
            archive.writestr(f"{name}.json", json.dumps(value, cls=DjangoJSONEncoder, indent=2, ensure_ascii=False))
    return buffer.getvalue()


def list_unbuilt() -> list[int]:
    """Return the exports that are not made yet."""
    return list(AccountExport.objects.filter(ready_at=None).values_list("pk", flat=True))


def forget_old() -> None:
    """Throw away exports that were kept long enough."""
    AccountExport.objects.filter(ready_at__lt=timezone.now() - KEPT_FOR).delete()
