"""The rules of a skill's single fields: what a caller may set, and how it is stored."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from core.errors import Invalid
from core.text import clean_text
from skills.files import FileEntry, normalise_files
from skills.models import Skill

MAX_CONTENT_BYTES = 1024 * 1024
MAX_NAME_LENGTH = 255
MAX_WORDS = 100
MAX_WORD_LENGTH = 200
_WORD_LISTS = ("trigger_keywords", "task_types", "domains", "tools", "tags", "capabilities")
# Fields that a caller may set as they are; all others have rules of their own below.
_PLAIN = (
    "author", "category", "code_author", "dependencies", "editable", "execution_environment", "is_marketplace",
    "marketplace_plugin_id", "metadata", "origin_type", "parent_skill", "source_branch", "source_session_id",
    "source_type", "source_url", "timeout",
)  # fmt: skip


def clean(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields as they will be stored; raises Invalid at the first that breaks its rule."""
    unknown = fields.keys() - _RULES.keys()
    if unknown:
        raise TypeError(f"a skill has no field {sorted(unknown)}")
    return {name: _RULES[name](name, value) for name, value in fields.items()}


def _invalid(name: str, message: str) -> Invalid:
    return Invalid(message, code=f"invalid_{name}", fields={name: [message]})


def _plain(name: str, value: Any) -> Any:
    return clean_text(value, name) if isinstance(value, (str, list, dict)) else value


def _name(name: str, value: str) -> str:
    value = clean_text(value, name).strip()
    if not value:
        raise _invalid(name, "name cannot be empty")
    if len(value) > MAX_NAME_LENGTH:
        raise _invalid(name, f"name must be at most {MAX_NAME_LENGTH} characters")
    return str(value)


def _content(name: str, value: str) -> str:
    if not clean_text(value, name).strip():
        raise _invalid(name, "content cannot be empty")
    if len(value.encode()) > MAX_CONTENT_BYTES:
        raise _invalid(name, f"content must be at most {MAX_CONTENT_BYTES // 1024} KiB; move parts into files")
    return value


def _words(name: str, value: Iterable[Any] | None) -> list[str]:
    words = list(value or [])
    if len(words) > MAX_WORDS or any(not isinstance(word, str) or len(word) > MAX_WORD_LENGTH for word in words):
        raise _invalid(name, f"{name} must be at most {MAX_WORDS} texts of at most {MAX_WORD_LENGTH} characters each")
    clean_text(words, name)
    return words


def _status(name: str, value: str) -> str:
    if value not in Skill.Status.values:
        raise _invalid(name, "status must be one of: active, deprecated")
    return value


def _files(name: str, value: Iterable[FileEntry] | None) -> list[FileEntry]:
    return normalise_files(value or [])


_RULES: dict[str, Callable[[str, Any], Any]] = {
    "name": _name,
    "content": _content,
    "status": _status,
    "supporting_files": _files,
    "description": _plain,
    **dict.fromkeys(_WORD_LISTS, _words),
    **dict.fromkeys(_PLAIN, _plain),
}
