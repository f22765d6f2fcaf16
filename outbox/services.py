"""How a change tells the outside, and what operators see of what waits and do about what could not be sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.db.models import Min, Q
from django.db.models.functions import Now
from django.utils import timezone

from accounts.actor import Actor
from accounts.services import record_audit
from core.errors import Conflict, NotFound, Unavailable
from outbox.models import OutboxEvent

KEPT_AFTER_PUBLISHING: Final = timedelta(days=7)
# Whoever sends events, or decides what may be sent, holds this lock until the end of the transaction.
SENDING_LOCK: Final = "hashtextextended('outbox-relay', 0)"
LOCK_PATIENCE: Final = "3s"
TIDY_BATCH: Final = 1000
TIDY_BATCHES: Final = 100


def publish(
    *, topic: str, key: str, payload: dict[str, Any], event_type: str = "", event_id: UUID | None = None
) -> OutboxEvent:
    """Writes the event in the caller's transaction; the relay sends it, consumers de-duplicate by `event_id`.
    `event_type` says what happened where the topic has another name.

    Events of one `key` are sent in the order of their commits: the second publisher of a key waits here until the first
    one's transaction has ended, so that ids rise as commits happen. What the payload says is right only if the caller
    holds the lock of the subject's row since reading it.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("an event is published in the transaction of the change it tells of")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('outbox-key:' || %s, 0))", [key])
    event = OutboxEvent(topic=topic, key=key, payload=payload)
    if event_id:
        event.event_id = event_id
    event.headers = {
        "event_id": str(event.event_id),
        "event_type": event_type or topic,
        "schema_version": "1",
        "occurred_at": timezone.now().isoformat(),
    }
    event.save(force_insert=True)
    return event


@dataclass(frozen=True)
class Backlog:
    """What has not reached Kafka. `oldest_seconds` is the age of the oldest event that waits, 0 when none does."""

    waiting: int
    oldest_seconds: float
    set_aside: int


def backlog() -> Backlog:
    """For health pages and alarms; reads two small partial indexes."""
    waiting, set_aside = OutboxEvent.objects.waiting().count(), OutboxEvent.objects.set_aside().count()
    return Backlog(waiting, oldest_unsent_seconds(), set_aside)


def oldest_unsent_seconds() -> float:
    """Age of the oldest event that waits to be sent, by the database's clock; 0.0 when nothing waits."""
    age = OutboxEvent.objects.waiting().order_by().aggregate(age=Now() - Min("created_at"))["age"]
    return max(age.total_seconds(), 0.0) if age else 0.0


@transaction.atomic
def requeue(*, actor: Actor, event_pk: int, even_if_overtaken: bool = False) -> OutboxEvent:
    """Sends an event that was set aside once more, in its old place.

    Raises Conflict when it is not set aside, or when a later event of its key has been sent already: consumers would
    take the older state for the newer one (publishing the subject again is the better cure). Raises Unavailable while
    the relay is busy sending, for what it has in its hands is not marked yet.
    """
    actor.require_role("admin")
    _lock_sending()
    event = OutboxEvent.objects.filter(pk=event_pk).first()
    if event is None:
        raise NotFound(f"There is no event {event_pk}.")
    if not OutboxEvent.objects.set_aside().filter(pk=event.pk).update(set_aside_at=None):
        raise Conflict("This event is not set aside.", code="not_set_aside")
    later = OutboxEvent.objects.filter(key=event.key, pk__gt=event.pk, published_at__isnull=False)
    if later.exists() and not even_if_overtaken:
        raise Conflict(
            "A later event of this subject has been sent; sending this one now would show consumers an old state. "
            "Publish the subject again instead.",
            code="overtaken",
        )
    record_audit(
        actor=actor,
        action="requeue",
        subject=event,
        detail={"event_id": str(event.event_id), "overtaken": even_if_overtaken, "error": event.last_error[:500]},
    )
    event.set_aside_at = None
    return event


def _lock_sending() -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_PATIENCE}'")
            cursor.execute(f"SELECT pg_advisory_xact_lock({SENDING_LOCK})")
            cursor.execute("SET LOCAL lock_timeout = DEFAULT")
    except OperationalError as problem:
        raise Unavailable("The relay is sending right now; try again in a moment.") from problem


def tidy() -> int:
    """Deletes published events after a week, and while Kafka is off those that have waited for too long.

    Events set aside are kept: only people decide about them. Works in small transactions, and leaves the rest of a very
    large heap to the next run. Returns how many were deleted.
    """
    now = timezone.now()
    deleted = _delete(Q(published_at__lt=now - KEPT_AFTER_PUBLISHING))
    if not settings.KAFKA_BOOTSTRAP_SERVERS and settings.OUTBOX_DAYS_WITHOUT_KAFKA:
        too_old = now - timedelta(days=settings.OUTBOX_DAYS_WITHOUT_KAFKA)
        deleted += _delete(Q(published_at=None, set_aside_at=None, created_at__lt=too_old))
    return deleted


def _delete(which: Q) -> int:
    deleted = 0
    for _ in range(TIDY_BATCHES):
        batch = list(OutboxEvent.objects.filter(which).order_by("id").values_list("pk", flat=True)[:TIDY_BATCH])
        # The condition once more: a row may have been requeued since.
        deleted += OutboxEvent.objects.filter(which, pk__in=batch).delete()[0]
        if len(batch) < TIDY_BATCH:
            break
    return deleted
