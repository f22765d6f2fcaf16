"""Counts attempts to sign in with a password: ten in five minutes for one user name from one address."""

from __future__ import annotations

import time

from django.conf import settings
from django.core.cache import cache
from redis import RedisError
from rest_framework.exceptions import Throttled
from rest_framework.request import Request

from core.errors import Unavailable
from core.text import sha256_hex

MAX_ATTEMPTS = 10
WINDOW_SECONDS = 300


def count_attempt(request: Request, username: str) -> None:
    """Counts before the password is looked at, so that many at once are counted too. Nothing in development.

    Raises Throttled with the seconds to wait. Without its counter nobody signs in with a password (Unavailable): a
    guesser who can stop Redis must not get endless guesses. API keys and tokens go on working.
    """
    if settings.DEVELOPMENT:
        return
    now = int(time.time())
    key = _key(request, username, now)
    try:
        cache.add(key, 0, WINDOW_SECONDS)
        attempts = cache.incr(key)
    except (RedisError, OSError):
        message = "Signing in with a password is not possible now; use an API key or try later"
        raise Unavailable(message, code="no_attempt_counter") from None
    if attempts > MAX_ATTEMPTS:
        raise Throttled(wait=WINDOW_SECONDS - now % WINDOW_SECONDS)


def _key(request: Request, username: str, now: int) -> str:
    """One counter for each window of the clock; digested, for names may hold anything."""
    return "login:" + sha256_hex(f"{now // WINDOW_SECONDS} {_address(request)} {username.casefold()}")


def _address(request: Request) -> str:
    """The client's address. Behind our own proxy that is the last one of X-Forwarded-For, which the proxy wrote."""
    behind_proxy = getattr(settings, "SECURE_PROXY_SSL_HEADER", None) is not None
    forwarded = request.headers.get("X-Forwarded-For", "") if behind_proxy else ""
    return forwarded.rpartition(",")[2].strip() or str(request.META.get("REMOTE_ADDR", ""))
