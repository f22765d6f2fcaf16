"""Turns any exception into one Problem. How a problem looks on a wire is for each contract to say (`Dialect`)."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from math import ceil
from typing import Any, TypeAlias

from django.core import exceptions as django
from django.db import DataError, IntegrityError, InterfaceError, OperationalError
from django.http import Http404
from rest_framework import exceptions as drf

from accounts.actor import Surface
from core import errors

logger = logging.getLogger(__name__)

_UNIQUE_VIOLATION = "23505"
_DOMAIN_STATUS: dict[type[errors.DomainError], int] = {
    errors.Invalid: 400,
    errors.Forbidden: 403,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.Unavailable: 503,
    errors.Failed: 502,
    errors.LimitReached: 429,
}
RETRY_SECONDS = "5"


@dataclass(frozen=True)
class Problem:
    """What went wrong, in HTTP but in no contract's shape. `fields` maps inputs (`a.b`) to messages fit to show."""

    status: int
    code: str
    message: str
    fields: Mapping[str, list[str]] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


# (problem, request id) -> status and body
Wire: TypeAlias = Callable[[Problem, str], tuple[int, Any]]


@dataclass(frozen=True)
class Dialect:
    """How one contract speaks of itself to services and of problems to its clients."""

    surface: Surface
    wire: Wire


def of_status(status: int) -> Problem:
    """The problem that says no more than its status."""
    phrase = HTTPStatus(status).phrase
    return Problem(status, phrase.lower().replace(" ", "_"), phrase)


def problem_of(error: BaseException) -> Problem:
    """The problem an exception is. What nobody expected is logged and becomes a 500 that tells nothing."""
    if isinstance(error, errors.DomainError):
        return _of_domain(error)
    if isinstance(error, drf.APIException):
        return _of_drf(error)
    for kind, status in _STATUS_OF:
        if isinstance(error, kind):
            return of_status(status)
    if isinstance(error, DataError):
        return Problem(400, "invalid", "A value cannot be stored: it is too long, too large or not text.")
    if isinstance(error, IntegrityError) and getattr(error.__cause__, "sqlstate", "") == _UNIQUE_VIOLATION:
        return Problem(409, "conflict", "Such a thing already exists.")
    if isinstance(error, (OperationalError, InterfaceError)):
        logger.error("the database did not answer", exc_info=error)
        message = "The database does not answer now, or not in time; try again later."
        return Problem(503, "database_unavailable", message, headers={"Retry-After": RETRY_SECONDS})
    logger.error("unexpected %s", type(error).__name__, exc_info=error)
    return of_status(500)


# The first that fits counts: a body too large is a suspicious operation too.
_STATUS_OF: tuple[tuple[type[Exception], int], ...] = (
    (Http404, 404),
    (django.PermissionDenied, 403),
    (django.RequestDataTooBig, 413),
    (django.SuspiciousOperation, 400),
    (django.BadRequest, 400),
)


def _of_domain(error: errors.DomainError) -> Problem:
    status = next(status for kind, status in _DOMAIN_STATUS.items() if isinstance(error, kind))
    headers = {"Retry-After": RETRY_SECONDS} if status == 503 else {}
    if wait := getattr(error, "retry_after", 0):
        headers = {"Retry-After": str(ceil(wait))}
    return Problem(status, error.code, error.message, error.fields, headers)


def _of_drf(error: drf.APIException) -> Problem:
    if isinstance(error, drf.ValidationError):
        fields = dict(_flat(error.detail))
        message = next((text for texts in fields.values() for text in texts), "Invalid input.")
        return Problem(400, "invalid", message, fields)
    headers = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(ceil(wait))
    return Problem(error.status_code, str(error.default_code), str(error.detail), headers=headers)


def _flat(detail: Any, path: str = "") -> list[tuple[str, list[str]]]:
    """DRF's nested error detail as (dotted path, messages), in the order of the fields."""
    if isinstance(detail, Mapping):
        items = [(f"{path}.{name}" if path else str(name), value) for name, value in detail.items()]
        return [found for name, value in items for found in _flat(value, name)]
    if isinstance(detail, list) and any(isinstance(item, (Mapping, list)) for item in detail):
        return [found for number, item in enumerate(detail) for found in _flat(item, f"{path}.{number}")]
    texts = [str(item) for item in detail] if isinstance(detail, list) else [str(detail)]
    return [(path, [_sentence(path, text) for text in texts])] if texts else []


def _sentence(name: str, text: str) -> str:
    """Predicates get their subject, sentences a label: `limit must be…`, `limit: This value…`."""
    if text.startswith(name):
        return text
    return f"{name} {text}" if text[0].islower() else f"{name}: {text}"
