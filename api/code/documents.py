"""Skills and versions as Claude Code v1 shows them, and how their ETags follow from what is shown."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from api.rendering import to_json, whole_seconds
from core.text import sha256_hex
from skills.files import DOCUMENT_PATH
from skills.models import Skill, SkillVersion
from skills.versioning import Diff

# The fields of a version as this contract calls them.
_VERSION_FIELDS = {"skill_name": "name", "skill_description": "skill_description"}


def summary_document(skill: Skill) -> dict[str, Any]:
    return {
        "id": skill.slug,
        "name": skill.name,
        "description": skill.description or "",
        "version": skill.semver,
        "author": skill.code_author,
        "enabled": skill.status == Skill.Status.ACTIVE,
        "created_at": whole_seconds(skill.created_at),
        "updated_at": whole_seconds(skill.updated_at),
    }


def skill_document(skill: Skill) -> dict[str, Any]:
    """The 18 keys of the document. `skill_file` is where a client would keep it, no path of this server."""
    return summary_document(skill) | {
        "tags": skill.tags,
        "capabilities": skill.capabilities,
        "skill_file": f"{settings.SKILLS_HOME}/{skill.slug}/{DOCUMENT_PATH}",
        "source_url": skill.source_url,
        "source_type": skill.origin_type,
        "source_branch": skill.source_branch,
        "editable": skill.editable,
        "execution_environment": skill.execution_environment,
        "dependencies": skill.dependencies,
        "timeout": skill.timeout,
    }


def skill_etag(skill: Skill) -> str:
    """The digest of all that the skill says: what is shown of it, its content and its files."""
    return f'"{sha256_hex(to_json([skill_document(skill), skill.content_sha256]))}"'


def version_summary(skill: Skill, version: SkillVersion) -> dict[str, Any]:
    return {
        "skill_id": skill.slug,
        "version": version.version,
        "description": version.description,
        "created_at": whole_seconds(version.created_at),
    }


def version_document(skill: Skill, version: SkillVersion) -> dict[str, Any]:
    return version_summary(skill, version) | {"changes": version.changes}


def version_etag(version: SkillVersion) -> str:
    return f'"{version.content_sha256}"'


def diff_document(skill: Skill, old: SkillVersion, new: SkillVersion, diff: Diff) -> dict[str, Any]:
    return {
        "skill_id": skill.slug,
        "from": old.version,
        "to": new.version,
        "content": diff.content,
        "files": [{"path": path, "change": change} for path, change in diff.files],
        "fields": [
            {"field": _VERSION_FIELDS.get(name, name), "from": before, "to": after}
            for name, before, after in diff.fields
        ],
    }
