"""How the admin pages say times, durations and Markdown."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django import template
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.timesince import timesince

from core.markdown import MAX_RENDERED, reachable, render_markdown

register = template.Library()

# A deadline this near is shown in red.
SOON = timedelta(minutes=10)
# Longer texts are shown in one piece.
MAX_NUMBERED = 3_000
_LINE_END = re.compile(r"\r\n|\n|\r")


@register.filter
def age(moment: datetime | None) -> str:
    """How long ago, in one word and a number: `12 minutes`; '-' where it never was."""
    if moment is None:
        return "-"
    now = timezone.now()
    return _about(moment, now) if moment <= now else f"in {_about(now, moment)}"


def _about(start: datetime, end: datetime) -> str:
    return "moments" if end - start < timedelta(minutes=1) else timesince(start, end, depth=1).replace("\xa0", " ")


@register.filter
def is_soon(deadline: datetime) -> bool:
    """Whether less than ten minutes are left, or none."""
    return deadline - timezone.now() < SOON


@register.filter
def duration(value: timedelta | float | None) -> str:
    """A span (a timedelta, or a number of milliseconds) as `350 ms`, `2.4 s`, `3 min 20 s`, `5 h 2 min`."""
    if value is None:
        return "-"
    seconds = value.total_seconds() if isinstance(value, timedelta) else value / 1000
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min"


@register.filter
def markdown(text: Any) -> SafeString:
    return reachable(render_markdown(text if isinstance(text, str) else ""))


@register.filter
def numbered(text: Any, findings: Iterable[Mapping[str, Any]] | None = None) -> list[dict[str, Any]]:
    """The lines of a SKILL.md as {number, text, findings}, each with what was found there; none above 3,000 lines."""
    lines = _LINE_END.split(text) if isinstance(text, str) else []
    if len(lines) > MAX_NUMBERED:
        return []
    there: dict[Any, list[Mapping[str, Any]]] = {}
    for finding in findings or ():
        if finding.get("path") in (None, "", "SKILL.md"):
            there.setdefault(finding.get("line"), []).append(finding)
    return [{"number": number, "text": line, "findings": there.get(number)} for number, line in enumerate(lines, 1)]


@register.filter
def percent(value: Any) -> str:
    """0.876 as `88%`; '-' where there is no figure."""
    return f"{value:.0%}" if isinstance(value, (int, float)) else "-"


@register.filter
def was_cut(text: Any) -> bool:
    """Whether the text is too long for `markdown` to show all of it."""
    return isinstance(text, str) and len(text) > MAX_RENDERED


@dataclass
class Folder:
    """Files and folders by name, folders first."""

    name: str
    folders: list[Folder]
    files: list[dict[str, Any]]


@register.filter
def tree(entries: Iterable[Mapping[str, Any]]) -> Folder:
    """Entries of supporting_files as the folder they are; each file {path, name, size, is_binary, is_executable}."""
    root = Folder("", [], [])
    known = {"": root}
    for entry in sorted(entries, key=lambda entry: str(entry["path"])):
        parts = str(entry["path"]).split("/")
        for depth in range(1, len(parts)):
            path, above = "/".join(parts[:depth]), "/".join(parts[: depth - 1])
            if path not in known:
                known[path] = Folder(parts[depth - 1], [], [])
                known[above].folders.append(known[path])
        facts = {"is_binary": entry.get("encoding") == "base64", "is_executable": bool(entry.get("executable"))}
        known["/".join(parts[:-1])].files.append(
            {"path": entry["path"], "name": parts[-1], "size": entry.get("size", 0), **facts}
        )
    return root


@register.filter
def as_json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False, default=str)


@register.filter
def bytes_size(value: Any) -> str:
    return filesizeformat(value).replace("\xa0", " ")
