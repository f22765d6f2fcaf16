"""Fields and serializers for input: types are not guessed, texts are not trimmed.

Messages are predicates ("must be a string"); api/problems.py puts the field's name before them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from rest_framework import serializers
from rest_framework.fields import empty

from core.text import clean_text

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
