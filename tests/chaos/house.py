"""The processes of Guildhall around the stores of a test, each in a process group of its own; their output is kept."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from config.environment import celery_broker
from embedded.environment import ROOT
from embedded.folder import DataFolder
from embedded.guildhall import HOST, free_port, is_healthy
from embedded.processes import Process, kill_group, last_lines, spawn
from embedded.redis import Redis
from tests.conftest import Tenant

PATIENCE_SECONDS = 60


def wait_until(happened: Callable[[], object], what: str, seconds: float = PATIENCE_SECONDS) -> None:
    """Fails with `what` where it has not happened by then."""
    until = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < until, f"not within {seconds:g} s: {what}"
        time.sleep(0.05)


class Store:
    """A database server or a Redis of the test's own, which it may kill and start again."""

    def __init__(self, process: Callable[[], Process], log: Path) -> None:
        self._process, self._log = process, log
        self._child: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Returns when it answers. Shared memory of a killed PostgreSQL may be in the way for a moment: try again."""
        process = self._process()

        def answers() -> bool:
            if self._child is None or self._child.poll() is not None:
                self._child = spawn(process, self._log)
            return process.ready()

        wait_until(answers, f"{process.name} answers")

    def end(self, number: int = signal.SIGKILL) -> None:
        if self._child:
            self._child.send_signal(number)
            self._child.wait(30)
            self._child = None


class House:
    """The processes of one test: `environment` is what they are told, `logs` is where they speak."""

    def __init__(self, folder: DataFolder, database_url: str) -> None:
        folder.logs.mkdir()
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.logs = folder.logs
        redis = Redis(folder, durable=False)
        self.redis = Store(redis.process, self.logs / "redis.log")
        self.redis_url = redis.url
        self.broker_url = celery_broker(redis.url)
        self.environment = os.environ | {
            "GUILDHALL_ENV": "test",
            "DATABASE_URL": database_url,
            "REDIS_URL": redis.url,
            "GUILDHALL_WRITER": "tests.chaos.slow_writer.SlowWriter",
            "PYTHONUNBUFFERED": "1",
        }

    @contextmanager
    def running(self, name: str, *command: str, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
        """`python -m command`; killed with its group at the end. What it says goes to `<name>.log`."""
        told = self.environment | environment
        child = spawn(Process(name, [sys.executable, "-m", *command], told, ROOT), self.logs / f"{name}.log")
        self.children[name] = child
        try:
            yield child
        finally:
            kill(child)

    def worker(self, name: str = "worker", app: str = "config", **environment: str):
        options = ["-Q", "recovery,jobs", "-c", "2", "-l", "INFO", "-n", f"{name}@%h", "--without-mingle"]
        return self.running(name, "celery", "-A", app, "worker", *options, "--without-gossip", **environment)

    def beat(self):
        return self.running("beat", "celery", "-A", "config", "beat", "-l", "INFO", "-s", str(self.logs / "schedule"))

    @contextmanager
    def web(self, **environment: str) -> Iterator[str]:
        """Yields its address."""
        port = free_port()
        command = ("daphne", "-b", HOST, "-p", str(port), "config.asgi:application")
        with self.running("web", *command, **environment) as child:
            wait_until(lambda: is_healthy(port) or child.poll() is not None, "the web answers")
            assert child.poll() is None, self.said("web")
            yield f"http://{HOST}:{port}"

    def said(self, name: str, lines: int = 150) -> str:
        return last_lines(self.logs / f"{name}.log", lines)


def calling(url: str, tenant: Tenant) -> httpx.Client:
    """A client of the web for `with`, with the credential of the tenant's manager."""
    return httpx.Client(base_url=url, headers=tenant.headers, timeout=30)


def kill(child: subprocess.Popen[bytes]) -> None:
    """kill -9 of a process and of its whole group."""
    kill_group(child.pid)
    child.wait(30)
