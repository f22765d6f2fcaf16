"""Every door of the house, from the URL configuration: each answer has an id, and what keeps browsers safe."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client as Http
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RegexPattern, RoutePattern
from pytest_django import Settings

from api.handlers import refuse
from api.middleware import SAFE_HEADERS
from api.views import ContractView
from config.asgi import application
from tests.api.fleet.streams.conftest import refused, threads  # noqa: F401
from tests.config.asgi_client import Client as Asgi
from tests.config.asgi_client import call
from tests.isolation.operations import OPERATIONS, STREAMS

pytestmark = pytest.mark.django_db
ID = "from-the-client-0123"
# What stands in a route for each kind of converter.
ARGUMENTS = {"int": "1", "str": "x", "slug": "x", "path": "x", "uuid": str(uuid.UUID(int=1))}
ELSEWHERE = (
    "/healthz",
    "/readyz",
    "/metrics",
    "/static/guildhall/desk.css",
    "/nothing",
    "/api/v1/nothing",
    "/agent/nothing",
)


def pages(resolver: URLResolver, prefix: str = "/") -> Iterator[str]:
    """The path of each route that is no contract's operation."""
    for entry in resolver.url_patterns:
        route = prefix + path_of(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from pages(entry, route)
        elif isinstance(entry, URLPattern) and not issubclass(
            getattr(entry.callback, "view_class", object), ContractView
        ):
            yield route


def path_of(pattern: Any) -> str:
    if isinstance(pattern, RegexPattern):
        return ""  # only the contracts, and the admin's last resort, have those
    assert isinstance(pattern, RoutePattern)
    path = str(pattern)
    for name, converter in pattern.converters.items():
        kind = type(converter).__name__.removesuffix("Converter").lower().replace("string", "str")
        path = path.replace(f"<{name}>", ARGUMENTS.get(kind, "x")).replace(f"<{kind}:{name}>", ARGUMENTS.get(kind, "x"))
    return path


PAGES = sorted(set(pages(get_resolver())))


def test_the_pages_are_found() -> None:
    assert {"/", "/admin/login/", "/catalogue/login/", "/catalogue/skills/x/", "/admin/skills/skill/"} <= set(PAGES)
    assert not [path for path in PAGES if "<" in path]


def lacking(headers: Any) -> list[str]:
    lower = {str(name).lower(): value for name, value in headers.items()}
    wrong = [name for name, value in SAFE_HEADERS.items() if lower.get(name.lower()) != value]
    return wrong + ([] if "x-request-id" in lower else ["X-Request-ID"])


@pytest.mark.parametrize("accept", ["text/html", "*/*"])
def test_pages_operations_and_what_is_nowhere(accept: str, settings: Settings) -> None:
    client = Http(headers={"X-Request-ID": ID, "Accept": accept}, raise_request_exception=False)
    refs = dict.fromkeys({name for operation in OPERATIONS.values() for name in operation.names}, "x")
    calls = [("GET", path) for path in (*PAGES, *ELSEWHERE)]
    calls += [(key[1], operation.url(refs)) for key, operation in OPERATIONS.items()]
    calls += [("GET", "/api/v1/skills/%00"), ("POST", "/admin/login/"), ("TRACE", "/"), ("POST", "/catalogue/logout/")]
    wrong = {}
    for method, path in calls:
        answer: Any = client.generic(method, path, b"{", "application/json")
        answer.close()
        assert answer.status_code < 500 or path == "/readyz", (method, path)
        if problems := lacking(answer.headers) or ([] if answer["X-Request-ID"] == ID else ["another id"]):
            wrong[f"{method} {path}"] = problems
    assert wrong == {}


def test_refused_hosts_and_crashes(monkeypatch: pytest.MonkeyPatch) -> None:
    client = Http(raise_request_exception=False)
    assert lacking(client.get("/", headers={"Host": "evil.example"}).headers) == []

    def broken(*args: Any) -> Any:
        raise RuntimeError("planted")

    monkeypatch.setattr("django.middleware.common.CommonMiddleware.process_request", broken)
    for path in ("/", "/api/v1/skills"):
        answer = Http(raise_request_exception=False).get(path)
        assert (answer.status_code, lacking(answer.headers)) == (500, [])


def test_what_django_never_sees(settings: Settings) -> None:
    assert [lacking(refuse(path, status)[0]) for path in ("/api/v1/x", "/x") for status in (413, 500)] == [[]] * 4
    size = str(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
    reply = call(application, "POST", "/api/v1/skills", content_length=size)
    assert (reply.status, lacking(reply.headers)) == (413, [])


@pytest.mark.usefixtures("threads")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", STREAMS)
def test_streams_that_refuse(name: str) -> None:
    refs = dict.fromkeys(STREAMS[name].names, "x")
    reply = refused(Asgi(name.split()[0], STREAMS[name].url(refs), x_request_id=ID))
    assert (reply.status, lacking(reply.headers), reply.headers["x-request-id"]) == (401, [], ID)
