"""Daphne in a process of its own on the test's database, for what only a socket shows. See the fixture `port`."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

ROOT = Path(__file__).parent.parent
START_SECONDS = 60


@contextmanager
def daphne(**environment: str) -> Iterator[int]:
    """Yields its port on 127.0.0.1. `environment` is set on top of the test's own.

    It sees committed rows alone: the test needs `transactional_db`.
    """
    with served(ROOT, {**os.environ, "DATABASE_URL": database_url(), **environment}) as number:
        yield number


@contextmanager
def served(folder: Path, environment: Mapping[str, str]) -> Iterator[int]:
    """Daphne run in a folder of the code, with this environment and no other; its port."""
    number = _free_port()
    command = [sys.executable, "-m", "daphne", "-b", "127.0.0.1", "-p", str(number), "config.asgi:application"]
    server = subprocess.Popen(
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=dict(environment)
    )
    try:
        _await(server, number)
        yield number
        server.send_signal(signal.SIGTERM)
        assert server.wait(15) is not None
    finally:
        server.kill()
        server.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def database_url() -> str:
    """DATABASE_URL with the name of the test's database."""
    base, mark, query = os.environ["DATABASE_URL"].partition("?")
    return f"{base.rpartition('/')[0]}/{connection.settings_dict['NAME']}{mark}{query}"


def _await(server: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            assert server.poll() is None, "daphne ended"
            assert time.monotonic() < deadline, "daphne did not start"
            time.sleep(0.05)
