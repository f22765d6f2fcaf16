"""Every operation of the three contracts x the hostile inputs: refused in the contract's shape, and never a crash.

Operations come from tests/isolation/operations.py, which the URL configuration must match (test_matrix.py); the
fields of a body from the serializers that an operation reads. One test is one operation and one kind of input; each of
its cases is undone. Numbers name the entries of the list.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.http import QueryDict
from pytest_django import Settings
from rest_framework import serializers

from api.inputs import InputSerializer, StrictText
from conversations import intents
from core.text import sha256_hex
from tests.hardening import inputs
from tests.isolation.operations import OPERATIONS, fill
from tests.isolation.test_matrix import Key, World, each, is_in_shape, undone

pytestmark = pytest.mark.django_db
REFUSALS = {400, 403, 404, 405, 409, 412, 413, 415, 422, 429}
WRITING = ("POST", "PUT", "PATCH")
MOST_BODY = 768 * 1024


@dataclass(frozen=True)
class Tried:
    """A case and its answer."""

    case: str
    status: int
    body: bytes
    headers: dict[str, str]


class House:
    """The world of the tenant matrix, called with what its callers would not send."""

    def __init__(self) -> None:
        self.world = World()
        self.manager = self.world.callers.roles["manager"]
        self.read: list[tuple[type[InputSerializer], bool]] = []

    def send(
        self, key: Key, case: str, *, url: str = "", body: bytes | None = None, method: str = "",
        content_type: str = "application/json", headers: dict[str, str] | None = None,
    ) -> Tried:  # fmt: skip
        operation, refs = OPERATIONS[key], self.world.own.refs
        url, body = url or operation.url(refs), operation.data(refs) if body is None else body
        with undone():
            given = self.manager | (headers or {})
            reply: Any = self.world.http.generic(method or key[1], url, body, content_type, headers=given)
            content = b"".join(reply) if reply.streaming else reply.content
        return Tried(
            f"{case}: {method or key[1]} {url[:200]} {body[:80]!r}", reply.status_code, content, dict(reply.headers)
        )

    def fields_of(self, key: Key, *, query: bool = False) -> list[tuple[str, Any]]:
        """What an operation reads of its body, or of its query: dotted names, in a serializer inside another too."""
        self.read.clear()
        self.send(key, "as it should be")
        found: dict[str, Any] = {}
        for serializer, is_query in self.read:
            for name, field in serializer().fields.items() if is_query == query else ():
                found[name] = field
                if isinstance(field, serializers.Serializer):
                    found |= {f"{name}.{inner}": one for inner, one in field.fields.items()}
        return list(found.items())


@pytest.fixture(scope="module")
def house(django_db_setup: None, django_db_blocker: Any) -> Iterator[House]:
    with django_db_blocker.unblock(), undone(), pytest.MonkeyPatch.context() as patch:
        house = House()
        read = InputSerializer.read.__func__  # type: ignore[attr-defined]

        def recorded(cls: type[InputSerializer], data: Any) -> Any:
            house.read.append((cls, isinstance(data, QueryDict)))
            return read(cls, data)

        patch.setattr(InputSerializer, "read", classmethod(recorded))
        patch.setattr("inference.embedder.embed_query", vector_of)
        patch.setattr("inference.embedder.embed_documents", lambda texts: [vector_of(text) for text in texts])
        # What it remembers of these vectors would have the tests after this one misunderstand people.
        patch.setattr(intents, "_vectors", cache(intents._vectors.__wrapped__))
        yield house


def vector_of(text: str) -> list[float]:
    """In place of the model, which costs what nothing here is about: a direction that only the text decides."""
    numbers = bytes.fromhex(sha256_hex(text)) * 12
    return [number / 255 for number in numbers]


@pytest.fixture(autouse=True)
def surroundings(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = MOST_BODY
    monkeypatch.setattr("jobs.tasks.run_job.apply_async", lambda *args, **options: None)


def wrong_with(key: Key, tried: Tried) -> str:
    """What is wrong with the answer as such, whatever the input was."""
    if tried.status >= 500:
        return "a crash"
    if tried.status >= 400:
        if tried.status not in REFUSALS | {401}:
            return "an unknown status"
        if tried.headers.get("Content-Type") != "application/json" or not is_in_shape(key, Answer(tried.body)):
            return "not the contract's shape"
    if "X-Request-ID" not in tried.headers or "X-Injected" in tried.headers or "X" in tried.headers:
        return "its headers"
    return "" if tried.headers.get("X-Content-Type-Options") == "nosniff" else "no nosniff"


class Answer:
    def __init__(self, body: bytes) -> None:
        self.text = body.decode()


def holds(key: Key, found: Iterable[tuple[Tried, str]]) -> None:
    """Fails with all that is wrong of all cases, not with the first."""
    problems = []
    for tried, more in found:
        if problem := wrong_with(key, tried) or more:
            problems.append(f"{problem}: {tried.status} for {tried.case} -> {tried.body[:200]!r}")
    assert not problems, "\n".join(problems)


def expect(tried: Tried, *statuses: int) -> tuple[Tried, str]:
    return tried, "" if tried.status in statuses else f"not {'/'.join(map(str, statuses))}"


@each(OPERATIONS)
def test_bodies(house: House, key: Key) -> None:
    """16, 23, 24: where a body is read, what is no JSON of ours is refused; where none is, nobody cares."""
    reads = house.send(key, "a text", body=b"{}", content_type="text/plain").status == 415
    assert reads or OPERATIONS[key].body is None

    def cases() -> Iterator[tuple[Tried, str]]:
        for case, body in inputs.BAD_BODIES.items():
            yield expect(house.send(key, case, body=body), 400, 422)
        for case, body in inputs.ODD_BODIES.items():
            yield house.send(key, case, body=body), ""
        for content_type in inputs.BAD_TYPES + inputs.BAD_CHARSETS:
            yield expect(house.send(key, content_type, body=b'{"x": 1}', content_type=content_type), 415)
        yield expect(house.send(key, "too large", body=b'{"x": "' + b"y" * MOST_BODY + b'"}'), 413)

    holds(key, cases() if reads else [(house.send(key, "a body for nobody", body=b"{"), "")])


@each(key for key in OPERATIONS if key[1] in WRITING)
def test_fields(house: House, key: Key) -> None:
    """6, 16, 18, 21, 25, 28, 38: every field of a body takes every value without a crash. What cannot be kept is
    refused by name."""
    given = json.loads(OPERATIONS[key].data(house.world.own.refs) or b"{}")

    def cases() -> Iterator[tuple[Tried, str]]:
        for number, (name, field) in enumerate(house.fields_of(key)):
            for case, raw in list(inputs.UNSTORABLE.items())[: None if number == 0 else 2]:
                tried = house.send(key, f"{name} {case}", body=with_raw(given, name, raw))
                is_named = name.partition(".")[0].encode() in tried.body or b"surrogate" in tried.body
                yield tried, "" if tried.status in (400, 422) and is_named else "not refused by its name"
            for case, value in inputs.WRONG_FOR_TEXT.items() if isinstance(field, StrictText) else ():
                yield expect(house.send(key, f"{name} {case}", body=with_value(given, name, value)), 400, 422)
            for case, value in inputs.VALUES.items():
                yield house.send(key, f"{name} {case}", body=with_value(given, name, value)), ""

    holds(key, cases())


def with_value(given: dict[str, Any], name: str, value: Any) -> bytes:
    return with_raw(given, name, json.dumps(value).encode())


def with_raw(given: dict[str, Any], name: str, raw: bytes) -> bytes:
    outer, _, inner = name.partition(".")
    return json.dumps(given | {outer: {inner: "PLANTED"} if inner else "PLANTED"}).encode().replace(b'"PLANTED"', raw)


@each(OPERATIONS)
def test_queries(house: House, key: Key) -> None:
    """16, 20: numbers that are none and bytes that are no text, in every parameter that is read and in one that is no
    parameter."""
    path, _, query = OPERATIONS[key].url(house.world.own.refs).partition("?")
    read = [*(name for name, _ in house.fields_of(key, query=True)), *parse_qs(query)]

    def cases() -> Iterator[tuple[Tried, str]]:
        for name in dict.fromkeys(read):
            for value in inputs.NUMBERS if name in ("limit", "offset") else inputs.QUERIES:
                yield house.send(key, f"{name}={value[:40]}", url=f"{path}?{name}={value}"), ""
        for raw in inputs.ODD_QUERIES:
            yield house.send(key, "the query", url=f"{path}?{raw}"), ""

    holds(key, cases())


@each(key for key in OPERATIONS if "<" in OPERATIONS[key].path.partition("?")[0])
def test_names_in_paths(house: House, key: Key) -> None:
    """17, 22, 31: a name that is none is the name of nothing."""
    path, refs = OPERATIONS[key].path, house.world.own.refs
    places = re.findall(r"<\w+>", path.partition("?")[0])
    # Users and sessions are the tenant's own words for what need not be there yet.
    may_be = (200,) if key[0] in ("fleet:user-taxonomy", "fleet:adapt-taxonomy", "fleet:session") else ()

    def cases() -> Iterator[tuple[Tried, str]]:
        for place in places:
            for name in inputs.NAMES:
                url = fill(path.replace(place, name), refs)
                yield expect(house.send(key, f"{place} as {name[:40]}", url=url), 400, 404, 405, 422, *may_be)

    holds(key, cases())


@each(OPERATIONS)
def test_headers_and_methods(house: House, key: Key) -> None:
    """1, 24: headers that are none, and methods that are not offered."""
    offered = {one[1] for one in OPERATIONS if one[0] == key[0]}

    def cases() -> Iterator[tuple[Tried, str]]:
        for headers in inputs.odd_headers():
            yield house.send(key, f"{headers}"[:300], headers=headers), ""
        for value in inputs.AUTHORIZATIONS if OPERATIONS[key].anybody == 401 else ():
            tried = house.send(key, f"Authorization: {value[:60]!r}", headers={"Authorization": value})
            is_challenged = "Bearer" in tried.headers.get("WWW-Authenticate", "")
            yield tried, "" if tried.status == 401 and is_challenged else "not 401 with a challenge"
        for method in sorted({"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"} - offered):
            tried = house.send(key, "another method", method=method)
            told = set(tried.headers.get("Allow", "").split(", "))
            yield tried, "" if tried.status == 405 and told >= offered else "not 405 with what is allowed"

    holds(key, cases())
