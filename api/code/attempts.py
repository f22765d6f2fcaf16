"""Counts attempts to sign in with a password for one user name from one address."""

from __future__ import annotations

from rest_framework.request import Request

from api.limits import address_of, spend
from core.errors import Unavailable
from core.text import sha256_hex


def count_attempt(request: Request, username: str) -> None:
    """Counts before the password is looked at, so that many at once are counted too. Nothing in development.

    Raises Throttled with the seconds to wait. Without its counter nobody signs in with a password (Unavailable): a
    guesser who can stop Redis must not get endless guesses. API keys and tokens go on working.
    """
    subject = sha256_hex(f"{address_of(request)} {username.casefold()}")  # digested, for names may hold anything
    try:
        spend("logins", subject, certain=True)
    except Unavailable:
        message = "Signing in with a password is not possible now; use an API key or try later"
        raise Unavailable(message, code="no_attempt_counter") from None
