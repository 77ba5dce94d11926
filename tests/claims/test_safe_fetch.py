"""Fetching what strangers name: only the public internet, bounded in size, time and redirects."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from claims.proofs import safe_fetch
from claims.proofs.safe_fetch import PageRefused, check_url, fetch_page, is_public

OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"


@contextmanager
def raw_server(answer: Callable[[socket.socket, str], None]) -> Iterator[str]:
    """Answer every connection with whatever bytes, given the path that was asked for."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _address = listener.accept()
            except OSError:
                return
            threading.Thread(target=talk, args=(connection,), daemon=True).start()

    def talk(connection: socket.socket) -> None:
        with connection:
            head = connection.recv(10_000).decode()
            try:
                answer(connection, head.split()[1])
            except OSError:
                return

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        listener.close()


@pytest.fixture
def _this_machine(settings: Any) -> None:
    settings.FETCH_PRIVATE_HOSTS = frozenset({"127.0.0.1"})


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "0.0.0.1", "10.0.0.1", "172.16.5.4", "192.168.1.1", "169.254.169.254", "100.64.0.1", "224.0.0.1",
        "255.255.255.255", "198.18.0.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "::ffff:127.0.0.1",
        "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:db8::1", "ff02::1", "nonsense",
    ],
)  # fmt: skip
def test_addresses_that_are_not_of_the_public_internet(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "::ffff:93.184.216.34"])
def test_addresses_of_the_public_internet(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/", "http://127.0.0.1:22/", "http://localhost/", "http://[::1]/", "http://2130706433/",
        "http://0x7f.1/", "http://127.1/", "http://[::ffff:127.0.0.1]/",
    ],
)  # fmt: skip
def test_this_machine_is_refused_however_it_is_written(url: str) -> None:
    with pytest.raises(PageRefused):
        fetch_page(url)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/", "file:///etc/passwd", "gopher://example.org/", "javascript:alert(1)", "example.org", "",
        "https://user:secret@example.org/", "https://example.org:8443/", "https://example.org/\r\nX: y",
        "https://example.org/ x", "https://example.org:99999/", "https://" + "a" * 600, "https://[::1",
    ],
)  # fmt: skip
def test_addresses_that_are_none(url: str) -> None:
    with pytest.raises(PageRefused):
        check_url(url)


@pytest.mark.usefixtures("_this_machine")
def test_a_page_is_read() -> None:
    with raw_server(lambda c, _path: c.sendall(OK + "Grüße".encode())) as url:
        assert fetch_page(url).text == "Grüße"


@pytest.mark.usefixtures("_this_machine")
@pytest.mark.parametrize("target", ["http://localhost/", "http://10.0.0.1/", "file:///etc/passwd", "http://[::1]/"])
def test_every_redirect_is_checked_anew(target: str) -> None:
    def redirect(connection: socket.socket, _path: str) -> None:
        connection.sendall(f"HTTP/1.1 302 Found\r\nLocation: {target}\r\n\r\n".encode())

    with raw_server(redirect) as url, pytest.raises(PageRefused):
        fetch_page(url)


@pytest.mark.usefixtures("_this_machine")
def test_redirects_are_followed_but_not_for_ever() -> None:
    asked: list[str] = []

    def redirect(connection: socket.socket, path: str) -> None:
        asked.append(path)
        last = path == "/2"
        connection.sendall(OK + b"there" if last else f"HTTP/1.1 301 x\r\nLocation: /{len(asked)}\r\n\r\n".encode())

    with raw_server(redirect) as url:
        page = fetch_page(url + "/start")
        assert (page.text, page.url) == ("there", f"{url}/2")
    again = b"HTTP/1.1 301 x\r\nLocation: /again\r\n\r\n"
    with raw_server(lambda c, _path: c.sendall(again)) as url, pytest.raises(PageRefused, match="redirects too often"):
        fetch_page(url)


@pytest.mark.usefixtures("_this_machine")
def test_a_page_without_end_is_cut_off() -> None:
    def endless(connection: socket.socket, _path: str) -> None:
        connection.sendall(OK)
        while True:
            connection.sendall(b"x" * 65536)

    with raw_server(endless) as url, pytest.raises(PageRefused, match="larger than 1 MB"):
        fetch_page(url)


@pytest.mark.usefixtures("_this_machine")
@pytest.mark.parametrize("head", [b"HTTP/1.1 200 OK\r\nX-Slow: ", OK])
def test_a_page_that_drips_is_given_up(monkeypatch: pytest.MonkeyPatch, head: bytes) -> None:
    monkeypatch.setattr(safe_fetch, "MOST_SECONDS", 1.0)

    def drip(connection: socket.socket, _path: str) -> None:
        connection.sendall(head)
        for _ in range(200):
            connection.sendall(b"x")
            time.sleep(0.05)

    began = time.monotonic()
    with raw_server(drip) as url, pytest.raises(PageRefused, match="in time"):
        fetch_page(url)
    assert time.monotonic() - began < 5


@pytest.mark.usefixtures("_this_machine")
@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b"HTTP/1.1 404 Not Found\r\n\r\n", "answers 404"),
        (b"HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\n\r\n%PDF", "not text"),
        (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\nx", "compressed"),
        (b"nonsense\r\n\r\n", "could not be read"),
    ],
)
def test_answers_that_are_no_page(answer: bytes, reason: str) -> None:
    with raw_server(lambda c, _path: c.sendall(answer)) as url, pytest.raises(PageRefused, match=reason):
        fetch_page(url)


def test_the_connection_goes_to_the_address_that_was_checked(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """A name that resolves to something else a moment later gains nothing: it is resolved once."""
    settings.FETCH_PRIVATE_HOSTS = frozenset({"rebind.example"})
    real, asked = socket.getaddrinfo, []

    def resolve(host: str, *arguments: Any, **options: Any) -> Any:
        asked.append(host)
        assert asked.count("rebind.example") < 2, "resolved again"
        return real("127.0.0.1" if host == "rebind.example" else host, *arguments, **options)

    with raw_server(lambda c, _path: c.sendall(OK + b"x")) as url:
        monkeypatch.setattr(socket, "getaddrinfo", resolve)
        assert fetch_page(url.replace("127.0.0.1", "rebind.example")).text == "x"
    assert asked[0] == "rebind.example"


def test_a_name_is_refused_when_one_of_its_addresses_is_private(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(2, 1, 6, "", ("93.184.216.34", 80)), (2, 1, 6, "", ("10.0.0.1", 80))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_arguments, **_options: found)
    with pytest.raises(PageRefused, match="not on the public internet"):
        fetch_page("http://half-public.example/")
