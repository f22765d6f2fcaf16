"""The first layer: can the registry keep this skill, and under which name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from skills.document import DOCUMENT_PATH, Document, first_paragraph, outline
from skills.validation.findings import Finding
from skills.validation.paths import path_problems
from skills.validation.subject import Subject

MAX_DOCUMENT_BYTES: Final = 1024 * 1024
MAX_FILES: Final = 500
MAX_FILE_BYTES: Final = 5 * 1024 * 1024
MAX_TOTAL_BYTES: Final = 10 * 1024 * 1024
MAX_NAME_LENGTH: Final = 255
MAX_DERIVED_DESCRIPTION: Final = 1024

_UNSAFE_YAML: Final = ("anchor", "alias", "tag", "too-deep", "too-large", "duplicate-key")


def check(subject: Subject) -> Iterator[Finding]:
    if not subject.document_path:
        yield Finding(
            "importable.document-missing", "error", "structure", "The folder has no SKILL.md", "Add a file SKILL.md"
        )
    elif subject.undecodable is not None:
        yield _undecodable(subject, subject.undecodable)
    else:
        yield from _text(subject)
        yield from _front_matter(subject)
        yield from _identity(subject)
    if subject.files is not None:
        yield from _files(subject)


def derived_name(document: Document, folder_name: str | None) -> str:
    """The name to keep a skill under: its own, else its folder's, else its first heading's; '' if there is none."""
    own = document.front_matter.get("name")
    if isinstance(own, str) and own.strip():
        return " ".join(own.split())
    if folder_name:
        return folder_name
    return next((heading.title for heading in outline(document.body).headings if heading.title), "")


def derived_description(document: Document) -> str:
    """Its own description, else its first paragraph, cut to what the specification allows."""
    own = document.front_matter.get("description")
    if isinstance(own, str) and own.strip():
        return own.strip()
    return first_paragraph(document.body)[:MAX_DERIVED_DESCRIPTION]


def _undecodable(subject: Subject, error: UnicodeDecodeError) -> Finding:
    line = error.object[: error.start].count(b"\n") + 1
    utf16 = error.object[:2] in (b"\xff\xfe", b"\xfe\xff")
    message = f"SKILL.md is not UTF-8 text{' but UTF-16' if utf16 else ''} (byte {error.start})"
    hint = "Save it as UTF-8"
    return Finding("importable.encoding", "error", "structure", message, hint, subject.document_path, line)


def _text(subject: Subject) -> Iterator[Finding]:
    text, path = subject.document.text, subject.document_path
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > MAX_DOCUMENT_BYTES:
        message = f"SKILL.md has {size} bytes; at most {MAX_DOCUMENT_BYTES} can be kept"
        yield Finding(
            "importable.document-size", "error", "structure", message, "Move parts to files it refers to", path
        )
    if not text.strip("\ufeff \t\r\n"):
        yield Finding("importable.empty", "error", "structure", "SKILL.md is empty", "Write the skill", path)
    if (position := text.find("\0")) >= 0:
        line = text.count("\n", 0, position) + 1
        yield Finding("importable.nul", "error", "structure", "SKILL.md holds a NUL", "Remove it", path, line)
    if any("\ud800" <= character <= "\udfff" for character in text):
        message = "SKILL.md holds half of a surrogate pair, which is no character"
        yield Finding("importable.surrogate", "error", "structure", message, "Remove it", path)


def _front_matter(subject: Subject) -> Iterator[Finding]:
    document, path = subject.document, subject.document_path
    if unsafe := document.problem(*_UNSAFE_YAML):
        message = f"The front matter is refused: {unsafe.message}"
        hint = "Write each field once, as plain values without YAML anchors, aliases and tags"
        yield Finding("importable.front-matter-unsafe", "error", "frontmatter", message, hint, path, unsafe.line)
    for problem in document.problems:
        if problem.code == "repaired":
            message = f"The field {problem.message}"
            hint = f"Put the value of '{problem.key}' in double quotes"
            yield Finding("importable.repaired", "warning", "frontmatter", message, hint, path, problem.line)


def _identity(subject: Subject) -> Iterator[Finding]:
    path = subject.document_path
    name = derived_name(subject.document, subject.folder_name)
    if not name:
        message = "The skill has no name: none in the front matter, no folder name, no heading"
        yield Finding("importable.name-missing", "error", "naming", message, "Add a 'name' to the front matter", path)
    elif len(name) > MAX_NAME_LENGTH:
        message = f"The name has {len(name)} characters; at most {MAX_NAME_LENGTH} can be kept"
        line = subject.line_of("name")
        yield Finding("importable.name-length", "error", "naming", message, "Shorten the name", path, line)
    elif not subject.front_matter.get("name"):
        message = f"The front matter gives no name; '{name}' is used"
        yield Finding("importable.name-derived", "info", "naming", message, "Add a 'name' to the front matter", path)


def _files(subject: Subject) -> Iterator[Finding]:
    files = subject.files or {}
    taken = () if subject.document_path else (DOCUMENT_PATH,)
    for path, problem in path_problems(files, taken=taken):
        message = f"The path '{path.encode('unicode_escape').decode()[:300]}' {problem}"
        yield Finding("importable.path", "error", "structure", message, "Rename the file", path)
    if len(files) > MAX_FILES:
        message = f"The folder holds {len(files)} files; at most {MAX_FILES} can be kept"
        yield Finding("importable.file-count", "error", "structure", message, "Split the skill or drop files")
    for path, data in files.items():
        if len(data) > MAX_FILE_BYTES:
            message = f"'{path}' has {len(data)} bytes; at most {MAX_FILE_BYTES} can be kept"
            yield Finding("importable.file-size", "error", "structure", message, "Shrink or remove the file", path)
    total = sum(map(len, files.values()))
    if total > MAX_TOTAL_BYTES:
        message = f"The folder has {total} bytes; at most {MAX_TOTAL_BYTES} can be kept"
        yield Finding("importable.total-size", "error", "structure", message, "Remove large files")
