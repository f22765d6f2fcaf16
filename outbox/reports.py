"""How far the events are on their way to Kafka."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.db.models import Count, Min, Q

from outbox.models import OutboxEvent


class Lag(NamedTuple):
    """Events that wait and since when, those set aside for good, and whether there is a Kafka to send them to."""

    waiting: int
    oldest_at: datetime | None
    set_aside: int
    is_on: bool


def kafka_lag() -> Lag:
    unsent = OutboxEvent.objects.filter(published_at=None).order_by()
    figures = unsent.aggregate(
        waiting=Count("id", filter=Q(set_aside_at=None)),
        oldest=Min("created_at", filter=Q(set_aside_at=None)),
        set_aside=Count("id", filter=Q(set_aside_at__isnull=False)),
    )
    return Lag(figures["waiting"], figures["oldest"], figures["set_aside"], bool(settings.KAFKA_BOOTSTRAP_SERVERS))
