"""Progress lines: what has happened, and how many seconds after the start."""

from __future__ import annotations

import os
import sys
import time

# The clock goes on when the process is replaced by the environment's own Python.
BEGAN = "GUILDHALL_BEGAN"
_began = float(os.environ.pop(BEGAN, time.monotonic()))


def elapsed() -> float:
    """Seconds since the door was opened."""
    return time.monotonic() - _began


def hand_over() -> None:
    """Call right before replacing this process."""
    sys.stdout.flush()
    os.environ[BEGAN] = str(_began)


def say(text: str) -> None:
    print(f"[{elapsed():5.1f} s] {text}", flush=True)


def complain(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
