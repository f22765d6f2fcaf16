"""The assistant with a language model: rounds of talk in which the model calls tools (tools.py).

Each call's effect is committed together with its result, so that a turn begun again goes on after the last of them,
and at most one question to the model is asked twice.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings

from conversations import actions, offline, rules, tools
from conversations.actions import Reply, Turn
from conversations.models import Message, Session
from conversations.turns import Claim, await_job, finish, keep, keep_lease, opened
from core.errors import DomainError, Invalid
from core.text import clean_text
from inference import assistant, usage
from inference.writer import Emit
from jobs.usage import check_budget, record_call

logger = logging.getLogger(__name__)

MAX_ROUNDS = 6
MAX_CALLS = 4
MAX_ANSWER = 8_000
_REMEMBERED_MESSAGES, _REMEMBERED_CHARACTERS = 20, 24_000
_RESULT = 6_000


def by_model(claim: Claim, emit: Emit) -> None:
    """Answers what is plain by rules, and all else as the model understands it."""
    with opened(claim) as (turn, answer):
        is_begun = "talk" in answer.data
        plain = rules.plainly(turn) if not answer.content and not is_begun else None
        if plain:
            offline.say(answer, plain)
        elif not answer.content:
            answer.data.setdefault("talk", [])
        is_plain, client_id = bool(answer.content), turn.session.client_id
        if is_plain and not answer.data.get("awaits_job"):
            finish(answer)
            return
    if is_plain:
        offline.with_what_the_job_says(claim, emit)
        return
    try:
        check_budget(client_id)
        with assistant.turn(settings.ASSISTANT_SECONDS, lambda call: _note_use(claim, call)):
            _talk(claim, emit)
    except DomainError as problem:
        _without_the_model(claim, emit, problem)


def _talk(claim: Claim, emit: Emit) -> None:
    said: str = ""
    for _ in range(MAX_ROUNDS):
        standing, talk = _material(claim)
        if calls := _open_calls(talk):
            for call in calls:
                _do(claim, call)
            standing, talk = _material(claim)
        answered = assistant.converse(standing=standing, talk=talk, tools=tools.schemas(), emit=emit)
        said = answered.text
        if not answered.calls:
            break
        _remember(claim, answered)
    _conclude(claim, said)


def _material(claim: Claim) -> tuple[str, list[Mapping[str, Any]]]:
    """How things stand, and what was said: the session's last messages and, of this turn, all. Renews the lease."""
    with opened(claim) as (turn, answer):
        keep_lease(answer, settings.ASSISTANT_SECONDS)
        job = turn.job
        asked = actions.asked_now(turn)
        standing = {
            "job": {"state": job.state, "about": job.request.get("task_description"), "progress": job.progress}
            if job
            else None,
            "the person was asked": asked,
            "skills named last": list(turn.mentioned),
        }
        before = Message.objects.filter(session=turn.session, seq__lt=claim.seq).order_by("-seq")
        history: list[Mapping[str, Any]] = []
        left = _REMEMBERED_CHARACTERS
        for one in before[:_REMEMBERED_MESSAGES]:
            left -= min(len(one.content), _RESULT)
            if left < 0 and history:
                break
            history.append({"role": one.role, "content": one.content[:_RESULT] or "(no answer)"})
        return json.dumps(standing, ensure_ascii=False), [*reversed(history), *answer.data["talk"]]


def _remember(claim: Claim, answered: assistant.Answer) -> None:
    """Keeps what the model wants called, before any of it is."""
    answered.calls = tuple(answered.calls)[:MAX_CALLS]
    message = assistant.assistant_message(answered)
    try:
        clean_text(message, "answer")
    except Invalid:
        message = {"role": "assistant", "content": "(not readable)", "tool_calls": []}
    with opened(claim) as (_, answer):
        # Not every server gives its calls ids of their own.
        for number, call in enumerate(message["tool_calls"]):
            call["id"] = f"call_{len(answer.data['talk'])}_{number}"
        answer.data["talk"] = [*answer.data["talk"], message]


