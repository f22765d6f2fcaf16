"""Reads a change of a skill: Fleet's two keys, content and metadata, in the words of `skills.services.update_skill`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from skills import document
from skills.importing import METADATA_KEY
from skills.models import Skill

# Metadata that columns answer, and those that no client sets.
_COLUMNS = {"author": "code_author", "dependencies": "dependencies", "capabilities": "capabilities"}
_READ_ONLY = ("created_at", METADATA_KEY)


def changes_of(skill: Skill, body: Mapping[str, Any]) -> dict[str, Any]:
    """What changes. Metadata are merged into what is there. A version that is the present one says nothing, for clients
    send back the metadata they read."""
    changes = _content(body["content"]) if "content" in body else {}
    metadata = {name: value for name, value in body.get("metadata", {}).items() if name not in _READ_ONLY}
    version = metadata.pop("version", skill.semver)
    if version != skill.semver:
        changes["semver"] = version
    changes |= {column: metadata.pop(name) for name, column in _COLUMNS.items() if name in metadata}
    if metadata:
        changes["metadata"] = {**skill.metadata, **metadata}
    return changes


def _content(content: str) -> dict[str, Any]:
    """Front matter brings the description along."""
    description = document.parse(content).front_matter.get("description")
    has_one = isinstance(description, str) and description.strip()
    return {"content": content} | ({"description": description} if has_one else {})
