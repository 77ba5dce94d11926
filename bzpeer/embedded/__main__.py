"""`python -m bzpeer.embedded demo|run|stop|manage|test|exec|clean …`: what the Makefile calls."""

import os
import signal
import sys
from collections.abc import Callable, Sequence

import psutil

from bzpeer.embedded.foreground import run_in_front
from bzpeer.embedded.instance import CHECKOUT, AlreadyRunning, Instance, instances_folder
from bzpeer.embedded.processes import wait_until
from bzpeer.embedded.say import Failure, complain, say
from bzpeer.embedded.servers import discard, throw_away
from bzpeer.embedded.site import running_environment
from bzpeer.embedded.stopping import Stopped, stop_signals
from bzpeer.embedded.supervisor import supervise

# Each has data of its own: a site that was begun with `make run` never holds the sample.
_INSTANCES = ("demo", "run")
_NOTHING_RUNS = "Nothing of this checkout is running; `make demo` or `make run` starts it."
_TEST_SITE = "http://127.0.0.1:8000"  # nothing listens there: Django's test client does not ask
_STOP_SECONDS = 40


def main(arguments: Sequence[str]) -> int:
    """Carry out one command; return the exit code."""
    name, *words = arguments or ["help"]
    if name not in COMMANDS:
        complain(f"python -m bzpeer.embedded {'|'.join(COMMANDS)} …\n`make help` says what they do.")
        return 2
    try:
        with stop_signals():
            return COMMANDS[name](words)
    except Failure as failure:
        complain(str(failure))
        return 1
    except Stopped as stopped:
        return 128 + stopped.number


def demo(words: Sequence[str]) -> int:
    """Run the site with the sample; `--live` harvests a little of arXiv as well."""
    return _in_the_foreground("demo", list(words))


def run(_words: Sequence[str]) -> int:
    """Run the site without the sample."""
    return _in_the_foreground("run", None)


def _in_the_foreground(name: str, harvest: list[str] | None) -> int:
    try:
        supervise(Instance.named(name), harvest)
    except AlreadyRunning as running:
        where = running.state.get("site_url") or "an address it will print: it is still starting"
        say(f"It runs already, at {where}\n`make stop` stops it.")
    except Stopped:
        say("\nStopped.")
    # Whoever stops a site wants it to stop, and whoever wants one that runs has it: no error for make to print.
    return 0


def stop(_words: Sequence[str]) -> int:
    """Stop what runs in this checkout, from another terminal."""
    running = [instance for instance in _instances() if instance.is_locked()]
    if not running:
        say(_NOTHING_RUNS)
    for instance in running:
        supervisor = _supervisor_of(instance)
        if supervisor is not None:
            supervisor.send_signal(signal.SIGTERM)
        if not wait_until(lambda instance=instance: not instance.is_locked(), _STOP_SECONDS):  # type: ignore[misc]
            raise Failure(f"{instance.name} does not stop; its logs are in {instance.log_folder}")
        say(f"{instance.name}: stopped")
    return 0


def _supervisor_of(instance: Instance) -> psutil.Process | None:
    """The process that wrote the state, unless its number has passed to another one."""
    state = instance.read_state()
    try:
        process = psutil.Process(state.get("pid"))
        return process if process.create_time() == state.get("started") else None
    except psutil.NoSuchProcess:
        return None


def manage(words: Sequence[str]) -> int:
    """Become manage.py in the environment of the running site."""
    for instance in _instances():
        environment = running_environment(instance)
        if environment is not None:
            os.chdir(CHECKOUT)
            os.execve(sys.executable, [sys.executable, "manage.py", *words], environment)  # noqa: S606
    raise Failure(_NOTHING_RUNS)


def run_tests(words: Sequence[str]) -> int:
    """Run pytest with servers of its own."""
    return run_with_servers([sys.executable, "-m", "pytest", *words])


def run_with_servers(words: Sequence[str]) -> int:
    """Run any program in the environment of new, empty servers, which end with it."""
    with throw_away() as servers:
        return run_in_front(words, servers.environment(_TEST_SITE) | _plain_files(servers.instance))


def _plain_files(instance: Instance) -> dict[str, str]:
    static, mail = instance.folder / "static", instance.folder / "mail"
    static.mkdir()  # WhiteNoise warns when it is missing
    return {"BZPEER_PLAIN_STATIC": "1", "BZPEER_STATIC_ROOT": str(static), "BZPEER_MAIL_DIR": str(mail)}


def clean(_words: Sequence[str]) -> int:
    """Remove the data of the demo and of the run. Raises Failure while one of them runs."""
    for instance in _instances():
        try:
            with instance.locked():
                discard(instance)
        except AlreadyRunning as running:
            raise Failure(f"{instance.name} is running; `make stop` first.") from running
    return 0


def _instances() -> list[Instance]:
    return [Instance.named(name) for name in _INSTANCES if (instances_folder() / name).exists()]


COMMANDS: dict[str, Callable[[Sequence[str]], int]] = {
    "demo": demo,
    "run": run,
    "stop": stop,
    "manage": manage,
    "test": run_tests,
    "exec": run_with_servers,
    "clean": clean,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
