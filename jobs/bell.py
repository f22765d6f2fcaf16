"""The bell of those who watch a job or a conversation: after each commit a message through the Channels layer says that
there is something new.

It carries no truth. The database does, and viewers read it; a ring that is lost costs them seconds
(docs/adr/0008-live-events.md).
"""

from __future__ import annotations

import asyncio
import logging
import os
import threading
import time
from collections.abc import Mapping
from functools import cache, partial
from typing import Any
from uuid import UUID

from channels.layers import get_channel_layer
from django.db import transaction

logger = logging.getLogger(__name__)

_PATIENCE_SECONDS = 1.0
# After a failure no ring is tried for so long: where Redis hangs, jobs must not hang with it.
_PAUSE_SECONDS = 5.0
_silent_until = 0.0


def group_of(job_id: UUID | str) -> str:
    """The Channels group of the job's viewers."""
    return f"job.{job_id}"


def ring(job_id: UUID, seq: int | None = None) -> None:
    """Tells viewers, once the transaction is committed, to read on: up to event `seq`, or how the job stands."""
    ring_group(group_of(job_id), seq)


def ring_group(group: str, seq: int | None = None) -> None:
    """As `ring`, for any Channels group."""
    transaction.on_commit(partial(publish, group, {} if seq is None else {"seq": seq}), robust=True)


def publish(group: str, message: Mapping[str, Any]) -> bool:
    """Sends the message to those who listen to the group just now. Returns whether it could be sent; never raises."""
    global _silent_until
    if time.monotonic() < _silent_until:
        return False
    try:
        sending = _send(group, {**message, "type": "bell.rang", "group": group})
        asyncio.run_coroutine_threadsafe(sending, _loop_of(os.getpid())).result(2 * _PATIENCE_SECONDS)
    except Exception as problem:
        _silent_until = time.monotonic() + _PAUSE_SECONDS
        logger.warning("%s: viewers could not be told (%s); they will read by themselves", group, problem)
        return False
    return True


@cache
def _loop_of(pid: int) -> asyncio.AbstractEventLoop:
    """The loop on which this process rings: its connection lasts, where `async_to_sync` would make one for each ring
    (2.6 ms against 0.2 ms). A forked process makes its own."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="bell", daemon=True).start()
    return loop


async def _send(group: str, message: Mapping[str, Any]) -> None:
    layer = get_channel_layer()
    async with asyncio.timeout(_PATIENCE_SECONDS):
        await layer.group_send(group, message)
