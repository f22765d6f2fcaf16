"""The real folders: how much is flagged, so that a stricter rule shows what it costs."""

from __future__ import annotations

import tarfile
from collections import Counter, defaultdict
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from skills.checks import check_document
from skills.files import file_entry

FOLDERS = Path(__file__).parents[4] / "shared" / "data" / "skill-folders.tar.gz"


def folders() -> dict[PurePosixPath, list[dict[str, Any]]]:
    """The files of each folder that holds a SKILL.md, which is the first of them."""
    with tarfile.open(FOLDERS) as archive:
        read = {
            PurePosixPath(member.name): (source.read(), bool(member.mode & 0o100))
            for member in archive
            if member.isfile() and (source := archive.extractfile(member))
        }
    roots = {path.parent for path in read if path.name == "SKILL.md"}
    found: dict[PurePosixPath, list[dict[str, Any]]] = defaultdict(list)
    for path, (data, executable) in sorted(read.items(), key=lambda item: item[0].name != "SKILL.md"):
        root = next((parent for parent in path.parents if parent in roots), None)
        if root:
            found[root].append(file_entry(str(path.relative_to(root)), data, executable=executable))
    return found


def test_few_real_skills_are_flagged() -> None:
    if not FOLDERS.exists():
        pytest.skip("the shared corpus ../shared/data/skill-folders.tar.gz is not on this machine")
    flagged: Counter[str] = Counter()
    skills = folders()
    for document, *files in skills.values():
        flagged.update({finding.severity for finding in check_document(document["content"], files)})
    shares = {severity: flagged[severity] / len(skills) for severity in ("high", "medium", "low")}
    assert len(skills) > 600
    assert shares["high"] < 0.02, shares
    assert shares["medium"] < 0.05, shares
    assert shares["low"] < 0.10, shares
