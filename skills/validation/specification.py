"""The second layer: the Agent Skills specification, field by field, plus what strict clients make of valid YAML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import Any, Final

from skills.document import DOCUMENT_PATH, FENCE
from skills.front_matter import FIELD_ORDER
from skills.validation.findings import Finding
from skills.validation.subject import Subject

MAX_NAME_LENGTH: Final = 64
MAX_DESCRIPTION_LENGTH: Final = 1024
MAX_COMPATIBILITY_LENGTH: Final = 500

_QUOTE_HINT: Final = "Put the value in double quotes if it holds a colon, a # or a leading sign"
_frontmatter = partial(Finding, check="frontmatter", severity="error")
_naming = partial(Finding, check="naming", severity="error")


def check(subject: Subject) -> Iterator[Finding]:
    if subject.document_path != DOCUMENT_PATH:
        message = f"The file is called '{subject.document_path}', not SKILL.md"
        hint = "Rename it: clients on case-sensitive systems miss it"
        yield Finding("spec.file-name", "warning", "structure", message, hint, subject.document_path)
    yield from _fences(subject)
    if not subject.document.has_front_matter:
        return
    yield from _yaml(subject)
    if subject.document.problem("not-a-mapping", "too-large"):
        return
    yield from _name(subject)
    yield from _description(subject)
    yield from _optional_fields(subject)
    yield from _unknown_fields(subject)


def _fences(subject: Subject) -> Iterator[Finding]:
    document, path = subject.document, subject.document_path
    if unclosed := document.problem("unclosed"):
        message = "The front matter is opened but not closed with ---"
        hint = "Put a line of three hyphens after the last field"
        yield _frontmatter(rule="spec.front-matter-unclosed", message=message, hint=hint, path=path, line=unclosed.line)
    elif not document.has_front_matter:
        message = "SKILL.md must start with YAML front matter (---)"
        hint = f"Start it with {FENCE}, 'name: ...', 'description: ...', {FENCE}, each on a line of its own"
        yield _frontmatter(rule="spec.front-matter-missing", message=message, hint=hint, path=path, line=1)
    elif document.preamble:
        what = "A byte order mark stands" if document.has_byte_order_mark else "Blank lines stand"
        message = f"{what} before the front matter, which clients then do not see"
        yield _frontmatter(
            rule="spec.front-matter-start", message=message, hint="Start the file with ---", path=path, line=1
        )


def _yaml(subject: Subject) -> Iterator[Finding]:
    path = subject.document_path
    for problem in subject.document.problems:
        place: dict[str, Any] = {"path": path, "line": problem.line}
        if problem.code == "not-a-mapping":
            message = "The front matter must be a list of 'field: value' lines"
            yield _frontmatter(rule="spec.front-matter-mapping", message=message, hint=_QUOTE_HINT, **place)
        elif problem.code in ("invalid-yaml", "duplicate-key", "anchor", "alias", "tag", "too-deep", "too-large"):
            message = f"The front matter cannot be read: {problem.message}"
            yield _frontmatter(rule="spec.front-matter-yaml", message=message, hint=_QUOTE_HINT, **place)
        elif problem.code == "flow-style":
            message = f"{problem.message}; strict clients read only indented lists and maps"
            hint = "Write one entry a line, indented"
            yield Finding("spec.flow-style", "warning", "frontmatter", message, hint, **place)
        elif problem.code == "not-text":
            hint = "Put the value in double quotes"
            yield Finding("spec.unquoted-value", "warning", "frontmatter", problem.message, hint, **place)


def _name(subject: Subject) -> Iterator[Finding]:
    name, place = subject.front_matter.get("name"), _place(subject, "name")
    if not isinstance(name, str) or not name.strip():
        given = "name" in subject.front_matter
        message = "The name must be a text that is not empty" if given else "The front matter has no name"
        yield _naming(rule="spec.name-missing", message=message, hint="Add 'name: my-skill'", **place)
        return
    if len(name) > MAX_NAME_LENGTH:
        message = f"The name has {len(name)} characters; the specification allows {MAX_NAME_LENGTH}"
        yield _naming(rule="spec.name-length", message=message, hint="Shorten the name", **place)
    if not re.fullmatch(r"[a-z0-9-]+", name):
        message = f"The name '{name[:80]}' may hold only a-z, 0-9 and hyphens"
        yield _naming(
            rule="spec.name-format", message=message, hint="Write it in lower case with hyphens for spaces", **place
        )
    if name.startswith("-") or name.endswith("-") or "--" in name:
        message = f"The name '{name[:80]}' may not start or end with a hyphen or hold two in a row"
        yield _naming(rule="spec.name-hyphens", message=message, hint="Remove the extra hyphens", **place)
    if subject.folder_name is not None and subject.folder_name != name:
        message = f"The folder is called '{subject.folder_name}' but the skill '{name[:80]}'"
        yield _naming(rule="spec.name-directory", message=message, hint="Give both the same name", **place)


def _description(subject: Subject) -> Iterator[Finding]:
    description, place = subject.front_matter.get("description"), _place(subject, "description")
    if not isinstance(description, str) or not description.strip():
        given = "description" in subject.front_matter
        message = "The description must be a text that is not empty" if given else "The front matter has no description"
        hint = "Say what the skill does and when to use it"
        yield _frontmatter(rule="spec.description-missing", message=message, hint=hint, **place)
    elif len(description) > MAX_DESCRIPTION_LENGTH:
        message = (
            f"The description has {len(description)} characters; the specification allows {MAX_DESCRIPTION_LENGTH}"
        )
        hint = "Shorten it; details belong in the body"
        yield _frontmatter(rule="spec.description-length", message=message, hint=hint, **place)


def _optional_fields(subject: Subject) -> Iterator[Finding]:
    fields = subject.front_matter
    for key in ("license", "compatibility"):
        if key in fields and not isinstance(fields[key], str):
            message = f"'{key}' must be a text"
            yield _frontmatter(
                rule=f"spec.{key}-type", message=message, hint="Write it on one line", **_place(subject, key)
            )
    compatibility = fields.get("compatibility")
    if isinstance(compatibility, str) and len(compatibility) > MAX_COMPATIBILITY_LENGTH:
        message = f"'compatibility' has {len(compatibility)} characters; at most {MAX_COMPATIBILITY_LENGTH} are allowed"
        place = _place(subject, "compatibility")
        yield _frontmatter(rule="spec.compatibility-length", message=message, hint="Shorten it", **place)
    if "metadata" in fields:
        yield from _metadata(subject, fields["metadata"])
    if "allowed-tools" in fields:
        yield from _allowed_tools(subject, fields["allowed-tools"])


def _metadata(subject: Subject, metadata: Any) -> Iterator[Finding]:
    place = _place(subject, "metadata")
    if metadata is None:
        return
    if not isinstance(metadata, dict):
        message = "'metadata' must be a map of texts to texts"
        yield _frontmatter(rule="spec.metadata-type", message=message, hint="Indent 'key: value' lines", **place)
        return
    nested = [key for key, value in metadata.items() if not isinstance(value, str)]
    if nested:
        message = f"'metadata' may hold only texts, but these are lists or maps: {', '.join(nested)[:200]}"
        yield _frontmatter(rule="spec.metadata-values", message=message, hint="Write each value as one text", **place)


def _allowed_tools(subject: Subject, tools: Any) -> Iterator[Finding]:
    place = _place(subject, "allowed-tools")
    hint = "Write the tools on one line, separated by spaces"
    if isinstance(tools, list) and all(isinstance(tool, str) for tool in tools):
        message = "'allowed-tools' is a list; the specification wants one text separated by spaces"
        yield Finding("spec.allowed-tools-list", "warning", "frontmatter", message, hint, **place)
    elif not isinstance(tools, str):
        message = "'allowed-tools' must be a text of tool names"
        yield _frontmatter(rule="spec.allowed-tools-type", message=message, hint=hint, **place)


def _unknown_fields(subject: Subject) -> Iterator[Finding]:
    for key in subject.front_matter:
        if key not in FIELD_ORDER:
            message = f"The specification has no field '{key[:80]}'"
            hint = "Move it under 'metadata'"
            yield _frontmatter(rule="spec.unknown-field", message=message, hint=hint, **_place(subject, key))


def _place(subject: Subject, key: str) -> dict[str, Any]:
    line = subject.line_of(key) or subject.document.front_matter_line - 1
    return {"path": subject.document_path, "line": line}
