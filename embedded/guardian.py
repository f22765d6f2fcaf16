"""Outlives the supervisor to end what a `kill -9` of it would leave behind: its children and the children's children.

A process of its own, fed on standard input: `+ PID SIGNAL` when a child starts, `- PID` when it is gone. The end of the
input means that the supervisor is gone. It also keeps the data folder's lock until its work is done.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time

from embedded.liveness import alive

PATIENCE_SECONDS = 8.0


def end(wards: dict[int, int]) -> None:
    """Send each group its own last signal, wait for the leaders, then kill what is left of the groups."""
    for pid, number in wards.items():
        _signal_group(pid, number)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while any(alive(pid) for pid in wards) and time.monotonic() < deadline:
        time.sleep(0.02)
    for pid in wards:
        _signal_group(pid, signal.SIGKILL)


def main() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    wards: dict[int, int] = {}
    for line in sys.stdin:
        match line.split():
            case ["+", pid, last_signal]:
                wards[int(pid)] = int(last_signal)
            case ["-", pid]:
                wards.pop(int(pid), None)
    end(wards)


def _signal_group(leader: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, number)


if __name__ == "__main__":
    main()
