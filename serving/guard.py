"""The small process between Enface and TorchServe that leaves nothing behind, however Enface ends.

TorchServe's Java process and its Python workers go on living when whoever started them is killed. So they run in a
process group of their own, led by this guard: when Java ends, when SIGTERM arrives, or when the process that started
the guard is gone (killed with -9, say), the whole group ends. Standard library only: it must start in an instant.

Called as `python guard.py PARENT_PID FOLDER COMMAND...`; FOLDER, the server's own temporary files, is removed by the
parent, or here when there is no parent any more.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import threading
from typing import NoReturn

GRACE_S = 8.0
"""How long TorchServe may take to end by itself before it is killed; it takes 2 to 3 seconds."""


def main() -> NoReturn:
    """Runs the command until it, the parent or our permission to live ends; then ends the group, itself included."""
    parent, folder, *command = sys.argv[1:]
    server = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    asked_to_stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: asked_to_stop.set())
    while os.getppid() == int(parent) and not asked_to_stop.is_set() and not has_ended(server, within_s=0.1):
        pass
    server.terminate()
    has_ended(server, within_s=GRACE_S)
    if os.getppid() != int(parent):
        shutil.rmtree(folder, ignore_errors=True)
    os.killpg(0, signal.SIGKILL)
    raise AssertionError("a process outlived its own SIGKILL")


def has_ended(process: subprocess.Popen[bytes], *, within_s: float) -> bool:
    """Whether the process has ended; at most that long is waited for it."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(timeout=within_s)
        return True
    return False


if __name__ == "__main__":
    main()
