"""The refusals of the domain: where the source raises one, its code, its words, and the status it has in HTTP."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from importlib import import_module
from pathlib import Path
from typing import Any

from api.problems import problem_of
from core import errors
from reference_pages import code, table

ROOT = Path(__file__).resolve().parent.parent.parent
APPS = (
    "accounts",
    "analytics",
    "api",
    "catalogue",
    "conversations",
    "core",
    "inference",
    "jobs",
    "marketplace",
    "operations",
    "outbox",
    "skills",
    "taxonomy",
)
KINDS = {kind.__name__: kind for kind in errors.DomainError.__subclasses__()}


@dataclass(frozen=True)
class Refusal:
    kind: str
    code: str
    message: str
    place: str


def page() -> str:
    by_kind: dict[str, dict[str, list[Refusal]]] = defaultdict(lambda: defaultdict(list))
    for one in refusals():
        by_kind[one.kind][one.code].append(one)
    return "\n\n".join(part for kind in KINDS for part in _section(KINDS[kind], by_kind[kind]))


def _section(kind: type[errors.DomainError], found: dict[str, list[Refusal]]) -> Iterator[str]:
    status = status_of(kind)
    yield f"## {kind.__name__}: {status} {HTTPStatus(status).phrase}"
    yield (kind.__doc__ or "").strip()
    rows = []
    for name, ones in sorted(found.items()):
        messages = "<br>".join(dict.fromkeys(one.message for one in ones if one.message))
        rows.append([code(name), messages, ", ".join(dict.fromkeys(code(one.place) for one in ones))])
    yield table(("code", "what it says", "where"), rows)


def status_of(kind: type[errors.DomainError]) -> int:
    given: dict[str, Any] = {"retry_after": 1} if kind is errors.LimitReached else {}
    return problem_of(kind("", **given)).status


def refusals() -> Iterator[Refusal]:
    """Every place of the apps that makes a refusal, in the order of their files."""
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield from _in_module(path)


def _in_module(path: Path) -> Iterator[Refusal]:
    tree = ast.parse(path.read_text())
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for node in ast.walk(function):
                if isinstance(node, ast.Call) and (kind := _kind(node.func)):
                    yield Refusal(kind, _code(node, kind, path), _message(node, function), str(path.relative_to(ROOT)))


def _kind(node: ast.expr) -> str:
    """`Invalid` and `errors.Invalid`; empty for any other call."""
    name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
    return name if name in KINDS else ""


def _code(call: ast.Call, kind: str, path: Path) -> str:
    given = next((word.value for word in call.keywords if word.arg == "code"), None)
    if given is None:
        return KINDS[kind].code
    if isinstance(given, ast.Name):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        return str(getattr(import_module(module), given.id))
    return _shown(given)


def _message(call: ast.Call, function: ast.AST) -> str:
    """The words; those of a variable are the last that it was given before."""
    words = call.args[0] if call.args else None
    if isinstance(words, ast.Name):
        given = [
            node.value
            for node in ast.walk(function)
            if isinstance(node, ast.Assign) and node.lineno <= call.lineno and ast.unparse(node.targets[0]) == words.id
        ]
        words = given[-1] if given else None
    return _shown(words)


def _shown(node: ast.expr | None) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(_shown(part) if isinstance(part, ast.Constant) else "…" for part in node.values)
    return ""


PARTS = (page,)
