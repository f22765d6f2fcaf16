"""What people do with tenants, users and keys, and the one way into the audit log."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, Model, Q
from django.utils import timezone

from accounts import keys
from accounts.actor import SCOPES, Actor, Role, Scope
from accounts.models import ApiKey, AuditEvent, Client, User, all_scopes
from core.errors import Conflict, Invalid, NotFound
from core.text import clean_text, sha256_hex

LAST_USED_PRECISION = timedelta(minutes=5)
MAX_REASON = 500
_CHECK = re.compile(r"[a-z]+(?:-[a-z]+)*\.[a-z]+(?:-[a-z]+)*")


def record_audit(
    *,
    actor: Actor,
    action: str,
    subject: Model,
    label: str = "",
    detail: dict[str, Any] | None = None,
    reason: str = "",
) -> AuditEvent:
    """Writes one line of the audit log in the caller's transaction. `detail` holds facts, never content or secrets;
    `reason` is what the actor said, and is kept there where there is one. Raises Invalid for what is no text."""
    said = clean_text(reason, "reason").strip()[:MAX_REASON]
    return AuditEvent.objects.create(
        client_id=getattr(subject, "client_id", None) or actor.client_id,
        actor=actor.username,
        surface=actor.surface,
        action=action,
        subject_type=subject._meta.model_name or "",
        subject_id=str(subject.pk),
        subject=(label or str(subject))[:255],
        detail={**(detail or {}), **({"reason": said} if said else {})},
    )


@transaction.atomic
def create_client(*, actor: Actor, client_id: str, name: str, monthly_tokens: int | None = None) -> Client:
    """`monthly_tokens`: tokens of language models a month; 0 for no limit, None for what the settings say."""
    values = {"name": name, "is_system": client_id == settings.SYSTEM_CLIENT_ID, "monthly_tokens": monthly_tokens}
    client, created = Client.objects.get_or_create(id=client_id, defaults=values)
    if not created:
        raise Conflict(f"A tenant '{client_id}' already exists.", code="client_exists")
    record_audit(actor=actor, action="create", subject=client)
    return client


@transaction.atomic
def change_client(*, actor: Actor, client: Client, name: str, monthly_tokens: int | None) -> Client:
    client.name, client.monthly_tokens = name, monthly_tokens
    client.save(update_fields=["name", "monthly_tokens"])
    record_audit(actor=actor, action="update", subject=client, detail={"fields": ["name", "monthly_tokens"]})
    return client


@transaction.atomic
def set_review_policy(*, actor: Actor, client: Client, required: bool, ignored: Iterable[str]) -> Client:
    """Whether findings of the content checks must be acknowledged in a tenant, and the rules that say nothing there.

    For the tenant's admins and operators. Raises Forbidden, NotFound for another tenant, Invalid for what is no id.
    """
    actor.require_role("admin")
    if actor.client_id != client.pk:
        raise NotFound("No such tenant", code="client_not_found")
    rules = sorted({rule.strip() for rule in ignored if rule.strip()})
    if any(not _CHECK.fullmatch(rule) for rule in rules):
        message = "A content check has the form link.remote-image."
        raise Invalid(message, code="invalid_checks", fields={"ignored_checks": [message]})
    client.review_required, client.ignored_checks = required, rules
    client.save(update_fields=["review_required", "ignored_checks"])
    record_audit(
        actor=actor, action="update", subject=client, detail={"review_required": required, "ignored_checks": rules}
    )
    return client


@transaction.atomic
def issue_api_key(
    *,
    actor: Actor,
    user: User,
    name: str,
    role: Role | None = None,
    scopes: Iterable[str] | None = None,
    expires_at: datetime | None = None,
    key: str = "",
) -> tuple[ApiKey, str]:
    """Returns the new key's row and its text, which is shown this once and kept nowhere.

    The role is never above the user's own and is theirs by default; scopes are all by default. A fixed `key` exists for
    the documented demonstration keys alone and is refused outside development. Raises Invalid.
    """
    if user.client_id is None:
        raise Invalid("An operator without a tenant cannot have an API key; choose a tenant's user.", code="no_tenant")
    if key and not settings.DEVELOPMENT:
        raise Invalid("A key's text cannot be chosen.", code="chosen_key")
    role = role or user.role
    if not Actor.for_user(user, actor.surface).has_role(role):
        raise Invalid(f"The key's role {role} is above the role {user.role} of {user.username}.", code="role_too_high")
    granted = all_scopes() if scopes is None else _read_scopes(scopes)
    raw = key or keys.generate()
    row = ApiKey.objects.create(
        client_id=user.client_id,
        user=user,
        name=name,
        role=role,
        scopes=granted,
        prefix=raw[: keys.DISPLAY_LENGTH],
        key_sha256=sha256_hex(raw),
        expires_at=expires_at,
    )
    detail = {"role": role, "scopes": granted, "user": user.username}
    record_audit(actor=actor, action="issue", subject=row, detail=detail)
    return row, raw


def _read_scopes(names: Iterable[str]) -> list[Scope]:
    """The scopes in their order, each once; raises Invalid for none and for unknown ones."""
    wanted = set(names)
    if not wanted or not wanted <= set(SCOPES):
        message = f"scopes must be one or more of: {', '.join(SCOPES)}"
        raise Invalid(message, code="unknown_scope", fields={"scopes": [message]})
    return [scope for scope in SCOPES if scope in wanted]


def find_api_key(raw: str) -> ApiKey | None:
    """The live key with this text, its user loaded; None for a malformed, unknown, revoked or expired one.

    Malformed keys cost no query. `last_used_at` is written at most once in five minutes.
    """
    if not raw.startswith(keys.PREFIX) or not (settings.DEVELOPMENT or keys.is_well_formed(raw)):
        return None
    key = (
        ApiKey.objects.live()
        .select_related("user")
        .only("client_id", "role", "scopes", "last_used_at", "user__username", "user__display_name", "user__role")
        .filter(key_sha256=sha256_hex(raw), user__is_active=True, user__client=F("client"))
        .order_by()
        .first()
    )
    if key:
        _note_use(key)
    return key


def _note_use(key: ApiKey) -> None:
    """Of the requests that find the note too old one writes it anew."""
    now = timezone.now()
    too_old = now - LAST_USED_PRECISION
    if key.last_used_at is None or key.last_used_at < too_old:
        ApiKey.objects.filter(Q(last_used_at=None) | Q(last_used_at__lt=too_old), pk=key.pk).update(last_used_at=now)


def name_api_key(reference: str) -> ApiKey:
    """The key that an operator names by its id or by what it begins with; raises NotFound, and Conflict for several."""
    try:
        matching = Q(pk=UUID(reference))
    except ValueError:
        matching = Q(prefix__startswith=reference[: keys.DISPLAY_LENGTH])
    found = list(ApiKey.objects.filter(matching).select_related("user")[:2]) if reference else []
    if not found:
        raise NotFound(f"There is no API key '{reference[: keys.DISPLAY_LENGTH]}'.", code="key_not_found")
    if len(found) > 1:
        raise Conflict("Several API keys begin like this; name one by its id.", code="key_ambiguous")
    return found[0]


@transaction.atomic
def expire_api_key(*, actor: Actor, key: ApiKey, expires_at: datetime | None) -> None:
    """Sets when a live key ends, None for never: time to change to its successor. Raises Invalid, NotFound."""
    if expires_at is not None and expires_at <= timezone.now():
        raise Invalid("This moment has passed; a key is ended at once by revoking it.", code="expiry_passed")
    if not ApiKey.objects.live().filter(pk=key.pk).update(expires_at=expires_at):
        raise NotFound("No such live API key.", code="key_not_found")
    detail = {"expires_at": expires_at.isoformat(timespec="seconds") if expires_at else None}
    record_audit(actor=actor, action="expire", subject=key, detail=detail)


@transaction.atomic
def revoke_api_key(*, actor: Actor, key: ApiKey) -> None:
    if not ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=timezone.now()):
        raise NotFound("No such live API key.", code="key_not_found")
    record_audit(actor=actor, action="revoke", subject=key)
