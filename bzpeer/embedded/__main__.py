"""`python -m bzpeer.embedded test|exec …`: what the Makefile calls."""

import sys
from collections.abc import Callable, Sequence

from bzpeer.embedded.foreground import run_in_front
from bzpeer.embedded.instance import Instance
from bzpeer.embedded.say import Failure, complain
from bzpeer.embedded.servers import throw_away
from bzpeer.embedded.stopping import Stopped, stop_signals

_TEST_SITE = "http://127.0.0.1:8000"  # nothing listens there: Django's test client does not ask


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


COMMANDS: dict[str, Callable[[Sequence[str]], int]] = {"test": run_tests, "exec": run_with_servers}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
