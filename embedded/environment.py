"""The project's own virtual environment: made, filled from the hashed lock by a private uv, and entered."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from embedded.errors import Refused
from embedded.progress import hand_over, say

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
UV = VENV / "bin" / "uv"
UV_REQUIREMENT = "uv>=0.9,<1"
STAMP = VENV / "guildhall-locks.json"
RUNTIME_LOCK = "requirements.lock"
DEVELOPMENT_TOOL = VENV / "bin" / "pytest"  # who has it, stamp or no stamp, has made a development environment
DEVELOPMENT_LOCK = "requirements-dev.lock"  # holds everything of the runtime lock too


def enter(*, development: bool) -> None:
    """Return inside an up-to-date `.venv`, replacing this process by the environment's Python where needed."""
    with _one_installer_at_a_time():
        lock = _lock_to_install(development=development)
        if lock:
            _install(lock)
    if Path(sys.prefix).resolve() != VENV.resolve():
        hand_over()
        os.execv(PYTHON, [str(PYTHON), "-m", "embedded", *sys.argv[1:]])


@contextmanager
def _one_installer_at_a_time() -> Iterator[None]:
    with (ROOT / RUNTIME_LOCK).open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _lock_to_install(*, development: bool) -> str | None:
    """The lock that must be installed, or None. An environment that has the development tools keeps them."""
    installed = _installed_locks()
    development = development or DEVELOPMENT_LOCK in installed or DEVELOPMENT_TOOL.exists()
    wanted = DEVELOPMENT_LOCK if development else RUNTIME_LOCK
    return None if installed.get(wanted) == _digest(wanted) else wanted


def _installed_locks() -> dict[str, str]:
    """Lock name -> sha256 of the text that was installed; empty when the environment is missing or broken."""
    if not PYTHON.exists():
        return {}
    try:
        stamp: dict[str, str] = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return {}
    return stamp


def _digest(lock: str) -> str:
    return hashlib.sha256((ROOT / lock).read_bytes()).hexdigest()


def _install(lock: str) -> None:
    if not PYTHON.exists():
        say(f"making {VENV.name} with Python {'.'.join(map(str, sys.version_info[:3]))}")
        _make_environment()
    say(f"installing {lock} (once; a cold cache takes a minute)")
    if not _install_with_uv(lock):
        say("uv could not install it; trying pip")
        _run(
            [PYTHON, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", lock],
            f"{lock} could not be installed",
        )
    STAMP.write_text(json.dumps({lock: _digest(lock)}))


def _make_environment() -> None:
    try:
        import ensurepip  # noqa: F401 - Debian and Ubuntu leave it out of their python3 package
        import venv
    except ImportError:
        raise Refused(
            "This Python cannot make virtual environments. On Debian or Ubuntu: sudo apt-get install python3-venv"
        ) from None
    # `clear` because what is there, if anything, has no working Python in it.
    venv.create(VENV, with_pip=True, symlinks=True, clear=True)


def _install_with_uv(lock: str) -> bool:
    try:
        if not UV.exists():
            _run([PYTHON, "-m", "pip", "install", "--quiet", UV_REQUIREMENT], "uv could not be installed")
        # Without --system-certs uv trusts only its own list and fails behind a proxy that pip can pass.
        sync: list[str | Path] = [
            UV,
            "--system-certs",
            "pip",
            "sync",
            "--quiet",
            "--require-hashes",
            # Five processes start at once: without this each of them compiles the same modules for itself.
            "--compile-bytecode",
            "--python",
            PYTHON,
            lock,
        ]
        _run(sync, f"{lock} could not be installed by uv")
    except Refused as refusal:
        say(str(refusal))
        return False
    return True


def _run(command: Sequence[str | Path], complaint: str) -> None:
    done = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise Refused(f"{complaint}:\n{done.stderr.strip()[-2000:]}")
