"""Carries events from the outbox to Kafka: one relay at a time, nothing lost, doubles only with the same event_id."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Protocol

from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Now

from outbox.models import OutboxEvent
from outbox.producer import Delivery

logger = logging.getLogger(__name__)

BATCH = 100
_ONE_RELAY = "SELECT pg_try_advisory_xact_lock(hashtextextended('outbox-relay', 0))"


class EventProducer(Protocol):
    def send(self, events: Sequence[OutboxEvent]) -> list[Delivery]: ...


def relay_batch(producer: EventProducer) -> int:
    """Sends the oldest waiting events and marks those delivered; returns how many were.

    The lock is the transaction's, so a relay that dies lets go of it at once, and no second relay sends meanwhile. Of
    one key only the unbroken beginning is marked: what follows a failure is sent again behind it, in order. An event
    that can never be delivered is set aside with its error.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_ONE_RELAY)
            if not cursor.fetchone()[0]:
                return 0
        events = list(OutboxEvent.objects.filter(published_at=None, set_aside_at=None).order_by("id")[:BATCH])
        return _mark(events, producer.send(events)) if events else 0


def _mark(events: Sequence[OutboxEvent], deliveries: Sequence[Delivery]) -> int:
    broken: set[str] = set()
    delivered: list[int] = []
    for event, delivery in zip(events, deliveries, strict=True):
        row = OutboxEvent.objects.filter(pk=event.pk)
        if delivery.poison:
            row.update(set_aside_at=Now(), attempts=F("attempts") + 1, last_error=delivery.error)
            logger.error("event %s to %s set aside: %s", event.event_id, event.topic, delivery.error)
        elif delivery.error or event.key in broken:
            broken.add(event.key)
            row.update(attempts=F("attempts") + 1, last_error=delivery.error or "waits behind an event of its key")
        else:
            delivered.append(event.pk)
    OutboxEvent.objects.filter(pk__in=delivered).update(published_at=Now(), attempts=F("attempts") + 1, last_error="")
    return len(delivered)
