"""What Kaman reads of skills that are made, changed and used."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.fields import empty

from analytics.events import MAX_REF
from api.inputs import Files, Flag, InputSerializer, StrictText, Texts
from skills.fields import MAX_NAME_LENGTH
from skills.models import Skill

MAX_DESCRIPTION = 10_000
_MISSING = "name and content are required"
# The document's five, and two that a file needs which is no text or has to run.
_FILE_KEYS = ("path", "filename", "content", "size", "sha", "encoding", "executable")


class Choice(StrictText):
    """One of the words; null is the first of them where it may be null."""

    default_error_messages = {"choice": "must be one of: {words}"}

    def __init__(self, words: list[str], **options: Any) -> None:
        self.words = words
        super().__init__(**{"required": False, "allow_blank": True, **options})

    def run_validation(self, data: Any = empty) -> Any:
        if data is None:
            return self.words[0] if self.allow_null else self.fail("choice", words=", ".join(self.words))
        if isinstance(data, str) and data not in self.words:  # DRF lets the empty text through unread
            self.fail("choice", words=", ".join(self.words))
        return super().run_validation(data)


class Identifier(StrictText):
    """A UUID as text."""

    default_error_messages = {"form": "must be a UUID"}

    def to_internal_value(self, data: Any) -> Any:
        try:
            return UUID(super().to_internal_value(data))
        except ValueError:
            self.fail("form")


class Kept(StrictText):
    """A text that a change may replace but not take away."""

    default_error_messages = {"null": "cannot be empty", "blank": "cannot be empty"}


class UpdateBody(InputSerializer):
    """Of several wrong fields the first is answered, so their order is the document's."""

    name = Kept(required=False, max_length=MAX_NAME_LENGTH)
    content = Kept(required=False)
    description = StrictText(required=False, allow_null=True, allow_blank=True, max_length=MAX_DESCRIPTION)
    trigger_keywords = Texts()
    task_types = Texts()
    domains = Texts()
    tools = Texts()
    source_type = Choice(Skill.SourceType.values, allow_null=True)
    source_session_id = StrictText(required=False, allow_null=True, allow_blank=True, max_length=100)
    parent_skill_id = Identifier(required=False, allow_null=True)
    supporting_files = Files(keys=_FILE_KEYS)
    status = Choice(Skill.Status.values)


class CreateBody(UpdateBody):
    """A new skill is active, whatever it says."""

    status = None  # type: ignore[assignment]

    def run_validation(self, data: Any = empty) -> Any:
        """What is missing comes before all that is wrong, in the document's one sentence for both."""
        given = data if isinstance(data, Mapping) else {}
        if any(_is_missing(given.get(name)) for name in ("name", "content")):
            raise serializers.ValidationError({"name": [_MISSING]})
        return super().run_validation(data)


def _is_missing(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


class UsageBody(InputSerializer):
    """`event_id` is the sender's own for this use: sent again it counts no second time."""

    success = Flag(required=False, allow_null=True)
    session_id = StrictText(required=False, allow_null=True, allow_blank=True, max_length=MAX_REF)
    task_id = StrictText(required=False, allow_null=True, allow_blank=True, max_length=MAX_REF)
    event_id = StrictText(required=False, allow_null=True, allow_blank=True, max_length=MAX_REF)
