"""Input that broke other servers is refused by both contracts with 400, 413, 415 or 422, and never with 500."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from tests.conftest import Tenant

FLEET, KAMAN = "/api/v1/skills", "/agent/api/skills/search"
DEEP = b'{"task_description": ' + b"[" * 100 + b"]" * 100 + b"}"

pytestmark = pytest.mark.usefixtures("no_model")


@pytest.fixture
def no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any, **kwargs: Any) -> Any:
        raise AssertionError("bad input came as far as the search")

    monkeypatch.setattr("api.agent.views.search.search_skills", fail)


@pytest.fixture(params=[FLEET, KAMAN])
def url(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def post(client: Client, jane: Tenant, url: str, body: bytes, content_type: str = "application/json") -> Any:
    answer = client.post(url, body, content_type=content_type, headers=jane.headers)
    assert answer["Content-Type"] == "application/json"
    assert isinstance(answer.json()["error"], str)
    return answer


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b'{"query": NaN}',
        b'{"query": Infinity}',
        b'{"query": 1e400}',
        b'{"query": ' + b"9" * 5000 + b"}",
        b'{"query": "\\ud800", "task_description": "\\udfff"}',
        b'{"query": "\xff", "task_description": "\xff"}',
        '{"query": "x", "task_description": "long enough"}'.encode("utf-16"),
        b"[" * 100_000,
        b"[" * 1000 + b"]" * 1000,
        DEEP,
        b'{"a":' * 33 + b"1" + b"}" * 33,
        b"not json",
        b"'single'",
        b"[]",
        b'"text"',
        b"null",
        b"1",
        b"",
        b"  ",
        b"{}",
        b'{"query": {}, "task_description": {}}',
        b'{"query": ["x"], "task_description": ["x"]}',
        b'{"query": 123, "task_description": 1234567890123}',
        b'{"query": true, "task_description": true}',
        b'{"query": "  ", "task_description": "              "}',
        b'{"query": "a\\u0000b", "task_description": "a long enough \\u0000 text"}',
        b'{"query": "x", "task_description": "long enough text", "note\\u0000": 1}',
        b'{"query": "x", "task_description": "long enough text", "note": [{"a": "\\u0000"}]}',
    ],
)
def test_bodies_that_are_no_good(client: Client, jane: Tenant, url: str, body: bytes) -> None:
    """Fleet calls it 422 where the body is readable and a value of it is wrong, but for the documented field."""
    assert post(client, jane, url, body).status_code in ((400, 422) if url == FLEET else (400,))


@pytest.mark.parametrize("name", ["query", "task_description"])
def test_unstorable_text_names_its_field(client: Client, jane: Tenant, url: str, name: str) -> None:
    message = post(client, jane, url, b'{"%s": "some text \\u0000 more"}' % name.encode()).json()
    assert name in message.get("detail", message["error"])


def test_depth_of_32_is_fine(client: Client, jane: Tenant) -> None:
    nested = b'{"a":' * 31 + b"1" + b"}" * 31
    body = b'{"task_description": "long enough text", "extra": %s}' % nested
    assert client.post(FLEET, body, content_type="application/json", headers=jane.headers).status_code == 200


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("text/plain", 415),
        ("application/x-www-form-urlencoded", 415),
        ("multipart/form-data; boundary=x", 415),
        ("application/xml", 415),
        ("nonsense", 415),
        ("application/" + "x" * 10_000, 415),
        ("application/json; charset=utf-16", 415),
        ("application/json; charset=latin-1", 415),
        ("application/json; charset=no-such", 415),
        ("application/json; charset=UTF-8", 200),
        ("application/json; charset=us-ascii", 200),
        ('application/json; charset="utf-8"; x=y', 200),
        ("Application/JSON", 200),
    ],
)
def test_media_types(client: Client, jane: Tenant, content_type: str, status: int) -> None:
    body = json.dumps({"task_description": "long enough text"}).encode()
    answer = client.generic("POST", FLEET, body, content_type, headers=jane.headers)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/json")


def test_a_million_items(client: Client, jane: Tenant, url: str) -> None:
    body = b'{"query": [' + b"0," * 10**6 + b'0], "task_description": []}'
    assert post(client, jane, url, body).status_code == 400


def test_the_last_of_two_equal_names_counts(client: Client, jane: Tenant) -> None:
    body = b'{"task_description": 1, "task_description": "long enough text"}'
    assert client.post(FLEET, body, content_type="application/json", headers=jane.headers).status_code == 200


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({}, "query is required"),
        ({"query": None}, "query is required"),
        ({"query": ""}, "query is required"),
        ([], "query is required"),
        ({"query": 5}, "query must be a string"),
        ({"query": "x" * 8193}, "query must be at most 8192 characters"),
        ({"query": "x", "limit": 0}, "limit must be a positive integer"),
        ({"query": "x", "limit": -1}, "limit must be a positive integer"),
        ({"query": "x", "limit": "ten"}, "limit must be a positive integer"),
        ({"query": "x", "limit": True}, "limit must be a positive integer"),
        ({"query": "x", "limit": 1.5}, "limit must be a positive integer"),
        ({"query": "x", "limit": [1]}, "limit must be a positive integer"),
        ({"query": "x", "limit": 2**63}, "limit must be a positive integer"),
        ({"query": "x", "domains": 5}, "domains must be an array of strings"),
        ({"query": "x", "domains": [5]}, "domains must be an array of strings"),
        ({"query": "x", "domains": ["x"] * 101}, "domains must be an array of strings"),
        ({"query": "x", "domains": {"a": "b"}}, "domains must be an array of strings"),
    ],
)
def test_messages_of_kaman(client: Client, jane: Tenant, body: Any, error: str) -> None:
    answer = client.post(KAMAN, json.dumps(body), content_type="application/json", headers=jane.headers)
    assert (answer.status_code, answer.json()) == (400, {"error": error})


@pytest.mark.parametrize(
    "path", ["skills/a%00b", "skills/%ED%A0%80", "skills/%FF", "skills/a%0A", "skills/" + "x" * 5000]
)
def test_hostile_addresses_are_no_server_errors(client: Client, jane: Tenant, path: str) -> None:
    assert client.get(f"/api/v1/{path}", headers=jane.headers).status_code in (400, 404)
