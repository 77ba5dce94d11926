"""`python -m bzpeer.embedded demo|run|…`: what the Makefile calls."""

import shutil
import signal
import sys
from collections.abc import Callable, Sequence

import psutil

from bzpeer.embedded.foreground import run_in_front
from bzpeer.embedded.instance import AlreadyRunning, Instance, instances_folder
from bzpeer.embedded.processes import wait_until
from bzpeer.embedded.say import Failure, complain, say
from bzpeer.embedded.servers import discard, throw_away
from bzpeer.embedded.site import environment_of_running_site, serve
from bzpeer.embedded.stopping import Stopped, stop_signals

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
        return 0 if name in {"demo", "run"} else 128 + stopped.number


def demo(words: Sequence[str]) -> int:
    """Run the site with the sample's works; `--live` asks arXiv as well."""
    return serve("demo", with_sample=True, live="--live" in words)


def run(_words: Sequence[str]) -> int:
    """Run the site with data of its own."""
    return serve("run", with_sample=False)


def stop(_words: Sequence[str]) -> int:
    """End the demo and the run of this checkout, wherever they were started."""
    for folder in sorted(instances_folder().glob("*/")):
        stop_instance(Instance(folder.name, folder))
    return 0


def stop_instance(instance: Instance) -> None:
    """Ask the supervisor of a running instance to stop, and wait until it has."""
    if not instance.is_locked():
        return
    pid = instance.read_state().get("pid")
    if not isinstance(pid, int):
        raise Failure(f"{instance.name} is starting or being tested; stop it where it was started.")
    psutil.Process(pid).send_signal(signal.SIGTERM)
    if not wait_until(lambda: not instance.is_locked(), _STOP_SECONDS):
        raise Failure(f"{instance.name} does not stop; its supervisor is process {pid}.")
    say(f"{instance.name} is stopped")


def clean(_words: Sequence[str]) -> int:
    """Stop everything and remove what the instances keep."""
    stop([])
    for folder in sorted(instances_folder().glob("*/")):
        instance = Instance(folder.name, folder)
        try:
            with instance.locked():
                discard(instance)
        except AlreadyRunning as running:
            raise Failure(f"{instance.name} is in use.") from running
    shutil.rmtree(instances_folder(), ignore_errors=True)
    return 0


def manage(words: Sequence[str]) -> int:
    """Run manage.py on the site that is up."""
    return run_in_front([sys.executable, "manage.py", *words], environment_of_running_site())


def test(words: Sequence[str]) -> int:
    """Run pytest with servers of its own."""
    return execute([sys.executable, "-m", "pytest", *words])


def execute(words: Sequence[str]) -> int:
    """Run any program in the environment of new, empty servers, which end with it."""
    with throw_away() as servers:
        plain = {"BZPEER_PLAIN_STATIC": "1", "BZPEER_MAIL_DIR": str(servers.instance.folder / "mail")}
        return run_in_front(words, servers.environment(_TEST_SITE) | plain)


COMMANDS: dict[str, Callable[[Sequence[str]], int]] = {
    "demo": demo,
    "run": run,
    "stop": stop,
    "clean": clean,
    "manage": manage,
    "test": test,
    "exec": execute,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
