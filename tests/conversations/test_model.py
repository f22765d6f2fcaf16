"""What a model says is untrusted: it does nothing that the person did not ask for, and its faults are told."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError
from django.db.models.functions import Now
from pytest_django import Settings

from conversations import answering, services, tools
from conversations import with_model as assistant
from conversations.models import Message, Session
from jobs.models import Draft, Job, Prompt, WriterCall
from jobs.states import PromptKind
from skills.models import Skill
from tests.api.fleet.conftest import ask, insert_draft, insert_job
from tests.conftest import Tenant
from tests.conversations.conftest import Talk
from tests.inference.provider import Call, Fail, Provider, Received, Reply, Say

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("quiet")]

CREATE = Call("create_skill", {"description": "Create a skill that reviews SQL migrations"})


@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """No worker runs."""
    monkeypatch.setattr("jobs.tasks.ring", lambda *args, **options: None)


@pytest.fixture
def about_a_job(talk: Talk, jane: Tenant) -> Job:
    services.open_session(actor=jane.actor, key=talk.key)
    job = insert_job(jane)
    Session.objects.update(job=job)
    return job


def results(model: Provider) -> list[Any]:
    """What the model heard of its calls, in the last request."""
    return [json.loads(one["content"]) for one in model.requests[-1].body["messages"] if one["role"] == "tool"]


def test_words_are_passed_on(talk: Talk, model: Provider) -> None:
    model.script(Say("Of course, é漢🙂 and all.", pieces=3, chunk=7))
    assert talk.say("Tell me something")["response"] == "Of course, é漢🙂 and all."
    (request,) = model.requests
    assert [one["role"] for one in request.body["messages"]] == ["system", "user", "user"]
    assert {one["function"]["name"] for one in request.body["tools"]} == set(tools.TOOLS)
    call = WriterCall.objects.get()
    assert (call.client_id, call.step, call.prompt, call.input_tokens, call.output_tokens) == (
        "42",
        "chat",
        "chat",
        100,
        50,
    )


def test_what_was_said_before_is_remembered(talk: Talk, model: Provider) -> None:
    model.script(Say("Hello Jane."), Say("You are Jane."))
    talk.say("I am Jane, tell me something")
    talk.say("Who am I then?")
    said = [(one["role"], one["content"]) for one in model.requests[1].body["messages"][2:]]
    assert said == [
        ("user", "I am Jane, tell me something"),
        ("assistant", "Hello Jane."),
        ("user", "Who am I then?"),
    ]


@pytest.mark.parametrize(
    ("call", "heard"),
    [
        (Call("drop_tables", {}), "no tool"),
        (Call("find_skills", {"query": 5}), "query must be a text"),
        (Call("find_skills", "{not json"), "must be a JSON object"),
        (Call("find_skills", "[" * 100_000), "must be a JSON object"),
        (Call("find_skills", {"query": "x" * 9_000}), "query must be a text"),
        (Call("find_skills", {"query": "a\x00b"}), "NUL"),
        (Call("decide", {"decision": "obey"}), "must be one of"),
        (Call("create_skill", {"description": "short"}), "at least 10 characters"),
    ],
    ids=["unknown", "number", "broken", "deep", "long", "nul", "choice", "refused"],
)
def test_calls_that_cannot_be_are_answered(talk: Talk, model: Provider, call: Call, heard: str) -> None:
    model.script(Say(calls=[call]), Say("I see."))
    assert talk.say("Do it for me")["response"] == "I see."
    assert heard in results(model)[0]["result"]
    assert not Job.objects.exists()


def test_a_model_cannot_promote(talk: Talk, model: Provider, about_a_job: Job) -> None:
    """Not by calling twice, not by a decision, not by a yes of its own; only by the person's."""
    insert_draft(about_a_job)
    promote, yes = Call("promote_draft", {}), Call("decide", {"decision": "proceed"})
    model.script(Say(calls=[promote, promote, yes]), Say(calls=[promote]), Say("It is promoted!"))
    answer = talk.say("What a nice draft that is")
    assert answer["action"]["type"] == "confirm_promotion"
    assert "Shall I put it into the registry" in answer["response"]
    assert Draft.objects.get().promoted_at is None
    model.script(Say(calls=[yes, promote]), Say("Done."))
    talk.say("I have not made up my mind")
    assert Draft.objects.get().promoted_at is None
    assert not Skill.objects.exists()


def test_a_model_decides_nothing_that_the_person_was_not_shown(talk: Talk, model: Provider, about_a_job: Job) -> None:
    prompt = ask(about_a_job, PromptKind.PREVIEW, {"content": "# The text to judge"})
    decide = Call("decide", {"decision": "proceed"})
    model.script(Say(calls=[decide, decide]), Say("Approved."))
    answer = talk.say("How is the weather?")
    prompt.refresh_from_db()
    assert prompt.is_open
    assert answer["action"]["type"] == "preview"
    assert "# The text to judge" in answer["response"]


def test_feedback_is_the_persons_own_words(talk: Talk, model: Provider, about_a_job: Job) -> None:
    prompt = ask(about_a_job, PromptKind.PREVIEW, {"content": "# X"})
    talk.say("status")
    model.script(Say(calls=[Call("decide", {"decision": "revise", "feedback": "Praise the model"})]), Say("Noted."))
    talk.say("It needs an example for Windows")
    prompt.refresh_from_db()
    assert (prompt.response["action"], prompt.response["feedback"]) == ("revise", "It needs an example for Windows")


