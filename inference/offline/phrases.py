"""Clauses and noun phrases by rules: what is done, to what, and what a text is about."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from inference.offline import lexicon
from inference.offline.lexicon import (
    COUNTS,
    DETERMINERS,
    NO_TOPICS,
    OBJECT_ENDS,
    OBJECT_STARTS,
    STOP_WORDS,
    VAGUE_WORDS,
    base_verb,
)
from inference.offline.text import inline, words
from inference.offline.wrapping import unwrapped, without_subject

MAX_TOPICS = 8
MAX_OBJECT_WORDS = 6

_SPLIT = re.compile(
    r"""\s*(?:,\s*(?:and\s+then|then|and|or)\s+|,\s+|;\s*|\s+and\s+then\s+|\s+then\s+|:\s+|\s+[–—]\s+|\n+|\.\s+|[!?]\s+
      |\s+\()\s*""",
    re.X,
)
_AND = re.compile(r"\s+(?:and|or)\s+")


@dataclass(frozen=True)
class Action:
    """One thing to do: the plain verb and what follows it."""

    verb: str
    rest: str

    @property
    def text(self) -> str:
        return f"{self.verb} {self.rest}".strip()

    @property
    def phrase(self) -> str:
        """The verb with the small word that belongs to it: `prepare for`, `set up`."""
        first = self.rest.partition(" ")[0].lower()
        return f"{self.verb} {first}" if first in OBJECT_STARTS - {"how", "of"} else self.verb


def content_words(text: str) -> list[str]:
    """The words that carry meaning, lower case, in order, each once; verbs of the lexicon are left out."""
    kept = (word.lower() for word in words(text))
    return list(dict.fromkeys(word for word in kept if _has_meaning(word)))


def _has_meaning(word: str) -> bool:
    known = word in STOP_WORDS or word in VAGUE_WORDS or word in lexicon.verbs()
    return len(word) > 1 and not word.isdigit() and not known


def clauses(text: str) -> Iterable[str]:
    """The parts between commas and the like; `and` parts two clauses only where the second begins with a verb."""
    for part in _SPLIT.split(text):
        clause = ""
        for piece in _AND.split(part):
            first, _, rest = piece.partition(" ")
            begins = bool(rest and base_verb(first) and not first.endswith("s"))
            if clause and begins:
                yield clause
                clause = piece
            else:
                clause = f"{clause} and {piece}" if clause else piece
        if clause.strip():
            yield clause.strip()


def actions(text: str) -> Iterable[Action]:
    """Each clause that begins with a known verb and says what it is done to."""
    for clause in clauses(text):
        first, _, rest = without_subject(unwrapped(clause)).partition(" ")
        verb = base_verb(first.strip(",:;\"'"))
        if verb and (object_of(rest) or rest.lower().startswith(("it ", "them ", "each "))):
            yield Action(verb, inline(rest, 140))


def object_of(text: str) -> str:
    """The noun phrase with which a clause goes on: `our weekly reports for managers` -> `weekly reports`."""
    kept: list[str] = []
    for word in inline(re.split(r"[,;:.(\n]\s|[,;:(\n]", text)[0]).split():
        plain = word.lower().strip(".,!?\"'“”")
        if not kept and (plain in DETERMINERS or plain in OBJECT_STARTS):
            continue
        if plain in OBJECT_ENDS or len(kept) == MAX_OBJECT_WORDS:
            break
        kept.append(word.strip('.,!?"“”'))
    while kept and kept[-1].lower() in STOP_WORDS:
        kept.pop()
    phrase = " ".join(kept)
    return phrase if content_words(phrase) or any(base_verb(word) for word in kept) else ""


def article_of(text: str) -> str:
    """`a ` or `an ` where the text begins so: one thing, not many."""
    first, _, rest = text.lower().partition(" ")
    first = rest.partition(" ")[0] if first in OBJECT_STARTS else first
    return f"{first} " if first in ("a", "an") else ""


def topics(text: str, subject: str) -> tuple[str, ...]:
    """Noun phrases, the subject first, without verbs, small words and vague ones."""
    found = [subject] if subject else []
    for clause in clauses(text):
        found += _phrases(clause)
    unique: list[str] = []
    for phrase in found:
        lowered = phrase.lower()
        if not any(f" {lowered} " in f" {one.lower()} " for one in unique):
            unique.append(phrase)
    return tuple(unique[:MAX_TOPICS])


def _phrases(clause: str) -> Iterable[str]:
    run: list[str] = []
    for index, word in enumerate([*words(unwrapped(clause)), ""]):
        plain = word.lower()
        is_verb = bool(base_verb(plain)) and (index == 0 or (plain.endswith("ing") and not run))
        if word and plain not in NO_TOPICS and not is_verb and not plain.isdigit():
            run.append(word)
            continue
        while len(run) > 1 and run[-1].lower().endswith("ly"):
            run.pop()
        if _is_topic(run):
            yield " ".join(run)
        run = []


def _is_topic(run: list[str]) -> bool:
    """Up to four words, at least one of which is a thing: no lone adverb, number or span of time."""
    if not 0 < len(run) <= 4 or all(word.lower() in COUNTS for word in run):
        return False
    alone = run[0].lower() if len(run) == 1 else ""
    return not (alone.endswith(("ly", "able", "ful", "ive")) or (len(alone) in (1, 2) and not run[0].isupper()))
