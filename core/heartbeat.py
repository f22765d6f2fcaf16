"""Signs of life of the processes, in the cache: who was there last, and what troubles whom. Losing one is no harm."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from django.core.cache import cache

logger = logging.getLogger(__name__)

# At most one write in so many seconds for a process and name; a sign is forgotten after a day.
EVERY_SECONDS: Final = 5
_KEPT_SECONDS: Final = 86_400
# From here on somebody who beats all the time counts as gone.
SILENT_SECONDS: Final = 60
_beaten = threading.local()


@dataclass(frozen=True)
class Sign:
    """When somebody was last there, and what troubled it then (empty: nothing)."""

    at: datetime
    trouble: str = ""

    @property
    def is_fresh(self) -> bool:
        return (datetime.now(UTC) - self.at).total_seconds() < SILENT_SECONDS


def beat(name: str, trouble: str = "") -> None:
    """Says that the process of this name works, or with `trouble` why it does not. Never fails its caller."""
    before = getattr(_beaten, name, None)
    now = time.monotonic()
    if before and before[1] == trouble and now - before[0] < EVERY_SECONDS:
        return
    setattr(_beaten, name, (now, trouble))
    try:
        cache.set(_key(name), (time.time(), trouble[:500]), _KEPT_SECONDS)
    except Exception as problem:  # whatever the cache's client raises
        logger.warning("no sign of life of %s could be left: %s", name, problem)


def signs(names: Sequence[str]) -> dict[str, Sign] | None:
    """The last sign of each that left one within a day; None where the cache cannot be asked."""
    try:
        found = cache.get_many([_key(name) for name in names])
    except Exception as problem:
        logger.warning("nobody's signs of life could be read: %s", problem)
        return None
    known = {name: found[_key(name)] for name in names if _key(name) in found}
    return {name: Sign(datetime.fromtimestamp(at, UTC), trouble) for name, (at, trouble) in known.items()}


def _key(name: str) -> str:
    return f"heartbeat.{name}"
