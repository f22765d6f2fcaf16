"""One question to a model: streamed, timed, repeated where that may help, and its price told (inference.usage)."""

from __future__ import annotations

import json
import logging
import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

import httpx
import openai
from django.conf import settings
from openai.types import CompletionUsage
from openai.types.chat import ChatCompletionChunk

from core import tracing
from core.errors import DomainError, Failed, Unavailable
from core.text import estimate_tokens
from inference import usage
from inference.llm import provider
from inference.llm.clock import seconds_left
from inference.llm.failures import CutOff, RequestRefused, failure_of
from inference.llm.provider import Step

logger = logging.getLogger(__name__)

Message: TypeAlias = Mapping[str, Any]
# Called at each beginning of an answer; what it returns takes the pieces.
Hear: TypeAlias = Callable[[], Callable[[str], None]]

MAX_TRIES: Final = 4
FIRST_PAUSE_SECONDS: Final = 0.5
# Who asks for a longer wait gets it without a worker held: the job comes back then.
LONGEST_PAUSE_SECONDS: Final = 20.0
MAX_ANSWER_CHARACTERS: Final = 400_000
_MAX_CALLS = 16
_FAULTS = (openai.OpenAIError, httpx.HTTPError, ValueError, TypeError, AttributeError, LookupError)


@dataclass(frozen=True)
class ToolCall:
    """A function that the model wants called. `arguments` is as the model wrote it: untrusted text, perhaps JSON."""

    id: str
    name: str
    arguments: str


@dataclass
class Answer:
    """What a model said, unchecked."""

    text: str = ""
    calls: Sequence[ToolCall] = ()
    refusal: str = ""
    finish: str = ""
    usage: CompletionUsage | None = None


@dataclass(frozen=True)
class Ask:
    """A question: for which step, with which prompt (for the record), the messages, and further wishes of the API."""

    step: Step
    prompt: str
    prompt_version: int
    messages: Sequence[Message]
    wishes: Mapping[str, Any] = field(default_factory=dict)
    max_tokens: int = 0

    @property
    def model(self) -> str:
        return provider.model_for(self.step)

    def request(self, *, with_usage: bool) -> dict[str, Any]:
        limit = self.max_tokens or settings.LLM_MAX_OUTPUT_TOKENS
        made = {"model": self.model, "messages": list(self.messages), provider.length_option(): limit, **self.wishes}
        return made | ({"stream_options": {"include_usage": True}} if with_usage else {})

    @property
    def size(self) -> int:
        """Characters sent, for an estimate."""
        return len(json.dumps([*self.messages, self.wishes], default=str))


# (base URL, model) of servers that do not know `stream_options`.
_without_usage: set[tuple[str, str]] = set()
_without_usage_lock = threading.Lock()


def ask(question: Ask, hear: Hear | None = None) -> Answer:
    """The model's whole answer. Pieces of its text go to what `hear` returns while they come; when the answer has to be
    asked for again, `hear` is called again.

    Raises Unavailable when it may work later (all tries, or the time of the step, are used up), Failed when not:
    RequestRefused, `model_key_refused`, `model_not_found`, `model_no_credit`, `model_declined`, `model_too_long`.
    """
    pause = FIRST_PAUSE_SECONDS
    for number in range(1, MAX_TRIES + 1):
        try:
            return _asked(question, hear)
        except Unavailable as problem:
            wait = problem.retry_after or pause * random.uniform(0.5, 1.5)  # noqa: S311
            if number == MAX_TRIES or wait > LONGEST_PAUSE_SECONDS or wait >= seconds_left():
                raise
            time.sleep(wait)
            pause *= 2
    raise AssertionError("unreachable")


def _asked(question: Ask, hear: Hear | None) -> Answer:
    """One try, or two where the server does not know an option that we can do without."""
    server = (settings.LLM_BASE_URL, question.model)
    with_usage = server not in _without_usage
    try:
        return _recorded(question, hear, with_usage=with_usage)
    except RequestRefused:
        if not with_usage:
            raise
        answer = _recorded(question, hear, with_usage=False)
        with _without_usage_lock:
            _without_usage.add(server)
        return answer


