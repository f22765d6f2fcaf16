"""Works feedback into a skill that somebody else wrote: adds, removes and replaces; all else stays as it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from inference.offline.feedback import Wishes
from inference.offline.matter import Matter, matter_of
from inference.offline.parts import asked_for
from inference.offline.text import MAX_DESCRIPTION, bullets, fenced, sentence, shorten
from inference.writer import Feedback, Request, Text

REQUIRED = ("when to use", "quick start", "examples")
_LONG = ("Edge Cases", "Best Practices", "Testing")
_MAX_POINTS = 3
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_ITEM = re.compile(r"\s*(?:[-*+] |\||\d+[.)] )")
_STEP = re.compile(r"(\d+)([.)])\s+(.+)")


@dataclass(frozen=True)
class Part:
    """A section of the second level with its heading line, or what stands before the first (title '')."""

    title: str
    text: str


def revise(current: Text, feedback: Sequence[Feedback]) -> tuple[Text, Wishes]:
    """The text with the feedback worked in, and what the feedback was understood to wish."""
    newline = "\r\n" if "\r\n" in current.body else "\n"
    body = current.body.replace("\r\n", "\n")
    matter = matter_of(Request(text=current.description or current.name, feedback=tuple(feedback)))
    wishes, notes = matter.wishes, list[str]()
    parts = _removed(split(body), wishes, notes)
    parts = [replace(part, text=_shortened(part.text)) for part in parts] if wishes.shorter else parts
    parts = _with_rules(parts, wishes)
    parts = _with_steps(parts, wishes, notes)
    parts = _with_sections(parts, matter)
    parts = _with_examples(parts, matter)
    body = "".join(part.text for part in parts)
    body = _replaced(body, wishes, notes)
    if wishes.name and wishes.name != current.name:
        notes.append(f"The name stays {current.name}: it is the skill's address.")
    revised = replace(
        current,
        description=wishes.description[:MAX_DESCRIPTION] or current.description,
        body=body.replace("\n", newline),
        wished_category=wishes.category,
        notes=(*notes, *wishes.notes),
    )
    return revised, wishes


def split(body: str) -> list[Part]:
    """The parts in their order; their texts together are the body. A # inside code begins nothing."""
    parts, lines, title = [], list[str](), ""
    for line, is_code in _lines(body):
        if not is_code and re.match(r"##\s+\S", line):
            parts.append(Part(title, "".join(lines)))
            title, lines = line.strip("# \n"), []
        lines.append(line)
    return [part for part in [*parts, Part(title, "".join(lines))] if part.text]


def _lines(text: str) -> Iterator[tuple[str, bool]]:
    """Each line with its end, and whether it is of a code block."""
    closing = ""
    for line in text.splitlines(keepends=True):
        fence = _FENCE.match(line)
        if closing:
            yield line, True
            closing = "" if fence and fence[1].startswith(closing) and not line.strip("`~ \n") else closing
        else:
            closing = fence[1] if fence else ""
            yield line, bool(fence)


def _removed(parts: list[Part], wishes: Wishes, notes: list[str]) -> list[Part]:
    for wish in map(str.lower, wishes.removals):
        if wish in REQUIRED:
            notes.append(f"'{wish}' stays: validation asks for it.")
            continue
        kept = [part for part in parts if part.title.lower() != wish]
        if len(kept) == len(parts):
            kept = [replace(part, text=_without(part.text, wish)) for part in parts]
        notes.append(f"Nothing about '{wish}' was found to remove." if kept == parts else f"Removed: {wish}.")
        parts = kept
    return parts


def _without(text: str, unwanted: str) -> str:
    """Without the list items and table rows that speak of it; code stays."""
    lines = _lines(text)
    return "".join(line for line, is_code in lines if is_code or unwanted not in line.lower() or not _ITEM.match(line))


def _shortened(text: str) -> str:
    """At most three points of each plain list; steps, checklists, tables and code stay whole."""
    kept, count = [], 0
    for line, is_code in _lines(text):
        is_point = not is_code and line.startswith(("- ", "* ")) and not line.startswith(("- [", "* ["))
        count = count + 1 if is_point else 0
        if count <= _MAX_POINTS:
            kept.append(line)
    return "".join(kept)


