"""Requests in other languages than English: which one it is, and the meanings of the words that are known."""

from __future__ import annotations

from inference.offline import lexicon
from inference.offline.lexicon import STOP_WORDS, Language
from inference.offline.phrases import MAX_TOPICS, Action
from inference.offline.text import words

UNKNOWN = Language("as in the request", frozenset(), ())
_LATIN_ENDS = 0x24F
# So long a beginning may also stand inside a word, as in German compounds.
_INSIDE = 6


def language_of(text: str) -> Language | None:
    """Another language than English where its small words are clearly more, or the script is not Latin; else None."""
    every = [word.lower() for word in words(text)]
    english = sum(word in STOP_WORDS for word in every)
    counts = {one.name: sum(word in one.small for word in every) for one in lexicon.languages()}
    best = max(lexicon.languages(), key=lambda one: counts[one.name])
    letters = [letter for letter in text if letter.isalpha()]
    if letters and sum(ord(letter) > _LATIN_ENDS for letter in letters) / len(letters) > 0.5:
        return best if counts[best.name] else UNKNOWN
    return best if counts[best.name] > max(1, english * 1.2) else None


def meanings(language: Language, text: str) -> tuple[str, ...]:
    """The English meanings of the known words, in order, each once."""
    found = [_meaning(language, word.lower()) for word in words(text) if word.lower() not in language.small]
    return tuple(dict.fromkeys(one for one in found if one))


def _meaning(language: Language, word: str) -> str:
    return next(
        (
            meaning
            for beginning, meaning in language.words
            if word.startswith(beginning) or (len(beginning) >= _INSIDE and beginning in word)
        ),
        "",
    )


def topics(found: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(one for one in found if one not in lexicon.verbs())[:MAX_TOPICS]


def action(found: tuple[str, ...]) -> Action | None:
    """The first verb that says more than `create`, with the first topic."""
    known = [one for one in found if one in lexicon.verbs()]
    verb = next((one for one in known if one != "create"), next(iter(known), ""))
    things = topics(found)
    return Action(verb, things[0]) if verb and things else None
