"""Make `.venv` hold what a requirements file pins: `python requirements/install.py base|dev`.

Standard library only, because it runs before anything is installed. Safe to run twice at once, and to interrupt at
any point: an environment counts only when its stamp says that the very file was installed to the end.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
ENVIRONMENT = CHECKOUT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
# There while pip writes: what a killed pip leaves may look whole to the next one, so that is thrown away.
UNFINISHED = ENVIRONMENT / "unfinished"
LOG = CHECKOUT / "var" / "install.log"
# dev.txt pins all that base.txt does, at the same versions.
SATISFIED_BY = {"base": ("base", "dev"), "dev": ("dev",)}


def main(kind: str) -> int:
    if is_installed(kind):
        return 0
    with alone():
        # Another make may have installed it while we waited.
        return 0 if is_installed(kind) else install(kind)


def is_installed(kind: str) -> bool:
    """Whether the environment works and holds what the file pins today."""
    current = (read(stamp(each)) == fingerprint() for each in SATISFIED_BY[kind])
    return any(current) and PYTHON.exists()


def stamp(kind: str) -> Path:
    return ENVIRONMENT / f"installed-{kind}"


def read(path: Path) -> str:
    return path.read_text() if path.exists() else ""


def fingerprint() -> str:
    """Of both files: a change of either makes us look again, which costs a second when nothing is to do."""
    files = (CHECKOUT / "requirements" / f"{kind}.txt" for kind in SATISFIED_BY)
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()


@contextmanager
def alone() -> Iterator[None]:
    """Wait until no other make installs in this checkout; the kernel drops the lock however we end."""
    LOG.parent.mkdir(exist_ok=True)
    with (LOG.parent / "install.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def install(kind: str) -> int:
    say(f"Installing the packages of requirements/{kind}.txt in .venv (only when that file changes) …")
    for each in SATISFIED_BY:
        stamp(each).unlink(missing_ok=True)
    if UNFINISHED.exists() or not has_pip():
        make_environment()
    UNFINISHED.touch()
    # The files are complete, so pip has nothing to resolve; it compiles nothing that is never imported.
    options = ["--quiet", "--require-hashes", "--no-deps", "--no-compile", "--no-input"]
    command = [str(PYTHON), "-m", "pip", "install", *options, "-r", f"requirements/{kind}.txt"]
    with LOG.open("w") as log:
        finished = subprocess.run(command, cwd=CHECKOUT, stdout=log, stderr=log, check=False)
    if finished.returncode:
        say(f"{LOG.read_text()}\npip could not install requirements/{kind}.txt; what it said stands above.")
        return 1
    stamp(kind).write_text(fingerprint())
    UNFINISHED.unlink()
    return 0


def has_pip() -> bool:
    """Whether there is an environment to build on; false also when the Python it was made from has gone."""
    if not PYTHON.exists():
        return False
    return subprocess.run([PYTHON, "-c", "import pip"], capture_output=True, check=False).returncode == 0


def make_environment() -> None:
    shutil.rmtree(ENVIRONMENT, ignore_errors=True)
    try:
        venv.create(ENVIRONMENT, with_pip=True, symlinks=os.name != "nt")
    except subprocess.CalledProcessError:
        sys.exit(
            f"{sys.executable} cannot make a virtual environment: its module ensurepip is missing.\n"
            "On Debian and Ubuntu `apt-get install python3-venv` brings it; or name another Python: make PYTHON=…"
        )


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1]))
    except KeyboardInterrupt:
        sys.exit(130)
