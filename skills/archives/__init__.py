"""Skill folders out of a folder tree, a .zip, a .tar(.gz) or a .jsonl(.gz), with nothing trusted and nothing written.

A whole source is surveyed before its first skill is handed out: one that escapes, lies or swells is refused entirely
(`core.errors.Invalid`, codes `archive_*`). What is wrong with a single skill is told in its `problems`.

**Which folder is a skill.** Every folder with a SKILL.md (in any spelling) is, unless it lies inside another one: then
it belongs to the outer skill, whose text refers to it by relative path, and which would be torn apart otherwise. Real
collections do this on purpose: one with 656 SKILL.md files holds 637 skills, five of them hubs with up to eight
sub-skills in folders below. Files outside every skill (a licence, a README) are left out.
"""

from __future__ import annotations

import io
import stat
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from skills.archives.folders import SkillFile, SkillFolder, SkillSource, TreeSource
from skills.archives.limits import REGISTRY_LIMITS, UPLOAD_LIMITS, CountingReader, Limits, refused
from skills.archives.members import Members, TarMembers, TreeMembers, ZipMembers
from skills.archives.records import RecordSource

__all__ = ["REGISTRY_LIMITS", "UPLOAD_LIMITS", "Limits", "SkillFile", "SkillFolder", "SkillSource", "read_skills"]

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_GZIP = b"\x1f\x8b"
_TAR = slice(257, 262)
_HEAD = 512


def read_skills(source: Path | bytes, limits: Limits = REGISTRY_LIMITS) -> SkillSource:
    """The skills of a folder or file, told apart by content and not by name. `len()` of the answer is their number.

    Iterating yields each SkillFolder as soon as its last file is read. Raises Invalid, and OSError
    where the path cannot be read.
    """
    if isinstance(source, Path) and source.is_dir():
        return TreeSource(TreeMembers(source, limits), limits)
    if isinstance(source, Path) and not stat.S_ISREG(source.stat().st_mode):
        raise refused("format", f"{source} is neither a file nor a folder")
    size = source.stat().st_size if isinstance(source, Path) else len(source)
    if size > limits.compressed_bytes:
        raise refused("too_large", f"The file has {size} bytes; at most {limits.compressed_bytes} are read")

    def opened() -> BinaryIO:
        return source.open("rb") if isinstance(source, Path) else io.BytesIO(source)

    with opened() as file:
        head = file.read(_HEAD)
    gzipped = head.startswith(_GZIP)
    if gzipped:
        with CountingReader(opened(), gzipped=True, limits=limits, size=size) as unpacked:
            head = unpacked.read(_HEAD)
    if head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{"):
        return RecordSource(lambda: CountingReader(opened(), gzipped=gzipped, limits=limits, size=size), limits)
    return TreeSource(_members(head, opened, gzipped=gzipped, limits=limits, size=size), limits)


def _members(head: bytes, opened: Callable[[], BinaryIO], *, gzipped: bool, limits: Limits, size: int) -> Members:
    is_tar = head[_TAR] == b"ustar"
    is_zip = head.startswith(_ZIP) and not gzipped
    if is_tar and (is_zip or (not gzipped and ZipMembers.ends_as_zip(opened))):
        raise refused("polyglot", "The file is a tar and a zip archive at once")
    if is_zip:
        return ZipMembers(opened, limits=limits, size=size)
    if is_tar:
        return TarMembers(lambda: CountingReader(opened(), gzipped=gzipped, limits=limits, size=size), limits)
    raise refused("format", "The file is no .zip, .tar, .tar.gz, .jsonl or .jsonl.gz")
