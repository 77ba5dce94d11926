"""The whole site on one machine: both servers, the web server, a worker and beat; started in order, watched, stopped."""

import hashlib
import os
import signal
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from bzpeer.embedded.foreground import run_in_front
from bzpeer.embedded.instance import CHECKOUT, AlreadyRunning, Instance, pick_port
from bzpeer.embedded.processes import (
    OWNER_VARIABLE,
    Child,
    bound_log,
    end_processes,
    log_tail,
    orphans_of,
    stop_all,
    wait_until,
)
from bzpeer.embedded.say import Failure, say, step
from bzpeer.embedded.servers import Servers, running
from bzpeer.embedded.watch import Watch
from bzpeer.sample.oai_endpoint import serving

_READY_SECONDS = 60
_WATCH_SECONDS = 0.5
_CELERY = [sys.executable, "-m", "celery", "-A", "bzpeer"]


def serve(name: str, *, with_sample: bool, live: bool = False) -> int:
    """Run the site of this instance until somebody asks to stop; say where it is when it runs already."""
    instance = Instance.named(name)
    try:
        with instance.locked():
            instance.update_state(pid=os.getpid())
            end_processes(orphans_of(instance.folder), signal.SIGTERM, 8)
            with running_site(instance) as site:
                if with_sample:
                    site.harvest_sample(live=live)
                else:
                    say(f"\nThe site:\n{site.url}/\n")
                say("Ctrl-C stops all of it.")
                site.watch()
    except AlreadyRunning as running_already:
        say(f"It is running already: {running_already.state.get('url', 'starting')}\n`make stop` ends it.")
    return 0


@contextmanager
def running_site(instance: Instance) -> Iterator["Site"]:
    """The site of an instance, for the length of a with block. Needs the instance's lock."""
    began = time.monotonic()
    with running(instance) as servers:
        say(f"  {'PostgreSQL and Valkey are up':<52}{time.monotonic() - began:5.1f} s")
        site = Site(instance, servers)
        try:
            site.start()
            yield site
        finally:
            stop_all(list(site.programs.values()))


class Site:
    """The processes of the site itself, beside its servers."""

    def __init__(self, instance: Instance, servers: Servers) -> None:
        self.instance = instance
        self.servers = servers
        self.port = pick_port(instance.read_state().get("web_port"))
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = site_environment(servers, self.url)
        self.programs = {child.name: child for child in self._programs()}

    def start(self) -> None:
        """Bring the database and the static files up to date, start the programs, wait until a page answers."""
        with step("Migrations are applied"):
            self.manage("migrate", "--verbosity=0")
        with step("Static files are collected"):
            self._collect_static()
        with step("Web server, worker and beat are up"):
            for program in self.programs.values():
                program.start()
            self._wait_until_it_answers()
        self.instance.update_state(web_port=self.port, url=self.url)
        self._say_where()

    def manage(self, *words: str) -> None:
        """Run one of manage.py's commands in the foreground. Raises Failure when it fails."""
        if run_in_front([sys.executable, "manage.py", *words], self.environment) != 0:
            raise Failure(f"`manage.py {' '.join(words)}` failed; what it said stands above.")

    def harvest_sample(self, *, live: bool) -> None:
        """Do the main job of the demo; the sample's endpoint is there only as long as it is needed."""
        with serving(self.instance.read_state().get("sample_port")) as endpoint:
            self.instance.update_state(sample_port=endpoint.server_port)
            say()
            self.manage("demo_harvest", "--endpoint", endpoint.url, *(["--live"] if live else []))

    def watch(self) -> None:
        """Start again what dies; give up, raising Failure, on what keeps dying."""
        watch = Watch(self.servers, self.programs.values())
        while True:
            time.sleep(_WATCH_SECONDS)
            watch.look()
            for log in self.instance.log_folder.glob("*.log"):
                bound_log(log)

    def _programs(self) -> Iterator[Child]:
        web = ["--host", "127.0.0.1", "--port", str(self.port), "--workers", "1", "--blocking-threads", "4"]
        worker = ["-Q", "default,import", "-c", "2", "-l", "INFO", "--without-gossip", "--without-mingle"]
        beat = ["-l", "INFO", "--pidfile=", "-s", str(self.instance.folder / "beat-schedule")]
        granian = [sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", *web, "bzpeer.wsgi:application"]
        yield self._program("web", granian)
        yield self._program("worker", [*_CELERY, "worker", *worker])
        yield self._program("beat", [*_CELERY, "beat", *beat])

    def _program(self, name: str, command: list[str]) -> Child:
        # A worker finishes its task first; whatever it cannot finish in time is done again from its checkpoint.
        patience = ((signal.SIGTERM, 8.0),)
        return Child(name, command, self.instance.log_folder / f"{name}.log", self.environment, stop_signals=patience)

    def _collect_static(self) -> None:
        current = fingerprint_of_static_files()
        if self.instance.read_state().get("static") != current:
            self.manage("collectstatic", "--noinput", "--clear", "--verbosity=0")
            self.instance.update_state(static=current)

    def _wait_until_it_answers(self) -> None:
        web = self.programs["web"]
        if not wait_until(lambda: not web.alive or answers(self.url), _READY_SECONDS) or not web.alive:
            raise Failure(f"The web server does not answer. The end of {web.log}:\n{log_tail(web.log)}")

    def _say_where(self) -> None:
        folder = self.instance.folder
        say(f"\n  logs    {folder / 'log'}\n  mail    {folder / 'mail'}")
        say(f'  curate  make manage ARGS="createsuperuser", then {self.url}/admin/')


def site_environment(servers: Servers, url: str) -> dict[str, str]:
    """The environment of the site's own processes; it marks them as ours."""
    folder = servers.instance.folder
    defaults = {"BZPEER_MAIL_DIR": str(folder / "mail")}
    return defaults | servers.environment(url) | {OWNER_VARIABLE: str(folder)}


def environment_of_running_site() -> Mapping[str, str]:
    """The environment of the demo or the run that is up now. Raises Failure when neither is."""
    for name in ("demo", "run"):
        instance = Instance.named(name)
        state = instance.read_state()
        if instance.is_locked() and "url" in state:
            servers = Servers(instance)
            servers.postgres.port, servers.valkey.port = state["postgres_port"], state["valkey_port"]
            return site_environment(servers, state["url"])
    raise Failure("Nothing is running: start `make demo` or `make run` in another terminal first.")


def fingerprint_of_static_files() -> str:
    """A digest that changes with our static files and with the packages that bring theirs."""
    files = [CHECKOUT / "requirements" / "base.txt", *sorted((CHECKOUT / "static").rglob("*.*"))]
    return hashlib.sha256(b"\0".join(str(file).encode() + file.read_bytes() for file in files)).hexdigest()


def answers(url: str) -> bool:
    """Whether the site says that it is healthy."""
    try:
        with urllib.request.urlopen(f"{url}/healthz", timeout=5) as response:  # noqa: S310 - our own http address
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False
