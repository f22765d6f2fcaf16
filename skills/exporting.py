"""Writing skills back as folders, every byte and executable bit as it came."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.errors import Conflict
from skills.archives import SkillFile
from skills.document import DOCUMENT_PATH
from skills.files import file_bytes
from skills.importing import METADATA_KEY
from skills.models import Skill
from skills.validation import path_problem

_EXECUTABLE = 0o755
_PLAIN = 0o644


@dataclass(frozen=True, slots=True)
class ExportReport:
    skills: int
    files: int
    bytes: int


def folder_files(skill: Skill) -> list[SkillFile]:
    """SKILL.md, as it was spelled where it came from, and the files beside it."""
    origin = _origin(skill)
    path = str(origin.get("document", DOCUMENT_PATH))
    if path.lower() != DOCUMENT_PATH.lower():
        path = DOCUMENT_PATH
    document = SkillFile(path, skill.content.encode(), origin.get("executable") is True)
    beside = [
        SkillFile(file["path"], file_bytes(file), file.get("executable") is True) for file in skill.supporting_files
    ]
    return [document, *beside]


def export_skills(
    *,
    client_id: str,
    target: Path,
    on_start: Callable[[int], None] = lambda total: None,
    on_skill: Callable[[Skill], None] = lambda skill: None,
) -> ExportReport:
    """Writes the tenant's own active skills below `target`, imported ones under the folder they came from.

    Raises Conflict where `target` already holds something, OSError where it cannot be written.
    """
    target.mkdir(parents=True, exist_ok=True)
    if any(target.iterdir()):
        raise Conflict(f"{target} is not empty", code="target_not_empty")
    rows = Skill.objects.filter(client_id=client_id).active().heads().order_by("created_at", "pk")
    on_start(rows.count())
    folders = _Folders()
    skills = files = size = 0
    for skill in rows.defer("trigger_embedding").iterator(chunk_size=64):
        folder = folders.folder_of(skill)
        for file in folder_files(skill):
            _write(target / folder / file.path, file)
            files += 1
            size += len(file.data)
        skills += 1
        on_skill(skill)
    return ExportReport(skills, files, size)


def _origin(skill: Skill) -> dict[str, Any]:
    origin = skill.metadata.get(METADATA_KEY)
    return origin if isinstance(origin, dict) else {}


class _Folders:
    """Hands out folders, none of which is another's or lies in another."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._above: set[str] = set()

    def folder_of(self, skill: Skill) -> str:
        """The folder it came from, unless that is unsafe or not free; then its address."""
        for folder in (str(_origin(skill).get("source", "")), skill.slug, str(skill.pk)):
            parts = folder.casefold().split("/")
            paths = ["/".join(parts[:depth]) for depth in range(1, len(parts) + 1)]
            if path_problem(folder) or paths[-1] in self._above or not self._taken.isdisjoint(paths):
                continue
            self._taken.add(paths[-1])
            self._above.update(paths)
            return folder
        raise Conflict(f"There is no free folder for the skill '{skill.slug}'", code="no_free_folder")


def _write(path: Path, file: SkillFile) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as stream:
        stream.write(file.data)
    path.chmod(_EXECUTABLE if file.executable else _PLAIN)
