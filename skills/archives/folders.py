"""Members gathered into skill folders."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from skills.archives.limits import Limits
from skills.archives.members import Member, Members
from skills.document import DOCUMENT_PATH


class SkillFile(NamedTuple):
    path: str
    data: bytes
    executable: bool = False


@dataclass(frozen=True, slots=True)
class SkillFolder:
    """One skill as its source has it. `source_path` names it within the source, the same at every reading.

    `folder_name` is None where the source has no name for it. `problems` say why it cannot be taken; `details` are
    other values that the source gives along.
    """

    source_path: str
    folder_name: str | None
    files: tuple[SkillFile, ...] = ()
    problems: tuple[str, ...] = ()
    details: Mapping[str, Any] = field(default_factory=dict)


class SkillSource(ABC):
    """A source already found to be sound. `len()` is the number of skills; it may be iterated more than once."""

    @abstractmethod
    def __len__(self) -> int: ...

    @abstractmethod
    def __iter__(self) -> Iterator[SkillFolder]: ...


class TreeSource(SkillSource):
    """Skills of anything with paths. Only the skills being read are held in memory."""

    def __init__(self, members: Members, limits: Limits) -> None:
        self._members = members
        self._limits = limits
        names = [member.name for member in members.checked()]
        self._roots = _outermost(_parent(name) for name in names if _is_document(name))
        self._file_counts = Counter(root for name in names if (root := self._root_of(name)) is not None)

    def __len__(self) -> int:
        return len(self._roots)

    def __iter__(self) -> Iterator[SkillFolder]:
        gathered: dict[str, list[tuple[SkillFile | None, str]]] = {}
        for member in self._members:
            root = self._root_of(member.name)
            if root is None:
                continue
            parts = gathered.setdefault(root, [])
            parts.append(self._read(member, member.name[len(root) :].lstrip("/")))
            if len(parts) == self._file_counts[root]:
                del gathered[root]
                yield self._folder(root, parts)

    def _read(self, member: Member, path: str) -> tuple[SkillFile | None, str]:
        if member.kind != "file":
            return None, f"'{path}' is a {'link' if member.kind == 'link' else 'special file'}"
        data = member.read(self._limits.member_bytes + 1)
        if len(data) > self._limits.member_bytes:
            return None, f"'{path}' has more than {self._limits.member_bytes} bytes"
        return SkillFile(path, data, member.executable), ""

    def _folder(self, root: str, parts: list[tuple[SkillFile | None, str]]) -> SkillFolder:
        base = self._members.root_name
        return SkillFolder(
            source_path="/".join(part for part in (base, root) if part) or ".",
            folder_name=root.rpartition("/")[2] or base,
            files=tuple(sorted(file for file, _ in parts if file)),
            problems=tuple(problem for _, problem in parts if problem),
        )

    def _root_of(self, name: str) -> str | None:
        parts = name.split("/")
        candidates = ("/".join(parts[:depth]) for depth in range(len(parts)))
        return next((folder for folder in candidates if folder in self._roots), None)


def _is_document(name: str) -> bool:
    return name.rpartition("/")[2].lower() == DOCUMENT_PATH.lower()


def _parent(name: str) -> str:
    return name.rpartition("/")[0]


def _outermost(folders: Iterator[str]) -> frozenset[str]:
    every = frozenset(folders)
    return frozenset(folder for folder in every if not _has_ancestor(folder, every))


def _has_ancestor(folder: str, folders: frozenset[str]) -> bool:
    parts = folder.split("/")
    return bool(folder) and any("/".join(parts[:depth]) in folders for depth in range(len(parts)))
