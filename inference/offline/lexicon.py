"""The words the offline writer knows, from the tables beside this module."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from inference.writer import SkillCategory

_FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Method:
    """A kind of work. Texts may hold the slot {object}; `verbs[0]` stands for all."""

    name: str
    category: SkillCategory
    part: str
    noun: str
    verbs: tuple[str, ...]
    ask: tuple[str, ...]
    steps: tuple[tuple[str, str], ...]
    criteria: tuple[str, ...]
    output: str


@dataclass(frozen=True)
class Trade:
    """What people of one field know and ask for."""

    name: str
    domain: str
    words: tuple[str, ...]
    inputs: tuple[str, ...]
    rules: tuple[str, ...]
    pitfalls: tuple[tuple[str, str], ...]
    sample: str
    result: str


@dataclass(frozen=True)
class Technology:
    """`code` is a first useful step, to be shown in a block marked with `fence`."""

    name: str
    words: tuple[str, ...]
    fence: str
    code: str


@dataclass(frozen=True)
class Language:
    """Another language than English. `words` maps the beginnings of words to their meaning, longest first."""

    name: str
    small: frozenset[str]
    words: tuple[tuple[str, str], ...]


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads((_FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def _frozen(value: Any) -> Any:
    return tuple(_frozen(item) for item in value) if isinstance(value, list) else value


_WORDS = _table("words")
STOP_WORDS = frozenset(_WORDS["stop"].split())
VAGUE_WORDS = frozenset(_WORDS["vague"].split())
COUNTS = frozenset(_WORDS["counts"].split())
NO_TOPICS = STOP_WORDS | VAGUE_WORDS | frozenset(_WORDS["no_topics"].split())
MODIFIERS = frozenset(_WORDS["modifiers"].split())
UNCOUNTABLE = frozenset(_WORDS["uncountable"].split())
DETERMINERS = frozenset(_WORDS["determiners"].split())
OBJECT_STARTS = frozenset(_WORDS["object_starts"].split())
OBJECT_ENDS = frozenset(_WORDS["object_ends"].split())
TITLE_SMALL = frozenset(_WORDS["title_small"].split())
AUDIENCES = frozenset(_WORDS["audiences"].split())
EVERYDAY_NAMES = frozenset(_WORDS["everyday"].split())
# Kind of result -> the method that makes it.
ARTEFACTS: dict[str, str] = {
    " ".join(one.split()): method for method, listed in _WORDS["artefacts"].items() for one in listed.split(",")
}

SPELLING: dict[str, str] = {word.lower(): word for word in _WORDS["spelling"]["words"].split()}
LATIN = str.maketrans(_WORDS["latin"])


@cache
def methods() -> dict[str, Method]:
    rows = _table("methods").items()
    return {name: Method(name=name, **{key: _frozen(item) for key, item in row.items()}) for name, row in rows}


@cache
def verbs() -> dict[str, Method]:
    """Each known verb -> its kind of work; a verb named twice belongs to the first."""
    known: dict[str, Method] = {}
    for method in methods().values():
        for verb in method.verbs:
            known.setdefault(verb, method)
    return known


def method_of(verb: str) -> Method:
    return verbs().get(verb) or methods()["teach"]


@cache
def trades() -> dict[str, Trade]:
    rows = _table("domains").items()
    return {name: Trade(name=name, **{key: _frozen(item) for key, item in row.items()}) for name, row in rows}


@cache
def technologies() -> tuple[Technology, ...]:
    rows = _table("technologies").items()
    return tuple(
        Technology(name, (name.lower(), *row.get("words", [])), row["fence"], row["code"]) for name, row in rows
    )


@cache
def focus_sections() -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """Title -> (words by which people ask for the section, its points)."""
    return {title: (tuple(row["words"]), tuple(row["points"])) for title, row in _table("focus").items()}


@cache
def languages() -> tuple[Language, ...]:
    return tuple(
        Language(name, frozenset(row["small"]), tuple(sorted(row["words"].items(), key=lambda pair: -len(pair[0]))))
        for name, row in _table("languages").items()
    )


def contains(text: str, phrase: str) -> bool:
    """Whether `phrase` stands in `text` (both lower case) as whole words."""
    return _pattern(phrase).search(text) is not None


@cache
def _pattern(phrase: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.+#-]){re.escape(phrase)}(?![\w+#]|-\w)")


_ENDINGS = (("ies", ("y",)), ("es", ("", "e")), ("s", ("",)), ("ing", ("", "e")), ("ied", ("y",)), ("ed", ("", "e")))


def base_verb(word: str) -> str:
    """The known verb of which `word` is a form (`checks`, `checking`, `checked` -> `check`), or ''."""
    word = word.lower()
    stems = [word]
    for ending, replacements in _ENDINGS:
        if word.endswith(ending) and len(word) > len(ending) + 2:
            stem = word[: -len(ending)]
            stems += [stem + replacement for replacement in replacements]
            if stem[-1] == stem[-2]:
                stems.append(stem[:-1])
    return next((stem for stem in stems if stem in verbs()), "")
