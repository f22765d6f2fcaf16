"""Events that must reach Kafka: rows written in the transaction of the change they tell of."""

from __future__ import annotations

import uuid
from typing import Any, Self

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Q
from django.db.models.functions import Now
from psycopg.types.json import Json


class OrderedJSONField(models.JSONField):
    """`json` and not `jsonb`: the keys stay in the order in which they were written."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "json"

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:
        return Json(value)

    def from_db_value(self, value: Any, expression: Any, connection: BaseDatabaseWrapper) -> Any:
        return value  # psycopg has read it


class OutboxQuerySet(models.QuerySet["OutboxEvent"]):
    def waiting(self) -> Self:
        """Those still to be sent, in the order of sending."""
        return self.filter(published_at=None, set_aside_at=None).order_by("id")

    def set_aside(self) -> Self:
        return self.filter(set_aside_at__isnull=False)


class OutboxEvent(models.Model):
    """One event for the outside. `key` keeps the order of one subject; `event_id` is what consumers de-duplicate by."""

    id = models.BigAutoField(primary_key=True)
    event_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    topic = models.CharField(max_length=100)
    key = models.CharField(max_length=64)
    payload = OrderedJSONField()
    headers = models.JSONField(default=dict)
    created_at = models.DateTimeField(db_default=Now())
    published_at = models.DateTimeField(null=True, blank=True)
    attempts = models.IntegerField(default=0)
    last_error = models.TextField(blank=True)
    # A poison message, set aside with its error so that it does not hold up its key for ever.
    set_aside_at = models.DateTimeField(null=True, blank=True)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        db_table = "outbox_event"
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["id"], name="outbox_pending", condition=Q(published_at__isnull=True, set_aside_at__isnull=True)
            ),
            models.Index(fields=["published_at"], name="outbox_published", condition=Q(published_at__isnull=False)),
            models.Index(fields=["id"], name="outbox_set_aside", condition=Q(set_aside_at__isnull=False)),
            # Whether an event of a subject has been overtaken by a later one
            models.Index(fields=["key", "id"], name="outbox_key"),
        ]
        constraints = [
            models.CheckConstraint(
                name="outbox_published_or_set_aside",
                condition=Q(published_at__isnull=True) | Q(set_aside_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.key}"
