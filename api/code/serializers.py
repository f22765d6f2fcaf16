"""What Claude Code v1 reads: the documented fields, and `content`, `files` and a few more as extensions."""

from __future__ import annotations

import re
from typing import Any

from rest_framework import serializers

from api.inputs import InputSerializer, StrictText, WholeNumber
from core import versions
from skills.models import Skill

MAX_PAGE = 100
MAX_OFFSET = 10**9
MAX_DESCRIPTION = 10_000
MAX_ITEMS = 100
MAX_ITEM_LENGTH = 128
_ID = re.compile(r"[a-z0-9](?:[a-z0-9_-]{0,253}[a-z0-9])?")
_BIG = re.compile("[0-9]{7,}")
_FLAGS = {"true": True, "1": True, "false": False, "0": False}
_FILE_KEYS = ("path", "content", "encoding", "executable")


class Bounded(WholeNumber):
    """As WholeNumber with a clamp, and no number is too large for it."""

    def to_internal_value(self, data: Any) -> int:
        if self.clamp is not None and _BIG.fullmatch(str(data)):
            return self.clamp
        return super().to_internal_value(data)


class Flag(serializers.Field[bool, Any, bool, Any]):
    """true or false; in a query also 1 and 0, in any case."""

    default_error_messages = {"invalid": "must be true or false", "null": "must be true or false"}

    def to_internal_value(self, data: Any) -> bool:
        value = data if isinstance(data, bool) else _FLAGS.get(data.lower()) if self._is_query(data) else None
        if value is None:
            self.fail("invalid")
        return bool(value)

    def _is_query(self, data: Any) -> bool:
        return isinstance(data, str) and isinstance(self.parent, SkillQuery)

    def to_representation(self, value: bool) -> bool:
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

    def run_validation(self, data: Any = serializers.empty) -> Any:
        return [] if data is None else super().run_validation(data)

    def to_internal_value(self, data: Any) -> list[str]:
        if not isinstance(data, list) or not all(isinstance(item, str) for item in data):
            self.fail("invalid")
        if len(data) > MAX_ITEMS:
            self.fail("too_many")
        if any(len(item) > self.length for item in data):
            self.fail("too_long", length=self.length)
        return data

    def to_representation(self, value: list[str]) -> list[str]:
        return value


class Files(serializers.Field[list[Any], Any, list[Any], Any]):
    """A list of {path, content[, encoding: "base64"][, executable]}; skills/files.py checks what they say."""

    default_error_messages = {"invalid": "must be an array of objects with path and content"}

    def run_validation(self, data: Any = serializers.empty) -> Any:
        return [] if data is None else super().run_validation(data)

    def to_internal_value(self, data: Any) -> list[Any]:
        if not isinstance(data, list) or not all(isinstance(item, dict) for item in data):
            self.fail("invalid")
        return [{key: item[key] for key in _FILE_KEYS if key in item} for item in data]

    def to_representation(self, value: list[Any]) -> list[Any]:
        return value


class VersionText(StrictText):
    """A strict semantic version; the message is the document's."""

    default_error_messages = {"form": "Invalid semantic version format"}

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data)
        if not versions.is_valid(text):
            self.fail("form")
        return text


class IdText(StrictText):
    default_error_messages = {
        "form": "must be 1 to 255 lowercase letters, digits, hyphens and underscores, a letter or digit first and last"
    }

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data)
        if not _ID.fullmatch(text):
            self.fail("form")
        return text


class SourceType(StrictText):
    default_error_messages = {"choice": f"must be one of: {', '.join(Skill.OriginType.values)}"}

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data)
        if text not in Skill.OriginType.values:
            self.fail("choice")
        return text


def optional(length: int) -> StrictText:
    return StrictText(required=False, allow_null=True, allow_blank=True, max_length=length)


class Page(InputSerializer):
    limit = Bounded(minimum=1, clamp=MAX_PAGE, default=10)
    offset = Bounded(minimum=0, clamp=MAX_OFFSET, default=0)


class SkillQuery(InputSerializer):
    enabled = Flag(required=False)


class Include(InputSerializer):
    """`include=content` adds the extensions `content` and `files` to one skill or version."""

    include = StrictText(required=False, allow_blank=True)


class _SkillBody(InputSerializer):
    author = optional(255)
    tags = Texts()
    capabilities = Texts()
    enabled = Flag(required=False)
    source_url = optional(2048)
    source_type = SourceType(required=False, allow_null=True)
    source_branch = optional(255)
    editable = Flag(required=False)
    content = StrictText(required=False)
    files = Files(required=False, allow_null=True)
    execution_environment = optional(255)
    dependencies = Texts()
    timeout = WholeNumber(required=False, allow_null=True, minimum=1, maximum=86_400)


class CreateSkillBody(_SkillBody):
    id = IdText()
    name = StrictText(max_length=255)
    description = StrictText(max_length=MAX_DESCRIPTION)
    version = VersionText()


class UpdateSkillBody(_SkillBody):
    id = IdText(required=False)
    name = StrictText(required=False, max_length=255)
    description = StrictText(required=False, max_length=MAX_DESCRIPTION)
    version = VersionText(required=False)


class CreateVersionBody(InputSerializer):
    version = VersionText()
    description = StrictText(required=False, allow_blank=True, max_length=MAX_DESCRIPTION)
    changes = Texts(length=1000)
    content = StrictText(required=False)
    files = Files(required=False, allow_null=True)


class TokenBody(InputSerializer):
    role = StrictText(required=False, allow_null=True, max_length=50)
    username = StrictText(required=False, allow_null=True, max_length=150)
    password = StrictText(required=False, allow_null=True, max_length=1024)
