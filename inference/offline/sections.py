"""Which sections a skill has, in which order: the category's own, and what feedback adds or takes away."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from inference.offline.matter import Matter
from inference.offline.parts import PARTS, asked_for, related_skills
from inference.offline.text import inline
from inference.writer import Related, SkillCategory

# What validation asks for: a wish to remove these is answered with a note.
REQUIRED = ("When to Use", "Quick Start", "Examples")
TEMPLATES: dict[SkillCategory, tuple[str, ...]] = {
    "document_creation": ("Instructions", "Output Format", "Style Guidelines", "Examples", "Quality Checklist"),
    "workflow_automation": ("Input/Output", "Workflow Steps", "Error Handling", "Examples", "Validation Gates"),
    "mcp_enhancement": ("Prerequisites", "MCP Tools Used", "Tool Sequences", "Examples", "Error Recovery"),
    "analysis": ("Input Requirements", "Analysis Method", "Output Format", "Examples", "Interpretation Guidelines"),
    "other": ("Instructions", "Examples", "Troubleshooting"),
}
_LAST = ("Troubleshooting", "Related Skills", "Success Checklist")
_LONG = ("Edge Cases", "Best Practices", "Testing")
_NOT_WHEN_SHORT = ("Troubleshooting", "Style Guidelines", "Interpretation Guidelines", "Best Practices")
_SHORT_LIST = 3


@dataclass(frozen=True)
class Section:
    title: str
    text: str

    @property
    def markdown(self) -> str:
        return f"## {self.title}\n\n{self.text}"


def category_of(matter: Matter) -> SkillCategory:
    is_mcp = re.search(r"\bmcp\b|model context protocol", matter.reading.text.lower())
    return "mcp_enhancement" if is_mcp else matter.method.category


def outline(matter: Matter) -> tuple[str, ...]:
    """The titles in order; some turn out empty and are left out then."""
    wanted = [*matter.wishes.sections, *(_LONG if matter.wishes.longer else ())]
    frame = TEMPLATES[category_of(matter)]
    last = [title for title in _LAST if title != "Success Checklist" or "Quality Checklist" not in frame]
    titles = ["When to Use", "Quick Start", "Rules", *frame, *wanted, *last]
    unique = {title.lower(): inline(title, 60) for title in titles}
    return tuple(title for title in unique.values() if title and not _is_removed(title, matter))


def _is_removed(title: str, matter: Matter) -> bool:
    if title in REQUIRED:
        return False
    if matter.wishes.shorter and title in _NOT_WHEN_SHORT and title not in matter.wishes.sections:
        return True
    return title.lower() in (one.lower() for one in matter.wishes.removals)


def compose_sections(matter: Matter, related: Sequence[Related]) -> tuple[list[Section], list[str]]:
    """The sections with their texts, and notes on wishes that could not be followed."""
    made = [Section(title, _text(title, matter, related)) for title in outline(matter)]
    titles = {title.lower() for section in TEMPLATES.values() for title in section} | {one.lower() for one in _LAST}
    notes = []
    for wish in map(str.lower, matter.wishes.removals):
        if wish in (one.lower() for one in REQUIRED):
            notes.append(f"'{wish}' stays: validation asks for it.")
        elif wish not in titles:
            before, made = made, [replace(one, text=_without_lines(one.text, wish)) for one in made]
            notes.append(f"Removed: {wish}." if before != made else f"Nothing about '{wish}' was found to remove.")
        else:
            notes.append(f"Section removed: {wish}.")
    if matter.wishes.shorter:
        made = [replace(one, text=_shortened(one.text)) for one in made]
    return [one for one in made if one.text.strip()], notes


def _text(title: str, matter: Matter, related: Sequence[Related]) -> str:
    if title == "Related Skills":
        return related_skills(related)
    make = PARTS.get(title)
    return make(matter) if make else asked_for(title, matter)


def _without_lines(text: str, unwanted: str) -> str:
    """Without the list items and table rows that speak of it; the steps are counted anew."""
    item = re.compile(r"\s*(?:- |\||\d+\. )")
    lines = [line for line in text.split("\n") if not (unwanted in line.lower() and item.match(line))]
    if len(lines) == len(text.split("\n")):
        return text
    numbers = iter(range(1, len(lines) + 1))
    return "\n".join(re.sub(r"^\d+(?=\. )", lambda _: str(next(numbers)), line) for line in lines)


def _shortened(text: str) -> str:
    """At most three points of each plain list; checklists, tables and steps stay whole."""
    kept, count, is_code = [], 0, False
    for line in text.split("\n"):
        is_code ^= line.startswith("```")
        is_point = line.startswith("- ") and not line.startswith("- [") and not is_code
        count = count + 1 if is_point else 0
        if count <= _SHORT_LIST:
            kept.append(line)
    return "\n".join(kept)
