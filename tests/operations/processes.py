"""The web and a worker as a production server runs them, on the test's database, with what they say kept."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import redis
from django.conf import settings

from config.environment import celery_broker
from embedded.guildhall import free_port
from tests.live import database_url

ROOT = Path(__file__).parent.parent.parent
PATIENCE_SECONDS = 90
SECRET_KEY = "a-key-of-production-that-no-log-may-hold-0123456789-abcdef"
SIGNING_KEY = "another-key-of-production-that-no-log-may-hold-0123456789"


@dataclass
class Instance:
    """`environment` is what its processes are told; `folder` is where they speak."""

    environment: dict[str, str]
    folder: Path
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def broker_url(self) -> str:
        return celery_broker(self.environment["REDIS_URL"])

    @property
    def said(self) -> str:
        return "".join(path.read_text() for path in sorted(self.folder.glob("*.log")))

    def lines(self, name: str) -> list[dict[str, Any]]:
        """What a process logged; all of it must be JSON but for Celery's banner."""
        text = (self.folder / f"{name}.log").read_text()
        return [json.loads(line) for line in text.splitlines() if line.startswith("{")]

    @contextmanager
    def web(self, application: str = "config.asgi:application") -> Iterator[None]:
        command = ["daphne", "-v", "0", "-b", "127.0.0.1", "-p", str(self.port), application]
        with self._running("web", *command):
            self.wait_for("web", lambda: self._answers())
            yield

    @contextmanager
    def worker(self, application: str = "config") -> Iterator[None]:
        command = ["celery", "-A", application, "worker", "-c", "1", "-Q", "recovery,jobs", "--without-mingle"]
        with self._running("worker", *command):
            self.wait_for("worker", lambda: " ready." in (self.folder / "worker.log").read_text())
            yield

    @contextmanager
    def beat(self) -> Iterator[None]:
        schedule = str(self.folder / "schedule")
        with self._running("beat", "celery", "-A", "config", "beat", "-s", schedule, "--pidfile="):
            yield

    def wait_for(self, name: str, happened: Callable[[], bool]) -> None:
        until = time.monotonic() + PATIENCE_SECONDS
        while not happened():
            assert time.monotonic() < until, (self.folder / f"{name}.log").read_text()[-3000:]
            time.sleep(0.1)

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/healthz", timeout=5).status_code == 200
        except httpx.TransportError:
            return False

    @contextmanager
    def _running(self, name: str, *command: str) -> Iterator[None]:
        with (self.folder / f"{name}.log").open("w") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", *command],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            yield
            process.send_signal(signal.SIGTERM)
            process.wait(30)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(10)


def instance(folder: Path, number: int, **environment: str) -> Instance:
    """Tests that run at once take different numbers: each has a database of Redis of its own."""
    redis_url = f"{settings.REDIS_URL.split('?')[0]}?db={number}"
    redis.Redis.from_url(redis_url).flushdb()
    told = os.environ | {
        "GUILDHALL_ENV": "production",
        "SECRET_KEY": SECRET_KEY,
        "JWT_SIGNING_KEY": SIGNING_KEY,
        "ALLOWED_HOSTS": "127.0.0.1",
        "SECURE_SSL_REDIRECT": "false",
        "DATABASE_URL": database_url(),
        "REDIS_URL": redis_url,
        "PYTHONUNBUFFERED": "1",
    }
    return Instance(told | environment, folder, free_port())
