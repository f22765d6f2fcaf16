"""Every operation x own / other tenant / shared / no credential / each role / each scope, and canaries.

The operations come from the URL configuration: a new route without an entry fails.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.core.cache import cache
from django.db import transaction
from django.db.models import CharField, JSONField, TextField
from django.test import Client as Http
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.actor import SCOPES
from accounts.models import AuditEvent
from api.views import ContractView
from outbox.models import OutboxEvent
from tests.isolation.operations import OPERATIONS
from tests.isolation.world import CANARY, FOR_ALL, OURS, Callers, Place, make_callers, make_place, make_skill, trade

pytestmark = [pytest.mark.plan("T12"), pytest.mark.django_db]
Key = tuple[str, ...]
OUR_APPS = {"accounts", "analytics", "conversations", "jobs", "marketplace", "outbox", "skills", "taxonomy"}
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_CHANGING = re.compile(
    r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(?:Z|[+]00:00)?"
)


def operations() -> set[Key]:
    """(route, method) of every view of every contract."""
    found = set()
    for name, view in _views(get_resolver(), ()):
        found |= {(name, method) for method in METHODS if hasattr(view, method.lower())}
    return found


def _views(resolver: URLResolver, namespaces: tuple[str, ...]) -> Iterator[tuple[str, type[ContractView]]]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from _views(pattern, (*namespaces, *([pattern.namespace] if pattern.namespace else [])))
        elif isinstance(pattern, URLPattern):
            view = getattr(pattern.callback, "view_class", None)
            if isinstance(view, type) and issubclass(view, ContractView):
                yield ":".join((*namespaces, str(pattern.name))), view


def test_every_operation_has_an_entry() -> None:
    assert operations() == {key[:2] for key in OPERATIONS}


class World:
    def __init__(self) -> None:
        # One for all calls: the first of each client goes through all static files.
        self.http = Http(raise_request_exception=False)
        self.own, self.foreign, self.shared = (make_place(client_id) for client_id in ("42", "99", "system"))
        make_skill("42", OURS, slug="second-of-42")
        trade(self.own, self.foreign, self.shared)
        self.callers: Callers = make_callers(self.own, self.foreign)
        nothing = dict.fromkeys(self.foreign.refs, "nothing-of-anybody")
        ids = {name: str(uuid.uuid4()) for name in ("skill_id", "job", "waiting", "offer", "copy")}
        self.nowhere = Place("", self.own.manager, nothing | {"alias": "old/nothing-of-anybody"} | ids)
        self.logged = AuditEvent.objects.latest("id").pk, OutboxEvent.objects.latest("id").pk

    def call(self, key: Key, headers: dict[str, str], place: Place | None = None) -> Answer:
        """The answer, whatever it did undone."""
        operation, refs = OPERATIONS[key], (place or self.own).refs
        with undone():
            url, data = operation.url(refs), operation.data(refs)
            reply: Any = self.http.generic(key[1], url, data, "application/json", headers=headers)
            body = b"".join(reply) if reply.streaming else reply.content
            assert CANARY not in without(refs, self._told()), "the audit log of 42, or what Kafka gets"
        return Answer(reply.status_code, body.decode(), str(dict(reply.headers)), refs)

    def _told(self) -> str:
        """The lines of the audit log and the events that came after the beginning."""
        rows = [
            model.objects.filter(pk__gt=last).values()
            for model, last in zip((AuditEvent, OutboxEvent), self.logged, strict=True)
        ]
        return str([list(one) for one in rows])


@dataclass(frozen=True)
class Answer:
    status: int
    text: str
    headers: str
    refs: dict[str, str]

    @property
    def everything(self) -> str:
        """Without the names the request itself used, which refusals repeat."""
        return without(self.refs, self.text + self.headers)

    @property
    def plain(self) -> str:
        """The body without those names, and without what differs every time."""
        return _CHANGING.sub("<one>", without(self.refs, self.text))


def without(refs: dict[str, str], text: str) -> str:
    for name in sorted(set(refs.values()), key=len, reverse=True):
        text = text.replace(name, "<name>")
    return text


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """One for all tests: each call is undone, and at last everything."""
    with django_db_blocker.unblock(), undone():
        yield World()


@pytest.fixture(autouse=True)
def _no_counting(settings: Any) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()


def is_in_shape(key: Key, answer: Answer) -> bool:
    """Whether a refusal looks as its contract says."""
    body = json.loads(answer.text)
    if key[0].startswith("agent:"):
        return set(body) == {"error"} and isinstance(body["error"], str)
    if key[0].startswith(("code:", "auth:")):
        return body["success"] is False and {"code", "message"} <= set(body["error"])
    return {"detail", "error", "request_id"} <= set(body)


def each(keys: Iterable[Key]) -> Any:
    return pytest.mark.parametrize("key", sorted(keys), ids=lambda key: " ".join((key[1], key[0], *key[2:])))


# Words that are the same for everybody, digests, and what only Django asks for.
_WITHOUT_MARK = {
    ("user", "password"), ("apikey", "prefix"), ("apikey", "key_sha256"), ("apikey", "scopes"),
    ("accesstoken", "password_mark"), ("auditevent", "client_id"), ("auditevent", "surface"),
    ("auditevent", "subject_type"), ("auditevent", "subject_id"), ("job", "plan"), ("job", "trace"),
    ("skill", "semver"), ("skill", "embedding_model"), ("skillversion", "version"), ("skillversion", "sort_key"),
    ("session", "status"),
    ("install", "source_client_id"), ("install", "source_semver"), ("install", "source_sha256"), ("client", "id"),
}  # fmt: skip


def test_every_text_of_tenant_99_has_the_canary(world: World) -> None:
    """So that nothing can get out unseen: a new model or column needs a mark in world.py."""
    missing = set()
    for model in apps.get_models():
        if model.__module__.split(".")[0] not in OUR_APPS or model._meta.proxy:
            continue
        rows = list(model._default_manager.values())
        for column in model._meta.concrete_fields:
            is_text = isinstance(column, (CharField, TextField, JSONField, ArrayField)) and not column.choices
            if is_text and not any(CANARY in str(row[column.attname]) for row in rows):
                missing.add((model._meta.model_name, column.name))
    assert missing == _WITHOUT_MARK


@each(key for key in OPERATIONS if key[1] == "GET" and OPERATIONS[key].names and OPERATIONS[key].status == 200)
def test_the_canary_sings_for_its_own_tenant(world: World, key: Key) -> None:
    """The control: what the other tests find nowhere is there to be found."""
    answer = world.call(key, world.callers.stranger, world.foreign)
    assert answer.status == OPERATIONS[key].status
    assert CANARY in answer.text


def test_the_marketplace_shows_what_is_published(world: World) -> None:
    found = json.loads(world.call(("agent:marketplace", "POST"), world.callers.roles["user"]).text)
    assert sorted(one["name"] for one in found) == ["followed-of-99", "installable-of-99", FOR_ALL]
    assert all(one["sourceClientId"] == "99" for one in found)


def test_looking_at_the_head_needs_read_too(world: World) -> None:
    for url in ("/api/v1/skills", "/api/code/v1/skills", "/agent/api/skills"):
        assert Http(headers=world.callers.without["read"]).head(url).status_code == 403
        assert Http(headers=world.callers.only["read"]).head(url).status_code == 200


@each(OPERATIONS)
def test_own_things_by_role(world: World, key: Key) -> None:
    operation = OPERATIONS[key]
    for role, headers in world.callers.roles.items():
        answer = world.call(key, headers)
        expected = operation.status_for(role)
        assert answer.status == expected, (role, answer.text)
        assert expected != 403 or is_in_shape(key, answer)
        assert CANARY not in answer.everything, role


@each(OPERATIONS)
def test_things_of_another_tenant_are_nowhere(world: World, key: Key) -> None:
    """What names a thing of tenant 99 gets the answer, word for word, that a thing nobody has would get."""
    operation = OPERATIONS[key]
    if not operation.names:
        assert operation.foreign == 404, "an operation that names nothing has no other tenant"
        return
    manager, admin = (world.callers.roles[role] for role in ("manager", "admin"))
    foreign, nowhere = world.call(key, manager, world.foreign), world.call(key, manager, world.nowhere)
    by_admin = world.call(key, admin, world.foreign)
    for answer in (foreign, nowhere, by_admin):
        assert answer.status == operation.foreign, answer.text
        assert CANARY not in answer.everything
    assert foreign.plain == nowhere.plain or "words" in operation.names


@each(OPERATIONS)
def test_shared_things_are_read_and_not_changed(world: World, key: Key) -> None:
    operation = OPERATIONS[key]
    if operation.shared is None:
        return
    answer = world.call(key, world.callers.roles["admin"], world.shared)
    assert answer.status == operation.shared, answer.text
    assert operation.shared != 403 or is_in_shape(key, answer)
    assert CANARY not in answer.everything


@each(OPERATIONS)
def test_without_a_good_credential_nobody_is_told_anything(world: World, key: Key) -> None:
    tries = [(kind, headers, world.own) for kind, headers in world.callers.bad.items()]
    for kind, headers, place in [*tries, ("none", {}, world.foreign)]:
        answer = world.call(key, headers, place)
        assert answer.status == OPERATIONS[key].anybody, (kind, answer.text)
        assert answer.status == 200 or is_in_shape(key, answer)
        assert CANARY not in answer.everything


@each(OPERATIONS)
def test_scopes(world: World, key: Key) -> None:
    """The scope of the operation is enough, and without it all others are not; before anything is looked up."""
    operation = OPERATIONS[key]
    for scope in [operation.scope] if operation.scope else SCOPES:
        answer = world.call(key, world.callers.only[scope])
        assert answer.status == operation.status, (scope, answer.text)
    if operation.scope:
        for place in (world.own, world.nowhere):
            refused = world.call(key, world.callers.without[operation.scope], place)
            assert refused.status == 403, refused.text
            assert is_in_shape(key, refused)
            assert f"the scope {operation.scope}" in refused.text


@each(key for key in OPERATIONS if key[0].startswith("code:"))
def test_a_token_is_worth_what_its_key_is(world: World, key: Key) -> None:
    operation = OPERATIONS[key]
    assert world.call(key, world.callers.token).status == operation.status
    readers = world.call(key, world.callers.readers_token)
    assert readers.status == (operation.status if operation.scope == "read" else 403)
    assert world.call(key, world.callers.token, world.foreign).status in (operation.foreign, operation.status)
