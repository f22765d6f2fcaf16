"""Conversations as streams: answers as they are written, resuming, order, and many at once."""

from __future__ import annotations

import asyncio
import json
import threading
from typing import Any

import pytest
from django.conf import settings
from pytest_django import Settings

from config.asgi import application
from conversations import answering, services
from conversations.models import Message
from conversations.turns import Claim, finish, opened
from inference.writer import Emit
from jobs.models import Job
from tests.api.fleet.streams.conftest import headers_of, refused, until, work
from tests.api.fleet.streams.sse_client import Message as Event
from tests.api.fleet.streams.sse_client import numbers, parse
from tests.config.asgi_client import Client
from tests.conftest import Tenant
from tests.jobs.conftest import PlantedStep

pytestmark = pytest.mark.django_db(transaction=True)

PATH = "/api/v1/conversational/stream"
SESSION = "/api/v1/conversational/session/sess_123/stream"


def post(tenant: Tenant, text: str, path: str = PATH, **more: Any) -> Client:
    body = json.dumps({"session_id": "sess_123", "message": text, **more}).encode()
    return Client("POST", path, (body,), content_type="application/json", **headers_of(tenant))


async def heard(client: Client) -> list[Event]:
    """Until the stream ends."""
    task = asyncio.create_task(client.call(application))
    await until(lambda: client.reply.complete or task.done(), 20)
    client.disconnect()
    await task
    return parse(client.reply.body)


def text_of(events: list[Event]) -> str:
    """The answer as a viewer has it at the end; each answer begins with a reset."""
    text = ""
    for event in events:
        if event.type == "stream":
            data = event.data["data"]
            text = "" if data.get("reset") else text
            assert data["offset"] == len(text)
            text += data["content"]
    return text


def answer_in(events: list[Event]) -> Any:
    (found,) = [event.data["data"]["fields"] for event in events if event.type == "prediction"]
    return found


def said(tenant: Tenant, text: str, **more: Any) -> Message:
    return services.say(actor=tenant.actor, key="sess_123", text=text, **more)


