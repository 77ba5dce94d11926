"""Become another program, after arranging how it dies and as whom it runs.

Run as a script, isolated (`python -I -S launch.py …`), never imported by the site: it must start fast and owe nothing
to the environment. It replaces itself by the command, so that the process id the supervisor knows is the program's own.
"""

import ctypes
import os
import sys
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_PR_SET_KEEPCAPS = 8
_PR_CAP_AMBIENT = 47
_PR_CAP_AMBIENT_RAISE = 2
_CLONE_NEWUSER = 0x10000000
_CAP_DAC_OVERRIDE = 1
_CAPABILITY_VERSION_3 = 0x20080522


def _check(result: int) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def _enter_namespace(libc: ctypes.CDLL, user: int, group: int) -> None:
    """Be called `user` while staying who we are: PostgreSQL refuses the name root, files still know us."""
    outer_user, outer_group = os.geteuid(), os.getegid()
    _check(libc.unshare(_CLONE_NEWUSER))
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{user} {outer_user} 1")
    Path("/proc/self/gid_map").write_text(f"{group} {outer_group} 1")


def _become(user: int, group: int) -> None:
    os.setgroups([])
    os.setgid(group)
    os.setuid(user)


def _become_keeping_passage(libc: ctypes.CDLL, user: int, group: int) -> None:
    """Change the user, yet keep passing folders that only root may enter (such as /root)."""
    _check(libc.prctl(_PR_SET_KEEPCAPS, 1, 0, 0, 0))
    _become(user, group)
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    bit = 1 << _CAP_DAC_OVERRIDE
    # Two triples of effective, permitted, inheritable; the second holds the capabilities from 32 up.
    _check(libc.capset(header, (ctypes.c_uint32 * 6)(bit, bit, bit, 0, 0, 0)))
    _check(libc.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, _CAP_DAC_OVERRIDE, 0, 0))


def _take_identity(libc: ctypes.CDLL, manner: str, user: int, group: int) -> None:
    if manner == "namespace":
        _enter_namespace(libc, user, group)
    elif manner == "user":
        _become(user, group)
    elif manner == "passage":
        _become_keeping_passage(libc, user, group)


def main(arguments: list[str]) -> None:
    parent, death_signal, manner, user, group, *command = arguments
    libc = ctypes.CDLL(None, use_errno=True)
    _take_identity(libc, manner, int(user), int(group))
    if sys.platform == "linux":
        # After the change of user, which would clear it.
        _check(libc.prctl(_PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0))
        if os.getppid() != int(parent):  # it died before the line above could notice
            sys.exit(1)
    os.execvp(command[0], command)  # noqa: S606 - becoming the command is the purpose


if __name__ == "__main__":
    main(sys.argv[1:])
