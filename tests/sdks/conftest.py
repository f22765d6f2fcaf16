"""A whole server for clients: the web in a process of its own, a worker beside it, two tenants with a key each."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import redis
from django.conf import settings

from accounts.actor import Actor
from taxonomy.services import load_default_tree
from tests.conftest import Tenant
from tests.live import daphne, database_url

REDIS_NUMBER = 13
HERE = Path(__file__).parent


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One after the other: their workers share a broker. Said before pytest-xdist looks."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("processes"))


@dataclass(frozen=True)
class Server:
    """Where it is, and the keys of a tenant that offers and of one that installs."""

    url: str
    key: str
    others_key: str


@pytest.fixture
def server(transactional_db: None, system: Actor, jane: Tenant, sam: Tenant) -> Iterator[Server]:
    load_default_tree(actor=system)
    redis_url = f"{settings.REDIS_URL.split('?')[0]}?db={REDIS_NUMBER}"
    redis.Redis.from_url(redis_url).flushdb()
    environment = os.environ | {"GUILDHALL_ENV": "test", "DATABASE_URL": database_url(), "REDIS_URL": redis_url}
    command = [sys.executable, "-m", "celery", "-A", "config", "worker", "-Q", "recovery,jobs", "-P", "solo"]
    command += ["-l", "WARNING", "--without-mingle", "--without-gossip"]
    worker = subprocess.Popen(
        command, env=environment, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        with daphne(REDIS_URL=redis_url, GUILDHALL_ENV="test") as port:
            yield Server(f"http://127.0.0.1:{port}", jane.key, sam.key)
    finally:
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