def _recorded(question: Ask, hear: Hear | None, *, with_usage: bool) -> Answer:
    answer, started, outcome = Answer(), time.monotonic(), usage.OK
    attributes = {"gen_ai.operation.name": "chat", "gen_ai.request.model": question.model}
    try:
        with tracing.span(f"chat {question.model}", kind=tracing.SpanKind.CLIENT, attributes=attributes):
            _stream(question, answer, hear() if hear else None, with_usage=with_usage)
            _check(answer)
    except Exception as problem:
        if not isinstance(problem, (*_FAULTS, DomainError)):
            raise
        failure = failure_of(problem)
        outcome = failure.code
        logger.warning("%s: %s (%s)", question.model, failure.code, type(problem).__name__)
        raise failure from None
    finally:
        usage.record(_call(question, answer, started, outcome))
    return answer


def _stream(question: Ask, answer: Answer, hear: Callable[[str], None] | None, *, with_usage: bool) -> None:
    """Fills `answer` while it comes."""
    left = seconds_left()
    if left <= 0:
        raise httpx.ReadTimeout("the time for this step is up")
    request = question.request(with_usage=with_usage)
    stream = provider.client().chat.completions.create(**request, stream=True, timeout=provider.timeout(left))
    calls: dict[int, ToolCall] = {}
    with stream:
        for piece in _pieces(stream, answer, calls):
            answer.text += piece
            if len(answer.text) > MAX_ANSWER_CHARACTERS:
                raise Failed("The model's answer is too long.", code="model_too_long")
            if hear:
                hear(piece)
    answer.calls = tuple(calls[index] for index in sorted(calls))


def _pieces(stream: openai.Stream[ChatCompletionChunk], answer: Answer, calls: dict[int, ToolCall]) -> Iterator[str]:
    for chunk in stream:
        if seconds_left() <= 0:
            raise httpx.ReadTimeout("the time for this step is up")
        answer.usage = chunk.usage or answer.usage
        for choice in (chunk.choices or [])[:1]:
            answer.finish = choice.finish_reason or answer.finish
            delta: Any = choice.delta
            if delta is None:
                continue
            answer.refusal += delta.refusal or ""
            for call in delta.tool_calls or []:
                _add_call(calls, call)
            if delta.content:
                yield delta.content


def _add_call(calls: dict[int, ToolCall], delta: Any) -> None:
    """Tool calls come in pieces, by index."""
    if delta.index not in calls and len(calls) >= _MAX_CALLS:
        return
    before = calls.get(delta.index, ToolCall("", "", ""))
    function = delta.function
    calls[delta.index] = ToolCall(
        id=delta.id or before.id,
        name=before.name + ((function.name if function else None) or ""),
        arguments=(before.arguments + ((function.arguments if function else None) or ""))[:MAX_ANSWER_CHARACTERS],
    )


def _check(answer: Answer) -> None:
    if answer.refusal or answer.finish == "content_filter":
        raise Failed("The model declined to write this.", code="model_declined")
    if answer.finish == "length":
        message = "The model's answer did not fit into GUILDHALL_LLM_MAX_OUTPUT_TOKENS."
        raise Failed(message, code="model_too_long")
    if not answer.finish:
        raise CutOff("The model's answer broke off.")
    if not answer.text.strip() and not answer.calls:
        raise CutOff("The model said nothing.")


def _call(question: Ask, answer: Answer, started: float, outcome: str) -> usage.Call:
    told = answer.usage
    if told is not None:
        tokens = max(told.prompt_tokens or 0, 0), max(told.completion_tokens or 0, 0)
    elif outcome == usage.OK or answer.text:
        tokens = estimate_tokens(" " * question.size), estimate_tokens(answer.text)
    else:
        tokens = 0, 0
    return usage.Call(
        purpose=question.step,
        writer="model",
        model=question.model,
        prompt=question.prompt,
        prompt_version=question.prompt_version,
        input_tokens=tokens[0],
        output_tokens=tokens[1],
        is_estimated=told is None,
        cost=provider.cost(question.model, *tokens),
        duration_ms=round((time.monotonic() - started) * 1000),
        outcome=outcome,
    )
