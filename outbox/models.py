"""Events that must reach Kafka: rows written in the transaction of the change they tell of."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class OutboxEvent(models.Model):
    """One event for the outside. `key` keeps the order of one subject; `event_id` is what consumers de-duplicate by."""

    id = models.BigAutoField(primary_key=True)
    event_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    topic = models.CharField(max_length=100)
    key = models.CharField(max_length=64)
    payload = models.JSONField()
    headers = models.JSONField(default=dict)
    created_at = models.DateTimeField(db_default=Now())
    published_at = models.DateTimeField(null=True, blank=True)
    attempts = models.IntegerField(default=0)
    last_error = models.TextField(blank=True)
    # A poison message, set aside with its error so that it does not hold up its key for ever.
    set_aside_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "outbox_event"
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["id"], name="outbox_pending", condition=Q(published_at__isnull=True, set_aside_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.key}"
