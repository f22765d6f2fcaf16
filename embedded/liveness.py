"""Whether a process number stands for a living process, and what that process was told to do."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

PROC = Path("/proc")


def alive(pid: int) -> bool:
    """Whether it runs; one that merely waits to be collected by its parent (a zombie) does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass  # somebody else's
    return _state(pid) not in ("", "Z", "X")


def command_line(pid: int) -> list[str]:
    """The words of its command line; empty when there is none (any more)."""
    if _has_proc():
        try:
            return (PROC / str(pid) / "cmdline").read_text(errors="replace").split("\0")
        except OSError:
            return []
    return _ps("command", pid).split()


def _state(pid: int) -> str:
    """One letter, as ps shows it; empty when there is no such process."""
    if _has_proc():
        try:
            return (PROC / str(pid) / "stat").read_text(errors="replace").rpartition(")")[2].split()[0]
        except OSError:
            return ""
    return _ps("state", pid)[:1]


def _has_proc() -> bool:
    return (PROC / "self" / "stat").exists()


def _ps(column: str, pid: int) -> str:
    command = ["ps", "-ww", "-o", f"{column}=", "-p", str(pid)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
