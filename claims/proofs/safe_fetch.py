"""Fetch a page that a stranger names, without being led to where strangers have no business.

The host is resolved once, every address is checked, and the connection goes to the very address that was checked,
so a name that resolves differently a moment later gains nothing. Every redirect begins anew. Size, time and the
number of redirects are bounded; nothing is decompressed, parsed or executed here.
"""

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
import time
from dataclasses import dataclass
from urllib.parse import SplitResult, urljoin, urlsplit

from django.conf import settings

from bzpeer import __version__

MOST_BYTES = 1_000_000
MOST_SECONDS = 10.0
MOST_REDIRECTS = 3
LONGEST_URL = 500
PORTS = {"http": 80, "https": 443}
TOO_LATE = "The page could not be read in time, or at all."
REDIRECTS = {301, 302, 303, 307, 308}
# Addresses that lead to an IPv4 address inside them, by a translator that this machine may use.
TRANSLATED = [ipaddress.ip_network(net) for net in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")]


class PageRefused(Exception):
    """The page is not fetched, or cannot be; the message is for the person who named it."""


@dataclass(frozen=True, slots=True)
class Page:
    """What was found, and where after redirects; undecodable bytes are replaced."""

    url: str
    text: str


def fetch_page(url: str) -> Page:
    """Fetch a text page over HTTP or HTTPS; raise `PageRefused` for everything else."""
    deadline = time.monotonic() + MOST_SECONDS
    for _hop in range(MOST_REDIRECTS + 1):
        parts = check_url(url)
        status, location, body = ask(parts, deadline)
        if status not in REDIRECTS or not location:
            break
        url = urljoin(url, location)
    else:
        raise PageRefused("The page redirects too often.")
    return Page(url, body.decode("utf-8", "replace"))


def check_url(url: str) -> SplitResult:
    """Take a URL apart; raise `PageRefused` unless it is plain HTTP or HTTPS on its usual port."""
    if len(url) > LONGEST_URL or not url.isprintable() or " " in url:
        raise PageRefused("That is not an address of a page.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise PageRefused("That is not an address of a page.") from error
    if parts.scheme not in PORTS or not parts.hostname:
        raise PageRefused("The address must begin with http:// or https://.")
    if parts.username or parts.password:
        raise PageRefused("The address must not hold a password.")
    if port not in {None, PORTS[parts.scheme]} and parts.hostname not in settings.FETCH_PRIVATE_HOSTS:
        raise PageRefused("The address must use the usual port.")
    return parts


def resolve(host: str, port: int) -> str:
    """Return an address of a host; raise `PageRefused` when any of its addresses is not public."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise PageRefused("There is no such host.") from error
    addresses = [str(entry[4][0]) for entry in found]
    if host not in settings.FETCH_PRIVATE_HOSTS and not all(is_public(address) for address in addresses):
        raise PageRefused("The host is not on the public internet.")
    return addresses[0]


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet, and no door to another."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            parsed = parsed.ipv4_mapped
        elif any(parsed in net for net in TRANSLATED):
            return False
    return parsed.is_global and not parsed.is_multicast and not parsed.is_reserved


def ask(parts: SplitResult, deadline: float) -> tuple[int, str, bytes]:
    """Send one request to a checked address; return status, where it redirects to, and the body."""
    host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
    raw = connect(resolve(host, port), port, deadline)
    # A page that drips a byte a second keeps every single read alive; this ends the whole. TLS and the answer take
    # the socket over, so the watchdog has a handle of its own on the connection.
    handle = raw.dup()
    watchdog = threading.Timer(max(0.01, deadline - time.monotonic()), hang_up, [handle])
    watchdog.daemon = True
    watchdog.start()
    connection = http.client.HTTPConnection(host, port)
    try:
        connection.sock = secure(raw, host) if parts.scheme == "https" else raw
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("GET", target, headers=request_headers())
        answer = read(connection.getresponse())
    except PageRefused:
        if time.monotonic() < deadline:
            raise
        raise PageRefused(TOO_LATE) from None
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise PageRefused(TOO_LATE) from error
    finally:
        watchdog.cancel()
        connection.close()
        raw.close()
        handle.close()
    if time.monotonic() >= deadline:  # cut short by the watchdog, it may look like an end
        raise PageRefused(TOO_LATE)
    return answer


def request_headers() -> dict[str, str]:
    """Say who asks, and that nothing may be compressed."""
    return {
        "User-Agent": f"BZPEER/{__version__} ({settings.CONTACT_EMAIL})",
        "Accept": "text/html, text/plain",
        "Accept-Encoding": "identity",
        "Connection": "close",
    }


def hang_up(handle: socket.socket) -> None:
    """End a connection from outside; whoever reads from it gets an error, or an end."""
    with contextlib.suppress(OSError):
        handle.shutdown(socket.SHUT_RDWR)


def connect(address: str, port: int, deadline: float) -> socket.socket:
    """Connect to the checked address."""
    try:
        return socket.create_connection((address, port), timeout=min(5.0, max(0.01, deadline - time.monotonic())))
    except OSError as error:
        raise PageRefused("The host does not answer.") from error


def secure(raw: socket.socket, host: str) -> socket.socket:
    """Speak TLS; the certificate must be the host's."""
    return ssl.create_default_context().wrap_socket(raw, server_hostname=host)


def read(response: http.client.HTTPResponse) -> tuple[int, str, bytes]:
    """Read a bounded answer of text."""
    location = response.getheader("Location", "")
    if response.status in REDIRECTS:
        return response.status, location, b""
    if response.status != http.client.OK:
        raise PageRefused(f"The page answers {response.status}.")
    kind = response.getheader("Content-Type", "").partition(";")[0].strip().lower()
    if kind not in {"text/html", "text/plain", "text/markdown", "application/xhtml+xml"}:
        raise PageRefused("The page is not text.")
    if response.getheader("Content-Encoding", "identity").strip().lower() not in {"", "identity"}:
        raise PageRefused("The page comes compressed although we asked for plain text.")
    body = response.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        raise PageRefused("The page is larger than 1 MB.")
    return response.status, location, body
