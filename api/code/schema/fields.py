"""Fields of Claude Code v1 alone. Loaded for its effect."""

from __future__ import annotations

from typing import Any

from api.code.serializers import IdText, QueryFlag, SourceType, VersionText
from api.schema.fields import FlagField, TextField, named_choice
from skills.models import Skill

_NUMBER = r"(0|[1-9][0-9]{0,9})"
# Semantic versions as semver.org writes them.
VERSION = {
    "type": "string",
    "pattern": rf"^{_NUMBER}\.{_NUMBER}\.{_NUMBER}(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$",
    "maxLength": 64,
    "description": "MAJOR.MINOR.PATCH by SemVer 2.0.0.",
    "examples": ["1.0.0"],
}


class VersionField(TextField):
    target_class = VersionText
    priority = 2

    def schema(self, auto_schema: Any) -> dict[str, Any]:
        return dict(VERSION)


class IdField(TextField):
    target_class = IdText
    priority = 2

    def schema(self, auto_schema: Any) -> dict[str, Any]:
        return {"type": "string", "pattern": "^[a-z0-9]([a-z0-9_-]{0,253}[a-z0-9])?$", "examples": ["web-scraper"]}


class SourceTypeField(TextField):
    target_class = SourceType
    priority = 2

    def schema(self, auto_schema: Any) -> dict[str, Any]:
        return named_choice(auto_schema, Skill.OriginType.values)


class QueryFlagField(FlagField):
    target_class = QueryFlag
    priority = 2
