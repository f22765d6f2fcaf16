"""What is printed: tables for people, tab-separated lines for pipes, JSON for programs; the rest on standard error.

Texts come from other people, other tenants among them, so what could steer a terminal is taken out before it is shown.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from rich import box
from rich.console import Console
from rich.markdown import Markdown
from rich.table import Table
from rich.text import Text

_STEERING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_FRONT_MATTER = re.compile(r"\A\ufeff?---\n(.*?)\n---$", re.DOTALL | re.MULTILINE)
# What people copy from a table, and single words, stay in one line.
_WHOLE = ("job_id", "id", "slug", "status", "state")

out = Console(highlight=False, markup=False)
err = Console(highlight=False, markup=False, stderr=True)


def has_person() -> bool:
    """Whether somebody sits at a terminal and can be asked."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def plain(text: object) -> str:
    """The text without control characters and marks that turn its direction; line breaks and tabs stay."""
    return _STEERING.sub("", str(text).replace("\r\n", "\n"))


def line(text: object) -> str:
    """The text in one line."""
    return " ".join(plain(text).split())


def tell(text: str, style: str = "") -> None:
    """Says something to a person, beside the output."""
    err.print(plain(text), style=style, soft_wrap=True)


def show_json(value: object) -> None:
    """One document on standard output. Everything beyond ASCII is escaped, whatever the terminal can show."""
    sys.stdout.write(json.dumps(value, indent=2, default=_as_json) + "\n")


def show_table(rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str], *, empty: str) -> None:
    """`columns` are titles by key. In a pipe: a line for each row, tabs between the cells, no titles, nothing cut."""
    if not out.is_terminal:
        for row in rows:
            sys.stdout.write("\t".join(_cell(row[key]) for key in columns) + "\n")
        return
    if not rows:
        tell(empty)
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for key, title in columns.items():
        table.add_column(title, overflow="fold", no_wrap=key in _WHOLE)
    for row in rows:
        table.add_row(*(Text(_cell(row[key])) for key in columns))
    out.print(table)


def show_fields(fields: Mapping[str, Any]) -> None:
    """A thing with its properties, one a line."""
    width = max(len(name) for name in fields)
    for name, value in fields.items():
        out.print(Text.assemble((f"{name:{width}}  ", "dim"), _cell(value)), soft_wrap=True)


def document(text: str) -> Markdown:
    """A SKILL.md as a person reads it: the front matter as it stands, addresses of links spelled out."""
    body = _FRONT_MATTER.sub(r"```yaml\n\1\n```\n", plain(text), count=1)
    return Markdown(body, hyperlinks=False)


def show_document(text: str) -> None:
    """Set for a terminal; as it is for a pipe, where it may be kept."""
    if out.is_terminal:
        out.print(document(text))
    else:
        sys.stdout.write(text)


def _cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case float():
            return f"{value:.2f}"
        case datetime():
            return value.astimezone().strftime("%Y-%m-%d %H:%M") if out.is_terminal else value.isoformat()
        case str():
            return line(value)
        case Iterable():
            return ", ".join(line(one) for one in value)
    return line(value)


def _as_json(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
