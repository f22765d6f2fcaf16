"""What Claude Code v1 reads: the documented fields, and `content`, `files` and a few more as extensions."""

from __future__ import annotations

import re
from typing import Any

from api.inputs import Files, Flag, InputSerializer, StrictText, Texts, WholeNumber
from core import versions
from skills.models import Skill

MAX_PAGE = 100
MAX_OFFSET = 10**9
MAX_DESCRIPTION = 10_000
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


class QueryFlag(Flag):
    """In a query: true, false, 1 or 0, in any case."""

    def to_internal_value(self, data: Any) -> bool:
        return super().to_internal_value(_FLAGS.get(data.lower()) if isinstance(data, str) else data)


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
    limit = Bounded(minimum=1, clamp=MAX_PAGE, default=10, help_text=f"Above {MAX_PAGE} it counts as {MAX_PAGE}.")
    offset = Bounded(minimum=0, clamp=MAX_OFFSET, default=0, help_text="How many to leave out first.")


class SkillQuery(InputSerializer):
    enabled = QueryFlag(required=False, help_text="Only those that are enabled, or only those that are not.")


class SkillPageQuery(Page, SkillQuery):
    """All that a list of skills can be asked for."""


class Include(InputSerializer):
    """`include=content` adds the extensions `content` and `files` to one skill or version."""

    include = StrictText(required=False, allow_blank=True, help_text="`content` adds the text and the files.")


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
    files = Files(keys=_FILE_KEYS)
    execution_environment = optional(255)
    dependencies = Texts()
    timeout = WholeNumber(required=False, allow_null=True, minimum=1, maximum=86_400)


class CreateSkillBody(_SkillBody):
    """A new skill with its first version."""

    id = IdText()
    name = StrictText(max_length=255)
    description = StrictText(max_length=MAX_DESCRIPTION)
    version = VersionText()


class UpdateSkillBody(_SkillBody):
    """What changes; what is not named stays."""

    id = IdText(required=False)
    name = StrictText(required=False, max_length=255)
    description = StrictText(required=False, max_length=MAX_DESCRIPTION)
    version = VersionText(required=False)


class CreateVersionBody(InputSerializer):
    """A new version; what is not named is the skill's."""

    version = VersionText()
    description = StrictText(required=False, allow_blank=True, max_length=MAX_DESCRIPTION)
    changes = Texts(length=1000)
    content = StrictText(required=False)
    files = Files(keys=_FILE_KEYS)


class TokenBody(InputSerializer):
    """Who wants a token, and for which role at most; an API key is sent as the credential instead."""

    role = StrictText(required=False, allow_null=True, max_length=50)
    username = StrictText(required=False, allow_null=True, max_length=150)
    password = StrictText(required=False, allow_null=True, max_length=1024)
