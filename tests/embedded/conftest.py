"""Households to start, kill and look after; whatever a test leaves is ended by process id."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from embedded.environment import ROOT
from embedded.folder import DataFolder

PATIENCE_SECONDS = 30.0


def wait_until(happened: Callable[[], bool], seconds: float = PATIENCE_SECONDS) -> None:
    """Fail if it has not happened by then."""
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


@dataclass
class Household:
    """The running household: its supervisor's process, and who lives in it."""

    folder: Path
    popen: subprocess.Popen[str]
    pids: dict[str, int] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)

    def wait_until_ready(self) -> Household:
        assert self.popen.stdout
        for line in self.popen.stdout:
            if line.startswith("{"):
                self.pids = json.loads(line)
                return self
            self.said.append(line.strip())
        pytest.fail(f"the household did not start: {self.said}")

    def end(self, number: int) -> tuple[int, list[str]]:
        """Send the signal; the exit code and what was said from then on."""
        self.popen.send_signal(number)
        said, _ = self.popen.communicate(timeout=PATIENCE_SECONDS)
        return self.popen.returncode, said.splitlines()

    def everyone(self) -> list[int]:
        """All processes of the household, the server processes of PostgreSQL and the worker's pool included."""
        pool = int((self.folder / "pool").read_text())
        return [*self.pids.values(), *_children_of(self.pids["postgres"]), pool]


def _children_of(pid: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@pytest.fixture
def data_folder() -> Iterator[Path]:
    """A short path that the database's account may pass, unlike pytest's own."""
    path = Path(tempfile.mkdtemp(prefix="guildhall-test-"))
    path.chmod(0o711)
    yield path
    DataFolder(path).forget_sockets()
    shutil.rmtree(path)


@pytest.fixture
def own_environment() -> dict[str, str]:
    """The environment of someone who has no servers of their own."""
    return {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}


@pytest.fixture
def household(data_folder: Path, own_environment: dict[str, str]) -> Iterator[Callable[[], Household]]:
    """Starts a household on the test's data folder; returns before it is ready."""
    started: list[Household] = []

    def start() -> Household:
        popen = subprocess.Popen(
            [sys.executable, "-m", "tests.embedded.household", str(data_folder)],
            cwd=ROOT,
            env=own_environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(Household(data_folder, popen))
        return started[-1]

    yield start
    for one in started:
        if one.popen.poll() is None:
            one.popen.send_signal(signal.SIGTERM)
            one.popen.communicate(timeout=PATIENCE_SECONDS)
        assert one.popen.stdout
        one.popen.stdout.close()
