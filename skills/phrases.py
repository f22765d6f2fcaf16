"""What people would type to get a skill, read from its description: sentences and their `Use when` clauses."""

from __future__ import annotations

import re
from typing import Final

MAX_WORDS: Final = 25
MAX_LENGTH: Final = 300
_MIN_WORDS = 2
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+|;\s+")
_USE_WHEN = re.compile(
    r"^(?:also |always )?(?:use|apply|invoke|load|activate|trigger)\b"
    r".{0,40}?\b(?:when(?:ever)?|for|if|on|to|before|after|while)\b:?\s*",
    re.IGNORECASE,
)
_LIMIT = re.compile(
    r"\b(?:do not|don't|not|never)\b.{0,20}\b(?:use|for|load|when)\b|^(?:not|except)\b|\binstead\b", re.I
)
_COMMA = re.compile(r",\s*(?:(?:and|or)\s+)?(?:(?:when|if|for)\s+)?|\s+or\s+(?=when\b|if\b|asks?\b|how\b)")
_JOINT = re.compile(r"\b(?:and|or)\b.*")
_SPEAKER = re.compile(
    r"^(?:(?:and|or|when|whenever|if)\s+)*"
    r"(?:(?:(?:the|an?)\s+)?(?:user|agent|person|people|someone|somebody|you|developer|request)s?\s+"
    r"(?:(?:is|are|has|have)\s+)?(?:want|ask|need|say|mention|request|talk|work|deal|look)(?:s|ing|ed)?"
    r"|(?:want|ask|need|say|mention|request)(?:s|ing))\s+"
    r"(?:(?:to|for|about|with|on|at|that)\s+)?(?:how to\s+)?(?:a |an |the )?",
    re.IGNORECASE,
)


def phrases(description: str | None) -> list[str]:
    """The natural phrases of a description in their order, each of 2 to 25 words.

    A sentence is one phrase; of `Use when a, b or c` each part is one, without `the user asks for`. Sentences that say
    what the skill is not for are left out.
    """
    found: list[str] = []
    for sentence in _SENTENCE_END.split(description or ""):
        sentence = sentence.strip()
        if sentence and not _LIMIT.search(sentence):
            found += _parts(sentence)
    cleaned = (" ".join(part.strip(" .,:;!?\"'").split()[:MAX_WORDS])[:MAX_LENGTH] for part in found)
    return list(dict.fromkeys(part for part in cleaned if len(part.split()) >= _MIN_WORDS))


def _parts(sentence: str) -> list[str]:
    clause = _USE_WHEN.match(sentence)
    if clause is None:
        return [sentence]
    rest = sentence[clause.end() :]
    parts = [_SPEAKER.sub("", part.strip()) for part in _COMMA.split(rest) if part.strip()]
    # `tables, views or indexes` is one thing to ask for, not three.
    is_list = all(len(_JOINT.sub(" ", part).split()) < _MIN_WORDS for part in parts[1:])
    return [_SPEAKER.sub("", rest)] if is_list else parts
