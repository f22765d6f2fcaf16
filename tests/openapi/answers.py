"""Holds answers of the three contracts to the committed documents: status, media type, shape and headers.

Objects are closed here: a key that a document does not name fails, though its readers must expect more keys later.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import jsonschema_rs
import orjson

from api.schema.documents import CONTRACTS, folder
from api.schema.generator import endpoints_of


def _reason(problem: jsonschema_rs.ValidationError) -> str:
    """Of alternatives that do not fit, what is wrong with the nearest; that null was possible too helps nobody."""
    branches = getattr(problem.kind, "context", None) or []
    texts = [[error.message for error in branch] for branch in branches]
    near = min((branch for branch in texts if not branch[0].endswith('"null"')), key=len, default=[problem.message])
    return " | ".join(text[:300] for text in near)


class Undocumented(AssertionError):
    """An answer that the document of its contract does not allow."""


@dataclass(frozen=True)
class Described:
    """A contract's document, and how to find an operation in it."""

    document: Mapping[str, Any]
    error: str
    paths: tuple[tuple[re.Pattern[str], str], ...]
    validators: dict[str, Any]

    def path_of(self, path: str) -> str | None:
        """The path of the document that this request's path is."""
        return next((known for pattern, known in self.paths if pattern.match(path)), None)

    def check(self, reference: str, value: Any, what: str) -> None:
        if reference not in self.validators:
            schema = {"$ref": reference, "components": self.document["components"]}
            self.validators[reference] = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
        problem = next(self.validators[reference].iter_errors(value), None)
        if problem is not None:
            place = "/".join(map(str, problem.instance_path))
            raise Undocumented(f"{what}: at '{place}': {_reason(problem)}: {str(problem.instance)[:400]}")


@cache
def described() -> tuple[Described, ...]:
    found = []
    for contract in CONTRACTS:
        document = closed(json.loads((folder() / f"{contract.name}.json").read_text()))
        paths = {endpoint.path: re.compile(endpoint.expression) for endpoint in endpoints_of(contract)}
        error = f"#/components/schemas/{contract.error.__name__}"
        found.append(Described(document, error, tuple((pattern, path) for path, pattern in paths.items()), {}))
    return tuple(found)


def closed(document: Any) -> Any:
    """A copy in which objects have no more than their named keys, unless they say that they may."""
    document = copy.deepcopy(document)
    for schema in objects_in(document["components"]["schemas"]):
        if "properties" in schema:
            schema.setdefault("additionalProperties", False)
    return document


def objects_in(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if value.get("type") == "object":
            yield value
        for item in value.values():
            yield from objects_in(item)
    elif isinstance(value, list):
        for item in value:
            yield from objects_in(item)


def check_answer(method: str, path: str, status: int, headers: Mapping[str, str], content: bytes) -> bool:
    """Raises Undocumented. Returns False where the path is no contract's."""
    for one in described():
        known = one.path_of(path)
        if known is not None:
            _check(one, known, method, status, headers, content)
            return True
    return False


def _check(one: Described, path: str, method: str, status: int, headers: Mapping[str, str], content: bytes) -> None:
    what = f"{method} {path}: {status}"
    operation = one.document["paths"][path].get("get" if method == "HEAD" else method.lower())
    if operation is None:
        if status < 400:
            raise Undocumented(f"{what}: the document has no such method")
        one.check(one.error, orjson.loads(content), what)
        return
    response = operation["responses"].get(str(status))
    if response is None:
        raise Undocumented(f"{what} is not among {', '.join(operation['responses'])}: {content[:300]!r}")
    if "$ref" in response:
        response = one.document["components"]["responses"][response["$ref"].rpartition("/")[2]]
    _check_headers(response, headers, what)
    if method != "HEAD":
        _check_content(one, response, headers.get("Content-Type", ""), content, what)


def _check_headers(response: Mapping[str, Any], headers: Mapping[str, str], what: str) -> None:
    missing = [name for name in response.get("headers", {}) if name not in headers and name != "Retry-After"]
    if missing:
        raise Undocumented(f"{what}: without {', '.join(missing)}")


def _check_content(one: Described, response: Mapping[str, Any], media: str, content: bytes, what: str) -> None:
    if "content" not in response:
        if content:
            raise Undocumented(f"{what}: has a body")
        return
    kind = media.partition(";")[0]
    if kind not in response["content"]:
        raise Undocumented(f"{what}: is {media}, not {', '.join(response['content'])}")
    reference = response["content"][kind]["schema"]["$ref"]
    if kind == "application/json":
        one.check(reference, orjson.loads(content), what)
    elif kind == "text/event-stream":
        check_events(one, reference, content, what)


def check_events(one: Described, reference: str, content: bytes, what: str) -> None:
    for line in content.splitlines():
        if line.startswith(b"data: ") and line != b"data: [DONE]":
            one.check(reference, orjson.loads(line[6:]), what)
