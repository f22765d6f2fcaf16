"""How answers become bytes: JSON by orjson, documents that PostgreSQL rendered as they are, and the forms of time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson
from rest_framework import serializers
from rest_framework.renderers import BaseRenderer


class RawJSON(bytes):
    """A body that is JSON already: `Response(RawJSON(...))` goes out unchanged."""


class JSONRenderer(BaseRenderer):
    media_type = "application/json"
    format = "json"
    charset = None

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Mapping[str, Any] | None = None
    ) -> bytes:
        if isinstance(data, RawJSON):
            return data
        return b"" if data is None else to_json(data)


def to_json(data: Any) -> bytes:
    return orjson.dumps(data, default=str)


def whole_seconds(moment: datetime) -> str:
    """2026-01-31T10:00:00Z"""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def milliseconds(moment: datetime) -> str:
    """2026-02-10T08:00:00.000Z"""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class MillisecondsField(serializers.DateTimeField):
    """UTC with milliseconds, cut and not rounded, as PostgreSQL's to_char does."""

    def to_representation(self, value: datetime) -> str:
        return milliseconds(value)
