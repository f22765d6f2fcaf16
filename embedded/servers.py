"""The two stores behind Guildhall: embedded ones, or those that DATABASE_URL and REDIS_URL name."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from embedded.folder import DataFolder
from embedded.postgres import DURABLE, FAST_AND_FORGETFUL, Postgres, place_outside
from embedded.redis import Redis
from embedded.supervisor import Supervisor


@dataclass(frozen=True)
class Urls:
    database: str
    redis: str


def start_servers(supervisor: Supervisor, folder: DataFolder, *, durable: bool) -> Urls:
    """Start those that the caller's environment does not name; both are ready on return."""
    database_url, redis_url = os.environ.get("DATABASE_URL"), os.environ.get("REDIS_URL")
    postgres = None if database_url else Postgres(folder, DURABLE if durable else FAST_AND_FORGETFUL)
    redis = None if redis_url else Redis(folder, durable=durable)
    if postgres:
        postgres.prepare()
    supervisor.start(*(server.process() for server in (redis, postgres) if server))
    if postgres:
        postgres.create_database()
    return Urls(
        database_url or (postgres.url if postgres else ""),
        redis_url or (redis.url if redis else ""),
    )


@contextmanager
def passing_folder() -> Iterator[DataFolder]:
    """A data folder for one run, taken and removed with its sockets afterwards."""
    path = Path(tempfile.mkdtemp(prefix="guildhall-"))
    path.chmod(0o711)  # as root the database's account must be able to pass
    folder = DataFolder(path)
    try:
        yield folder
    finally:
        folder.forget_sockets()
        for left in (place_outside(folder), path):
            shutil.rmtree(left, ignore_errors=True)
