"""The record of skills in use: one row each time an agent used a skill. All figures are counted from it."""

from __future__ import annotations

from uuid import UUID

from django.db import models
from django.db.models import F
from django.db.models.functions import Now

from accounts.models import Client
from skills.models import Skill


class UsageEventQuerySet(models.QuerySet["UsageEvent"]):
    def visible_to(self, client_id: str) -> UsageEventQuerySet:
        """A tenant sees its own events, also those of shared skills, and nobody else's."""
        return self.filter(client_id=client_id)

    def of_user(self, user_ref: str | None) -> UsageEventQuerySet:
        """None means everybody's."""
        return self if user_ref is None else self.filter(user_ref=user_ref)


class UsageEvent(models.Model):
    """A skill used once. `event_id` is the sender's and counts once in a tenant; `user_ref`, `session_ref` and
    `task_ref` are the tenant's own names for who used it and in what. `success` is null where nobody said: it counts
    as a success. `at` is when it happened, not when it was recorded."""

    id = models.BigAutoField(primary_key=True)
    event_id = models.CharField(max_length=255)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="usage_events", db_index=False)
    client_id: str
    # The database deletes a skill's events with it (migration 0001), also one that is recorded at the same moment.
    skill = models.ForeignKey(
        Skill, on_delete=models.DO_NOTHING, related_name="usage_events", db_index=False, db_constraint=False
    )
    skill_id: UUID
    user_ref = models.CharField(max_length=255)
    session_ref = models.CharField(max_length=255, blank=True)
    task_ref = models.CharField(max_length=255, blank=True)
    success = models.BooleanField(null=True)
    at = models.DateTimeField(db_default=Now())
    metadata = models.JSONField(default=dict)

    objects = UsageEventQuerySet.as_manager()

    class Meta:
        db_table = "usage_event"
        ordering = ["-at", "-id"]
        constraints = [models.UniqueConstraint(fields=["client", "event_id"], name="usage_event_client_event")]
        indexes = [
            models.Index(F("skill"), F("at").desc(), name="usage_event_skill_at"),
            models.Index(F("client"), F("user_ref"), F("at").desc(), name="usage_event_user_at"),
            models.Index(fields=["client", "task_ref"], name="usage_event_client_task"),
        ]

    def __str__(self) -> str:
        return f"{self.user_ref} used {self.skill_id}"
