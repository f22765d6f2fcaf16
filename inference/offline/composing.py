"""Puts the body of a SKILL.md together: title, overview, sections, and the words people want replaced."""

from __future__ import annotations

import re
from collections.abc import Sequence

from inference.offline.matter import Matter
from inference.offline.sections import compose_sections
from inference.offline.text import inline, sentence, shorten
from inference.writer import Related


def compose(matter: Matter, related: Sequence[Related]) -> tuple[str, list[str]]:
    """The body, and notes on wishes that could not be followed."""
    sections, notes = compose_sections(matter, related)
    body = "\n\n".join([f"# {matter.title}", _overview(matter), *(one.markdown for one in sections)]) + "\n"
    for old, new in matter.wishes.replacements:
        body, count = _replaced(body, old, new)
        notes.append(f"'{old}' became '{new}'." if count else f"'{old}' was not found to replace.")
    return body, [*notes, *matter.wishes.notes]


def _replaced(body: str, old: str, new: str) -> tuple[str, int]:
    def put(_: re.Match[str]) -> str:
        return new

    return re.subn(rf"(?<!\w){re.escape(old)}(?!\w)", put, body, flags=re.I)


def _overview(matter: Matter) -> str:
    lines = [sentence(matter.task)] if matter.is_english else [sentence(shorten(inline(matter.reading.text), 600))]
    if matter.audience:
        lines.append(f"Made for {matter.audience}.")
    if matter.technologies:
        lines.append(f"Works with {', '.join(f'`{one.name}`' for one in matter.technologies[:4])}.")
    lines.append(f"Ends with this result: `{matter.output}`, its assumptions and open points named.")
    if not matter.is_english:
        lines.append("Answer in the language of the request.")
    return " ".join(lines)
