"""Two versions of a skill side by side: the text word by word, the files, and what else changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.db.models import Q
from unfold.widgets import UnfoldAdminSelectWidget

from skills.differences import Piece, compare_texts
from skills.files import FileEntry
from skills.models import Skill, SkillVersion
from skills.versioning import changed_fields, changed_files

# Of all changed files together; the rest are named.
MAX_CHARACTERS: Final = 200_000
_LABELS: Final = {
    "skill_name": "Name",
    "skill_description": "Description",
    "description": "Note",
    "changes": "Changes",
}


@dataclass(frozen=True)
class FileChange:
    """One file that is not the same: `word` is added, removed or changed; `pieces` only of texts there was room for."""

    path: str
    word: str
    pieces: list[Piece]


@dataclass(frozen=True)
class Comparison:
    """From `old` to `new`; `fields` are (label, before, after)."""

    old: SkillVersion
    new: SkillVersion
    pieces: list[Piece]
    files: list[FileChange]
    fields: list[tuple[str, Any, Any]]

    @property
    def both(self) -> tuple[SkillVersion, SkillVersion]:
        return self.old, self.new

    @property
    def is_empty(self) -> bool:
        return not (self.pieces or self.files or self.fields)


def compare_versions(old: SkillVersion, new: SkillVersion) -> Comparison:
    return Comparison(
        old,
        new,
        compare_texts(old.content, new.content),
        _compare_files(old.files, new.files),
        [(_LABELS[name], _as_text(before), _as_text(after)) for name, before, after in changed_fields(old, new)],
    )


def _as_text(value: Any) -> str:
    return "; ".join(map(str, value)) if isinstance(value, list) else str(value or "")


def _compare_files(old: list[FileEntry], new: list[FileEntry]) -> list[FileChange]:
    before, after = ({file["path"]: file for file in files} for files in (old, new))
    left, changes = MAX_CHARACTERS, []
    for path, word in changed_files(old, new):
        texts = [_text_of(files.get(path)) for files in (before, after)]
        left -= sum(len(text or "") for text in texts)
        readable = None not in texts and left >= 0
        changes.append(FileChange(path, word, compare_texts(*map(str, texts)) if readable else []))
    return changes


def _text_of(file: FileEntry | None) -> str | None:
    """None of bytes; an empty text where there is no file."""
    if file is None:
        return ""
    return None if file.get("encoding") == "base64" else str(file["content"])


class CompareForm(forms.Form):
    """Which two versions; without a choice the one before the current and the current one."""

    before = forms.ChoiceField(label="From", widget=UnfoldAdminSelectWidget())
    after = forms.ChoiceField(label="To", widget=UnfoldAdminSelectWidget())

    def __init__(self, skill: Skill, given: Any) -> None:
        known = list(skill.versions.values_list("version", "deleted_at"))
        numbers = [number for number, _ in known]
        others = [number for number, deleted_at in known if number != skill.semver and not deleted_at]
        chosen = {"after": skill.semver, "before": next(iter(others), skill.semver)}
        chosen |= {name: given[name] for name in ("before", "after") if name in given}
        super().__init__(chosen)
        choices = [(number, _label(number, deleted_at, skill)) for number, deleted_at in known]
        for name in ("before", "after"):
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        self.skill, self.is_alone = skill, len(numbers) < 2

    def compared(self) -> Comparison | None:
        """None where a number is no version of the skill; the field then says so."""
        if not self.is_valid():
            return None
        rows = {row.version: row for row in self.skill.versions.filter(version__in=self.cleaned_data.values())}
        return compare_versions(rows[self.cleaned_data["before"]], rows[self.cleaned_data["after"]])


def _label(number: str, deleted_at: Any, skill: Skill) -> str:
    if deleted_at:
        return f"{number} (deleted)"
    return f"{number} (current)" if number == skill.semver else number


def version_before(version: SkillVersion) -> SkillVersion | None:
    """The version that was cut last before this one, of those that are not deleted."""
    earlier = Q(created_at__lt=version.created_at) | Q(created_at=version.created_at, sort_key__lt=version.sort_key)
    return version.skill.versions.filter(earlier, deleted_at=None).first()
