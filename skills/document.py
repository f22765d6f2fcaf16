"""SKILL.md as text: YAML front matter and a Markdown body, read and edited without losing a byte."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from skills import front_matter as yaml_text
from skills.front_matter import Problem

DOCUMENT_PATH: Final = "SKILL.md"
BYTE_ORDER_MARK: Final = "\ufeff"
FENCE: Final = "---"
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+")
_LINE_END = re.compile(r"\r\n|\n|\r")
_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$")
_CODE_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)$")


@dataclass(frozen=True, slots=True)
class Document:
    """A SKILL.md in its five consecutive pieces, whose concatenation (`text`) is the input exactly, and what they mean.

    `front_matter` is empty when there is none, or none that can be read; `problems` then says why. Values of the fields
    that are text in the specification are always strings as written (`version: 1.10` is "1.10", `name: yes` is "yes").
    Line numbers are 1-based lines of SKILL.md.
    """

    preamble: str
    opening: str
    raw_front_matter: str
    closing: str
    body: str
    newline: str
    front_matter: dict[str, Any] = field(default_factory=dict)
    key_lines: dict[str, int] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    @property
    def text(self) -> str:
        return self.preamble + self.opening + self.raw_front_matter + self.closing + self.body

    @property
    def has_front_matter(self) -> bool:
        return bool(self.opening)

    @property
    def has_byte_order_mark(self) -> bool:
        return self.preamble.startswith(BYTE_ORDER_MARK)

    @property
    def front_matter_line(self) -> int:
        """The line after the opening fence (1 where there is no front matter)."""
        return 1 + _line_ends(self.preamble + self.opening)

    @property
    def body_line(self) -> int:
        return 1 + _line_ends(self.preamble + self.opening + self.raw_front_matter + self.closing)

    def problem(self, *codes: str) -> Problem | None:
        return next((problem for problem in self.problems if problem.code in codes), None)


@dataclass(frozen=True, slots=True)
class Heading:
    level: int
    title: str
    line: int


@dataclass(frozen=True, slots=True)
class Outline:
    """A Markdown text as its reader sees it: headings, where code blocks begin, other lines with numbers."""

    headings: tuple[Heading, ...]
    code_block_lines: tuple[int, ...]
    prose: tuple[tuple[int, str], ...]


def split_lines(text: str) -> list[str]:
    """Lines with their ends kept. Unlike `str.splitlines` only CR, LF and CRLF end a line, as in YAML and editors."""
    return _LINE.findall(text)


def parse(text: str) -> Document:
    """Never fails: what cannot be read becomes a problem of the document, and the text is kept as given."""
    lines = split_lines(text)
    newline = next((line[len(line.rstrip("\r\n")) :] for line in lines if line[-1] in "\r\n"), "\n")
    opening = _opening_fence(lines)
    if opening is None:
        preamble = BYTE_ORDER_MARK if text.startswith(BYTE_ORDER_MARK) else ""
        return Document(preamble, "", "", "", text[len(preamble) :], newline)
    closing = next((i for i in range(opening + 1, len(lines)) if _is_fence(lines[i])), None)
    if closing is None:
        preamble = BYTE_ORDER_MARK if text.startswith(BYTE_ORDER_MARK) else ""
        unclosed = Problem("unclosed", "the front matter is opened with --- but never closed with ---", opening + 1)
        return Document(preamble, "", "", "", text[len(preamble) :], newline, problems=(unclosed,))
    return _with_front_matter_read(lines, opening, closing, newline)


def compose(front_matter: Mapping[str, Any], body: str) -> str:
    """A SKILL.md with clean front matter: the specification's field order, no folded lines, quoted where YAML needs it.

    A blank line is put between the front matter and a body that does not start with one.
    """
    gap = "" if not body or body[0] in "\r\n" else "\n"
    return f"{FENCE}\n{yaml_text.dump(yaml_text.ordered(front_matter))}{FENCE}\n{gap}{body}"


def with_front_matter(text: str, **changes: Any) -> str:
    """`text` with these top-level fields set (None removes one); everything else stays byte for byte.

    Front matter written as one flow mapping (`{name: x}`) has no lines of its own to replace and is written anew.
    """
    document = parse(text)
    raw = yaml_text.edit(document.raw_front_matter, changes, newline=document.newline)
    if document.has_front_matter:
        return document.preamble + document.opening + raw + document.closing + document.body
    if not raw:
        return text
    fence = FENCE + document.newline
    gap = "" if not document.body or document.body[0] in "\r\n" else document.newline
    return document.preamble + fence + raw + fence + gap + document.body


def outline(body: str, first_line: int = 1) -> Outline:
    """The outline of a text whose first line is number `first_line`. A # inside code is no heading."""
    headings: list[Heading] = []
    blocks: list[int] = []
    prose: list[tuple[int, str]] = []
    closing_fence = ""
    for number, line in enumerate(split_lines(body), first_line):
        stripped = line.rstrip("\r\n")
        fence = _CODE_FENCE.match(stripped)
        if closing_fence:
            if fence and fence[1].startswith(closing_fence) and not fence[2].strip():
                closing_fence = ""
        elif fence and not (fence[1][0] == "`" and "`" in fence[2]):
            closing_fence = fence[1]
            blocks.append(number)
        elif heading := _HEADING.match(stripped):
            headings.append(Heading(len(heading[1]), heading[2] or "", number))
        else:
            prose.append((number, stripped))
    return Outline(tuple(headings), tuple(blocks), tuple(prose))


def first_paragraph(body: str) -> str:
    """The first paragraph of prose on one line, or ''; what a skill without a description says of itself."""
    words: list[str] = []
    last = None
    for number, line in outline(body).prose:
        if words and (not line.strip() or number - 1 != last):
            break
        if line.strip() and not _is_fence(line):
            words.extend(line.split())
            last = number
    return " ".join(words)


def _line_ends(text: str) -> int:
    return len(_LINE_END.findall(text))


def _is_fence(line: str) -> bool:
    return line.rstrip() == FENCE


def _opening_fence(lines: list[str]) -> int | None:
    """The first line that is not blank, if it is a fence (a byte order mark may stand before it)."""
    for index, line in enumerate(lines):
        visible = line.removeprefix(BYTE_ORDER_MARK) if index == 0 else line
        if visible.strip():
            return index if _is_fence(visible) else None
    return None


def _with_front_matter_read(lines: list[str], opening: int, closing: int, newline: str) -> Document:
    mark = BYTE_ORDER_MARK if lines[0].startswith(BYTE_ORDER_MARK) else ""
    before = "".join(lines[:opening]).removeprefix(mark)
    raw = "".join(lines[opening + 1 : closing])
    reading = yaml_text.load(raw, first_line=opening + 2)
    problems = list(reading.problems)
    if before:
        problems.insert(0, Problem("blank-before", "blank lines stand before the front matter", 1))
    return Document(
        preamble=mark + before,
        opening=lines[opening].removeprefix(mark),
        raw_front_matter=raw,
        closing=lines[closing],
        body="".join(lines[closing + 1 :]),
        newline=newline,
        front_matter=reading.values,
        key_lines=reading.key_lines,
        problems=tuple(problems),
    )
