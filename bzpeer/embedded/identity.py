"""As whom the servers run.

PostgreSQL refuses to run as root. When the supervisor is root, the first of these that can start the binary and write
the data folder is taken; none of them changes the permissions of a folder outside the instance:

1. a user namespace in which we merely carry another user's number: needs no user, no chown, and enters /root;
2. the owner of the checkout, when that is not root (`sudo make demo`);
3. a system user of our own, made when missing;
4. the same user with leave to pass folders such as /root, for containers that forbid user namespaces.

`BZPEER_SERVERS_AS` names one of `namespace`, `owner`, `user`, `passage` and leaves the choice out.
"""

import os
import pwd
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bzpeer.embedded.instance import CHECKOUT
from bzpeer.embedded.say import Failure

_SYSTEM_USER = "bzpeer-servers"
_LAUNCH = str(Path(__file__).with_name("launch.py"))


@dataclass(frozen=True)
class Identity:
    manner: str  # one of `launch.py`: self, namespace, user, passage
    user: int
    group: int

    def own(self, folder: Path) -> None:
        """Make the folder, private, and ours to write in."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.manner in {"user", "passage"}:
            for path in (folder, *folder.rglob("*")):
                os.chown(path, self.user, self.group, follow_symlinks=False)


MYSELF = Identity("self", os.geteuid(), os.getegid())


def launched(command: Sequence[str], *, death_signal: int, identity: Identity = MYSELF) -> list[str]:
    """The command, wrapped so that it runs as `identity` and gets `death_signal` when this process dies."""
    about = (os.getpid(), death_signal, identity.manner, identity.user, identity.group)
    return [sys.executable, "-I", "-S", _LAUNCH, *map(str, about), *command]


def servers_identity(folder: Path, binary: Path) -> Identity:
    """As whom to run servers whose data lie in `folder`. Raises Failure when nobody will do."""
    if os.geteuid() != 0:
        return MYSELF
    wanted = os.environ.get("BZPEER_SERVERS_AS")
    for name, candidate in _CANDIDATES.items():
        if wanted not in {None, "", name}:
            continue
        identity = candidate()
        if identity is not None and _works(identity, folder, binary):
            return identity
    raise Failure(
        "PostgreSQL refuses to run as root, and no other user can reach\n"
        f"  {folder}\nRun this as an ordinary user, or put the checkout where others may enter, e.g. /opt.",
    )


def _works(identity: Identity, folder: Path, binary: Path) -> bool:
    trial = folder / "trial"
    identity.own(trial)
    script = '"$0" --version >/dev/null && : > "$1/written"'
    command = launched(["/bin/sh", "-c", script, str(binary), str(trial)], death_signal=9, identity=identity)
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    finally:
        shutil.rmtree(trial, ignore_errors=True)


def _namespaced() -> Identity | None:
    # initdb looks its user up by number, so we carry the number of one that exists.
    for entry in pwd.getpwall():
        if entry.pw_uid != 0:
            return Identity("namespace", entry.pw_uid, entry.pw_gid)
    return None


def _owner() -> Identity | None:
    status = CHECKOUT.stat()
    return Identity("user", status.st_uid, status.st_gid) if status.st_uid else None


def _system_user() -> Identity | None:
    try:
        entry = pwd.getpwnam(_SYSTEM_USER)
    except KeyError:
        if not _make_system_user():
            return None
        entry = pwd.getpwnam(_SYSTEM_USER)
    return Identity("user", entry.pw_uid, entry.pw_gid)


def _make_system_user() -> bool:
    program = shutil.which("useradd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if program is None:
        return False
    options = ["--system", "--user-group", "--no-create-home", "--shell", "/bin/false"]
    return subprocess.run([program, *options, _SYSTEM_USER], capture_output=True, check=False).returncode == 0


def _system_user_with_passage() -> Identity | None:
    identity = _system_user()
    return identity and Identity("passage", identity.user, identity.group)


_CANDIDATES: dict[str, Callable[[], Identity | None]] = {
    "namespace": _namespaced,
    "owner": _owner,
    "user": _system_user,
    "passage": _system_user_with_passage,
}
