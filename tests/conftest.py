"""The cast and the stage: who looks at a page in the tests, and a cache that starts empty."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from hypothesis import settings

from accounts.models import User
from tests.factories import make_user
from tests.mailbox import Mailbox, serve_mail

# No test is about time: on a busy machine an example that usually takes a millisecond may take half a second.
settings.register_profile("bzpeer", deadline=None)
settings.load_profile("bzpeer")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let every test that commits give back what the migrations loaded: one that does not spoils it for the others."""
    for item in items:
        marker = item.get_closest_marker("django_db")
        if marker and marker.kwargs.get("transaction") and not marker.kwargs.get("serialized_rollback"):
            item.add_marker(pytest.mark.django_db(**{**marker.kwargs, "serialized_rollback": True}), append=False)


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """Log-in attempts are counted in the cache; no test may feel those of another."""
    cache.clear()


@pytest.fixture
def member(db: None) -> User:
    return make_user("member@example.org")


@pytest.fixture
def curator(db: None) -> User:
    return make_user("curator@example.org", is_staff=True, is_superuser=True)


@pytest.fixture
def as_member(member: User) -> Client:
    client = Client()
    client.force_login(member)
    return client


@pytest.fixture
def as_curator(curator: User) -> Client:
    client = Client()
    client.force_login(curator)
    return client


@pytest.fixture
def mailbox(settings: Any) -> Iterator[Mailbox]:
    """Let mail go out over SMTP, and read it where it arrives."""
    with serve_mail() as (box, port):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        yield box
