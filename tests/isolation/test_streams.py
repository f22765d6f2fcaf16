"""Live events x own / other tenant / no credential / role / scope: they go past Django's URLs, on other connections."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from django.test import Client as Browser

from accounts.models import User
from config.asgi import application
from tests.api.fleet.streams.conftest import threads, until  # noqa: F401
from tests.config.asgi_client import Client, Reply
from tests.isolation.operations import DESK_STREAMS, STREAMS
from tests.isolation.test_matrix import World, without
from tests.isolation.world import CANARY, OURS, Place

pytestmark = [pytest.mark.plan("T12"), pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("threads")]


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr("jobs.tasks.run_job.apply_async", lambda *args, **options: None)
    return World()


def call(name: str, headers: dict[str, str], place: Place) -> Reply:
    """The answer until it ends or tells its first event."""
    operation = {**STREAMS, **DESK_STREAMS}[name]
    first = b"id: 1\n" if name in STREAMS else b"data: "
    lower = {"content_type": "application/json"} | {key.lower(): value for key, value in headers.items()}
    client = Client(name.split()[0], operation.url(place.refs), (operation.data(place.refs),), **lower)

    async def request() -> Reply:
        task = asyncio.create_task(client.call(application))
        await until(lambda: client.reply.complete or first in client.reply.body, 30)
        client.disconnect()
        await asyncio.wait([task])
        return client.reply

    return asyncio.run(request())


def everything(reply: Reply) -> str:
    return reply.body.decode() + str(reply.headers)


def test_every_stream_has_an_entry(world: World) -> None:
    router: Any = application.application_mapping["http"]
    routes = [route.pattern for route in router.routes if hasattr(route.callback, "consumer_class")]
    known = [*STREAMS.values(), *DESK_STREAMS.values()]
    urls = [operation.url(world.own.refs).lstrip("/") for operation in known]
    reached = {next(number for number, route in enumerate(routes) if route.match(url)) for url in urls}
    assert reached == set(range(len(routes)))


@pytest.mark.parametrize("name", STREAMS)
def test_streams(world: World, name: str) -> None:
    operation = STREAMS[name]
    for role, headers in world.callers.roles.items():
        own = call(name, headers, world.own)
        assert own.status == operation.status_for(role), (role, own.body)
        assert CANARY not in everything(own)
        assert own.status != 200 or operation.body or OURS in own.body.decode(), "the control"
    for kind, headers in world.callers.bad.items():
        assert call(name, headers, world.own).status == 401, kind
    assert operation.scope
    assert call(name, world.callers.only[operation.scope], world.own).status == 200
    refused = call(name, world.callers.without[operation.scope], world.own)
    assert (refused.status, set(refused.json)) == (403, {"detail", "error", "request_id"})
    if operation.names:
        manager = world.callers.roles["manager"]
        foreign, nowhere = (call(name, manager, place) for place in (world.foreign, world.nowhere))
        assert (foreign.status, nowhere.status) == (operation.foreign, operation.foreign)
        words = [
            without(place.refs, reply.json["detail"])
            for place, reply in ((world.foreign, foreign), (world.nowhere, nowhere))
            if reply.status == 404
        ]
        assert len(set(words)) <= 1
        assert CANARY not in without(world.foreign.refs, everything(foreign)), "but for the caller's own words"
        assert CANARY in call(name, world.callers.stranger, world.foreign).body.decode(), "the control"


def signed_in(user: User) -> dict[str, str]:
    """The cookie of somebody who signed in at the desk."""
    browser = Browser()
    browser.force_login(user)
    return {"Cookie": f"sessionid={browser.cookies['sessionid'].value}"}


def at_desk(name: str, client_id: str | None, **fields: Any) -> dict[str, str]:
    return signed_in(User.objects.create_user(name, client_id=client_id, is_staff=True, **fields))


@pytest.mark.parametrize("name", DESK_STREAMS)
def test_streams_of_the_desk(world: World, name: str) -> None:
    operation = DESK_STREAMS[name]
    for role in ("user", "manager", "admin"):
        own = call(name, at_desk(f"desk-{role}", "42", role=role), world.own)
        assert own.status == operation.status_for(role), (role, own.body)
        assert CANARY not in everything(own)
        assert own.status != 200 or OURS in own.body.decode(), "the control"
    manager, operator = signed_in(User.objects.get(username="desk-manager")), at_desk("olga", None, is_superuser=True)
    elsewhere = [call(name, manager, place) for place in (world.foreign, world.nowhere)]
    assert [reply.status for reply in elsewhere] == [operation.foreign] * 2
    assert CANARY not in "".join(map(everything, elsewhere))
    assert CANARY in everything(call(name, operator, world.foreign)), "operators see all"
    outsiders = (
        {},
        {"Cookie": "sessionid=nobody"},
        signed_in(User.objects.create_user("no-staff", client_id="42", role="admin")),
        world.callers.roles["manager"],
    )
    refused = [call(name, headers, world.own).status for headers in outsiders]
    assert refused == [401] * 4
