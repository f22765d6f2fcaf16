"""Edits of a SKILL.md's body: sections put in at their place, prose rewritten around code."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from skills.document import Document, outline, parse, split_lines

_STEP = re.compile(r"^\d+[.)]\s+(.+)")
_ITEM = re.compile(r"^[-*+]\s+(.+)")
# Inline code and link targets; what stands between is prose.
_CODE_SPAN = re.compile(r"(`+[^`]*`+|\]\([^)]*\)|<[^>]*>|https?://\S+)")


def inserted(content: str, title: str, text: str, *, after: str = "", first: bool = False) -> str:
    """With a section `## title`: behind the section that `after` begins, else before the first sub-section (`first`) or
    at the end. Line ends are the document's own."""
    document = parse(content)
    lines = split_lines(document.body)
    place = _place(document, after, first, len(lines))
    newline = document.newline
    block = f"## {title}\n\n{text}\n".replace("\n", newline)
    before, behind = "".join(lines[:place]), "".join(lines[place:])
    if before:
        before = before.rstrip("\r\n") + 2 * newline
    elif document.has_front_matter:
        before = newline
    body = before + block + (newline if behind else "") + behind.lstrip("\r\n")
    return _head(document) + body


def titled(content: str, title: str) -> str:
    """With a heading `# title` before everything."""
    document = parse(content)
    gap = document.newline if document.has_front_matter else ""
    start = document.body.lstrip("\r\n")
    return f"{_head(document)}{gap}# {title}{2 * document.newline}{start}"


def _head(document: Document) -> str:
    return document.text[: len(document.text) - len(document.body)]


def _place(document: Document, after: str, first: bool, end: int) -> int:
    """The index of the line before which a new section stands."""
    headings = outline(document.body).headings
    for index, heading in enumerate(headings):
        if after and heading.title.lower().startswith(after):
            following = (one for one in headings[index + 1 :] if one.level <= heading.level)
            return next((one.line - 1 for one in following), end)
    if first:
        return next((one.line - 1 for one in headings if one.level >= 2 or one is not headings[0]), end)
    return end


def items_under(body: str, title: str) -> list[str]:
    """The items of the lists in the section whose heading begins with `title` (in lower case)."""
    headings = outline(body).headings
    for index, heading in enumerate(headings):
        if heading.title.lower().startswith(title):
            end = headings[index + 1].line if index + 1 < len(headings) else float("inf")
            lines = (line for number, line in outline(body).prose if heading.line < number < end)
            return [match[1].strip() for line in lines if (match := _ITEM.match(line.strip()))]
    return []


def steps(body: str) -> list[str]:
    """The numbered steps of the text, each in its first sentence and without emphasis."""
    found = (match[1] for _, line in outline(body).prose if (match := _STEP.match(line)))
    return [re.split(r"(?<=[.!?])(?:\*\*)?\s", step)[0].replace("**", "").strip() for step in found]


def with_prose(content: str, change: Callable[[str], str]) -> str:
    """With `change` applied to each stretch of prose: not to front matter, code blocks, indented code, inline code,
    link targets and tags."""
    document = parse(content)
    prose = {number for number, _ in outline(document.body).prose}
    lines = split_lines(document.body)
    changed = (_changed(line, change) if number in prose else line for number, line in enumerate(lines, 1))
    return _head(document) + "".join(changed)


def prose_has(content: str, pattern: re.Pattern[str]) -> bool:
    """Whether the pattern occurs where `with_prose` would change the text."""
    found: list[bool] = []

    def look(text: str) -> str:
        found.append(pattern.search(text) is not None)
        return text

    with_prose(content, look)
    return any(found)


def _changed(line: str, change: Callable[[str], str]) -> str:
    if line.startswith(("    ", "\t")):
        return line
    return "".join(_parts(line, change))


def _parts(line: str, change: Callable[[str], str]) -> Iterator[str]:
    for index, part in enumerate(_CODE_SPAN.split(line)):
        yield part if index % 2 else change(part)
