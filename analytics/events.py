"""The rules for a usage event as callers send it: pure functions from one JSON object to a checked event."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from core.errors import Invalid
from core.text import clean_text

MAX_EVENTS = 1000
MAX_REF = 255
MAX_ADDRESS = 1024
MAX_METADATA_BYTES = 8 * 1024
_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
_CLOCK_SKEW = timedelta(minutes=5)


@dataclass(frozen=True)
class Event:
    """A checked event; `skill` is still an address."""

    event_id: str
    skill: str
    user_ref: str
    session_ref: str
    task_ref: str
    success: bool | None
    at: datetime
    metadata: dict[str, Any]


def read_events(events: Sequence[Any], *, user_ref: str, now: datetime) -> list[Event]:
    """All events checked, or Invalid with one entry in `fields` for each fault, as `events.3.skill_id`.

    Without `user_id` an event is the caller's, `user_ref`; without `timestamp` it happened `now`, one microsecond after
    the event before it, so that the order sent is kept.
    """
    if not 1 <= len(events) <= MAX_EVENTS:
        message = f"events must be 1 to {MAX_EVENTS} events"
        raise Invalid(message, code="invalid_events", fields={"events": [message]})
    faults: dict[str, list[str]] = {}
    checked: list[Event] = []
    for index, event in enumerate(events):
        try:
            checked.append(_read_event(event, user_ref, now, now + timedelta(microseconds=index)))
        except Invalid as refusal:
            path = ".".join(["events", str(index), *refusal.fields])
            faults[path] = [refusal.message]
    if faults:
        first = next(iter(faults))
        raise Invalid(f"{first}: {faults[first][0]}", code="invalid_events", fields=faults)
    return checked


def _read_event(event: Any, user_ref: str, now: datetime, at: datetime) -> Event:
    if not isinstance(event, dict):
        raise Invalid("an event must be an object")

    def field(name: str, rule: Callable[[Any], Any], default: Any) -> Any:
        if event.get(name) is None:
            return default
        try:
            return rule(clean_text(event[name], name))
        except (Invalid, ValueError) as problem:
            raise Invalid(str(problem), fields={name: [str(problem)]}) from problem

    skill = field("skill_id", _address, None)
    if skill is None:
        raise Invalid("skill_id is required", fields={"skill_id": ["skill_id is required"]})
    return Event(
        event_id=field("event_id", _ref, "") or str(uuid4()),
        skill=skill,
        user_ref=field("user_id", _ref, "") or user_ref,
        session_ref=field("session_id", _ref, ""),
        task_ref=field("task_id", _ref, ""),
        success=field("success", _flag, None),
        at=field("timestamp", lambda value: _time(value, now), at),
        metadata=field("metadata", _metadata, {}),
    )


def _text(value: Any, longest: int) -> str:
    if not isinstance(value, str) or len(value) > longest:
        raise ValueError(f"must be text of at most {longest} characters")
    return value.strip()


def _ref(value: Any) -> str:
    return _text(value, MAX_REF)


def _address(value: Any) -> str | None:
    return _text(value, MAX_ADDRESS).strip("/") or None


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("must be true or false")
    return value


def _time(value: Any, now: datetime) -> datetime:
    try:
        at = value if isinstance(value, datetime) else datetime.fromisoformat(_text(value, MAX_REF))
    except ValueError as problem:
        raise ValueError("must be a time in ISO 8601") from problem
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    if not _EARLIEST <= at <= now + _CLOCK_SKEW:
        raise ValueError("must lie after the year 2000 and not in the future")
    return at


def _metadata(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict) or len(json.dumps(value, allow_nan=False)) > MAX_METADATA_BYTES:
        raise ValueError(f"must be an object of at most {MAX_METADATA_BYTES // 1024} KiB")
    return value