def _open_calls(talk: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    """The calls without a result."""
    done = {one["tool_call_id"] for one in talk if one["role"] == "tool"}
    calls = [call for one in talk for call in one.get("tool_calls") or []]
    return [call for call in calls if call["id"] not in done]


def _do(claim: Claim, call: Mapping[str, Any]) -> None:
    function = call["function"]
    with opened(claim) as (turn, answer):
        reply = tools.run(turn, function["name"], function["arguments"])
        awaits = reply.awaits_job and settings.ASSISTANT_PATIENCE_SECONDS > 0
        if not awaits:
            _result(turn, answer, call["id"], reply)
            return
        keep(answer, reply)
        answer.content = ""
    if reply.job:
        await_job(reply.job.pk)
    with opened(claim) as (turn, answer):
        job = turn.job
        _result(turn, answer, call["id"], actions.standing(turn, job, reply.text) if job else reply)


def _result(turn: Turn, answer: Message, call_id: str, reply: Reply) -> None:
    """What the model hears of a call; what people and clients get of it stays with the answer."""
    asked_before = answer.data.get("action")
    said = {"result": reply.text.removesuffix(reply.asks).strip()[:_RESULT], "asks": reply.asks[:_RESULT] or None}
    keep(answer, reply)
    answer.content = ""
    if reply.asks:
        answer.data["asks"] = reply.asks
    elif turn.session.asked:
        answer.data["action"] = asked_before
    else:
        answer.data.pop("asks", None)
    answer.data["done"] = reply.text
    message = assistant.tool_message(call_id, json.dumps(said, ensure_ascii=False))
    answer.data["talk"] = [*answer.data["talk"], message]


def _conclude(claim: Claim, said: str, note: str = "") -> None:
    """The model's words, and below them, as it is, what the person is asked."""
    with opened(claim) as (turn, answer):
        words = said.replace("\x00", "").encode("utf-8", "ignore").decode()[:MAX_ANSWER].strip()
        asks = answer.data.pop("asks", "")
        if not words and not asks:
            words = answer.data.get("done", "") or actions.help(turn).text
        asks = "" if asks and asks in words else asks
        answer.content = "\n\n".join(part for part in (words, note, asks) if part)
        for name in ("action", "suggested_actions", "skills", "job_id"):
            answer.data.setdefault(name, {"action": None, "job_id": None}.get(name, []))
        finish(answer)


def _without_the_model(claim: Claim, emit: Emit, problem: DomainError) -> None:
    """What was done stands and is told. Where nothing was, rules answer if settings say so; never without a word."""
    logger.warning("conversation %s: %s", claim.session_id, problem.code)
    with opened(claim) as (_, answer):
        done = answer.data.get("done", "")
    emit.restart()
    if done:
        _conclude(claim, "", f"{problem.message} What I did before that, I did: {done}"[:_RESULT])
    elif settings.LLM_FALLBACK == "offline":
        offline.by_rules(claim, emit, f"({problem.message} I answered by rules.)")
    else:
        _conclude(claim, f"{problem.message} Nothing was changed; please say it again.")


def _note_use(claim: Claim, call: usage.Call) -> None:
    """Against the tenant's budget, and with the answer."""
    client_id = Session.objects.values_list("client_id", flat=True).get(pk=claim.session_id)
    record_call(client_id, call, step="chat")
    with opened(claim) as (_, answer):
        used = {
            "model": call.model,
            "prompt_version": call.prompt_version,
            "input_tokens": call.input_tokens,
            "output_tokens": call.output_tokens,
            "is_estimated": call.is_estimated,
            "cost": str(call.cost) if call.cost is not None else None,
            "duration_ms": call.duration_ms,
            "outcome": call.outcome,
        }
        answer.data["usage"] = [*answer.data.get("usage", []), used]
