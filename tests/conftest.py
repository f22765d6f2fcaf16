"""Tenants 42 and 99 with a manager and a key each, and development mode: what tests of every app start from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.conf import settings
from django.db import connection
from django.http import HttpResponseBase
from django.test import Client as HttpClient
from pytest_django import Settings

from accounts.actor import Actor
from accounts.models import Client, User
from accounts.services import issue_api_key
from tests.inference.fixtures import calls, model
from tests.live import daphne
from tests.openapi.answers import check_answer

__all__ = ["calls", "model"]
pytest_plugins = ["tests.chaos.plan"]


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Bytes are no name: archives made in different seconds differ, and then so do the names that processes collect."""
    return argname if isinstance(val, bytes) else None


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Takes away the group that pytest-xdist writes behind a name: `--last-failed` would not find the test by it."""
    cache = getattr(session.config, "cache", None)
    if cache is not None and not hasattr(session.config, "workerinput"):
        failed = cache.get("cache/lastfailed", {})
        cache.set("cache/lastfailed", {_without_group(name): True for name in failed})


def _without_group(name: str) -> str:
    bare, _, group = name.rpartition("@")
    return bare if bare and "]" not in group else name


def database_url() -> str:
    """The address of this test's database, for a process of its own."""
    database = connection.settings_dict
    host = f"?host={database['HOST']}" if database["HOST"].startswith("/") else ""
    server = "" if host else f"{database['HOST']}:{database['PORT'] or 5432}"
    password = f":{database['PASSWORD']}" if database["PASSWORD"] else ""
    return f"postgresql://{database['USER']}{password}@{server}/{database['NAME']}{host}"


@pytest.fixture(autouse=True, scope="session")
def documented_answers() -> Iterator[None]:
    """Whatever a test asks of the APIs, the answer must be one that their OpenAPI documents allow."""
    ask = HttpClient.request

    def ask_and_check(self: HttpClient, **request: object) -> HttpResponseBase:
        answer = ask(self, **request)
        if not answer.streaming:
            sent = answer.request  # type: ignore[attr-defined]
            method, path = sent["REQUEST_METHOD"], sent["PATH_INFO"]
            check_answer(method, path, answer.status_code, answer.headers, answer.content)
        return answer

    HttpClient.request = ask_and_check  # type: ignore[method-assign]
    yield
    HttpClient.request = ask  # type: ignore[method-assign]


@dataclass(frozen=True)
class Tenant:
    """A tenant as its manager: `actor` calls services, `headers` call the APIs (`client.get(url, headers=…)`)."""

    client: Client
    user: User
    actor: Actor
    key: str

    @property
    def id(self) -> str:
        return self.client.id

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"}


def make_tenant(client_id: str, username: str, display_name: str) -> Tenant:
    client = Client.objects.create(id=client_id, name=f"Tenant {client_id}")
    user = User.objects.create_user(username, client=client, display_name=display_name, role="manager")
    actor = Actor.for_user(user, "command")
    _, key = issue_api_key(actor=actor, user=user, name="test")
    return Tenant(client, user, actor, key)


@pytest.fixture
def system(db: None) -> Actor:
    """The tenant whose skills and categories all others read; as the actor that may change them."""
    Client.objects.get_or_create(id=settings.SYSTEM_CLIENT_ID, defaults={"name": "System", "is_system": True})
    return Actor(client_id=settings.SYSTEM_CLIENT_ID, username="system", role="admin")


@pytest.fixture
def tenants(request: pytest.FixtureRequest) -> None:
    """The tenants 42, 99 and `system`, for tests that make their actors themselves."""
    request.getfixturevalue("transactional_db" if "transactional_db" in request.fixturenames else "db")
    for client_id in ("42", "99", settings.SYSTEM_CLIENT_ID):
        is_system = client_id == settings.SYSTEM_CLIENT_ID
        Client.objects.get_or_create(pk=client_id, defaults={"name": client_id, "is_system": is_system})


@pytest.fixture
def jane(db: None) -> Tenant:
    """The manager of tenant 42."""
    return make_tenant("42", "jane", "Jane Doe")


@pytest.fixture
def sam(db: None) -> Tenant:
    """The manager of tenant 99, a stranger to tenant 42."""
    return make_tenant("99", "sam", "Sam Roe")


@pytest.fixture
def development(settings: Settings) -> None:
    """As `make up` runs it: Fleet without credentials acts for tenant 42."""
    settings.DEVELOPMENT = True


@pytest.fixture
def port(transactional_db: None) -> Iterator[int]:
    """Where daphne serves the test's database, on 127.0.0.1. What the test commits, it sees."""
    with daphne() as number:
        yield number
