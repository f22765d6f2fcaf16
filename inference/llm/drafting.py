"""A SKILL.md as a model writes it, piece by piece: its head is read, its body passed on clean as it comes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import yaml

from inference.offline.text import MAX_DESCRIPTION, inline

MAX_HEAD = 8_000
_OPENING = re.compile(r"\s*(?:(?P<fence>`{3,}|~{3,})(?:markdown|md)?[ \t]*\n\s*)?(?P<head>---[ \t]*\n)?")
_CLOSING = re.compile(r"^---[ \t]*(?:\n|\Z)", re.M)
_FIELD = re.compile(r"^(name|description|wished_category)[ \t]*:[ \t]*(.+)$", re.M)
# Characters that show whether a code block or a head comes first.
_ENOUGH = 40
_HIDDEN = ("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp")
_KEPT = "\n\t\u200c\u200d"
_MAX_NOTES, _MAX_NOTE = 10, 300


@dataclass(frozen=True)
class Head:
    """What the model said above the body; '' and () where it said nothing, or nothing readable."""

    name: str = ""
    description: str = ""
    wished_category: str = ""
    notes: tuple[str, ...] = ()


def clean_body(text: str) -> str:
    """Without controls, direction marks and what Unicode has not assigned. Its length may only shrink."""
    return "".join(one for one in text if one in _KEPT or unicodedata.category(one) not in _HIDDEN)


class Drafting:
    """Takes the pieces (`hear`), says what the head is once that is clear (`on_head`) and passes the body on
    (`on_body`), without the space, or the code block, around the whole of it. `body` is all that was passed on."""

    def __init__(self, on_head: Callable[[Head], None], on_body: Callable[[str], None]) -> None:
        self._on_head = on_head
        self._on_body = on_body
        self._waiting = ""
        self._fence = ""
        self._in_body = False
        self._passed: list[str] = []
        self.head = Head()

    @property
    def body(self) -> str:
        return "".join(self._passed)

    def hear(self, piece: str) -> None:
        self._waiting += clean_body(piece)
        if not self._in_body and not self._read_head(is_whole=False):
            return
        self._pass_on()

    def finish(self) -> str:
        """What is left, and the body."""
        if not self._in_body:
            self._read_head(is_whole=True)
        if self._fence:
            self._waiting = re.sub(rf"\s*^{re.escape(self._fence)}\s*\Z", "", self._waiting, flags=re.M)
        self._waiting = self._waiting.rstrip()
        self._pass_on(is_whole=True)
        if self._passed:
            self._say("\n")
        return self.body

    def _read_head(self, *, is_whole: bool) -> bool:
        """Whether it is read, and the body begins in `_waiting`."""
        text = self._waiting
        if not is_whole and len(text.lstrip()) < _ENOUGH:
            return False
        opening = _OPENING.match(text)
        assert opening
        rest = text[opening.end() :]
        if opening["head"]:
            closing = _CLOSING.search(rest)
            if closing is None and len(rest) < MAX_HEAD and not is_whole:
                return False
            if closing:
                self.head, rest = _head_of(rest[: closing.start()]), rest[closing.end() :]
        self._fence = opening["fence"] or ""
        self._waiting, self._in_body = rest, True
        self._on_head(self.head)
        return True

    def _pass_on(self, *, is_whole: bool = False) -> None:
        """Keeps back what may turn out to be the end: space, and what closes a code block around everything."""
        if not self._passed:
            self._waiting = self._waiting.lstrip()
        kept = 0
        if not is_whole:
            end = rf"(?:\n\s*)?{self._fence[:1] or chr(96)}*\s*\Z" if self._fence else r"\s*\Z"
            found = re.search(end, self._waiting)
            kept = len(self._waiting) - found.start() if found else 0
        ready = self._waiting[: len(self._waiting) - kept]
        self._waiting = self._waiting[len(ready) :]
        self._say(ready)

    def _say(self, text: str) -> None:
        if text:
            self._passed.append(text)
            self._on_body(text)


def _head_of(text: str) -> Head:
    fields: dict[str, Any] = dict(_FIELD.findall(text))
    try:
        read = yaml.safe_load(text)
        fields = read if isinstance(read, dict) else fields
    except (yaml.YAMLError, ValueError, RecursionError):
        pass  # an unquoted colon is no reason to throw a text away: its fields are read line by line
    notes = fields.get("notes")
    return Head(
        name=_text(fields.get("name"), 120),
        description=_text(fields.get("description"), MAX_DESCRIPTION),
        wished_category=_text(fields.get("wished_category"), 200),
        notes=tuple(_text(one, _MAX_NOTE) for one in notes if one)[:_MAX_NOTES] if isinstance(notes, list) else (),
    )


def _text(value: Any, limit: int) -> str:
    return inline(value, limit) if isinstance(value, str) else ""
