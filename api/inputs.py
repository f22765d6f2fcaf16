"""Fields and serializers for input: types are not guessed, texts are not trimmed.

Messages are predicates ("must be a string"); api/problems.py puts the field's name before them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import QueryDict
from rest_framework import serializers
from rest_framework.fields import empty

from core.text import clean_text

MAX_ITEMS = 100
MAX_ITEM_LENGTH = 128
_DIGITS = re.compile(r"[0-9]{1,6}")


class StrictText(serializers.CharField):
    """Text and nothing else: 123 is refused, not turned into "123". Blank counts as missing unless `allow_blank`."""

    default_error_messages = {
        "invalid": "must be a string",
        "required": "is required",
        "null": "is required",
        "blank": "is required",
        "max_length": "must be at most {max_length} characters",
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"trim_whitespace": False, **options})

    def run_validation(self, data: Any = empty) -> Any:
        if isinstance(data, str) and not data.strip() and not self.allow_blank:
            self.fail("blank")
        return super().run_validation(data)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return str(clean_text(data, self.field_name or "value"))


class WholeNumber(serializers.Field[int, Any, int, Any]):
    """A whole number of at most six ASCII digits, as JSON number or text; above `clamp` it counts as `clamp`."""

    default_error_messages = {
        "positive": "must be a positive integer",
        "non_negative": "must be a non-negative integer",
        "too_large": "must be at most {maximum}",
    }

    def __init__(self, *, minimum: int, clamp: int | None = None, maximum: int | None = None, **options: Any) -> None:
        self.minimum, self.clamp, self.maximum = minimum, clamp, maximum
        super().__init__(**options)

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, float) and data.is_integer():
            data = int(data)
        number = int(str(data)) if not isinstance(data, bool) and _DIGITS.fullmatch(str(data)) else -1
        if number < self.minimum:
            self.fail("positive" if self.minimum else "non_negative")
        if self.maximum is not None and number > self.maximum:
            self.fail("too_large", maximum=self.maximum)
        return number if self.clamp is None else min(number, self.clamp)

    def to_representation(self, value: int) -> int:
        return value


class Words(serializers.Field[list[str], Any, list[str], Any]):
    """A list of texts; leniently also one text with commas, in a query also several of them. Null is none."""

    default_error_messages = {"invalid": "must be an array of strings"}
    limit = 100

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"required": False, "default": list, "allow_null": True, **options})

    def get_value(self, dictionary: Mapping[Any, Any]) -> Any:
        if isinstance(dictionary, QueryDict):
            return ",".join(dictionary.getlist(self.field_name or ""))
        return super().get_value(dictionary)

    def run_validation(self, data: Any = empty) -> list[str]:
        return super().run_validation(data) or []

    def to_internal_value(self, data: Any) -> list[str]:
        words = data.split(",") if isinstance(data, str) else data
        if not isinstance(words, list) or len(words) > self.limit or not all(isinstance(word, str) for word in words):
            self.fail("invalid")
        clean_text(words, self.field_name or "value")
        return [word.strip() for word in words if word.strip()]

    def to_representation(self, value: list[str]) -> list[str]:
        return value


class Texts(serializers.Field[list[str], Any, list[str], Any]):
    """A list of texts and nothing else; null is none."""

    default_error_messages = {
        "invalid": "must be an array of strings",
        "too_many": f"must have at most {MAX_ITEMS} items",
        "too_long": "must have items of at most {length} characters",
    }

    def __init__(self, *, length: int = MAX_ITEM_LENGTH, **options: Any) -> None:
        self.length = length
        super().__init__(**{"required": False, "allow_null": True, **options})

    def run_validation(self, data: Any = empty) -> Any:
        return [] if data is None else super().run_validation(data)

    def to_internal_value(self, data: Any) -> list[str]:
        if not isinstance(data, list) or not all(isinstance(item, str) for item in data):
            self.fail("invalid")
        if len(data) > MAX_ITEMS:
            self.fail("too_many")
        if any(len(item) > self.length for item in data):
            self.fail("too_long", length=self.length)
        clean_text(data, self.field_name or "value")
        return data

    def to_representation(self, value: list[str]) -> list[str]:
        return value


class Flag(serializers.Field[bool, Any, bool, Any]):
    """true or false, and no word or number for them."""

    default_error_messages = {"invalid": "must be true or false", "null": "must be true or false"}

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid")
        return bool(data)

    def to_representation(self, value: bool) -> bool:
        return value


class Files(serializers.Field[list[Any], Any, list[Any], Any]):
    """A list of objects, of which `keys` are read; skills/files.py checks what they say. Null is none."""

    default_error_messages = {"invalid": "must be an array of objects with path and content"}

    def __init__(self, *, keys: Sequence[str], **options: Any) -> None:
        self.keys = keys
        super().__init__(**{"required": False, "allow_null": True, **options})

    def run_validation(self, data: Any = empty) -> Any:
        return [] if data is None else super().run_validation(data)

    def to_internal_value(self, data: Any) -> list[Any]:
        if not isinstance(data, list) or not all(isinstance(item, dict) for item in data):
            self.fail("invalid")
        return [{key: item[key] for key in self.keys if key in item} for item in data]

    def to_representation(self, value: list[Any]) -> list[Any]:
        return value


class InputSerializer(serializers.Serializer[Any]):
    """What an endpoint reads. Unknown names are ignored, for clients of other versions."""

    @classmethod
    def read(cls, data: Any) -> dict[str, Any]:
        """The checked values by field name; raises DRF's ValidationError."""
        serializer = cls(data=data)
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)

    def run_validation(self, data: Any = empty) -> Any:
        """What is not an object has none of the fields: the endpoint's own words for what is missing come first."""
        is_missing = data is empty or (data is None and self.allow_null)
        if isinstance(data, Mapping) or is_missing:
            return super().run_validation(data)
        above: Any = self.parent
        if above is not None:
            raise serializers.ValidationError(["must be an object"])
        super().run_validation({})
        raise serializers.ValidationError({"body": ["must be a JSON object"]})
