"""The real client over TCP against a scripted server: what each fault of a provider becomes, and within which time."""

from __future__ import annotations

import threading
import time
from decimal import Decimal

import pytest
from pytest_django import Settings

from core.errors import DomainError, Failed, Unavailable
from inference.llm import asking
from inference.llm.asking import Ask, ask
from inference.llm.clock import time_budget
from inference.usage import Call as Used
from tests.inference.fixtures import KEY
from tests.inference.provider import Call, Fail, Provider, Raw, Say

WORDS = 'Grüße, 漢字 and 🦜: {"a": [1, 2]} — the end.'


def question(**options: object) -> Ask:
    return Ask("write", "planted", 3, [{"role": "user", "content": "Say it."}], **options)  # type: ignore[arg-type]


class Heard:
    """Keeps the pieces of the newest beginning."""

    def __init__(self) -> None:
        self.beginnings = 0
        self.pieces: list[str] = []

    def __call__(self):
        self.beginnings += 1
        self.pieces = []
        return self.pieces.append

    @property
    def text(self) -> str:
        return "".join(self.pieces)


@pytest.mark.parametrize("chunk", [0, 1, 7, 1000])
def test_an_answer_is_whole_however_it_was_cut(model: Provider, calls: list[Used], chunk: int) -> None:
    model.script(Say(WORDS, pieces=3, chunk=chunk, usage=(11, 7)))
    heard = Heard()
    answer = ask(question(), heard)
    assert answer.text == heard.text == WORDS
    assert len(heard.pieces) > 3
    (request,) = model.requests
    assert request.path == "/v1/chat/completions"
    assert request.headers["Authorization"] == f"Bearer {KEY}"
    assert (request.body["model"], request.body["stream"], request.body["max_tokens"]) == ("scripted-1", True, 16000)
    (call,) = calls
    assert (call.purpose, call.model, call.prompt, call.prompt_version) == ("write", "scripted-1", "planted", 3)
    assert (call.input_tokens, call.output_tokens, call.is_estimated) == (11, 7, False)
    assert call.cost == Decimal("0.000081")
    assert call.outcome == "ok"


def test_tool_calls_are_put_together(model: Provider) -> None:
    model.script(Say(calls=[Call("find", {"query": "Grüße"}), Call("promote", "{}", id="call_2")], chunk=5))
    answer = ask(question())
    assert [(one.id, one.name, one.arguments) for one in answer.calls] == [
        ("call_1", "find", '{"query": "Grüße"}'),
        ("call_2", "promote", "{}"),
    ]


