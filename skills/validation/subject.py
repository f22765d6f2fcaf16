"""What the rules look at: one skill, read once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from skills.document import DOCUMENT_PATH, Document, Outline, outline, parse


@dataclass(frozen=True)
class Subject:
    """A skill under examination. `files` is None for a SKILL.md alone; `document_path` is '' where there is none."""

    document: Document
    document_path: str
    folder_name: str | None = None
    skill_id: str | None = None
    files: Mapping[str, bytes] | None = None
    undecodable: UnicodeDecodeError | None = field(default=None, compare=False)

    @classmethod
    def of_text(cls, text: str, folder_name: str | None, skill_id: str | None) -> Subject:
        return cls(parse(text), DOCUMENT_PATH, folder_name, skill_id)

    @classmethod
    def of_folder(cls, files: Mapping[str, bytes], folder_name: str | None, skill_id: str | None) -> Subject:
        path = find_document(files) or ""
        text, undecodable = "", None
        try:
            text = files[path].decode() if path else ""
        except UnicodeDecodeError as error:
            undecodable = error
        return cls(parse(text), path, folder_name, skill_id, files, undecodable)

    @property
    def is_readable(self) -> bool:
        return bool(self.document_path) and self.undecodable is None

    @property
    def front_matter(self) -> dict[str, Any]:
        return self.document.front_matter

    @cached_property
    def outline(self) -> Outline:
        return outline(self.document.body, self.document.body_line)

    def line_of(self, key: str) -> int | None:
        return self.document.key_lines.get(key)


def find_document(paths: Mapping[str, Any]) -> str | None:
    """The path of SKILL.md at the top of a folder; any spelling counts (`skill.md`), the exact one first."""
    if DOCUMENT_PATH in paths:
        return DOCUMENT_PATH
    return next((path for path in sorted(paths) if path.lower() == DOCUMENT_PATH.lower()), None)
