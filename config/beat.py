"""The clock: any number of beat processes, one of which ticks (CELERY_BEAT_SCHEDULER of `celery -A config beat`)."""

from __future__ import annotations

import logging
from typing import Any, Final

from celery.beat import Scheduler
from django.db import Error, connection

logger = logging.getLogger(__name__)

# Whoever ticks holds this lock until its connection ends.
CLOCK_LOCK: Final = "hashtextextended('beat', 0)"
# Whoever waits asks so often, and whoever ticks makes sure so often that it still may.
TURN_SECONDS: Final = 2.0
# A machine that is gone with its lock is noticed by PostgreSQL after this many silent seconds, twice.
_SILENT_SECONDS: Final = 5


class SingleScheduler(Scheduler):
    """Ticks while its connection holds the lock; PostgreSQL gives the lock to the next when that connection ends.

    Keeps nothing on disk: every entry is harmless twice and counts from the takeover.
    """

    _holder: int | None = None

    def tick(self, *words: Any, **named: Any) -> float:
        """Seconds until it wants to be asked again."""
        if not self._has_turn():
            return TURN_SECONDS
        return min(TURN_SECONDS, float(super().tick(*words, **named)))

    def close(self) -> None:
        super().close()
        connection.close()

    def _has_turn(self) -> bool:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                (session,) = cursor.fetchone()
                if session == self._holder:
                    return True
                self._holder = None
                cursor.execute(f"SELECT pg_try_advisory_lock({CLOCK_LOCK})")
                if not cursor.fetchone()[0]:
                    return False
                for name, value in (("idle", _SILENT_SECONDS), ("interval", _SILENT_SECONDS), ("count", 1)):
                    cursor.execute(f"SET tcp_keepalives_{name} = {value}")
        except Error as problem:
            logger.warning("the clock waits for PostgreSQL: %s", str(problem).strip())
            connection.close()
            self._holder = None
            return False
        logger.info("this clock ticks now")
        self._holder = session
        return True
