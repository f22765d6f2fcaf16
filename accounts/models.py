"""Tenants, people, API keys, and the audit log that nothing can rewrite."""

from __future__ import annotations

import uuid
from typing import Literal

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Now
from django.utils import timezone

from accounts.actor import RANK, SCOPES, Role, Scope


class Client(models.Model):
    """A tenant. What belongs to the tenant `system` is readable by all and changed by none."""

    id = models.CharField(primary_key=True, max_length=50)
    name = models.CharField(max_length=255)
    is_system = models.BooleanField(default=False)
    monthly_tokens = models.PositiveBigIntegerField(
        "monthly token budget",
        null=True,
        blank=True,
        help_text="Tokens of language models a calendar month; 0 for no limit, empty for what the settings say.",
    )
    # What skills/reviewing.py reads: whether content findings must be acknowledged, and the rules left out.
    review_required = models.BooleanField(
        default=False,
        db_default=False,
        verbose_name="findings need a yes",
        help_text="Publishing and promoting wait until somebody says that they saw what the content checks found.",
    )
    ignored_checks = ArrayField(
        models.CharField(max_length=60),
        default=list,
        db_default=Value([], ArrayField(models.CharField(max_length=60))),
        blank=True,
        help_text="Content checks to leave out, separated by commas: link.remote-image, hidden.html-comment",
    )
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "client"
        verbose_name = "tenant"

    def __str__(self) -> str:
        return f"{self.name} ({self.id})"


ROLES: list[tuple[Role, str]] = [("user", "User"), ("manager", "Manager"), ("admin", "Admin")]
SCOPE_LABELS: list[tuple[Scope, str]] = [
    ("read", "Read: see and search skills"),
    ("write", "Write: everything that changes something in the tenant"),
    ("publish", "Publish: show skills to other tenants, or take them back"),
]


def all_scopes() -> list[Scope]:
    return list(SCOPES)


def one_of_roles(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(role__in=[value for value, _ in ROLES]), name=name)


class User(AbstractUser):
    """A person of one tenant. Only operators (superusers) have none. User names are unique over all tenants, so that
    signing in needs no tenant's name."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, null=True, blank=True, related_name="users")
    client_id: str | None
    display_name = models.CharField(max_length=255, blank=True)
    role: models.CharField[Role, Role] = models.CharField(max_length=10, choices=ROLES, default="user")

    class Meta:
        db_table = "app_user"
        constraints = [
            one_of_roles("app_user_role"),
            models.CheckConstraint(
                condition=Q(client__isnull=False) | Q(is_superuser=True), name="app_user_has_a_tenant"
            ),
        ]

    def __str__(self) -> str:
        return self.display_name or self.username

    def get_full_name(self) -> str:
        """What the pages of the admin greet the person by."""
        return str(self)


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def live(self) -> ApiKeyQuerySet:
        """Neither revoked nor expired. What its user may still do is another question."""
        return self.filter(Q(expires_at=None) | Q(expires_at__gt=timezone.now()), revoked_at=None)


class ApiKey(models.Model):
    """A credential of one user. Only its SHA-256 is kept; `prefix` is for people to recognise it by.

    `scopes` are those of accounts.actor.SCOPES it has, in their order, at least one; they never change.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="api_keys")
    client_id: str
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=16)
    key_sha256 = models.CharField(max_length=64, unique=True)
    role: models.CharField[Role, Role] = models.CharField(max_length=10, choices=ROLES, default="user")
    scopes: ArrayField[list[Scope], list[Scope]] = ArrayField(
        models.CharField(max_length=10, choices=SCOPE_LABELS), default=all_scopes
    )
    created_at = models.DateTimeField(db_default=Now())
    last_used_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        db_table = "api_key"
        verbose_name = "API key"
        constraints = [
            one_of_roles("api_key_role"),
            models.CheckConstraint(
                condition=Q(scopes__contained_by=list(SCOPES), scopes__len__gt=0), name="api_key_scopes"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @property
    def granted_role(self) -> Role:
        """The key's role, but never above what its owner may do now."""
        return min(self.role, self.user.role, key=RANK.__getitem__)

    @property
    def state(self) -> Literal["live", "revoked", "expired"]:
        return _state_of(self)


class AccessToken(models.Model):
    """A signed token that was handed out, by its `jti`. A token is worth no more than this row and its user say now.

    `password_mark` is the user's session hash at that time, so that a new password ends all tokens. A token that an API
    key bought ends with the key. Only development mode hands out tokens of nobody.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+", db_index=False)
    client_id: str
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="access_tokens")
    api_key = models.ForeignKey(ApiKey, on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    role: models.CharField[Role, Role] = models.CharField(max_length=10, choices=ROLES)
    password_mark = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField(db_index=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "access_token"
        constraints = [one_of_roles("access_token_role")]

    def __str__(self) -> str:
        return f"token of {self.user or 'development'}"

    @property
    def state(self) -> Literal["live", "revoked", "expired"]:
        return _state_of(self)


def _state_of(row: ApiKey | AccessToken) -> Literal["live", "revoked", "expired"]:
    if row.revoked_at:
        return "revoked"
    return "expired" if row.expires_at and row.expires_at <= timezone.now() else "live"


class AuditEvent(models.Model):
    """One change somebody made. The database refuses UPDATE and DELETE; bodies and credentials are never in it."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(db_default=Now())
    client_id = models.CharField(max_length=50, blank=True)
    actor = models.CharField(max_length=255)
    surface = models.CharField(max_length=10)
    action = models.CharField(max_length=40)
    subject_type = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=64)
    subject = models.CharField(max_length=255, blank=True)
    detail = models.JSONField(default=dict)

    class Meta:
        db_table = "audit_event"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["client_id", "-id"], name="audit_event_client"),
            models.Index(fields=["action", "-id"], name="audit_event_action"),
            # For whole names and for beginnings.
            models.Index(fields=["actor"], name="audit_event_actor", opclasses=["varchar_pattern_ops"]),
            models.Index(fields=["subject"], name="audit_event_name", opclasses=["varchar_pattern_ops"]),
            models.Index(fields=["subject_type", "subject_id", "-id"], name="audit_event_subject"),
            # Lines are only ever added: a few pages of ranges find the days, and cost a write next to nothing.
            BrinIndex(fields=["at"], name="audit_event_day"),
        ]

    def __str__(self) -> str:
        return f"{self.actor} {self.action} {self.subject_type} {self.subject}"
