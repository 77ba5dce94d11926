"""ORCID iDs: their check digit, and the one that a member has signed in with."""

import re
from typing import Any

from allauth.socialaccount.models import SocialAccount
from django.conf import settings

from accounts.models import User
from works.names import fold

PROVIDER = "orcid"
FORM = re.compile(r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]", re.ASCII)


def is_orcid(text: str) -> bool:
    """Whether a text is an ORCID iD with the right check digit (ISO 7064, MOD 11-2)."""
    if not FORM.fullmatch(text):
        return False
    digits = text.replace("-", "")
    total = 0
    for digit in digits[:-1]:
        total = (total + int(digit)) * 2
    check = (12 - total % 11) % 11
    return digits[-1] == ("X" if check == 10 else str(check))


def can_sign_in() -> bool:
    """Whether this site has credentials for signing people in at ORCID."""
    return bool(settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"])


def get_orcid_account(user: User) -> SocialAccount | None:
    """Return the ORCID account that a member has signed in with, if its iD is one."""
    account = SocialAccount.objects.filter(user=user, provider=PROVIDER).first()
    return account if account is not None and is_orcid(account.uid) else None


def names_of(extra_data: dict[str, Any]) -> set[str]:
    """Return the names that the sign-in told, folded."""
    data = extra_data.get("userinfo") or extra_data.get("id_token") or extra_data
    written = f"{data.get('given_name') or ''} {data.get('family_name') or ''}"
    return {fold(name) for name in (written, str(data.get("name") or "")) if name.strip()}
