"""The processes of Guildhall itself, what their environment tells them, and how one sees that they are ready."""

from __future__ import annotations

import http.client
import os
import socket
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from embedded.environment import ROOT
from embedded.errors import PortTaken, Refused
from embedded.folder import DataFolder
from embedded.postgres import client_programs
from embedded.processes import Process
from embedded.servers import Urls

HOST = "127.0.0.1"
MOST_OF_A_KIND = 16
_COUNTS = {str(number): number for number in range(1, MOST_OF_A_KIND + 1)}
SHARED_MODELS = ROOT / "var" / "models"  # the converted embedding model; short-lived instances share it


def child_environment(kind: str, urls: Urls, models: Path, secrets: Mapping[str, str]) -> dict[str, str]:
    """The caller's environment and ours. kind: GUILDHALL_ENV. The caller's own model folder and secrets win."""
    return {
        "GUILDHALL_MODEL_DIR": str(models),
        "ALLOWED_HOSTS": f"{HOST},localhost",
        "POSTGRES_BIN": str(client_programs()),
        **secrets,
        **os.environ,
        "GUILDHALL_ENV": kind,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": urls.database,
        "REDIS_URL": urls.redis,
        "PYTHONUNBUFFERED": "1",
    }


# One process, for the imports take longer than the work: the schema, then the demonstration data.
PREPARE_DATABASE = """
import django
from django.core.management import call_command
django.setup()
call_command("migrate", interactive=False)
call_command("seed_development")
"""
CELERY: list[str | Path] = [sys.executable, "-m", "celery", "-A", "config"]


def manage(*words: str) -> list[str | Path]:
    """The command line of a management command."""
    return [sys.executable, ROOT / "manage.py", *words]


@dataclass(frozen=True)
class Scale:
    """How many of each kind of process; SCALE of the environment, such as "web=2 worker=3", one each by default."""

    web: int = 1
    worker: int = 1
    relay: int = 1
    beat: int = 1

    @classmethod
    def wanted(cls) -> Scale:
        counts = {}
        for word in os.environ.get("SCALE", "").split():
            kind, _, count = word.partition("=")
            if kind not in cls.__dataclass_fields__ or count not in _COUNTS:
                raise Refused(
                    f"SCALE cannot be {word!r}; it takes web, worker, relay and beat with 1 to {MOST_OF_A_KIND} each, "
                    "for instance `SCALE='web=2 worker=3' make up`."
                )
            counts[kind] = _COUNTS[count]
        return cls(**counts)

    def ports(self, first: int) -> list[int]:
        """Where the webs listen: one after the other."""
        return [first + number for number in range(self.web)]


def serving(environment: Mapping[str, str], folder: DataFolder, port: int, scale: Scale) -> Iterator[Process]:
    """Those that people wait for: webs and workers."""
    for name, own in zip(_names("web", scale.web), scale.ports(port), strict=True):
        yield _web(name, environment, own)
    for name in _names("worker", scale.worker):
        yield _worker(name, environment, folder.logs / f"{name}.log", f"{name}-{port}@%h")


def _web(name: str, environment: Mapping[str, str], port: int) -> Process:
    # Guildhall has a log of requests of its own; daphne's would hold what was searched for (-v 0 is without).
    command = [sys.executable, "-m", "daphne", "-v", "0", "-b", HOST, "-p", str(port), "config.asgi:application"]
    return Process(name, command, environment, ROOT, ready=lambda: is_healthy(port), stop_turn=2)


def _worker(name: str, environment: Mapping[str, str], log: Path, node: str) -> Process:
    # Workers need not know of each other: without mingling and gossip a start is a second shorter.
    command = [*CELERY, "worker", "-l", "INFO", "-Q", "recovery,jobs", "-c", "2", "-n", node]
    command += ["--without-mingle", "--without-gossip"]
    ready = partial(_says, log, " ready.")
    return Process(name, command, environment, ROOT, ready=ready, stop_turn=1, stop_seconds=5)


def attending(environment: Mapping[str, str], scale: Scale) -> Iterator[Process]:
    """Those that look after the rest: outbox relays and clocks. Two processors start them after the others."""
    for name in _names("relay", scale.relay):
        yield Process(name, manage("relay_outbox"), environment, ROOT, stop_turn=3, stop_seconds=1.5)
    for name in _names("beat", scale.beat):
        beat = [*CELERY, "beat", "-l", "INFO", "--pidfile="]
        yield Process(name, beat, environment, ROOT, stop_turn=0, stop_seconds=1.5)


def _names(kind: str, count: int) -> list[str]:
    """web, web-2, web-3 …"""
    return [kind, *(f"{kind}-{number}" for number in range(2, count + 1))]


def is_healthy(port: int) -> bool:
    """Whether a web process answers there."""
    connection = http.client.HTTPConnection(HOST, port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def wanted_port(scale: Scale) -> int:
    """PORT of the environment (8000 by default); it, and those after it for further webs, are checked to be free."""
    text = os.environ.get("PORT", "8000")
    if not text.isdecimal() or not 0 < int(text) <= 65536 - scale.web:
        raise Refused(f"PORT must be a number from 1 to {65536 - scale.web}, not {text!r}.")
    for port in scale.ports(int(text)):
        _check_free(port)
    return int(text)


def _check_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError:
            raise Refused(f"Port {port} needs privileges; choose another, for instance `PORT=8000 make up`.") from None
        except OSError:
            raise PortTaken(
                f"Port {port} is taken; choose another, for instance `PORT={port % 65535 + 1} make up`."
            ) from None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def _says(log: Path, words: str) -> bool:
    try:
        return words in log.read_text(errors="replace")
    except OSError:
        return False
