"""Redis as Celery's broker, with one fault of kombu's mended: a worker at work when Redis goes would never hear again.

A worker fetches no more messages than it has processes (prefetch), and counts one as its own until Redis was told that
it is done. Where that telling fails, kombu 5.7 keeps counting it. A worker all of whose processes were busy when Redis
went away so waits for ever for a place to become free, does not ask Redis for anything, and does not notice that the
connection is gone. Messages carry no truth here (docs/adr/0002-durable-jobs.md): the place must become free.
"""

from __future__ import annotations

from typing import Any

from kombu.transport import redis, virtual


class QoS(redis.QoS):
    """Frees a message's place also where Redis could not be told."""

    def ack(self, delivery_tag: Any) -> None:
        try:
            super().ack(delivery_tag)  # type: ignore[no-untyped-call]
        except Exception:
            virtual.QoS.ack(self, delivery_tag)  # type: ignore[no-untyped-call]
            raise

    def reject(self, delivery_tag: Any, requeue: bool = False) -> None:
        try:
            super().reject(delivery_tag, requeue)  # type: ignore[no-untyped-call]
        except Exception:
            virtual.QoS.ack(self, delivery_tag)  # type: ignore[no-untyped-call]
            raise


def mend() -> None:
    """Has every worker of this process count so."""
    redis.Channel.QoS = QoS
