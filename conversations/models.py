"""Conversations of people with the assistant: sessions and their messages."""

from __future__ import annotations

from uuid import UUID

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from accounts.actor import Actor
from accounts.models import Client
from jobs.models import Job


class SessionQuerySet(models.QuerySet["Session"]):
    def visible_to(self, actor: Actor) -> SessionQuerySet:
        """The access rule of conversations: one's own, for managers too."""
        return self.filter(client_id=actor.client_id, owner=actor.username)


class Session(models.Model):
    """One conversation. `key` is the caller's own name for it, unique for each person.

    `job` is what it is about; `asked` is the question put last (`prompt`, `prompt:question` or `promote:job`), so that
    only what a person was asked is taken for an answer, and `asked_data` what their yes would mean. `next_seq` numbers
    the messages under the lock of this row.
    """

    id = models.BigAutoField(primary_key=True)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+", db_index=False)
    client_id: str
    owner = models.CharField(max_length=150)
    key = models.CharField(max_length=128)
    status = models.CharField(max_length=10, default="active", db_default="active")
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    job_id: UUID | None
    asked = models.CharField(max_length=255, blank=True)
    asked_data = models.JSONField(default=dict)
    next_seq = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())

    objects = SessionQuerySet.as_manager()

    class Meta:
        db_table = "conversation_session"
        ordering = ["-updated_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["client", "owner", "key"], name="conversation_session_key"),
            models.CheckConstraint(condition=Q(status="active"), name="conversation_session_status"),
        ]
        indexes = [models.Index(fields=["updated_at"], name="conversation_session_idle")]

    def __str__(self) -> str:
        return self.key


class Message(models.Model):
    """What one side said. `seq` is 1, 2, 3… without a gap; `data` is what an answer carries beside its text, and of a
    person's message who says it and with which wishes.

    An answer exists, empty and `pending`, from the moment its question does, and has the next number. Whoever writes it
    takes a lease and raises `attempt`; a writer whose attempt is old can write nothing. `client_key` is the caller's
    own id of the message, so that sending it twice says it once.
    """

    class Role(models.TextChoices):
        USER = "user"
        ASSISTANT = "assistant"

    class State(models.TextChoices):
        PENDING = "pending"
        DONE = "done"
        FAILED = "failed"

    id = models.BigAutoField(primary_key=True)
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="messages", db_index=False)
    seq = models.PositiveIntegerField()
    role = models.CharField(max_length=10, choices=Role)
    content = models.TextField()
    data = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.DONE, db_default=State.DONE)
    attempt = models.PositiveIntegerField(default=0, db_default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    client_key = models.CharField(max_length=128, null=True, blank=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "conversation_message"
        ordering = ["seq"]
        constraints = [
            models.UniqueConstraint(fields=["session", "seq"], name="conversation_message_seq"),
            models.UniqueConstraint(fields=["session", "client_key"], name="conversation_message_client_key"),
            models.CheckConstraint(condition=Q(role__in=["user", "assistant"]), name="conversation_message_role"),
            models.CheckConstraint(
                condition=Q(role="assistant", state__in=["pending", "done", "failed"]) | Q(role="user", state="done"),
                name="conversation_message_state",
            ),
        ]
        indexes = [models.Index(fields=["session", "seq"], name="conversation_pending", condition=Q(state="pending"))]

    def __str__(self) -> str:
        return f"{self.seq} {self.role}"