class SlowAssistant:
    """Writes what it is told to, when it is told to."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.go_on = threading.Event()

    def __call__(self, claim: Claim, emit: Emit) -> None:
        half = len(self.pieces) // 2
        for number, piece in enumerate(self.pieces):
            if number == half:
                assert self.go_on.wait(20)
            emit(piece)
        with opened(claim) as (_, answer):
            answer.content = "".join(self.pieces)
            finish(answer)


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> SlowAssistant:
    assistant = SlowAssistant()
    monkeypatch.setattr(answering, "assistant", lambda: assistant)
    return assistant


@pytest.mark.parametrize("path", [PATH, PATH + "/", "/api/v1/chat/stream"])
def test_a_message_and_its_answer_in_pieces(jane: Tenant, path: str) -> None:
    client = post(jane, "help", path)
    events = asyncio.run(heard(client))
    assert client.reply.status == 200
    assert client.reply.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert [event.type for event in (events[0], *events[-2:])] == ["received", "prediction", "[DONE]"]
    assert {event.type for event in events[1:-2]} == {"stream"}
    assert len(events) > 6
    fields = answer_in(events)
    assert text_of(events) == fields["response"]
    assert (fields["session_id"], fields["requires_action"]) == ("sess_123", False)
    assert numbers(events) == [1, 2]
    assert [(one.seq, one.content) for one in Message.objects.all()] == [(1, "help"), (2, fields["response"])]


def test_a_dropped_connection_loses_nothing(jane: Tenant, slow: SlowAssistant) -> None:
    """The answer goes on without its reader, who resumes with the text so far and gets the rest."""
    slow.pieces = ["One ", "two ", "three ", "four."]

    async def scenario() -> list[Event]:
        client = post(jane, "Count to four")
        task = asyncio.create_task(client.call(application))
        await until(lambda: text_of(parse(client.reply.body)) == "One two ")
        client.disconnect()
        await task
        assert numbers(parse(client.reply.body)) == [1]
        resumed = Client("GET", SESSION, last_event_id="1", **headers_of(jane))
        task = asyncio.create_task(resumed.call(application))
        await until(lambda: text_of(parse(resumed.reply.body)) == "One two ")
        slow.go_on.set()
        await until(lambda: resumed.reply.complete)
        resumed.disconnect()
        await task
        return parse(resumed.reply.body)

    events = asyncio.run(scenario())
    assert numbers(events) == [2]
    assert text_of(events) == answer_in(events)["response"] == "One two three four."


def test_resuming_after_the_answer(jane: Tenant) -> None:
    first, second = said(jane, "help"), said(jane, "status")

    def resumed(cursor: str) -> list[Event]:
        return asyncio.run(heard(Client("GET", f"{SESSION}?last_event_id={cursor}", **headers_of(jane))))

    everything = resumed("0")
    assert numbers(everything) == [1, 2, 3, 4]
    answers = [one.data["data"]["fields"]["response"] for one in everything if one.type == "prediction"]
    assert answers == [first.content, second.content]
    assert numbers(resumed("3")) == [4]
    assert [event.type for event in resumed("4")] == ["[DONE]"]
    reply = refused(Client("GET", f"{SESSION}?last_event_id=5", **headers_of(jane)))
    assert (reply.status, reply.json["detail"]) == (400, "Last-Event-ID must be a whole number from 0 to 4")


def test_what_a_dead_process_left_is_answered_on_resuming(jane: Tenant) -> None:
    services.post_message(actor=jane.actor, key="sess_123", text="help")
    events = asyncio.run(heard(Client("GET", SESSION, last_event_id="1", **headers_of(jane))))
    assert text_of(events) == Message.objects.get(seq=2).content != ""


def test_two_messages_at_once_are_answered_in_their_order(jane: Tenant, slow: SlowAssistant) -> None:
    slow.pieces = ["Yes, ", "said."]

    async def scenario() -> list[list[Event]]:
        clients = [post(jane, f"Message {number}") for number in range(4)]
        hearing = [asyncio.create_task(heard(client)) for client in clients]
        await until(lambda: all(numbers(parse(client.reply.body)) for client in clients))
        slow.go_on.set()
        return await asyncio.gather(*hearing)

    told = asyncio.run(scenario())
    assert sorted(numbers(events) for events in told) == [[1, 2], [3, 4], [5, 6], [7, 8]]
    assert [one.state for one in Message.objects.all()] == ["done"] * 8
    assert [text_of(events) for events in told] == ["Yes, said."] * 4


def test_sent_twice_it_is_one_message(jane: Tenant) -> None:
    async def scenario() -> list[list[Event]]:
        clients = [post(jane, "help", client_message_id="m-1") for _ in range(3)]
        return await asyncio.gather(*(heard(client) for client in clients))

    told = asyncio.run(scenario())
    assert Message.objects.count() == 2
    assert len({json.dumps(answer_in(events)) for events in told}) == 1


def test_the_answer_waits_for_what_the_job_says(
    jane: Tenant, steps: dict[str, PlantedStep], settings: Settings
) -> None:
    """First what was begun, at once; then, in the same answer, how the job stands."""
    settings.ASSISTANT_PATIENCE_SECONDS = 20

    async def scenario() -> list[Event]:
        client = post(jane, "Create a skill that reviews SQL migrations")
        task = asyncio.create_task(client.call(application))
        await until(lambda: "I'll help you create" in text_of(parse(client.reply.body)))
        job = await work(Job.objects.get)
        await work(
            lambda: Job.objects.filter(pk=job.pk).update(state="failed", finished_at=job.created_at, error="No.")
        )
        await until(lambda: client.reply.complete)
        client.disconnect()
        await task
        return parse(client.reply.body)

    events = asyncio.run(scenario())
    response = answer_in(events)["response"]
    assert text_of(events) == response
    assert response.startswith("I'll help you create")
    assert response.endswith("The job is failed: No.")


def test_fifty_streams_at_once_are_whole_and_in_order(jane: Tenant, settings: Settings) -> None:
    settings.STREAMS_PER_USER = 100

    async def scenario() -> list[list[Event]]:
        clients = [post(jane, "help", session_id=f"sess_{number}") for number in range(50)]
        return await asyncio.gather(*(heard(client) for client in clients))

    for events in asyncio.run(scenario()):
        assert numbers(events) == [1, 2]
        assert text_of(events) == answer_in(events)["response"]
        assert events[-1].type == "[DONE]"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"message": " "}, 400),
        ({"message": "x" * 40_000}, 400),
        ({}, 422),
        ({"message": 5}, 422),
        ({"message": "x", "session_id": "a b"}, 422),
    ],
    ids=["blank", "long", "none", "number", "session"],
)
def test_what_is_wrong_starts_no_stream(jane: Tenant, body: Any, status: int) -> None:
    data = json.dumps(body).encode()
    reply = refused(Client("POST", PATH, (data,), content_type="application/json", **headers_of(jane)))
    assert reply.status == status
    assert {"detail", "error", "request_id"} <= set(reply.json)
    assert not Message.objects.exists()


def test_streams_are_ones_own(jane: Tenant, sam: Tenant) -> None:
    said(jane, "help")
    assert refused(Client("GET", SESSION, **headers_of(sam))).status == 404
    assert refused(Client("GET", SESSION)).status == 401
    assert refused(Client("POST", SESSION, **headers_of(jane))).status == 405


def test_slow_answers_hold_up_nothing_else(jane: Tenant, slow: SlowAssistant, monkeypatch: pytest.MonkeyPatch) -> None:
    """POST /message waits on threads of its own."""
    slow.pieces = ["At ", "last."]
    path = "/api/v1/conversational/message"

    async def scenario() -> list[Any]:
        clients = [post(jane, "Wait", path, session_id=f"s{number}") for number in range(settings.WEB_THREADS + 1)]
        tasks = [asyncio.create_task(client.call(application)) for client in clients]
        await until(lambda: sum(one.seq == 2 for one in list(started)) == len(clients))
        health = await asyncio.wait_for(Client("GET", "/health").call(application), 10)
        assert health.status == 200
        slow.go_on.set()
        return [reply.json["response"] for reply in await asyncio.wait_for(asyncio.gather(*tasks), 20)]

    started: list[Claim] = []
    answer = slow.__call__

    def noted(claim: Claim, emit: Emit) -> None:
        started.append(claim)
        answer(claim, emit)

    monkeypatch.setattr(answering, "assistant", lambda: noted)
    assert asyncio.run(scenario()) == ["At last."] * (settings.WEB_THREADS + 1)


def test_without_redis_it_is_answered_all_the_same(jane: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    """POST /message needs no bell."""
    monkeypatch.setattr("jobs.bell.publish", lambda *args: False)
    reply = asyncio.run(post(jane, "help", "/api/v1/conversational/message").call(application))
    assert (reply.status, reply.json["session_id"]) == (200, "sess_123")
