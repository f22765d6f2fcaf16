"""The data folder of one instance: its lock, secrets, logs, the note of who is running, and its socket folder."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import secrets
import shutil
import stat
import tempfile
import time
from pathlib import Path
from typing import Any

from embedded.errors import DataFolderTaken, Refused
from embedded.liveness import alive

LONGEST_SOCKET_FOLDER = 80  # a Unix socket's path must stay under about 104 bytes; ours add at most 23


class DataFolder:
    """Belongs to one supervisor at a time: `take()` first."""

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()
        self.logs = self.path / "logs"
        self._lock = self.path / "lock"
        self._instance = self.path / "instance.json"
        self._secrets = self.path / "secrets"

    @property
    def digest(self) -> str:
        """A short name for this folder, for the things that must live elsewhere."""
        return hashlib.sha256(os.fsencode(self.path)).hexdigest()[:12]

    def take(self) -> int:
        """The descriptor that holds the lock. A dying predecessor (its guardian still at work) is waited for."""
        try:
            self.logs.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self._lock, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise Refused(f"The data folder {self.path} cannot be used: {error.strerror}") from None
        deadline = time.monotonic() + 15
        while not _locked(descriptor):
            holder = os.pread(descriptor, 32, 0).decode(errors="replace").strip()
            if (holder.isdecimal() and alive(int(holder))) or time.monotonic() > deadline:
                os.close(descriptor)
                running = self.read_instance()
                where = f" at {running['url']}" if running else ""
                raise DataFolderTaken(
                    f"Guildhall already runs on {self.path} (process {holder}){where}. "
                    "A second instance needs its own DATA_DIR and PORT."
                )
            time.sleep(0.1)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        return descriptor

    def read_secrets(self) -> dict[str, str]:
        """SECRET_KEY and JWT_SIGNING_KEY, made once and readable by the owner only."""
        try:
            kept: dict[str, str] = json.loads(self._secrets.read_text())
        except (OSError, ValueError):
            kept = {name: secrets.token_urlsafe(48) for name in ("SECRET_KEY", "JWT_SIGNING_KEY")}
            self._write_private(self._secrets, kept)
        return kept

    def write_instance(self, note: dict[str, Any]) -> None:
        self._write_private(self._instance, {"pid": os.getpid(), **note})

    def forget_instance(self) -> None:
        self._instance.unlink(missing_ok=True)

    def read_instance(self) -> dict[str, Any] | None:
        """The note of the supervisor that runs here now; None when there is none or it died."""
        try:
            note: dict[str, Any] = json.loads(self._instance.read_text())
        except (OSError, ValueError):
            return None
        return note if alive(note["pid"]) else None

    def socket_folder(self) -> Path:
        """A short path of our own in the temporary folder; others may pass through it at most (mode 0711)."""
        parent = Path(tempfile.gettempdir())
        if len(os.fsencode(parent)) + 30 > LONGEST_SOCKET_FOLDER or not others_may_pass(parent):
            parent = Path("/tmp")  # noqa: S108 - owner and mode are checked below
        return private_folder(parent / f"guildhall-{self.digest}", 0o711)

    def forget_sockets(self) -> None:
        shutil.rmtree(self.socket_folder(), ignore_errors=True)

    def _write_private(self, path: Path, value: dict[str, Any]) -> None:
        new = path.with_name(f"{path.name}.new")
        new.unlink(missing_ok=True)
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(value, file)
        new.replace(path)


def private_folder(path: Path, mode: int, owner: int | None = None) -> Path:
    """Make the folder for `owner` (a uid; default: us), or check that the one found is a true folder of theirs."""
    owner = os.geteuid() if owner is None else owner
    try:
        path.mkdir(mode=mode)
        os.chown(path, owner, -1)
    except FileExistsError:
        found = path.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner:
            raise Refused(f"{path} exists and belongs to someone else; remove it or set TMPDIR.") from None
    path.chmod(mode)
    return path


def others_may_pass(path: Path) -> bool:
    """Whether any account of this machine can reach the folder by its modes."""
    return all(folder.stat().st_mode & 0o001 for folder in (path, *path.parents))


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
