"""Carries events from the outbox to Kafka: one relay at a time, nothing lost, doubles only with the same event_id."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from django.db import connection, transaction
from django.db.models import F, Func, IntegerField, QuerySet
from django.db.models.functions import Now

from outbox.models import OutboxEvent
from outbox.producer import Delivery
from outbox.services import SENDING_LOCK

logger = logging.getLogger(__name__)

BATCH: Final = 100
LARGEST_BATCH: Final = 1000
# Of payloads as PostgreSQL stores them, compressed; in memory it is a few times as much.
BATCH_BYTES: Final = 8 * 1024 * 1024
# A relay whose machine is gone holds the lock until PostgreSQL ends its idle transaction.
LONGEST_SILENCE: Final = "60s"


class EventProducer(Protocol):
    def send(self, events: Sequence[OutboxEvent]) -> list[Delivery]: ...


@dataclass(frozen=True)
class Round:
    """What one batch came to. `suspicious`: Kafka refused a request of many, and one of them may be poison."""

    delivered: int = 0
    failed: int = 0
    set_aside: int = 0
    suspicious: bool = False

    @property
    def idle(self) -> bool:
        """Nothing to send, or another relay is sending."""
        return not (self.delivered or self.failed or self.set_aside)


class Relay:
    """Sends batch after batch. While it is behind each batch is twice as large as the one before it.

    All that must be remembered is in the database: a relay that dies between sending and marking is replaced by any
    other, which sends the same events again, in the same order.
    """

    def __init__(self, producer: EventProducer, *, batch: int = BATCH, largest: int = LARGEST_BATCH) -> None:
        self._producer = producer
        self._smallest, self._largest, self._batch = batch, largest, batch
        # Events that go one by one, because one of them may be what Kafka refused
        self._suspects = 0

    def send_batch(self) -> Round:
        """Sends the oldest waiting events and marks those delivered, in one transaction.

        The lock is the transaction's: a relay that dies lets go of it at once, one that lost its connection can mark
        nothing, and no second relay sends meanwhile.
        """
        limit = 1 if self._suspects else self._batch
        with transaction.atomic():
            if not _lock():
                return Round()
            events = _oldest(limit)
            if not events:
                self._batch, self._suspects = self._smallest, 0
                return Round()
            done = _mark(events, self._producer.send(events))
        self._remember(done)
        return done

    def _remember(self, done: Round) -> None:
        sent = done.delivered + done.failed + done.set_aside
        if done.suspicious:
            logger.warning("Kafka refused a request of %d events; sending them one by one", sent)
            self._suspects = sent
        elif self._suspects:
            self._suspects -= sent - done.failed
        elif done.failed or sent < self._batch:
            self._batch = self._smallest
        else:
            self._batch = min(self._batch * 2, self._largest)


def _lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_try_advisory_xact_lock({SENDING_LOCK})")
        mine: bool = cursor.fetchone()[0]
        if mine:
            cursor.execute(f"SET LOCAL idle_in_transaction_session_timeout = '{LONGEST_SILENCE}'")
    return mine


def _oldest(limit: int) -> list[OutboxEvent]:
    """The first waiting events that fit into BATCH_BYTES, at least one."""
    size = Func(F("payload"), function="pg_column_size", output_field=IntegerField())
    chosen: list[int] = []
    room = BATCH_BYTES
    for pk, stored in OutboxEvent.objects.waiting().values_list("pk", size)[:limit]:
        room -= stored
        if chosen and room < 0:
            break
        chosen.append(pk)
    return list(OutboxEvent.objects.waiting().filter(pk__in=chosen)) if chosen else []


def _mark(events: Sequence[OutboxEvent], deliveries: Sequence[Delivery]) -> Round:
    """Marks of each key the unbroken beginning: what follows a failure is sent again behind it, in order."""
    broken: set[str] = set()
    delivered: list[int] = []
    failed: defaultdict[str, list[int]] = defaultdict(list)
    set_aside = 0
    suspicious = False
    for event, delivery in zip(events, deliveries, strict=True):
        if delivery.poison and delivery.alone and event.key not in broken:
            _set_aside(event, delivery.error)
            set_aside += 1
        elif delivery.error or event.key in broken:
            broken.add(event.key)
            failed[delivery.error or "sent, but behind one of its key that was not: goes again"].append(event.pk)
            suspicious = suspicious or (delivery.poison and not delivery.alone)
        else:
            delivered.append(event.pk)
    _rows(delivered).update(published_at=Now(), attempts=F("attempts") + 1, last_error="")
    for error, pks in failed.items():
        _rows(pks).update(attempts=F("attempts") + 1, last_error=error)
    return Round(
        delivered=len(delivered),
        failed=len(events) - len(delivered) - set_aside,
        set_aside=set_aside,
        suspicious=suspicious,
    )


def _set_aside(event: OutboxEvent, error: str) -> None:
    _rows([event.pk]).update(set_aside_at=Now(), attempts=F("attempts") + 1, last_error=error)
    logger.error("event %s to %s set aside: %s", event.event_id, event.topic, error)


def _rows(pks: Sequence[int]) -> QuerySet[OutboxEvent, Any]:
    return OutboxEvent.objects.filter(pk__in=pks)
