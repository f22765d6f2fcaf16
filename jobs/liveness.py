"""Proof that a worker still works on a job: a session advisory lock, which PostgreSQL drops the moment the worker dies,
and a lease on the job's row, which runs out when the worker hangs."""

from __future__ import annotations

import threading
import time
from types import TracebackType
from uuid import UUID

import psycopg
from django.conf import settings
from django.db import connection

_LOCK_PAUSE = 0.05
# The key of a job's advisory lock; the sweeper looks for the same key in pg_locks.
LOCK_KEY_SQL = "hashtextextended('job:' || {job_id}, 0)"


class Lifeline:
    """Holds a job's advisory lock on a connection of its own, and renews the lease from a thread of its own.

    `held` is False where another live worker keeps the lock longer than `patience` seconds. `lost` becomes True when
    the lease could not be renewed because the fence has moved on: somebody else owns the job now.
    """

    def __init__(self, job_id: UUID, *, patience: float = 0) -> None:
        self.job_id = str(job_id)
        self.patience = patience
        self.held = False
        self.lost = False
        self._connection = psycopg.connect(**connection.get_connection_params(), autocommit=True)
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Lifeline:
        try:
            self.held = self._try_lock()
        except BaseException:
            self._connection.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        if self._thread:
            self._thread.join(timeout=5)
        self._connection.close()

    def _try_lock(self) -> bool:
        query = f"SELECT pg_try_advisory_lock({LOCK_KEY_SQL.format(job_id='%s')})"
        until = time.monotonic() + self.patience
        while True:
            row = self._connection.execute(query, [self.job_id]).fetchone()
            if row and row[0]:
                return True
            if time.monotonic() >= until:
                return False
            time.sleep(_LOCK_PAUSE)

    def keep_lease(self, fence: int) -> None:
        """Starts renewing the lease of the claim with this fence, every third of its length."""
        self._thread = threading.Thread(target=self._renew, args=[fence], name=f"lease-{self.job_id}", daemon=True)
        self._thread.start()

    def _renew(self, fence: int) -> None:
        while not self._stop.wait(settings.JOB_LEASE_SECONDS / 3):
            try:
                renewed = self._connection.execute(
                    "UPDATE job SET lease_until = now() + make_interval(secs => %s)"
                    " WHERE id = %s AND fence = %s AND state = 'running'",
                    [settings.JOB_LEASE_SECONDS, self.job_id, fence],
                ).rowcount
            except psycopg.Error:
                renewed = 0
            if not renewed:
                self.lost = True
                return
