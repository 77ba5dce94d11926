"""Everything that reads the code: `make check` runs it with servers to talk to. Fails if any check does."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
MANAGE = [sys.executable, "manage.py"]
PRODUCTION = {"BZPEER_SITE_URL": "https://bzpeer.example.org", "BZPEER_ALLOWED_HOSTS": "bzpeer.example.org"}


def list_templates() -> list[str]:
    return sorted(str(path.relative_to(ROOT)) for path in (ROOT / "templates").rglob("*.html"))


CHECKS: dict[str, list[str]] = {
    "lint": [str(BIN / "ruff"), "check", "."],
    "format": [str(BIN / "ruff"), "format", "--check", "."],
    "types": [str(BIN / "mypy"), "."],
    "templates": [str(BIN / "djade"), "--check", "--target-version", "5.2", *list_templates()],
    "migrations": [*MANAGE, "makemigrations", "--check", "--dry-run"],
    "deployment": [*MANAGE, "check", "--deploy", "--fail-level", "WARNING"],
}


def passes(name: str, command: list[str]) -> bool:
    finished = subprocess.run(
        command, cwd=ROOT, env=os.environ | PRODUCTION, capture_output=True, text=True, check=False
    )
    sys.stdout.write(f"  {name:<12}{'ok' if finished.returncode == 0 else 'FAILED'}\n")
    if finished.returncode:
        sys.stdout.write(f"{finished.stdout}{finished.stderr}\n")
    sys.stdout.flush()
    return finished.returncode == 0


def main() -> int:
    outcomes = [passes(name, command) for name, command in CHECKS.items()]
    return 0 if all(outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
