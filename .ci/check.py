"""`make check`: every tool that reads the code, each reported, all run even when one fails.

Runs with servers of its own (`python -m bzpeer.embedded exec`), because migrations are compared with a database.
Words on the command line pick checks by their names.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
TOOLS = Path(PYTHON).parent

# What `check --deploy` is for: the settings as on a public server, not as on the embedded one.
PRODUCTION = {
    "BZPEER_SITE_URL": "https://bzpeer.example.org",
    "BZPEER_ALLOWED_HOSTS": "bzpeer.example.org",
    "BZPEER_BEHIND_PROXY": "true",
    "BZPEER_PLAIN_STATIC": "false",
}


def commands() -> dict[str, tuple[list[str], dict[str, str]]]:
    """Every check under its name: the command, and what it wants in its environment."""
    templates = [str(path) for path in sorted(CHECKOUT.glob("templates/**/*.html"))]
    manage = [PYTHON, "manage.py"]
    return {
        "lint": ([str(TOOLS / "ruff"), "check", ".", ".ci"], {}),
        "format": ([str(TOOLS / "ruff"), "format", "--check", ".", ".ci"], {}),
        "types": ([PYTHON, "-m", "mypy", ".", ".ci/check.py"], {}),
        "templates": ([str(TOOLS / "djade"), "--check", "--target-version", "5.2", *templates], {}),
        "packages": ([PYTHON, "-m", "pip", "check"], {}),
        "migrations": ([*manage, "makemigrations", "--check", "--dry-run"], {}),
        "deployment": ([*manage, "check", "--deploy", "--fail-level", "WARNING", "--database", "default"], PRODUCTION),
        "containers": ([str(TOOLS / "check-jsonschema"), "--builtin-schema", "vendor.compose-spec", "docker-compose.yml"], {}),
    }


def passes(name: str, command: list[str], environment: dict[str, str]) -> bool:
    """Run one check; print its verdict, and what it said when it failed."""
    began = time.monotonic()
    finished = subprocess.run(
        command,
        cwd=CHECKOUT,
        env=os.environ | environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    verdict = "failed" if finished.returncode else "ok"
    said = f"{finished.stdout.rstrip()}\n" if finished.returncode else ""
    sys.stdout.write(f"{said}{name:<12}{verdict:<8}{time.monotonic() - began:5.1f} s\n")
    sys.stdout.flush()
    return not finished.returncode


def main(wanted: list[str]) -> int:
    """Run the checks of those names, or all; return the exit code."""
    known = commands()
    if unknown := set(wanted) - set(known):
        sys.exit(f"No such check: {' '.join(sorted(unknown))}. There are: {' '.join(known)}.")
    failed = [name for name in wanted or known if not passes(name, *known[name])]
    if failed:
        sys.stdout.write(f"\nFailed: {', '.join(failed)}\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
