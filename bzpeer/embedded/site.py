"""The site's own processes (web server, worker, scheduler) on the servers of one instance."""

import hashlib
import http.client
import json
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from bzpeer.embedded.identity import launched
from bzpeer.embedded.instance import CHECKOUT, Instance, hold_port, write_private
from bzpeer.embedded.processes import OWNER_VARIABLE, Child, log_tail, stop_all, wait_until
from bzpeer.embedded.say import Failure
from bzpeer.embedded.servers import Servers

_FIRST_PORT = 8000
_WEB_SECONDS = 60
GRANIAN = "--interface wsgi --workers 1 --blocking-threads 4 --no-ws --host 127.0.0.1 bzpeer.wsgi:application"
_WORKER = (
    "worker --queues default,import,pages,processing --concurrency 2 --without-gossip --without-mingle --loglevel INFO"
)

# A worker may finish its page of records, then is told to drop it (the broker delivers it again), then is killed.
_WORKER_STOP = ((signal.SIGTERM, 8.0), (signal.SIGQUIT, 2.0))


class Site:
    """Prepares, starts and stops what serves one instance; its servers must run."""

    def __init__(self, instance: Instance, servers: Servers) -> None:
        self.instance = instance
        self.servers = servers
        # Held as long as we are, so that nobody takes the address while the web server is away.
        self._port_holder = hold_port(instance.read_state().get("web_port", _FIRST_PORT))
        self.port = int(self._port_holder.getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = self._environment()
        self.children: list[Child] = []

    @property
    def mail_folder(self) -> Path:
        return self.instance.folder / "mail"

    def prepare(self) -> None:
        """Bring the tables and the static files up to date."""
        self.mail_folder.mkdir(exist_ok=True)
        self._manage("migrate", "--no-input", "--verbosity", "1")
        self._collect_static_files()

    def _environment(self) -> dict[str, str]:
        own = {
            OWNER_VARIABLE: str(self.instance.folder),
            "BZPEER_STATIC_ROOT": str(self.instance.folder / "static"),
            "BZPEER_MAIL_DIR": str(self.mail_folder),
        }
        return self.servers.environment(self.url) | own

    def _manage(self, *words: str) -> None:
        """Run one of the management commands, quietly unless it fails."""
        finished = subprocess.run(
            launched([sys.executable, "manage.py", *words], death_signal=signal.SIGTERM),
            cwd=CHECKOUT,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if finished.returncode:
            raise Failure(f"manage.py {words[0]} failed:\n{finished.stdout}{finished.stderr}")

    def _collect_static_files(self) -> None:
        fingerprint = _static_fingerprint()
        if self.instance.read_state().get("static_files") == fingerprint:
            return
        self.instance.update_state(static_files="")
        self._manage("collectstatic", "--no-input", "--clear")
        self.instance.update_state(static_files=fingerprint)

    def start(self) -> None:
        """Start the web server, and when it answers the worker and the scheduler."""
        self._start_web()
        self.children += [self._worker(), self._scheduler()]
        for child in self.children[1:]:
            child.start()
        self.instance.update_state(web_port=self.port, site_url=self.url)
        write_private(_environment_file(self.instance), json.dumps(_lasting(self.environment)))

    def _start_web(self) -> None:
        web = self._web()
        self.children = [web]
        web.start()
        wait_until(lambda: not web.alive or self._answers(), _WEB_SECONDS)
        if not self._answers():
            raise Failure(f"The web server does not start. The end of {web.log}:\n{log_tail(web.log)}")

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status < 500
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def _web(self) -> Child:
        return self._child("web server", [_program("granian"), *GRANIAN.split(), "--port", str(self.port)])

    def _worker(self) -> Child:
        return self._child("worker", [*_celery(), *_WORKER.split()], _WORKER_STOP)

    def _scheduler(self) -> Child:
        schedule = self.instance.folder / "schedule"
        return self._child("scheduler", [*_celery(), "beat", "--pidfile=", f"--schedule={schedule}", "-l", "INFO"])

    def _child(
        self, name: str, command: Sequence[str], stop_signals: tuple[tuple[int, float], ...] = ((signal.SIGTERM, 5.0),)
    ) -> Child:
        log = self.instance.log_folder / f"{name.replace(' ', '-')}.log"
        return Child(name, command, log, self.environment, stop_signals=stop_signals)

    def follow_servers(self) -> None:
        """After a server came back: where it had to take another port, start the site's processes anew."""
        if all(self.environment[name] == url for name, url in self.servers.urls.items()):
            return
        self.environment = self._environment()
        stop_all(self.children)
        for child in self.children:
            child.environment = self.environment
            child.start()
        write_private(_environment_file(self.instance), json.dumps(_lasting(self.environment)))

    def stop(self) -> None:
        """Stop all of them; when this returns none is left."""
        stop_all(self.children)
        self.children = []
        self._port_holder.close()
        _environment_file(self.instance).unlink(missing_ok=True)


@contextmanager
def site_on(instance: Instance, servers: Servers) -> Iterator[Site]:
    """The site, not yet started; it is stopped at the end of the with block."""
    site = Site(instance, servers)
    try:
        yield site
    finally:
        site.stop()


def running_environment(instance: Instance) -> dict[str, str] | None:
    """The environment of the processes of a running site; None while none runs."""
    path = _environment_file(instance)
    if not path.exists() or not instance.is_locked():
        return None
    environment: dict[str, str] = json.loads(path.read_text())
    return environment


def _environment_file(instance: Instance) -> Path:
    return instance.folder / "environment.json"


def _lasting(environment: Mapping[str, str]) -> dict[str, str]:
    """Without the mark of the supervised, for which the next start would end what a person runs in it."""
    return {name: value for name, value in environment.items() if name != OWNER_VARIABLE}


def _static_fingerprint() -> str:
    """Of every file that collectstatic reads: ours by their content, the packages' by the pinned versions."""
    files = [CHECKOUT / "requirements" / "base.txt", *sorted(CHECKOUT.glob("static/**/*"))]
    files += sorted(CHECKOUT.glob("[!.]*/static/**/*"))
    digest = hashlib.sha256()
    for file in files:
        if file.is_file() and "var" not in file.relative_to(CHECKOUT).parts[:1]:
            digest.update(f"{file.relative_to(CHECKOUT)}\0{hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


def _program(name: str) -> str:
    return str(Path(sys.executable).parent / name)


def _celery() -> list[str]:
    return [_program("celery"), "--app", "bzpeer"]
