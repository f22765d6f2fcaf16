"""The one JSON parser of all contracts. What it lets through is a JSON value that PostgreSQL can keep."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any

import orjson
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.utils.http import parse_header_parameters
from rest_framework.exceptions import ParseError, UnsupportedMediaType
from rest_framework.parsers import BaseParser

from core.text import clean_text

MAX_DEPTH = 32
_CHARSETS = {"", "utf-8", "utf8", "us-ascii"}


class JSONParser(BaseParser):
    """UTF-8 JSON at most 32 levels deep, without NUL; orjson refuses NaN, infinities and half surrogate pairs.

    An empty body is an empty object. Raises ParseError, UnsupportedMediaType (charset), Invalid (naming the field).
    """

    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        charset = parse_header_parameters(media_type or "")[1].get("charset", "").lower()
        if charset not in _CHARSETS:
            raise UnsupportedMediaType(media_type or "", f"The charset '{charset[:40]}' is not supported; send UTF-8.")
        body = stream.read(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
        if len(body) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise RequestDataTooBig
        return _cleaned(_parsed(body)) if body.strip() else {}


def _parsed(body: bytes) -> Any:
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError as problem:
        raise ParseError(f"The body is not valid JSON in UTF-8: {problem}") from None
    if _is_deeper(value, MAX_DEPTH):
        raise ParseError(f"The body is nested more than {MAX_DEPTH} levels deep.")
    return value


def _is_deeper(value: Any, levels: int) -> bool:
    layer = [value] if isinstance(value, (dict, list)) else []
    for _ in range(levels):
        layer = [
            item
            for parent in layer
            for item in (parent.values() if isinstance(parent, dict) else parent)
            if isinstance(item, (dict, list))
        ]
        if not layer:
            return False
    return True


def _cleaned(value: Any) -> Any:
    """The value unchanged; raises Invalid naming the field that holds what PostgreSQL cannot keep."""
    if isinstance(value, dict):
        for name, item in value.items():
            clean_text(name, "a field's name")
            clean_text(item, name)
        return value
    return clean_text(value, "body")
