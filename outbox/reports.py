"""How far the events are on their way to Kafka."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.conf import settings

from outbox.models import OutboxEvent


class Lag(NamedTuple):
    """Events that wait and since when, those set aside for good, and whether there is a Kafka to send them to."""

    waiting: int
    oldest_at: datetime | None
    set_aside: int
    is_on: bool


def kafka_lag() -> Lag:
    """Each of the three queries is over an index of those rows alone: what was published may be many."""
    waiting = OutboxEvent.objects.waiting()
    return Lag(
        waiting=waiting.order_by().count(),
        oldest_at=waiting.values_list("created_at", flat=True).first(),
        set_aside=OutboxEvent.objects.set_aside().count(),
        is_on=bool(settings.KAFKA_BOOTSTRAP_SERVERS),
    )
