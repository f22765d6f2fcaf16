"""The metrics, by the names, labels and words they are made with. Read from the source: it needs no database."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from types import ModuleType
from typing import Any

from core import metrics as counted
from operations import figures
from reference_pages import code, table


@dataclass(frozen=True)
class Figure:
    name: str
    kind: str
    labels: tuple[str, ...]
    documentation: str


def figures_table(module: ModuleType) -> str:
    rows = (
        [code(one.name), one.kind.replace("counter", "counter (`_total`)"), ", ".join(one.labels), one.documentation]
        for one in figures_of(module)
    )
    return table(("name", "kind", "labels", "what"), rows)


def figures_of(module: ModuleType) -> Iterator[Figure]:
    """Each call in the module that names a figure; `_by_type_and_state` makes two of them for the labels it has."""
    tree = ast.parse(inspect.getsource(module))
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    for node in sorted(calls, key=lambda call: call.lineno):
        if not isinstance(node.func, ast.Name):
            continue
        place = next((at for at, word in enumerate(node.args) if _is_name(word)), None)
        if place is None:
            continue
        made_by = functions.get(node.func.id)
        maker = node.args[0] if made_by else node.func
        labels = next(filter(None, map(_labels, ast.walk(made_by)))) if made_by else _labels(node)
        yield Figure(
            name=_value(node.args[place], module),
            kind=ast.unparse(maker).removesuffix("MetricFamily").lower(),
            labels=_value(labels, module) if labels else (),
            documentation=_value(node.args[place + 1], module),
        )


def _is_name(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and str(node.value).startswith("guildhall_")


def _labels(node: ast.AST) -> ast.expr | None:
    """`labels=…`, or what follows the documentation of a figure of the library."""
    if not isinstance(node, ast.Call):
        return None
    named = next((word.value for word in node.keywords if word.arg == "labels"), None)
    return named or next((word for word in node.args[2:] if isinstance(word, ast.Tuple)), None)


def _value(node: ast.expr, module: ModuleType) -> Any:
    return eval(compile(ast.Expression(node), module.__name__, "eval"), vars(module))  # noqa: S307 - our own source


PARTS = (partial(figures_table, counted), partial(figures_table, figures))
