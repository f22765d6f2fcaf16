"""What Claude Code v1 answers, key for key."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Literal

from pydantic import Field

from api.schema.operations import Shown, sometimes


class SourceType(StrEnum):
    """Where a skill came from."""

    GIT = "git"
    LOCAL = "local"
    HTTP = "http"
    ZIP = "zip"


class Role(StrEnum):
    """Readers read; managers and admins change too."""

    USER = "user"
    MANAGER = "manager"
    ADMIN = "admin"


class Scope(StrEnum):
    """What a credential is good for."""

    READ = "read"
    WRITE = "write"
    PUBLISH = "publish"


class ErrorCode(StrEnum):
    """What went wrong, for programs."""

    VALIDATION_ERROR = "VALIDATION_ERROR"
    UNAUTHORIZED = "UNAUTHORIZED"
    FORBIDDEN = "FORBIDDEN"
    NOT_FOUND = "NOT_FOUND"
    SKILL_NOT_FOUND = "SKILL_NOT_FOUND"
    METHOD_NOT_ALLOWED = "METHOD_NOT_ALLOWED"
    CONFLICT = "CONFLICT"
    PRECONDITION_FAILED = "PRECONDITION_FAILED"
    PAYLOAD_TOO_LARGE = "PAYLOAD_TOO_LARGE"
    UNSUPPORTED_MEDIA_TYPE = "UNSUPPORTED_MEDIA_TYPE"
    RATE_LIMITED = "RATE_LIMITED"
    SERVICE_UNAVAILABLE = "SERVICE_UNAVAILABLE"
    INTERNAL_ERROR = "INTERNAL_ERROR"


class File(Shown):
    """A file beside SKILL.md."""

    path: str
    """Relative to the skill's folder."""
    filename: str
    content: str
    """The text, or base64 where `encoding` says so."""
    size: int
    sha: str
    encoding: str = sometimes()
    """`base64` for what is no UTF-8 text; absent otherwise."""
    executable: bool = sometimes()
    """True for programs; absent otherwise."""


class SkillSummary(Shown):
    """A skill in a list."""

    id: str
    """The skill's address; it never changes."""
    name: str
    description: str
    version: str
    """The current version: MAJOR.MINOR.PATCH."""
    author: str | None
    enabled: bool
    created_at: datetime
    updated_at: datetime


class Skill(SkillSummary):
    """A skill."""

    tags: list[str]
    capabilities: list[str]
    skill_file: str
    """Where a client would keep its SKILL.md."""
    source_url: str | None
    source_type: SourceType | None
    source_branch: str | None
    editable: bool
    execution_environment: str | None
    dependencies: list[str]
    timeout: int | None
    """Seconds."""
    content: str = sometimes()
    """The text of SKILL.md; there with `include=content` alone."""
    files: list[File] = sometimes()
    """The files beside it; there with `include=content` alone."""


class VersionSummary(Shown):
    """A version in a list."""

    skill_id: str
    version: str
    description: str | None
    created_at: datetime


class Version(VersionSummary):
    """A version, which never changes."""

    changes: list[str]
    content: str = sometimes()
    """The text of SKILL.md; there with `include=content` alone."""
    files: list[File] = sometimes()
    """The files beside it; there with `include=content` alone."""


class ChangedFile(Shown):
    """A file that differs between two versions."""

    path: str
    change: Literal["added", "removed", "changed"]


class ChangedField(Shown):
    """A field that differs between two versions."""

    field: str
    before: str | list[str] | None = Field(alias="from")
    """The older value."""
    after: str | list[str] | None = Field(alias="to")
    """The newer value."""


class Diff(Shown):
    """What changed from one version to another."""

    skill_id: str
    older: str = Field(alias="from")
    newer: str = Field(alias="to")
    content: str
    """The text's changes as a unified diff; empty where there are none."""
    files: list[ChangedFile]
    fields: list[ChangedField]


class Deleted(Shown):
    """The skill that is gone."""

    id: str
    message: str


class DeletedVersion(Shown):
    """The version that is gone."""

    skill_id: str
    version: str
    message: str


class IssuedToken(Shown):
    """An access token."""

    token: str
    """Sent as `Authorization: Bearer …`."""
    token_type: Literal["Bearer"]
    expires_in: int
    """Seconds."""
    expires_at: datetime
    role: Role


class Credential(Shown):
    """What the caller's credential is worth now."""

    valid: Literal[True]
    user: str
    role: Role
    scopes: list[Scope]
    client_id: str
    """The tenant."""
    expires_at: datetime | None
    """Null for API keys."""


class Revoked(Shown):
    """The token is worth nothing any more."""

    revoked: Literal[True]


class Pagination(Shown):
    """Where the page lies."""

    total: int
    limit: int
    """The limit in effect, at most 100."""
    offset: int


class _Success(Shown):
    success: Literal[True]


class SkillAnswer(_Success):
    """A skill in its envelope."""

    data: Skill


class SkillsAnswer(_Success):
    """A page of skills."""

    data: list[SkillSummary]
    pagination: Pagination


class VersionAnswer(_Success):
    """A version in its envelope."""

    data: Version


class VersionsAnswer(_Success):
    """A page of versions, the newest first."""

    data: list[VersionSummary]
    pagination: Pagination


class DiffAnswer(_Success):
    """A difference in its envelope."""

    data: Diff


class DeletedAnswer(_Success):
    """A deletion in its envelope."""

    data: Deleted


class DeletedVersionAnswer(_Success):
    """A deletion in its envelope."""

    data: DeletedVersion


class TokenAnswer(_Success):
    """A token in its envelope."""

    data: IssuedToken


class CredentialAnswer(_Success):
    """A credential in its envelope."""

    data: Credential


class RevokedAnswer(_Success):
    """A revocation in its envelope."""

    data: Revoked


class ErrorDetail(Shown):
    """One wrong field."""

    field: str
    message: str


class Problem(Shown):
    """What went wrong."""

    code: ErrorCode
    message: str
    details: list[ErrorDetail] = sometimes()
    """One entry for each wrong field; absent where none is."""


class ErrorAnswer(Shown):
    """Every error of this contract."""

    success: Literal[False]
    error: Problem
