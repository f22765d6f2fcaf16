"""Access tokens: handing them out, what they are worth now, and taking them back. Their signing is the API's."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.contrib.auth import authenticate
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from accounts.actor import RANK, SCOPES, Actor, Role, Scope
from accounts.models import AccessToken, ApiKey, Client, User
from accounts.services import record_audit
from core.errors import Forbidden, Invalid, Unavailable


def check_password(username: str, password: str) -> User | None:
    """The active user with this password. Unknown and inactive people cost the same hashing as known ones."""
    user = authenticate(username=username, password=password)
    return user if isinstance(user, User) else None


def read_role(text: str) -> Role:
    """The role a text names in any case; raises Invalid."""
    for role in RANK:
        if role == text.strip().lower():
            return role  # type: ignore[return-value]
    message = f"role must be one of: {', '.join(RANK)}"
    raise Invalid(message, code="unknown_role", fields={"role": [message]})


@transaction.atomic
def issue_token(
    *, actor: Actor, user: User, expires_at: datetime, role: Role | None = None, api_key: ApiKey | None = None
) -> AccessToken:
    """Hands a token to a user who proved who they are. `role` defaults to theirs or the key's; above is Forbidden."""
    if user.client_id is None:
        raise Forbidden("An operator without a tenant cannot have a token; sign in to the admin.", code="no_tenant")
    own = api_key.granted_role if api_key else user.role
    role = role or own
    if RANK[role] > RANK[own]:
        raise Forbidden(f"The role {role} is above yours, {own}.", code="role_too_high")
    mark = user.get_session_auth_hash()
    return _issue(
        actor, expires_at, client_id=user.client_id, user=user, api_key=api_key, role=role, password_mark=mark
    )


@transaction.atomic
def issue_development_token(*, actor: Actor, role: Role, expires_at: datetime) -> AccessToken:
    """Hands anybody a token for the default tenant. Development mode alone; raises Forbidden elsewhere."""
    if not settings.DEVELOPMENT:
        raise Forbidden("Tokens without credentials exist in development mode only.", code="not_development")
    if not Client.objects.filter(pk=settings.DEFAULT_CLIENT_ID).exists():
        raise Unavailable("The demonstration data are not there yet: manage.py seed_development", code="not_seeded")
    return _issue(actor, expires_at, client_id=settings.DEFAULT_CLIENT_ID, role=role)


def _issue(actor: Actor, expires_at: datetime, **columns: object) -> AccessToken:
    AccessToken.objects.filter(expires_at__lt=timezone.now()).delete()
    token = AccessToken.objects.create(expires_at=expires_at, **columns)
    record_audit(
        actor=actor, action="issue", subject=token, detail={"role": token.role, "scopes": granted_scopes(token)}
    )
    return token


def find_token(token_id: UUID) -> AccessToken | None:
    """The live token, its user loaded; None once it, its key, its user or its user's password is no longer good."""
    now = timezone.now()
    rows = AccessToken.objects.select_related("user", "api_key__user")
    token = rows.filter(pk=token_id, revoked_at=None, expires_at__gt=now).first()
    if token is None:
        return None
    good = settings.DEVELOPMENT if token.user is None else _is_still(token, token.user)
    return token if good and (token.api_key is None or token.api_key.state == "live") else None


def _is_still(token: AccessToken, user: User) -> bool:
    same_password = constant_time_compare(token.password_mark, user.get_session_auth_hash())
    return user.is_active and user.client_id == token.client_id and same_password


def granted_role(token: AccessToken) -> Role:
    """The token's role, but never above what its user, and the key that bought it, may do now."""
    roles = [token.role]
    if token.user:
        roles.append(token.user.role)
    if token.api_key:
        roles.append(token.api_key.granted_role)
    return min(roles, key=RANK.__getitem__)


def granted_scopes(token: AccessToken) -> list[Scope]:
    """Those of the key that bought the token; all for a token that a password bought."""
    return token.api_key.scopes if token.api_key else list(SCOPES)


@transaction.atomic
def revoke_token(*, actor: Actor, token: AccessToken) -> None:
    if AccessToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now()):
        record_audit(actor=actor, action="revoke", subject=token)


@transaction.atomic
def revoke_tokens_of(*, actor: Actor, user: User) -> int:
    """Ends every live token of a user and returns how many there were."""
    live = AccessToken.objects.filter(user=user, revoked_at=None, expires_at__gt=timezone.now())
    count = live.update(revoked_at=timezone.now())
    if count:
        record_audit(actor=actor, action="revoke", subject=user, detail={"tokens": count})
    return count
