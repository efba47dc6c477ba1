"""Programs of ours that end when we do, however we end."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

# Becomes the program after asking the kernel to end it with us: a worker that is killed must not
# leave behind what holds its ports. Done in a process of its own, because code between fork and
# exec (`preexec_fn`) can lock up in a program that has threads.
_LAUNCH = """
import ctypes, os, signal, sys
parent, command = int(sys.argv[1]), sys.argv[2:]
if sys.platform == "linux":
    PR_SET_PDEATHSIG = 1
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
if os.getppid() != parent:
    sys.exit("parent is gone")
os.execv(command[0], command)
"""


def bound(command: Sequence[str]) -> list[str]:
    """The command that runs `command` and ends with us. On Linux it ends with the thread that
    starts it: start it from the one that lives longest."""
    return [sys.executable, "-I", "-c", _LAUNCH, str(os.getpid()), *command]


def start_bound(
    command: Sequence[str],
    *,
    log: Path,
    environment: Mapping[str, str] | None = None,
    handed: Sequence[int] = (),
) -> "subprocess.Popen[bytes]":
    """Starts a program that writes to `log`; the log before becomes `….log.1`. It gets the open
    files that are `handed` to it under the same numbers."""
    if log.exists():
        log.replace(log.with_suffix(".log.1"))
    with log.open("wb") as opened:
        return subprocess.Popen(
            bound(command),
            stdin=subprocess.DEVNULL,
            stdout=opened,
            stderr=opened,
            env=environment,
            pass_fds=handed,
            # Ctrl-C reaches us only, who stop the program when we are done with it.
            start_new_session=True,
        )
