"""Two texts as one, word by word: what stayed, what went, what came. For people to read; `skills/versioning.py` makes
the diff that programs apply."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from skills.document import split_lines

Kind: TypeAlias = Literal["same", "gone", "new", "skipped"]

# Finding the smallest difference takes time that grows with the square: beyond these everything went and came.
MAX_LINES: Final = 4_000
MAX_WORDS: Final = 4_000
# Of all changed lines together; what comes after them is told line by line.
MAX_CHARACTERS: Final = 100_000
# Unchanged lines that stay visible around a change.
_CONTEXT = 3
_WORD = re.compile(r"\w+|\s+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text of one kind. Of `skipped` the text is left out and `lines` says how many unchanged lines it has."""

    kind: Kind
    text: str
    lines: int = 0


def compare_texts(old: str, new: str) -> list[Piece]:
    """The way from `old` to `new`. Without the pieces gone it is the new text, without the new ones the old one, but
    for long unchanged stretches, which are `skipped`. Empty where nothing changed."""
    if old == new:
        return []
    before, after = split_lines(old), split_lines(new)
    if len(before) + len(after) > MAX_LINES:
        return _joined([Piece("gone", old), Piece("new", new)])
    pieces: list[Piece] = []
    left = MAX_CHARACTERS
    changes = difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    for number, (tag, a, b, c, d) in enumerate(changes):
        if tag == "equal":
            pieces += _folded(before[a:b], first=number == 0, last=number == len(changes) - 1)
        else:
            gone, came = "".join(before[a:b]), "".join(after[c:d])
            left -= len(gone) + len(came)
            pieces += _by_words(gone, came) if left >= 0 else [Piece("gone", gone), Piece("new", came)]
    return _joined(pieces)


def _folded(lines: Sequence[str], *, first: bool, last: bool) -> Iterator[Piece]:
    head, tail = (0 if first else _CONTEXT), (0 if last else _CONTEXT)
    hidden = len(lines) - head - tail
    if hidden <= 1:
        yield Piece("same", "".join(lines))
        return
    yield Piece("same", "".join(lines[:head]))
    yield Piece("skipped", "", hidden)
    yield Piece("same", "".join(lines[len(lines) - tail :]))


def _by_words(old: str, new: str) -> Iterator[Piece]:
    before, after = _WORD.findall(old), _WORD.findall(new)
    if not before or not after or len(before) + len(after) > MAX_WORDS:
        yield Piece("gone", old)
        yield Piece("new", new)
        return
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        gone, came = "".join(before[a:b]), "".join(after[c:d])
        if tag == "equal" and not (_is_weak(gone) and a > 0 and b < len(before)):
            yield Piece("same", gone)
        else:
            yield Piece("gone", gone)
            yield Piece("new", came)


def _is_weak(text: str) -> bool:
    """A lone space or comma between two changes: as unchanged it would only tear them apart."""
    return len(text) <= 2 and not any(character.isalnum() or character == "\n" for character in text)


def _joined(pieces: Sequence[Piece]) -> list[Piece]:
    """Neighbours of one kind as one; between two unchanged runs what went comes before what came."""
    joined: list[Piece] = []
    gone = came = ""
    for piece in [*pieces, Piece("skipped", "", 0)]:
        if piece.kind == "gone":
            gone += piece.text
        elif piece.kind == "new":
            came += piece.text
        elif piece.text or piece.kind == "skipped":
            joined += [Piece("gone", gone)] if gone else []
            joined += [Piece("new", came)] if came else []
            gone = came = ""
            if piece.kind == "same" and joined and joined[-1].kind == "same":
                joined[-1] = Piece("same", joined[-1].text + piece.text)
            else:
                joined.append(piece)
    return joined[:-1]
