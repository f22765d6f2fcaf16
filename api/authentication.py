"""Who calls: each way to prove it turns a request into an Actor, which services take and views get by `actor_of`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.conf import settings
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.actor import Actor, Role, Scope, Surface
from accounts.keys import PREFIX
from accounts.models import User
from accounts.services import find_api_key
from accounts.tokens import granted_role, granted_scopes
from api.tokens import read_token
from core.errors import Invalid

DEFAULT_USERNAME = "default"
_USERNAME = re.compile(r"[\w.@-]{1,100}")


def actor_of(request: Request) -> Actor:
    """The caller. Only for views behind HasActor."""
    actor = request.auth
    assert isinstance(actor, Actor)
    return actor


class HasActor(BasePermission):
    """Some authenticator knew the caller."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return isinstance(request.auth, Actor)


class ContractAuthentication(BaseAuthentication):
    """An authenticator of one contract. Returns None for credentials of another kind, so that the next one looks."""

    def __init__(self, surface: Surface) -> None:
        self.surface = surface

    def authenticate_header(self, request: Request) -> str:
        """Without this challenge DRF would answer 403 instead of 401."""
        return 'Bearer realm="guildhall"'

    def actor_for(
        self, user: User, client_id: str, role: Role, scopes: Iterable[Scope], key_id: UUID | None = None
    ) -> Actor:
        """The user with what their credential is worth now."""
        granted = frozenset(scopes)
        return Actor(client_id, user.username, role, self.surface, user.display_name, user.pk, granted, key_id)


def bearer_of(request: Request) -> str:
    """The credential of `Authorization: Bearer …`, or ''."""
    scheme, _, credential = request.headers.get("Authorization", "").partition(" ")
    return credential.strip() if scheme.lower() == "bearer" else ""


def credential_of(request: Request) -> str:
    """As `bearer_of`; the header `X-API-Key` counts where there is no `Authorization`."""
    if "Authorization" in request.headers:
        return bearer_of(request)
    return request.headers.get("X-API-Key", "").strip()


class ApiKeyAuthentication(ContractAuthentication):
    """`Authorization: Bearer kam_...`"""

    def find_credential(self, request: Request) -> str:
        return bearer_of(request)

    def authenticate(self, request: Request) -> tuple[User, Actor] | None:
        credential = self.find_credential(request)
        if not credential.startswith(PREFIX):
            return None
        key = find_api_key(credential)
        if key is None:
            raise AuthenticationFailed("Invalid, expired or revoked API key")
        return key.user, self.actor_for(key.user, key.client_id, key.granted_role, key.scopes, key.pk)


class AnyApiKeyAuthentication(ApiKeyAuthentication):
    """An API key as Bearer or as `X-API-Key`."""

    def find_credential(self, request: Request) -> str:
        return credential_of(request)


class TokenAuthentication(ContractAuthentication):
    """A signed token of POST /auth/token. Tenant, role and scopes are what the database says now, never what it says.

    Tokens of nobody, which development mode hands out, are for the contract that documents them alone.
    """

    def authenticate(self, request: Request) -> tuple[User | None, Actor] | None:
        credential = credential_of(request)
        if not credential or credential.startswith(PREFIX):
            return None
        token = read_token(credential)
        if token is None or (token.user is None and self.surface != "code"):
            raise AuthenticationFailed("Invalid, expired or revoked token")
        user = token.user
        if user is None:
            return None, Actor(token.client_id, DEFAULT_USERNAME, granted_role(token), self.surface)
        role, scopes = granted_role(token), granted_scopes(token)
        return user, self.actor_for(user, token.client_id, role, scopes, token.api_key_id)


class DevelopmentAuthentication(ContractAuthentication):
    """In development mode requests without credentials act for the default tenant, as whoever they say they are."""

    def authenticate(self, request: Request) -> tuple[None, Actor] | None:
        if not settings.DEVELOPMENT or "Authorization" in request.headers:
            return None
        username = request.headers.get("X-User-Id") or _user_id_of(request.data) or DEFAULT_USERNAME
        if not isinstance(username, str) or not _USERNAME.fullmatch(username):
            message = "user_id must be 1 to 100 letters, digits or the characters _ . @ -"
            raise Invalid(message, code="invalid_user_id", fields={"user_id": [message]})
        return None, Actor(settings.DEFAULT_CLIENT_ID, username, "manager", self.surface, username)


def _user_id_of(body: Any) -> Any:
    return body.get("user_id") if isinstance(body, dict) else None