def _with_rules(parts: list[Part], wishes: Wishes) -> list[Part]:
    said = list(wishes.guidance)
    said += [f"Stay within this scope: {one}" for one in wishes.scope]
    said += [f"Give most room to this: {one}" for one in wishes.focus]
    said += [f"Cover {one}: say what it means for the task, and what to do about it" for one in wishes.mentions]
    said += [f"Write for {wishes.audience}"] if wishes.audience else []
    return _with_points(parts, "Rules", bullets([sentence(one) for one in said]), "These hold in every step:\n\n")


def _with_steps(parts: list[Part], wishes: Wishes, notes: list[str]) -> list[Part]:
    """At the end of the first numbered list; without one they are rules."""
    for wish in wishes.steps:
        step = sentence(shorten(wish, 200))
        place = next((index for index, part in enumerate(parts) if _last_step(part.text)), None)
        if place is None:
            parts = _with_points(parts, "Rules", bullets([step]), "These hold in every step:\n\n")
            notes.append("There are no numbered steps; the wished step became a rule.")
            continue
        parts = [*parts]
        parts[place] = replace(parts[place], text=_with_step(parts[place].text, step))
    return parts


def _last_step(text: str) -> int | None:
    """The number of the line of the last step of the first numbered list, with the lines that belong to it."""
    last = None
    for number, (line, is_code) in enumerate(_lines(text)):
        if not is_code and _STEP.match(line):
            last = number
        elif last is not None and line.strip() and not line.startswith((" ", "\t")) and not is_code:
            break
        elif last is not None and line.startswith((" ", "\t")):
            last = number
    return last


def _with_step(text: str, step: str) -> str:
    last = _last_step(text)
    lines = text.splitlines(keepends=True)
    if last is None:
        return text
    numbers = [match for line in lines[: last + 1] if (match := _STEP.match(line))]
    before = "".join(lines[: last + 1]).rstrip("\n") + "\n"
    return f"{before}{int(numbers[-1][1]) + 1}{numbers[-1][2]} {step}\n" + "".join(lines[last + 1 :])


def _with_sections(parts: list[Part], matter: Matter) -> list[Part]:
    wanted = [*matter.wishes.sections, *(_LONG if matter.wishes.longer else ())]
    for title in wanted:
        parts = _with_points(parts, title, asked_for(title, matter))
    return parts


def _with_examples(parts: list[Part], matter: Matter) -> list[Part]:
    steps = [
        match[3]
        for part in parts
        for line, is_code in _lines(part.text)
        if not is_code and (match := _STEP.match(line))
    ]
    for wish in matter.wishes.examples:
        about = wish or "an unusual input"
        told = [re.sub(r"\*\*|`", "", one).strip() for one in steps[:3]] or ["Follow the instructions of this skill."]
        lines = [f"User: I need this done. It is about {about}.", *(f"Agent: {shorten(one, 160)}" for one in told)]
        lines.append(f"Agent: Result, with one part about {about}: what I found, what I did, what is open.")
        shown = fenced("\n".join(lines))
        parts = _with_points(parts, "Examples", f"### Example: {about}\n\n{shown}")
    return parts


def _with_points(parts: list[Part], title: str, text: str, lead: str = "") -> list[Part]:
    """With `text` at the end of the section, which is made where there is none; what it has already is not repeated."""
    for index, part in enumerate(parts):
        if text and part.title.lower() == title.lower():
            new = [line for line in text.split("\n") if not line.startswith("- ") or line not in part.text]
            gap = "\n" if text.startswith("- ") and re.search(r"^[-*] .*\n*\Z", part.text, re.M) else "\n\n"
            more = f"{part.text.rstrip()}{gap}{chr(10).join(new)}\n"
            is_last = index == len(parts) - 1
            changed = replace(part, text=more if is_last else f"{more}\n")
            return [*parts[:index], changed, *parts[index + 1 :]] if any(new) else parts
    if not text:
        return parts
    before = [*parts]
    if before:
        before[-1] = replace(before[-1], text=before[-1].text.rstrip("\n") + "\n\n")
    return [*before, Part(title, f"## {title}\n\n{lead}{text}\n")]


def _replaced(body: str, wishes: Wishes, notes: list[str]) -> str:
    for old, new in wishes.replacements:
        body, count = re.subn(rf"(?<!\w){re.escape(old)}(?!\w)", lambda _, new=new: new, body, flags=re.I)  # type: ignore[misc]
        notes.append(f"'{old}' became '{new}'." if count else f"'{old}' was not found to replace.")
    return body
