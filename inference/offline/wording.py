"""Description, trigger phrases, what to compare by: the short texts by which a skill is found."""

from __future__ import annotations

import re

from inference.offline.matter import Matter
from inference.offline.text import MAX_DESCRIPTION, inline, join_words, sentence, shorten

_TRIGGER = re.compile(r"\buse\b.{0,60}?\bwhen\b", re.I)
_MAX_TRIGGERS = 9
_MAX_WHEN = 280


def triggers(matter: Matter) -> tuple[str, ...]:
    """Five to nine short phrases that people type, the plainest first."""
    found = [f"{matter.verb} {matter.things}", *matter.asks, matter.object]
    found += [topic for topic in matter.topics if topic.lower() != matter.object.lower()][:3]
    found += [one.name for one in matter.technologies[:2]]
    found += [matter.name.replace("-", " "), f"{matter.object} {matter.method.noun}", f"help with {matter.things}"]
    unique: dict[str, str] = {}
    for one in found:
        unique.setdefault(one.lower(), inline(one, 60))
    return tuple(one for one in unique.values() if one)[:_MAX_TRIGGERS]


def description(matter: Matter) -> str:
    """What the skill does and when to use it, in one paragraph that every client accepts."""
    own = inline(matter.wishes.description, MAX_DESCRIPTION)
    if own and _TRIGGER.search(own):
        return own
    if own:
        return f"{sentence(shorten(own, MAX_DESCRIPTION - _MAX_WHEN - 2))} {_when(matter)}"
    what = sentence(matter.task) if matter.is_english else _foreign_what(matter)
    return inline(" ".join(part for part in (what, _covered(matter), _when(matter)) if part), MAX_DESCRIPTION)


def _foreign_what(matter: Matter) -> str:
    """English for the agents, and the request's own words: people will search with them."""
    others = join_words(matter.topics[1:5])
    task = f"{matter.task} ({others})" if others else matter.task
    return (
        f"{sentence(task)} {sentence(shorten(matter.original, 400))}"
        if matter.reading.foreign
        else sentence(shorten(matter.original, 500))
    )


def _covered(matter: Matter) -> str:
    """Topics and technologies that the first sentence does not name."""
    said = f"{matter.task} {', '.join(matter.topics[:5])}".lower() if not matter.is_english else matter.task.lower()
    found = [
        one for one in (*matter.topics[1:], *(one.name for one in matter.technologies[:3])) if one.lower() not in said
    ]
    unique = list({one.lower(): one for one in found}.values())
    return f"Covers {join_words(unique[:5])}." if unique else ""


def _when(matter: Matter) -> str:
    ways = [f"{matter.verb} {matter.things}", *matter.asks[:2]]
    asked = join_words(list(dict.fromkeys(ways)), last="or")
    extra = [topic for topic in matter.topics[1:3] if topic.lower() not in matter.object.lower()]
    mention = f", or mentions {join_words(extra, last='or')}" if extra else ""
    return shorten(f"Use when the user wants to {asked}{mention}", _MAX_WHEN).rstrip(".") + "."


def search_text(matter: Matter) -> str:
    """What the skill is about, for comparison with categories and other skills."""
    return f"{matter.title}. {description(matter)} {' '.join(matter.topics)}"
