"""Whether an owner's links link back: seen by a worker's task, safely, whatever the other side does."""

import socket
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings as site
from django.test import Client

from accounts.models import User
from claims.models import Claim, OwnerPage
from claims.own.change import change_record
from claims.own.links import verify_links
from claims.proofs import safe_fetch
from profiles.models import Researcher
from tests.claims.cast import own
from tests.claims.test_safe_fetch import OK, raw_server
from tests.factories import make_researcher

pytestmark = pytest.mark.django_db

Answer = Callable[[socket.socket, str], None]


@pytest.fixture
def ada() -> Researcher:
    return make_researcher("Ada Lovelace")


@pytest.fixture(autouse=True)
def _owned_and_on_this_machine(member: User, ada: Researcher, curator: User, settings: Any) -> Claim:
    settings.FETCH_PRIVATE_HOSTS = frozenset({"127.0.0.1"})
    return own(member, ada, curator)


def link_back(ada: Researcher) -> bytes:
    return f'<a rel="me" href="{site.SITE_URL}{ada.get_absolute_url()}">BZPEER</a>'.encode()


def look(member: User, ada: Researcher, *urls: str) -> list[bool]:
    """Set the links, look as the task does, and return which link back."""
    change_record(member, ada, "links", [{"url": url, "label": "x"} for url in urls])
    verify_links(ada.pk)
    return [link["verified"] for link in OwnerPage.objects.get(researcher=ada).links]


def test_a_page_that_links_back_is_marked_and_one_that_stops_is_not(member: User, ada: Researcher) -> None:
    body = [OK + link_back(ada)]
    with raw_server(lambda c, _path: c.sendall(body[0])) as url:
        assert look(member, ada, url) == [True]
        assert "(links back)" in Client().get(ada.get_absolute_url()).content.decode()
        body[0] = OK + b"Nothing here any more."
        verify_links(ada.pk)
    assert OwnerPage.objects.get(researcher=ada).links[0]["verified"] is False


@pytest.mark.parametrize(
    "target", ["http://localhost/", "http://10.0.0.1/", "http://169.254.169.254/", "http://[::1]/"]
)
def test_a_redirect_to_a_private_address_is_not_followed(member: User, ada: Researcher, target: str) -> None:
    asked: list[str] = []

    def redirect(connection: socket.socket, path: str) -> None:
        asked.append(path)
        connection.sendall(f"HTTP/1.1 302 Found\r\nLocation: {target}\r\n\r\n".encode())

    with raw_server(redirect) as url:
        assert look(member, ada, f"{url}/me") == [False]
    assert asked == ["/me"]


def test_a_redirect_to_a_page_that_links_back_counts(member: User, ada: Researcher) -> None:
    def answer(connection: socket.socket, path: str) -> None:
        moved = b"HTTP/1.1 301 x\r\nLocation: /new\r\n\r\n"
        connection.sendall(OK + link_back(ada) if path == "/new" else moved)

    with raw_server(answer) as url:
        assert look(member, ada, f"{url}/old") == [True]


def endless(connection: socket.socket, _path: str) -> None:
    connection.sendall(OK)
    while True:
        connection.sendall(b"x" * 65536)


def dripping(connection: socket.socket, _path: str) -> None:
    connection.sendall(OK)
    while True:
        connection.sendall(b"x")
        time.sleep(0.05)  # a byte at a time is what this server is for


def silent(connection: socket.socket, _path: str) -> None:
    connection.recv(1)


@pytest.mark.parametrize("misbehave", [endless, dripping, silent])
def test_a_page_that_never_ends_or_never_comes_is_given_up_and_the_others_are_looked_at(
    member: User, ada: Researcher, monkeypatch: pytest.MonkeyPatch, misbehave: Answer
) -> None:
    monkeypatch.setattr(safe_fetch, "MOST_SECONDS", 0.5)
    with raw_server(misbehave) as bad, raw_server(lambda c, _path: c.sendall(OK + link_back(ada))) as good:
        assert look(member, ada, bad, good) == [False, True]
