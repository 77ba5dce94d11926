"""A mail server on this machine that keeps what arrives."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage, Message
from email.parser import BytesParser
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller


class Mailbox:
    """Keeps what arrives; answers `refusal` instead where one is set."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.refusal = ""

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd calls it so
        if self.refusal:
            return self.refusal
        message = BytesParser(EmailMessage, policy=default).parsebytes(envelope.content)
        assert isinstance(message, EmailMessage)
        self.messages.append(message)
        return "250 OK"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@contextmanager
def serve_mail() -> Iterator[tuple[Mailbox, int]]:
    """Receive mail for the length of a with block; the mailbox, and the port of its server."""
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        yield box, controller.port
    finally:
        controller.stop()


def texts(message: Message) -> dict[str, str]:
    assert isinstance(message, EmailMessage)
    return {part.get_content_type(): part.get_content() for part in message.walk() if not part.is_multipart()}
