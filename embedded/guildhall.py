"""The processes of Guildhall itself, what their environment tells them, and how one sees that they are ready."""

from __future__ import annotations

import http.client
import os
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

from embedded.environment import ROOT
from embedded.errors import PortTaken, Refused
from embedded.folder import DataFolder
from embedded.postgres import client_programs
from embedded.processes import Process
from embedded.servers import Urls

HOST = "127.0.0.1"
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


def serving(environment: Mapping[str, str], folder: DataFolder, port: int) -> list[Process]:
    """Those that people wait for: the web and the worker."""
    log = folder.logs / "worker.log"
    # Guildhall has a log of requests of its own; daphne's would hold what was searched for (-v 0 is without).
    web = [sys.executable, "-m", "daphne", "-v", "0", "-b", HOST, "-p", str(port), "config.asgi:application"]
    worker = [*CELERY, "worker", "-l", "INFO", "-Q", "recovery,jobs", "-c", "2", "-n", f"worker-{port}@%h"]
    worker += ["--without-mingle", "--without-gossip"]  # there is no other worker to meet; saves a second
    return [
        Process("web", web, environment, ROOT, ready=lambda: is_healthy(port), stop_turn=2),
        Process("worker", worker, environment, ROOT, ready=lambda: _says(log, " ready."), stop_turn=1, stop_seconds=5),
    ]


def attending(environment: Mapping[str, str], folder: DataFolder) -> list[Process]:
    """Those that look after the rest: the clock and the outbox relay. Two processors start them after the others."""
    beat = [*CELERY, "beat", "-l", "INFO", "-s", folder.path / "celerybeat-schedule", "--pidfile="]
    return [
        Process("relay", manage("relay_outbox"), environment, ROOT, stop_turn=3, stop_seconds=1.5),
        Process("beat", beat, environment, ROOT, stop_turn=0, stop_seconds=1.5),
    ]


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


def wanted_port() -> int:
    """PORT of the environment (8000 by default), checked to be free."""
    text = os.environ.get("PORT", "8000")
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise Refused(f"PORT must be a number from 1 to 65535, not {text!r}.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, int(text)))
        except PermissionError:
            raise Refused(f"Port {text} needs privileges; choose another, for instance `PORT=8000 make up`.") from None
        except OSError:
            raise PortTaken(
                f"Port {text} is taken; choose another, for instance `PORT={int(text) % 65535 + 1} make up`."
            ) from None
    return int(text)


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
