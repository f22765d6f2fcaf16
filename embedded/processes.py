"""One child process: what it is told, how it is started so that it cannot outlive us, and how it is ended."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypedDict

PR_SET_PDEATHSIG = 1
LINUX = sys.platform == "linux"


@dataclass(frozen=True)
class Account:
    """Whom a process runs as."""

    uid: int
    gid: int


class _Ownership(TypedDict):
    user: int | None
    group: int | None
    extra_groups: list[int] | None


@dataclass(frozen=True)
class Process:
    """A child as the supervisor knows it. Seconds are limits, not waits."""

    name: str
    command: Sequence[str | Path]
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    directory: Path | None = None
    account: Account | None = None
    ready: Callable[[], bool] = lambda: True
    ready_seconds: float = 90
    # A store: the rest cannot live without it, so its end ends everything. Others are started again.
    essential: bool = False
    # Seen in the log of a failed start, this text means "try again in a moment".
    retry_start_on: str | None = None
    # Stopping goes by turns, the lowest first; within a turn the last started goes first.
    stop_turn: int = 0
    stop_signal: signal.Signals = signal.SIGTERM
    stop_seconds: float = 2
    # What it gets when the supervisor is gone and nobody is left to wait for it.
    orphan_signal: signal.Signals = signal.SIGKILL


def die_with_parent(number: int) -> Callable[[], None] | None:
    """For `preexec_fn`: the kernel sends `number` when our main thread ends (Linux only)."""
    if not LINUX:
        return None
    libc, parent = ctypes.CDLL(None), os.getpid()

    def arrange() -> None:
        libc.prctl(PR_SET_PDEATHSIG, number)
        if os.getppid() != parent:  # it ended before we could ask
            os.kill(os.getpid(), signal.SIGKILL)

    return arrange


def spawn(process: Process, log: Path) -> subprocess.Popen[bytes]:
    """Start it in a session of its own, its output appended to `log`. To be called from the main thread."""
    with log.open("ab") as output:
        return subprocess.Popen(
            process.command,
            cwd=process.directory,
            env=dict(process.environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=die_with_parent(process.orphan_signal),
            **as_account(process.account),
        )


def as_account(account: Account | None) -> _Ownership:
    """Keyword arguments for Popen and run."""
    if account is None:
        return {"user": None, "group": None, "extra_groups": None}
    return {"user": account.uid, "group": account.gid, "extra_groups": []}


def end(child: subprocess.Popen[bytes], number: int, seconds: float, hurry: Callable[[], bool] = lambda: False) -> bool:
    """Signal it, wait that long or until `hurry()`, then kill it and its group. True if it went by itself."""
    if child.poll() is None:
        child.send_signal(number)
    deadline = time.monotonic() + seconds
    while child.poll() is None and time.monotonic() < deadline and not hurry():
        time.sleep(0.02)
    willing = child.poll() is not None
    child.kill()
    child.wait()
    kill_group(child.pid)
    return willing


def kill_group(leader: int) -> None:
    """Kill whatever still lives in the session that this child began, such as the pool of a killed worker."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def last_lines(log: Path, count: int = 15) -> str:
    try:
        lines = log.read_text(errors="replace").splitlines()
    except OSError:
        return ""
    return "\n".join(f"    {line}" for line in lines[-count:])
