"""Characters that a reader cannot see and an agent can: tags, direction controls, selectors, zero widths, comments."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from skills.checks.findings import Hit, Hits, Severity, line_around, visible

_TAGS = re.compile("[\U000e0000-\U000e007f]+")
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]+")
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]+")
_ZERO_WIDTH = re.compile("[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u2060-\u2065\u206a-\u206f\u3164\ufeff\uffa0]+")  # fmt: skip # noqa: E501
# Flags of England, Scotland, Wales: a black flag, tag letters, the closing tag.
_FLAG: Final = "\U0001f3f4"
_JOINERS: Final = "\u200c\u200d"
_MARKS: Final = "\u200e\u200f"
# So many in a row write something.
_MESSAGE = 8
_COMMENT = re.compile(r"<!--(.*?)(?:-->|\Z)", re.DOTALL)
_FENCE = re.compile(r"^(?P<mark>`{3,}|~{3,})[^\n]*\n.*?(?:^(?P=mark)|\Z)", re.DOTALL | re.MULTILINE)
_CODE_SPAN = re.compile(r"`[^`\n]*`")
# What is said to an agent, not to the next editor.
_ORDER = re.compile(
    r"\b(?:ignore|disregard|instead of|do not (?:tell|mention|show)|don't (?:tell|mention|show)|secret(?:ly)?|silently|"
    r"curl|wget|send|upload|exfiltrate|password|credentials?|api[_ ]key|system prompt|you (?:must|should|are)|"
    r"assistant|always run|execute)\b",
    re.IGNORECASE,
)


def hidden_characters(text: str) -> Hits:
    if text.isascii():
        return
    yield from _tags(text)
    yield from _bidi(text)
    yield from _selectors(text)
    yield from _zero_width(text)


def _tags(text: str) -> Hits:
    for found in _TAGS.finditer(text):
        if text[max(0, found.start() - 1) : found.start()] == _FLAG and found[0].endswith("\U000e007f"):
            continue
        said = "".join(chr(ord(character) - 0xE0000) for character in found[0])
        yield Hit("hidden.tag-characters", "high", found.start(), "Invisible tag characters say this", visible(said))


def _bidi(text: str) -> Hits:
    for found in _BIDI.finditer(text):
        line = text[text.rfind("\n", 0, found.start()) + 1 :].partition("\n")[0]
        right_to_left = any(unicodedata.bidirectional(character) in ("R", "AL") for character in line)
        severity: Severity = "low" if right_to_left else "high"
        message = "A direction control: what is shown is not what is read"
        yield Hit("hidden.bidi", severity, found.start(), message, line_around(text, found.start()))


def _selectors(text: str) -> Hits:
    for found in _SELECTORS.finditer(text):
        before = text[found.start() - 1] if found.start() else " "
        ordinary = len(found[0]) == 1 and (found[0] < "\ufe10" or unicodedata.category(before) == "Lo")
        if ordinary and not (before.isascii() and before not in "#*0123456789"):
            continue
        severity: Severity = "high" if len(found[0]) > 1 else "low"
        message = f"{len(found[0])} variation selectors, which can hold bytes"
        yield Hit("hidden.variation-selectors", severity, found.start(), message, line_around(text, found.start()))


def _zero_width(text: str) -> Hits:
    for found in _ZERO_WIDTH.finditer(text):
        run = found[0].lstrip("\ufeff") if found.start() == 0 else found[0]
        if not run or (len(run) == 1 and _joins(text, found.start(), run)):
            continue
        severity: Severity = "high" if len(run) >= _MESSAGE else "low" if run in _MARKS or run == "\u00ad" else "medium"
        message = f"{len(run)} characters without width" if len(run) > 1 else "A character without width"
        yield Hit("hidden.zero-width", severity, found.start(), message, line_around(text, found.start()))


def _joins(text: str, at: int, character: str) -> bool:
    """A joiner between the parts of an emoji or of a letter that needs it (Arabic, Indic), not in Latin text."""
    if character not in _JOINERS:
        return False
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    return bool(before and after) and not before.isascii() and not after.isascii()


def hidden_comments(text: str) -> Hits:
    """HTML comments in Markdown, outside code, where they can be seen."""
    if "<!--" not in text:
        return
    shown = [span.span() for pattern in (_FENCE, _CODE_SPAN) for span in pattern.finditer(text)]
    for found in _COMMENT.finditer(text):
        if any(start <= found.start() < end for start, end in shown) or not found[1].strip():
            continue
        severity: Severity = "medium" if _ORDER.search(found[1]) else "low"
        message = "A hidden comment that gives orders" if severity == "medium" else "A hidden comment"
        yield Hit("hidden.html-comment", severity, found.start(), message, visible(found[1]))
