"""Access tokens as signed text (JWT, HS256). What one is worth is for accounts/tokens.py to say."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.settings import api_settings
from rest_framework_simplejwt.tokens import AccessToken as Signed

from accounts.models import AccessToken
from accounts.tokens import find_token, granted_scopes


def lifetime() -> timedelta:
    span = api_settings.ACCESS_TOKEN_LIFETIME
    assert isinstance(span, timedelta)
    return span


def expiry() -> datetime:
    """When a token handed out now ends: a whole second, as the claim `exp` can say it."""
    return (timezone.now() + lifetime()).replace(microsecond=0)


def sign(token: AccessToken, username: str) -> str:
    """The token as its client gets it: claims sub, role, scope, client_id, iat, exp, iss, jti."""
    signed = Signed()
    signed["sub"] = username
    signed["role"] = token.role
    signed["scope"] = " ".join(granted_scopes(token))
    signed["client_id"] = token.client_id
    signed["exp"] = int(token.expires_at.timestamp())
    signed["jti"] = token.pk.hex
    return str(signed)


def read_token(text: str) -> AccessToken | None:
    """The live token that this text is; None where it is forged, expired, revoked or no token at all."""
    try:
        signed = Signed(text)  # type: ignore[arg-type]
        token_id = UUID(signed["jti"])
    except (TokenError, ValueError, TypeError, AttributeError, RecursionError):
        return None
    return find_token(token_id)
