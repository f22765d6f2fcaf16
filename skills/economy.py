"""Token efficiency: what share of a skill's tokens adds something, section by section.

    efficiency = (tokens - repeated - filler - wordy) / tokens, from 0 to 1

`repeated` are tokens of sentences and code blocks that say what an earlier one said (the same words, or 85% of them),
and headings with nothing under them. `filler` are tokens of phrases that can go without loss. `wordy` are the words of
a sentence beyond 25. Code and tables count as useful unless repeated. A token is four characters, as everywhere here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from core.text import estimate_tokens
from skills.document import outline, parse, split_lines
from skills.quality import FILLERS

LONG_SENTENCE = 25
_SAME_WORDS = 0.85
_SHORTEST_SAID = 4
# Comparing each sentence with each is for texts that people read; far longer ones are compared word for word only.
_COMPARED = 400
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it up to the next; `title` is '' before the first. Figures are tokens."""

    title: str
    tokens: int
    repeated: int
    filler: int
    wordy: int

    @property
    def efficiency(self) -> float:
        wasted = self.repeated + self.filler + self.wordy
        return round(max(0.0, 1 - wasted / self.tokens), 2) if self.tokens else 1.0


@dataclass(frozen=True, slots=True)
class Piece:
    """A sentence, a table row or a code block, as it stands."""

    text: str
    is_code: bool


def sections(content: str) -> tuple[Section, ...]:
    """The sections of a SKILL.md in their order; front matter is not counted, every agent reads it anyway."""
    said = _Said()
    divided = _divided(parse(content).body)
    deeper = [below.level > above.level for above, below in pairwise(divided)] + [False]
    return tuple(_section(part, is_frame, said) for part, is_frame in zip(divided, deeper, strict=True))


def token_efficiency(parts: Iterable[Section]) -> float:
    """The share of tokens that add something, 0..1; 1.0 for an empty text."""
    parts = list(parts)
    tokens = sum(part.tokens for part in parts)
    wasted = sum(min(part.tokens, part.repeated + part.filler + part.wordy) for part in parts)
    return round(1 - wasted / tokens, 2) if tokens else 1.0


@dataclass(frozen=True, slots=True)
class _Part:
    title: str
    level: int
    lines: list[str]


def _divided(body: str) -> list[_Part]:
    headings = {heading.line: heading for heading in outline(body).headings}
    divided = [_Part("", 0, [])]
    for number, line in enumerate(split_lines(body), 1):
        if number in headings:
            divided.append(_Part(headings[number].title, headings[number].level, []))
        divided[-1].lines.append(line)
    return [part for part in divided if any(line.strip() for line in part.lines)]


def _section(part: _Part, is_frame: bool, said: _Said) -> Section:
    """A heading over nothing is waste, unless it holds deeper sections together (`is_frame`)."""
    text = "".join(part.lines)
    tokens = estimate_tokens(text.strip())
    repeated = filler = wordy = 0
    inside = list(pieces(text))
    for piece in inside:
        if said.before(piece):
            repeated += estimate_tokens(piece.text)
        elif not piece.is_code:
            filler += _filler(piece.text)
            wordy += _wordy(piece.text)
    return Section(part.title, tokens, repeated if inside or is_frame else tokens, filler, wordy)


def pieces(text: str) -> Iterator[Piece]:
    """The sentences and code blocks of a section, without its heading."""
    shape = outline(text)
    prose = {number for number, _ in shape.prose}
    headings = {heading.line for heading in shape.headings}
    code: list[str] = []
    for number, line in enumerate(split_lines(text), 1):
        if number in prose or number in headings:
            if code:
                yield Piece("".join(code).strip(), True)
                code = []
            if number in prose:
                yield from (Piece(part.strip(), False) for part in _SENTENCE_END.split(line) if part.strip(" |-:\r\n"))
        else:
            code.append(line)
    if code:
        yield Piece("".join(code).strip(), True)


class _Said:
    """What was said so far."""

    def __init__(self) -> None:
        self._keys: set[str] = set()
        self._sentences: list[frozenset[str]] = []

    def before(self, piece: Piece) -> bool:
        """Whether an earlier piece said this; remembers it."""
        words = _WORD.findall(piece.text.lower())
        if len(words) < _SHORTEST_SAID:
            return False
        key = piece.text if piece.is_code else " ".join(words)
        if key in self._keys:
            return True
        self._keys.add(key)
        if piece.is_code:
            return False
        own = frozenset(words)
        if any(len(own & other) >= _SAME_WORDS * len(own | other) for other in self._sentences):
            return True
        if len(self._sentences) < _COMPARED:
            self._sentences.append(own)
        return False


def _filler(text: str) -> int:
    lowered = text.lower()
    return sum(lowered.count(phrase) * estimate_tokens(phrase) for phrase in FILLERS)


def _wordy(text: str) -> int:
    if text.startswith("|"):
        return 0
    words = text.split()
    return estimate_tokens(" ".join(words[LONG_SENTENCE:])) if len(words) > LONG_SENTENCE else 0


def condensed(content: str) -> str:
    """The text without the sentences, list items, table rows and code blocks that only repeat earlier ones.

    Whole lines and whole blocks go; a line that also says something new stays as it is.
    """
    document = parse(content)
    said = _Said()
    kept = "".join(_kept(document.body, said))
    return document.text[: len(document.text) - len(document.body)] + re.sub(r"(\r?\n){4,}", r"\1\1", kept)


def _kept(body: str, said: _Said) -> Iterator[str]:
    shape = outline(body)
    prose = {number for number, _ in shape.prose}
    headings = {heading.line for heading in shape.headings}
    block: list[str] = []
    for number, line in enumerate([*split_lines(body), ""], 1):
        if line and number not in prose and number not in headings:
            block.append(line)
            continue
        if block and not said.before(Piece("".join(block).strip(), True)):
            yield from block
        block = []
        parts = [Piece(part.strip(), False) for part in _SENTENCE_END.split(line) if part.strip(" |-:\r\n")]
        repeats = [said.before(part) for part in parts] if number in prose else []
        if not (repeats and all(repeats)):
            yield line
