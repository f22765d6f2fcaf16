"""The settings: what config/settings.py asks the environment for, explained by the comments of .env.example."""

from __future__ import annotations

import os
import re
import runpy
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

from config import environment
from reference_pages import code, table

ROOT = Path(__file__).resolve().parent.parent.parent
SAMPLES = ROOT / ".env.example"
_KINDS = {
    "text": "text",
    "number": "whole number",
    "flag": "true or false",
    "words": "list, with commas",
    "hosts": "list, with commas; needed",
    "rate": "rate",
    "choice": "choice",
    "pairs": "name=value, with commas",
    "prices": "model=input/output, with commas",
    "secret": "secret; needed",
}
_REFUSED = {"DEBUG"}  # asked for only to be refused
# A server's own, without which it does not start; what is asked for besides is then what a server asks for.
_SERVER = {
    "GUILDHALL_ENV": "production",
    "SECRET_KEY": "s" * 50,
    "JWT_SIGNING_KEY": "j" * 50,
    "ALLOWED_HOSTS": "guildhall.test",
}


@dataclass
class Setting:
    kind: str
    default: str = ""


@dataclass
class Explained:
    """Neighbours in .env.example that share a comment."""

    comment: str
    names: list[str] = field(default_factory=list)


def page() -> str:
    known = asked_for()
    parts = []
    for title, groups in sections().items():
        parts.append(f"## {title}")
        for group in groups:
            rows = [[code(name), known[name].kind, code(known[name].default)] for name in group.names]
            parts += [group.comment, table(("name", "kind", "default"), rows)]
    return "\n\n".join(parts)


def asked_for() -> dict[str, Setting]:
    """What a server reads, found by reading its settings once with every reader of the environment watched."""
    found: dict[str, Setting] = {}

    def watched(kind: str, read: Callable[..., Any]) -> Callable[..., Any]:
        def reader(name: str, *given: Any, **options: Any) -> Any:
            found.setdefault(name, _described(kind, given, options))
            return read(name, *given, **options)

        return reader

    with ExitStack() as stack:
        stack.enter_context(patch.dict(os.environ, _SERVER, clear=True))
        for kind in _KINDS:
            stack.enter_context(patch.object(environment, kind, watched(kind, getattr(environment, kind))))
        runpy.run_path(str(ROOT / "config" / "settings.py"))
    return {name: setting for name, setting in found.items() if name not in _REFUSED}


def _described(kind: str, given: tuple[Any, ...], options: dict[str, Any]) -> Setting:
    if kind == "choice":
        first, *others = given[0]
        return Setting(" or ".join(code(one) or "empty" for one in (first, *others)), first)
    default = given[0] if given else options.get("default", "")
    shown = str(default).lower() if isinstance(default, bool) else str(default)
    return Setting(_KINDS[kind], shown.removeprefix(f"{ROOT}/"))


def sections() -> dict[str, list[Explained]]:
    """.env.example by its titles; each comment with the names that follow it."""
    found: dict[str, list[Explained]] = {}
    for title, text in re.findall(r"^# --- (.+?) ---\n(.*?)(?=^# --- |\Z)", SAMPLES.read_text(), re.MULTILINE | re.S):
        found[title] = list(_explained(text))
    return found


def _explained(text: str) -> Iterator[Explained]:
    for comment, names in re.findall(r"((?:^# .*\n)+)((?:^[A-Z_]+=.*\n?)+)", text, re.MULTILINE):
        words = " ".join(line.removeprefix("# ") for line in comment.splitlines())
        yield Explained(words.rstrip(".") + ".", re.findall(r"^([A-Z_]+)=", names, re.MULTILINE))


PARTS = (page,)
