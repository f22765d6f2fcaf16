"""Tokens: get one, ask what it is worth, give it back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actor import SCOPES, Actor, Role
from accounts.models import AccessToken
from accounts.services import find_api_key
from accounts.signing_in import count_attempt
from accounts.tokens import check_password, issue_development_token, issue_token, read_role, revoke_token
from api.authentication import DEFAULT_USERNAME, AnyApiKeyAuthentication, actor_of, credential_of
from api.code.contract import INVALID_REQUEST, success
from api.code.serializers import TokenBody
from api.code.views import CodeView, as_request
from api.rendering import whole_seconds
from api.tokens import expiry, lifetime, read_token, sign
from core.errors import Invalid


class WrongPassword(AuthenticationFailed):
    default_detail = "Wrong username or password"
    default_code = "wrong_password"


class Token(CodeView):
    """Anybody may ask; what they get is never above their own role, or beyond the scopes of their key."""

    authentication_classes = [AnyApiKeyAuthentication]
    permission_classes = []
    scopes = {"POST": None}

    def post(self, request: Request) -> Response:
        """For a user name and password, or an API key; in development mode also for nothing but a role."""
        body = as_request(lambda: self.read_body(TokenBody))
        token = _by_password(request, body) or _by_key(request, body) or _by_nothing(body)
        username = token.user.username if token.user else DEFAULT_USERNAME
        data = {
            "token": sign(token, username),
            "token_type": "Bearer",
            "expires_in": int(lifetime().total_seconds()),
            "expires_at": whole_seconds(token.expires_at),
            "role": token.role,
        }
        return Response(success(data))


def _by_password(request: Request, body: Mapping[str, Any]) -> AccessToken | None:
    username, password = body.get("username"), body.get("password")
    if username is None and password is None:
        return None
    if username is None or password is None:
        missing = "password" if password is None else "username"
        raise _invalid(missing, f"{missing} is required")
    count_attempt(request._request, username)
    user = check_password(username, password)
    if user is None:
        raise WrongPassword
    return issue_token(actor=Actor.for_user(user, "code"), user=user, role=_role(body), expires_at=expiry())


def _by_key(request: Request, body: Mapping[str, Any]) -> AccessToken | None:
    key = find_api_key(credential_of(request))
    if key is None:
        return None
    actor = Actor.for_user(key.user, "code", client_id=key.client_id)
    return issue_token(actor=actor, user=key.user, api_key=key, role=_role(body), expires_at=expiry())


def _by_nothing(body: Mapping[str, Any]) -> AccessToken:
    if not settings.DEVELOPMENT:
        raise NotAuthenticated
    role = _role(body)
    if role is None:
        raise _invalid("role", "role is required")
    actor = Actor(settings.DEFAULT_CLIENT_ID, DEFAULT_USERNAME, role, "code")
    return issue_development_token(actor=actor, role=role, expires_at=expiry())


def _role(body: Mapping[str, Any]) -> Role | None:
    try:
        return read_role(body["role"]) if body.get("role") is not None else None
    except Invalid as refusal:
        raise Invalid(refusal.message, code=INVALID_REQUEST, fields=refusal.fields) from None


def _invalid(name: str, message: str) -> Invalid:
    return Invalid(message, code=INVALID_REQUEST, fields={name: [message]})


class Verification(CodeView):
    scopes = {"GET": None}

    def get(self, request: Request) -> Response:
        """What the credential is worth now: the role is the present one, `expires_at` null for an API key."""
        actor, token = actor_of(request), read_token(credential_of(request))
        data = {
            "valid": True,
            "user": actor.username,
            "role": actor.role,
            "scopes": [scope for scope in SCOPES if scope in actor.scopes],
            "client_id": actor.client_id,
            "expires_at": whole_seconds(token.expires_at) if token else None,
        }
        return Response(success(data))


class Revocation(CodeView):
    roles = {"POST": "user"}
    scopes = {"POST": None}

    def post(self, request: Request) -> Response:
        """Ends the token that asks. An API key is revoked at the desk."""
        token = read_token(credential_of(request))
        if token is None:
            raise Invalid("This is no token; an API key is revoked in the admin.", code=INVALID_REQUEST)
        revoke_token(actor=actor_of(request), token=token)
        return Response(success({"revoked": True}))
