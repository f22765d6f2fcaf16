"""A skill's supporting files, kept byte for byte: entries of `supporting_files` and the digest of a whole skill."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterable
from pathlib import PurePosixPath
from typing import Any, TypeAlias

from core.errors import Invalid
from core.text import clean_text, sha256_hex
from skills.validation.paths import check_paths

FileEntry: TypeAlias = dict[str, Any]
DOCUMENT_PATH = "SKILL.md"
MAX_FILES = 500
MAX_TOTAL_BYTES = 10 * 1024 * 1024
_SHA = re.compile(r"[0-9A-Za-z:+/=_-]{1,128}")
# What a client may say of a file, and when that can be kept.
_GIVEN: dict[str, Callable[[Any], bool]] = {
    "filename": lambda value: isinstance(value, str) and 0 < len(value) <= 255,
    "size": lambda value: type(value) is int and 0 <= value < 2**53,
    "sha": lambda value: isinstance(value, str) and _SHA.fullmatch(value) is not None,
}


def file_entry(path: str, data: bytes, *, executable: bool = False) -> FileEntry:
    """The stored form of one file. Bytes that are not UTF-8 text, or hold a NUL, are kept as base64."""
    entry: FileEntry = {"path": path, "filename": PurePosixPath(path).name}
    try:
        entry["content"] = data.decode()
    except UnicodeDecodeError:
        entry["content"] = None
    if entry["content"] is None or "\x00" in entry["content"]:
        entry |= {"content": base64.b64encode(data).decode(), "encoding": "base64"}
    entry |= {"size": len(data), "sha": sha256_hex(data)}
    return entry | ({"executable": True} if executable else {})


def file_bytes(entry: FileEntry) -> bytes:
    """The file's bytes as they came; raises Invalid where base64 content is not base64."""
    content = entry.get("content") or ""
    if entry.get("encoding") != "base64":
        return str(content).encode()
    try:
        return base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError):
        raise _invalid(f"The content of '{entry.get('path')}' is not base64") from None


def skill_digest(content: str, files: Iterable[FileEntry]) -> str:
    """SHA-256 over the sorted lines `sha size mode path` of SKILL.md and every file: equal digests, equal folders."""
    lines = [_line(DOCUMENT_PATH, content.encode(), False)]
    lines += [_line(file["path"], file_bytes(file), bool(file.get("executable"))) for file in files]
    return sha256_hex("".join(sorted(lines)))


def _line(path: str, data: bytes, executable: bool) -> str:
    return f"{sha256_hex(data)} {len(data)} {'755' if executable else '644'} {path}\n"


def normalise_files(entries: Iterable[FileEntry]) -> list[FileEntry]:
    """Files as a client sends them, in the stored form: paths checked, sizes and digests computed where not given.

    A `size` and a `sha` that are given are the client's own (git's, for one) and kept; nothing here relies on them.
    Raises Invalid naming the path.
    """
    files = [_normalised(entry) for entry in entries]
    if len(files) > MAX_FILES or sum(len(file_bytes(file)) for file in files) > MAX_TOTAL_BYTES:
        message = f"A skill has at most {MAX_FILES} files of {MAX_TOTAL_BYTES // 1024**2} MiB in all"
        raise Invalid(message, code="too_many_files", fields={"supporting_files": [message]})
    check_paths([file["path"] for file in files])
    return files


def _normalised(entry: FileEntry) -> FileEntry:
    path, content = entry.get("path"), entry.get("content", "")
    if not isinstance(path, str) or not isinstance(content, str):
        raise _invalid("Every supporting file needs a path and a text content")
    clean_text([path, content, entry.get("filename")], "supporting_files")
    encoding = {"encoding": "base64"} if entry.get("encoding") == "base64" else {}
    data = file_bytes({"path": path, "content": content, **encoding})
    stored = file_entry(path, data, executable=entry.get("executable") is True)
    stored |= {"content": content, **encoding}
    for name, is_fit in _GIVEN.items():
        given = entry.get(name)
        if given in (None, ""):
            continue
        if not is_fit(given):
            raise _invalid(f"The {name} of '{path[:300]}' is not valid")
        stored[name] = given
    return stored


def _invalid(message: str) -> Invalid:
    return Invalid(message, code="invalid_file", fields={"supporting_files": [message]})
