"""One instance: a folder under `var/` with the data, secrets, logs and lock of one running copy of the site."""

import fcntl
import json
import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parents[2]


def instances_folder() -> Path:
    """The folder of all instances of this checkout; `BZPEER_INSTANCES` moves it (the tests do)."""
    return Path(os.environ.get("BZPEER_INSTANCES") or CHECKOUT / "var").absolute()


class AlreadyRunning(Exception):
    """Another supervisor holds this instance; `state` is what it wrote about itself."""

    def __init__(self, state: dict[str, Any]) -> None:
        super().__init__("this instance is already running")
        self.state = state


@dataclass(frozen=True)
class Instance:
    name: str
    folder: Path
    durable: bool = True  # False: a throw-away instance that may trade safety for speed

    @classmethod
    def named(cls, name: str, *, durable: bool = True) -> "Instance":
        folder = instances_folder() / name
        folder.mkdir(parents=True, exist_ok=True)
        return cls(name, folder, durable)

    @property
    def log_folder(self) -> Path:
        return self.folder / "log"

    def secret(self, name: str) -> str:
        """A random secret, made at first use and kept in a file that only its owner reads."""
        path = self.folder / name
        try:
            return path.read_text()
        except FileNotFoundError:
            write_private(path, secrets.token_urlsafe(48))
            return path.read_text()

    def read_state(self) -> dict[str, Any]:
        """What the running (or last) supervisor wrote about itself; empty when there is nothing legible."""
        try:
            state = json.loads((self.folder / "state.json").read_text())
        except (FileNotFoundError, json.JSONDecodeError):
            return {}
        return state if isinstance(state, dict) else {}

    def update_state(self, **facts: Any) -> None:
        state = {**self.read_state(), **facts}
        write_private(self.folder / "state.json", json.dumps(state, indent=1))

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold this instance alone.

        The kernel drops the lock when its holder dies, however it dies, so a lock never outlives a supervisor.
        Raises AlreadyRunning when another process holds it.
        """
        path = self.folder / "lock"
        descriptor = _lock_file(path)
        if descriptor is None:
            raise AlreadyRunning(self.read_state())
        try:
            yield
        finally:
            path.unlink(missing_ok=True)
            os.close(descriptor)

    def is_locked(self) -> bool:
        try:
            with self.locked():
                return False
        except AlreadyRunning:
            return True


def _lock_file(path: Path) -> int | None:
    """Lock the file at `path`, or return None when somebody else has it."""
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return None
        # The last holder may have removed the file between our open and our lock: then we hold nothing.
        if path.exists() and os.path.samestat(os.fstat(descriptor), path.stat()):
            return descriptor
        os.close(descriptor)


def write_private(path: Path, text: str) -> None:
    """Put `text` at `path` in one step, readable by its owner only, so that a crash never leaves half a file."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as stream:
        stream.write(text)
    draft.replace(path)


def port_is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def pick_port(preferred: int | None = None) -> int:
    """The preferred TCP port on 127.0.0.1 if it is free, else a free one."""
    if preferred and port_is_free(preferred):
        return preferred
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def hold_port(preferred: int | None = None) -> socket.socket:
    """A socket bound to the preferred port, or to another that is free, which keeps everybody else off it.

    It never listens: a server started later shares the port with it by SO_REUSEPORT. Two web servers that pick one port
    at the same moment would otherwise share it with each other, and each get half of the other's visitors.
    """
    holder = socket.socket()
    holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # connections of the last run may linger
    try:
        holder.bind(("127.0.0.1", preferred or 0))
    except OSError:
        holder.bind(("127.0.0.1", 0))
    holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 0)
    holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    return holder
