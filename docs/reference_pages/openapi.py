"""The operations of each contract, from its OpenAPI document."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

from reference_pages import code, table

DOCUMENTS = Path(__file__).resolve().parent.parent / "openapi"
METHODS = ("get", "post", "put", "patch", "delete")


def operations(name: str) -> str:
    document = json.loads((DOCUMENTS / f"{name}.json").read_text())
    rows = [
        [code(f"{method.upper()} {path}"), operation.get("summary", ""), code(operation["operationId"])]
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        if method in METHODS
    ]
    return table(("call", "what it does", "operation id"), rows)


PARTS = tuple(partial(operations, name) for name in ("fleet", "code", "agent"))