def test_tokens_are_estimated_where_the_provider_tells_none(model: Provider, calls: list[Used]) -> None:
    model.script(Say("x" * 400, usage=None))
    ask(question())
    assert calls[0].is_estimated
    assert calls[0].output_tokens == 100
    assert calls[0].input_tokens > 0


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (Fail(500), "model_overloaded"),
        (Fail(503, body="<html>away</html>"), "model_overloaded"),
        (Fail(429), "model_rate_limited"),
        (Fail(408), "model_overloaded"),
        (Raw(), "model_unreachable"),
        (Raw(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: {not json\n\n"), "model_cut_off"),
        (Raw(b'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: {"error": {"message": "x"}}\n\n'),
         "model_cut_off"),
        (Raw(b'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: {"choices": [7]}\n\n'), "model_cut_off"),
        (Raw(b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{"choices": []}'), "model_cut_off"),
        (Say(WORDS, pieces=3, cut_after=4), "model_cut_off"),
        (Say(WORDS, pieces=3, cut_after=4, politely=True), "model_cut_off"),
        (Say("  "), "model_cut_off"),
    ],
)  # fmt: skip
def test_what_may_pass_is_tried_again(model: Provider, calls: list[Used], fault: Fail | Raw | Say, code: str) -> None:
    model.script(fault, Say(WORDS, pieces=5))
    heard = Heard()
    assert ask(question(), heard).text == WORDS
    assert heard.text == WORDS, "pieces of the broken answer do not count"
    assert heard.beginnings == len(model.requests) == 2
    assert [one.outcome for one in calls] == [code, "ok"]


def test_gives_up_after_some_tries(model: Provider, calls: list[Used]) -> None:
    model.answer = lambda request: Fail(500)
    with pytest.raises(Unavailable) as caught:
        ask(question())
    assert caught.value.code == "model_overloaded"
    assert len(model.requests) == len(calls) == asking.MAX_TRIES


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (Fail(401, body=f'{{"error": {{"message": "Incorrect API key provided: {KEY}"}}}}'), "model_key_refused"),
        (Fail(403), "model_key_refused"),
        (Fail(404), "model_not_found"),
        (Fail(402), "model_no_credit"),
        (Fail(429, body='{"error": {"message": "quota", "code": "insufficient_quota"}}'), "model_no_credit"),
        (Say(refusal="I will not."), "model_declined"),
        (Say("half", finish="content_filter"), "model_declined"),
        (Say("half", finish="length"), "model_too_long"),
    ],
)
def test_what_cannot_pass_is_final_and_tells_no_secret(
    model: Provider, calls: list[Used], caplog: pytest.LogCaptureFixture, fault: Fail | Say, code: str
) -> None:
    model.script(fault)
    with pytest.raises(Failed) as caught:
        ask(question())
    assert caught.value.code == code
    assert len(model.requests) == 1
    assert [one.outcome for one in calls] == [code]
    told = caught.value.message + caplog.text
    assert all(secret not in told for secret in (KEY, "Incorrect", "planted failure", "127.0.0.1", "will not"))
    assert caught.value.__cause__ is None


def test_waits_as_long_as_the_provider_asks(model: Provider) -> None:
    model.script(Fail(429, {"Retry-After": "1"}), Say("ok"))
    ask(question())
    first, second = model.requests
    assert second.at - first.at >= 1.0


def test_a_long_wait_is_left_to_the_caller(model: Provider) -> None:
    model.script(Fail(429, {"Retry-After": "90"}))
    started = time.monotonic()
    with pytest.raises(Unavailable) as caught:
        ask(question())
    assert caught.value.retry_after == 90
    assert time.monotonic() - started < 10


@pytest.mark.parametrize("value", ["-5", "nan", "soon", "", "Wed, 21 Oct 2015 07:28:00 GMT"])
def test_a_retry_after_without_sense_is_ignored(model: Provider, value: str) -> None:
    model.script(Fail(503, {"Retry-After": value}), Say("ok"))
    assert ask(question()).text == "ok"


@pytest.mark.parametrize("value", ["1e9", "Wed, 21 Oct 2065 07:28:00 GMT"])
def test_nobody_waits_longer_than_an_hour(model: Provider, value: str) -> None:
    model.script(Fail(503, {"Retry-After": value}))
    with pytest.raises(Unavailable) as caught:
        ask(question())
    assert caught.value.retry_after == 3600


@pytest.mark.parametrize(
    "fault",
    [
        Say("x" * 400, pieces=1, drip=0.05),
        Say("x" * 400, chunk=1, drip=0.05),
        Raw(b"HTTP/1.1 200 OK\r\n", delay=60),
    ],
    ids=["pieces", "bytes", "silence"],
)
def test_a_slow_provider_does_not_take_longer_than_the_step(model: Provider, fault: Say | Raw) -> None:
    model.answer = lambda request: fault
    started = time.monotonic()
    with pytest.raises(Unavailable) as caught, time_budget(1.0):
        ask(question())
    assert caught.value.code == "model_timeout"
    assert time.monotonic() - started < 5


def test_the_pauses_count_too(model: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "FIRST_PAUSE_SECONDS", 100)
    model.answer = lambda request: Fail(500)
    with pytest.raises(Unavailable), time_budget(1.0):
        ask(question())
    assert len(model.requests) == 1


def test_a_server_that_is_not_there(model: Provider, settings: Settings) -> None:
    settings.LLM_BASE_URL = "http://127.0.0.1:9/v1"
    with pytest.raises(Unavailable) as caught:
        ask(question())
    assert caught.value.code == "model_unreachable"


def test_an_option_that_the_server_does_not_know_is_left_out(model: Provider, calls: list[Used]) -> None:
    model.answer = lambda request: Fail(400) if "stream_options" in request.body else Say("ok")
    ask(question())
    ask(question())
    assert ["stream_options" in one.body for one in model.requests] == [True, False, False]
    assert [one.outcome for one in calls] == ["model_request_refused", "ok", "ok"]


def test_a_request_that_is_refused_in_any_form_is_final(model: Provider) -> None:
    model.answer = lambda request: Fail(400)
    with pytest.raises(DomainError) as caught:
        ask(question())
    assert caught.value.code == "model_request_refused"
    assert isinstance(caught.value, Failed)


def test_another_model_for_a_step_and_the_newer_name_of_the_limit(model: Provider, settings: Settings) -> None:
    settings.LLM_MODELS, settings.LLM_LENGTH_OPTION = {"write": "writer-9"}, "max_completion_tokens"
    ask(question(max_tokens=50))
    (request,) = model.requests
    assert request.body["model"] == "writer-9"
    assert request.body["max_completion_tokens"] == 50
    assert "max_tokens" not in request.body


def test_pieces_come_while_the_model_still_writes(model: Provider) -> None:
    hold, first = threading.Event(), threading.Event()
    model.script(Say("one two", pieces=4, hold=hold))
    thread = threading.Thread(target=lambda: ask(question(), lambda: lambda piece: first.set()))
    thread.start()
    try:
        assert first.wait(10), "the first piece waits for the last"
    finally:
        hold.set()
        thread.join(10)
