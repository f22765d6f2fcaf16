"""Signing in with a password, wherever that is done: attempts are counted before the password is looked at."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest
from unfold.forms import AuthenticationForm as UnfoldAuthenticationForm

from core.errors import Unavailable
from core.limits import address_of, spend
from core.text import sha256_hex


def count_attempt(request: HttpRequest, username: str) -> None:
    """Counts an attempt for the name at its address, and more generously for each of both alone: one address that tries
    many names, many addresses that try one name.

    Raises LimitReached with the seconds to wait. Without its counter nobody signs in with a password (Unavailable): a
    guesser who can stop Redis must not get endless guesses. API keys and tokens go on working.
    """
    address, name = address_of(request), username.casefold()
    subjects = {"logins": f"{address} {name}", "logins_of_address": address, "logins_of_name": name}
    try:
        for rate, subject in subjects.items():
            spend(rate, sha256_hex(subject), certain=True)  # digested, for names may hold anything
    except Unavailable:
        message = "Signing in with a password is not possible now; use an API key or try later"
        raise Unavailable(message, code="no_attempt_counter") from None


class SignInForm(AuthenticationForm):
    """The catalogue's."""

    def clean(self) -> dict[str, Any]:
        count_attempt(_request_of(self), self.cleaned_data.get("username", ""))
        return super().clean()


class DeskSignInForm(UnfoldAuthenticationForm):
    """The desk's (settings.UNFOLD)."""

    def clean(self) -> dict[str, Any]:
        count_attempt(_request_of(self), self.cleaned_data.get("username", ""))
        cleaned: dict[str, Any] = super().clean()
        return cleaned


def _request_of(form: AuthenticationForm) -> HttpRequest:
    assert form.request is not None, "the views of both doors give it"
    return form.request
