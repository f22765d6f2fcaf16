"""T19: every mutating operation that succeeds leaves exactly one line in the audit log; one that fails leaves none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db import Error, connection, transaction
from django.test import Client as Http
from pytest_django import Settings

from accounts.models import AuditEvent
from tests.isolation.operations import OPERATIONS
from tests.isolation.test_matrix import Key, World, each, undone
from tests.isolation.world import Place

pytestmark = [pytest.mark.plan("T19"), pytest.mark.django_db]
HTTP = Http(raise_request_exception=False)

# What is told and looked up, and changes nothing that anybody would be held to account for. Tokens are given and given
# back without a scope.
NOT_CHANGES: dict[Key, str] = {
    ("fleet:usage-events", "POST"): "what agents tell of their work has a log of its own",
    ("fleet:usage-events", "POST", "by its id"): "as above",
    ("agent:usage", "POST"): "as above",
    (
        "fleet:message",
        "POST",
    ): "what people say is kept as the conversation; what the assistant does for them is audited",
    ("fleet:session", "POST"): "as above",
}
CHANGES = [
    key
    for key, operation in OPERATIONS.items()
    if (operation.scope in ("write", "publish") or key == ("auth:token", "POST")) and key not in NOT_CHANGES
]


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), undone():
        yield World()


@pytest.fixture(autouse=True)
def surroundings(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()
    monkeypatch.setattr("jobs.tasks.run_job.apply_async", lambda *args, **options: None)
    monkeypatch.setattr("skills.search.embed_skill", lambda skill: None)


# What must be done before, for there to be anything to do.
FIRST: dict[Key, Key] = {("agent:unpublish", "POST"): ("agent:publish", "POST")}


def lines_of(key: Key, headers: dict[str, str], place: Place) -> tuple[int, list[AuditEvent]]:
    """Status and audit lines of one call, which is undone."""
    operation = OPERATIONS[key]
    with undone():
        if key in FIRST:
            HTTP.generic(FIRST[key][1], OPERATIONS[FIRST[key]].url(place.refs), headers=headers)
        url, data = operation.url(place.refs), operation.data(place.refs)
        last = AuditEvent.objects.latest("id").pk
        answer = HTTP.generic(key[1], url, data, "application/json", headers=headers)
        return answer.status_code, list(AuditEvent.objects.filter(pk__gt=last))


@each(CHANGES)
def test_one_line_for_each_success_and_none_for_a_failure(world: World, key: Key) -> None:
    operation, manager = OPERATIONS[key], world.callers.roles["manager"]
    status, lines = lines_of(key, manager, world.own)
    assert status == operation.status
    assert len(lines) == 1, [(line.action, line.subject_type, line.subject) for line in lines]
    (line,) = lines
    assert (line.client_id, line.actor) == ("42", world.own.manager.username)
    assert line.surface == {"fleet": "fleet", "code": "code", "auth": "code", "agent": "agent"}[key[0].split(":")[0]]
    assert line.action
    assert line.subject_id
    failures = {"nobody": lines_of(key, {}, world.own)}
    if operation.names and operation.foreign >= 400:
        failures["of another tenant"] = lines_of(key, manager, world.foreign)
    if operation.shared and operation.shared >= 400:
        failures["shared"] = lines_of(key, manager, world.shared)
    if operation.status_for("user") >= 400:
        failures["below the role"] = lines_of(key, world.callers.roles["user"], world.own)
    for case, (status, lines) in failures.items():
        assert (status >= 400, lines) == (True, []), case


@each(NOT_CHANGES)
def test_what_is_no_change_leaves_no_line(world: World, key: Key) -> None:
    assert lines_of(key, world.callers.roles["manager"], world.own) == (OPERATIONS[key].status, [])


def test_a_revoked_token_is_one_line(world: World) -> None:
    assert lines_of(("auth:revoke", "POST"), world.callers.token, world.own)[0] == 200
    (line,) = lines_of(("auth:revoke", "POST"), world.callers.token, world.own)[1]
    assert (line.action, line.subject_type) == ("revoke", "accesstoken")


@each(key for key, operation in OPERATIONS.items() if operation.scope == "read")
def test_reading_leaves_no_line(world: World, key: Key) -> None:
    assert lines_of(key, world.callers.roles["manager"], world.own) == (OPERATIONS[key].status, [])


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit_event SET actor = 'nobody'",
        "UPDATE audit_event SET detail = '{}' WHERE false OR id > 0",
        "DELETE FROM audit_event",
        "INSERT INTO audit_event SELECT * FROM audit_event ON CONFLICT (id) DO UPDATE SET actor = 'nobody'",
    ],
)
def test_the_log_cannot_be_rewritten(world: World, change: str) -> None:
    before = list(AuditEvent.objects.values())
    with pytest.raises(Error, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
    with pytest.raises(Error, match="append-only"), transaction.atomic():
        AuditEvent.objects.update(action="none")
    with pytest.raises(Error, match="append-only"), transaction.atomic():
        AuditEvent.objects.all().delete()
    assert list(AuditEvent.objects.values()) == before
