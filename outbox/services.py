"""How a change tells the outside: an event row in the transaction of the change itself."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from outbox.models import OutboxEvent


def publish(
    *, topic: str, key: str, payload: dict[str, Any], event_type: str = "", event_id: UUID | None = None
) -> OutboxEvent:
    """Writes the event in the caller's transaction, which must hold the lock of the subject's row: so the events of one
    `key` are sent in the order of their commits. The relay sends it; `event_id` is what consumers de-duplicate by.
    `event_type` says what happened where the topic has another name."""
    if not connection.in_atomic_block:
        raise RuntimeError("an event is published in the transaction of the change it tells of")
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
