"""What Kaman answers, key for key."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import Field, RootModel

from api.schema.operations import Shown, sometimes


class SkillStatus(StrEnum):
    """Deprecated skills are kept and found by their id, but not searched."""

    ACTIVE = "active"
    DEPRECATED = "deprecated"


class SourceType(StrEnum):
    """How a skill came to be."""

    MANUAL = "manual"
    AUTO_GENERATED = "auto_generated"
    MARKETPLACE = "marketplace"


class SupportingFile(Shown):
    """A file beside SKILL.md."""

    path: str
    """Relative to the skill's folder."""
    filename: str
    content: str
    """The text, or base64 where `encoding` says so."""
    size: int
    """In bytes, as the sender said it or as it was counted."""
    sha: str
    """The sender's digest, or the SHA-256 of the bytes."""
    encoding: str = sometimes()
    """`base64` for what is no UTF-8 text; absent otherwise."""
    executable: bool = sometimes()
    """True for programs; absent otherwise."""


class Skill(Shown):
    """A skill with everything that is stored of it."""

    id: UUID
    client_id: str
    """The tenant whose skill it is; `system` for the skills that all tenants share."""
    name: str
    slug: str
    """Made from the name; the same for all versions."""
    description: str | None
    version: int
    """Counts the changes, from 1."""
    content: str
    """The text of SKILL.md."""
    content_tokens: int | None
    """About how many tokens the content takes."""
    trigger_keywords: list[str]
    """Words that make agents think of this skill."""
    task_types: list[str]
    domains: list[str]
    tools: list[str]
    source_type: SourceType
    source_session_id: str | None
    """The conversation it was made in."""
    parent_skill_id: UUID | None
    """The skill it was derived from."""
    usage_count: int
    success_count: int
    failure_count: int
    status: SkillStatus
    created_at: datetime
    updated_at: datetime
    last_used_at: datetime | None
    supporting_files: list[SupportingFile]
    marketplace_plugin_id: int | None
    is_marketplace: bool
    """Installed from the marketplace."""
    is_published: bool
    """On offer to other tenants."""
    author: str | None


class FoundSkill(Skill):
    """A skill that a search found."""

    similarity: float = Field(ge=-1, le=1)
    """How near its trigger text is to the query; the best come first."""


class FoundSkills(RootModel[list[FoundSkill]]):
    """What a search found, the best first."""


class SkillPage(Shown):
    """Some of the skills, the newest first."""

    skills: list[Skill]
    totalCount: int
    """How many there are beyond this page."""


class Offer(Shown):
    """A skill of the marketplace, without its content."""

    skillId: UUID
    name: str
    description: str | None
    domains: list[str]
    trigger_keywords: list[str]
    content_tokens: int | None
    author: str | None
    sourceClientId: str
    """The tenant that offers it."""
    pluginId: int | None
    similarity: float = Field(ge=-1, le=1)


class Offers(RootModel[list[Offer]]):
    """What a search of the marketplace found, the best first."""


class Update(Shown):
    """How an installed skill stands to its source."""

    skillId: UUID
    """The copy here."""
    name: str
    sourceSkillId: UUID
    sourceClientId: str
    installedVersion: str
    installedSha256: str
    availableVersion: str | None
    """Null where the source is not on offer any more."""
    availableSha256: str | None
    updateAvailable: bool
    changedLocally: bool
    """Whether the copy was changed here, so that a pull would undo that."""


class UpdateList(Shown):
    """The installed skills whose source says something newer."""

    updates: list[Update]
    totalCount: int


class SkillMessage(Shown):
    """What was done to which skill."""

    message: str
    skillId: UUID


class Message(Shown):
    """What was done."""

    message: str


class Error(Shown):
    """Every error of this contract: one sentence."""

    error: str
