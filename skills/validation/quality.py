"""The third layer: rules of good skills. They never keep a skill out; they tell its author what readers will miss."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final

from skills.quality import size_assessment, word_count
from skills.validation import layout
from skills.validation.findings import Finding
from skills.validation.subject import Subject

MIN_BODY_LENGTH: Final = 100
MAX_CATEGORY_DEPTH: Final = 3
RESERVED_WORDS: Final = ("claude", "anthropic")

_TRIGGER_PHRASE = re.compile(
    r"\b(use\b.{0,60}?\bwhen|for when|trigger|activate|if (the )?user|when (the )?user|for user|mention|ask|say)",
    re.IGNORECASE | re.DOTALL,
)
_MARKUP = re.compile(r"<[^<>]*>")
_SKILL_ID = re.compile(r"[a-z0-9_-]+(/[a-z0-9_-]+)*")
_KEBAB = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
# Characters that show one text to people and another to models: bidirectional controls and tags.
_HIDDEN = re.compile("[\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]")

_documentation = partial(Finding, check="documentation")
_frontmatter = partial(Finding, check="frontmatter", severity="warning")


def check(subject: Subject) -> Iterator[Finding]:
    yield from _sections(subject)
    yield from _body(subject)
    yield from _description(subject)
    yield from _name(subject)
    yield from _client_fields(subject)
    if subject.files is not None:
        yield from layout.check(subject)


def _sections(subject: Subject) -> Iterator[Finding]:
    path, headings = subject.document_path, subject.outline.headings
    titles = [heading.title.strip().lower() for heading in headings]
    if not any(title.startswith("when to use") for title in titles):
        message = "There is no section '## When to Use'"
        hint = "Say in it which requests the skill is for, and which not"
        yield _documentation("quality.when-to-use", "error", message=message, hint=hint, path=path)
    if not any(title.startswith(("quick start", "quick examples")) for title in titles):
        message = "There is no section '## Quick Start' or '## Quick Examples'"
        hint = "Show the shortest way to a result"
        yield _documentation("quality.quick-start", "warning", message=message, hint=hint, path=path)
    if not headings:
        message = "There are no sections"
        yield _documentation("quality.sections", "warning", message=message, hint="Add headings", path=path)


def _body(subject: Subject) -> Iterator[Finding]:
    path, body = subject.document_path, subject.document.body
    if not subject.document.has_front_matter:
        message = "There is no front matter"
        yield _documentation(
            "quality.front-matter", "warning", message=message, hint="Add name and description", path=path
        )
    if not subject.outline.code_block_lines:
        message = "There is no code block"
        hint = "Show a command, a call or an answer"
        yield _documentation("quality.code-block", "warning", message=message, hint=hint, path=path)
    if len(body.strip()) < MIN_BODY_LENGTH:
        message = f"The body has fewer than {MIN_BODY_LENGTH} characters"
        hint = "Write down the steps"
        place: dict[str, Any] = {"path": path, "line": subject.document.body_line}
        yield _documentation("quality.short-body", "warning", message=message, hint=hint, **place)
    words = word_count(subject.document.text)
    size = size_assessment(words)
    if size != "optimal":
        message = f"SKILL.md has {words} words" + ("; consider splitting it" if size == "too_large" else "")
        hint = "Move what only some requests need to references/"
        yield Finding("quality.size", "warning" if size == "too_large" else "info", "structure", message, hint, path)
    if hidden := _HIDDEN.search(subject.document.text):
        line = subject.document.text.count("\n", 0, hidden.start()) + 1
        message = f"There is an invisible control character (U+{ord(hidden[0]):04X})"
        hint = "Remove it: people and models would read different texts"
        yield Finding("quality.hidden-characters", "warning", "structure", message, hint, path, line)


def _description(subject: Subject) -> Iterator[Finding]:
    description = subject.front_matter.get("description")
    if not isinstance(description, str) or not description.strip():
        return
    place: dict[str, Any] = {"path": subject.document_path, "line": subject.line_of("description")}
    if not _TRIGGER_PHRASE.search(description):
        message = "The description does not say when to use the skill"
        hint = "Add 'Use when ...': agents choose by the description alone"
        yield Finding("quality.trigger-phrase", "warning", "structure", message, hint, **place)
    if markup := _MARKUP.search(description):
        message = f"The description holds markup: {markup[0][:60]}"
        hint = "Write it without < and >: it is put into the agent's prompt"
        yield Finding("quality.description-markup", "error", "structure", message, hint, **place)


def _name(subject: Subject) -> Iterator[Finding]:
    name = subject.front_matter.get("name")
    place: dict[str, Any] = {"path": subject.document_path, "line": subject.line_of("name")}
    if isinstance(name, str) and name[:1].isdigit():
        message = f"The name '{name[:80]}' starts with a digit"
        yield Finding("quality.name-start", "warning", "structure", message, "Start it with a letter", **place)
    reserved = next((word for word in RESERVED_WORDS if word in str(name).lower().split("-")), None)
    if reserved:
        message = f"The name holds the reserved word '{reserved}'"
        hint = "Choose another: hosted services refuse it"
        yield Finding("quality.name-reserved", "warning", "structure", message, hint, **place)
    if subject.skill_id is None:
        return
    if not _SKILL_ID.fullmatch(subject.skill_id):
        message = f"The address '{subject.skill_id[:200]}' may hold only a-z, 0-9, _, - and /"
        yield Finding("quality.skill-id", "error", "naming", message, "Move the skill to a plain path")
    elif subject.skill_id.count("/") > MAX_CATEGORY_DEPTH:
        message = f"The skill lies deeper than {MAX_CATEGORY_DEPTH} categories"
        yield Finding("quality.category-depth", "warning", "naming", message, "Move it up")


def _is_hooks(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)


# Fields of single clients, outside the specification.
_CLIENT_FIELDS: Final[dict[str, tuple[Callable[[Any], bool], str]]] = {
    "model": (_is_text, "a text"),
    "context": (_is_text, "a text"),
    "agent": (_is_text, "a text"),
    "argument-hint": (_is_text, "a text"),
    "disable-model-invocation": (_is_flag, "true or false"),
    "user-invocable": (_is_flag, "true or false"),
    "hooks": (_is_hooks, "a list of maps"),
}


def _client_fields(subject: Subject) -> Iterator[Finding]:
    for key, value in subject.front_matter.items():
        place: dict[str, Any] = {"path": subject.document_path, "line": subject.line_of(key)}
        fits, wanted = _CLIENT_FIELDS.get(key, (None, ""))
        if fits is not None and not fits(value):
            message = f"'{key}' should be {wanted}"
            yield _frontmatter("quality.field-type", message=message, hint="Clients ignore other values", **place)
        if not _KEBAB.fullmatch(key):
            message = f"The field name '{key[:80]}' is not lower case with hyphens"
            yield _frontmatter("quality.field-name", message=message, hint="Rename the field", **place)