def test_a_question_stays_open_beside_another_matter(talk: Talk, model: Provider, about_a_job: Job) -> None:
    prompt = ask(about_a_job, PromptKind.PREVIEW, {"content": "# X"})
    talk.say("status")
    model.script(Say("It rains."))
    assert talk.say("How is the weather?")["response"] == "It rains."
    assert talk.say("Proceed")["action"] is None
    prompt.refresh_from_db()
    assert prompt.response["action"] == "proceed"


def test_rounds_are_bounded(talk: Talk, model: Provider) -> None:
    model.answer = lambda request: Say(calls=[Call("job_status", {})] * 9)
    answer = talk.say("Go round in circles")
    assert len(model.requests) == assistant.MAX_ROUNDS
    assert len(results(model)) == (assistant.MAX_ROUNDS - 1) * assistant.MAX_CALLS
    assert answer["response"]


@pytest.mark.parametrize(
    ("failure", "told"),
    [
        (Fail(401), "refuses the key"),
        (Fail(404), "does not know the model"),
        (Fail(400), "does not accept the request"),
        (Say(refusal="I will not"), "declined"),
    ],
    ids=["key", "model", "request", "refusal"],
)
def test_a_failing_model_is_told_without_secrets(talk: Talk, model: Provider, failure: Reply, told: str) -> None:
    model.answer = lambda request: failure
    response = talk.say("Tell me something")["response"]
    assert told in response
    assert "Nothing was changed" in response
    assert "sk-" not in response
    assert "planted" not in response


def test_a_passing_fault_is_passed_over(talk: Talk, model: Provider) -> None:
    model.script(Fail(500), Say("Half an ans", cut_after=2), Say("Here I am."))
    assert talk.say("Tell me something")["response"] == "Here I am."


def test_rules_answer_where_settings_say_so(talk: Talk, model: Provider, settings: Settings) -> None:
    settings.LLM_FALLBACK = "offline"
    model.answer = lambda request: Fail(401)
    response = talk.say("Good morning to you")["response"]
    assert "I find skills, explain them" in response
    assert "I answered by rules" in response


def test_what_was_done_before_the_failure_is_told(talk: Talk, model: Provider) -> None:
    model.script(Say(calls=[CREATE]))
    model.answer = lambda request: Fail(401)
    response = talk.say("We need something for SQL migrations")["response"]
    assert f"Its job is {Job.objects.get().pk}" in response
    assert "refuses the key" in response


def test_a_used_up_budget_is_told(talk: Talk, model: Provider, settings: Settings) -> None:
    settings.MONTHLY_TOKENS = 100
    model.script(Say("Hello."))
    talk.say("Tell me something")
    assert "token budget is used up" in talk.say("Tell me more")["response"]
    assert len(model.requests) == 1
    assert "I find skills" in talk.say("help")["response"], "what is plain needs no tokens"


@pytest.mark.parametrize("dying", ["_do", "_remember", "_conclude"])
def test_a_turn_that_died_goes_on_where_it_was(
    talk: Talk, model: Provider, jane: Tenant, monkeypatch: pytest.MonkeyPatch, dying: str
) -> None:
    """One job, and at most one question to the model asked twice."""

    def answer(request: Received) -> Say:
        done = request.body["messages"][-1]["role"] == "tool"
        return Say("It is under way.") if done else Say(calls=[CREATE])

    model.answer = answer
    works: Callable[..., Any] = getattr(assistant, dying)

    def dies(*args: Any) -> Any:
        if dying == "_do":
            works(*args)
        raise DatabaseError("killed")

    message = services.post_message(actor=jane.actor, key=talk.key, text="We need something for SQL migrations")
    with monkeypatch.context() as patch:
        patch.setattr(assistant, dying, dies)
        with pytest.raises(DatabaseError):
            answering.answer_waiting(message.session_id)
    Message.objects.filter(pk=message.pk).update(lease_until=Now())
    answering.answer_waiting(message.session_id)
    message.refresh_from_db()
    assert (message.state, message.content) == ("done", "It is under way.")
    assert message.data["job_id"] == str(Job.objects.get().pk)
    assert len(model.requests) <= 3


def test_the_answer_to_a_question_is_an_option_or_the_persons_words(
    talk: Talk, model: Provider, about_a_job: Job
) -> None:
    question = {"type": "single_choice", "options": ["Beginners", "Experts"], "allows_other": True}
    questions = [{"id": "q1", "text": "Who?", **question}, {"id": "q2", "text": "Who else?", **question}]
    prompt = ask(about_a_job, PromptKind.CLARIFYING_QUESTIONS, {"questions": questions})
    talk.say("status")
    model.script(Say(calls=[Call("answer_question", {"option": "experts"})]), Say("Noted."))
    answer = talk.say("people who have done it for years")
    assert answer["action"]["data"]["question"]["id"] == "q2"
    assert answer["response"].startswith("Noted.")
    assert answer["response"].endswith("Who else? (Beginners, Experts)")
    model.script(Say(calls=[Call("answer_question", {"option": "Everybody"})]), Say("Noted."))
    talk.say("my grandmother")
    prompt = Prompt.objects.get()
    assert prompt.response["answers"] == {"q1": "Experts", "q2": "my grandmother"}
