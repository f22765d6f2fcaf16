"""/api/v1/conversational and its alias /chat: sessions, messages, history, and answers as a stream."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection

from conversations.models import Message, Session
from jobs.models import Job, Prompt
from jobs.states import PromptKind, State
from skills import search
from skills.models import SearchQuery, Skill
from taxonomy.models import Category
from tests.api.fleet.conftest import Caller, ask, golden, has_shape, insert_draft, insert_job, member_of
from tests.conftest import Tenant

SESSION = "conversational/session/sess_123"
MESSAGE, HISTORY = "conversational/message", f"{SESSION}/history"
TWO = {
    "questions": [
        {"id": "q1", "text": "Which?", "type": "single_choice", "options": ["A", "B"], "allows_other": False},
        {"id": "q2", "text": "For whom?", "type": "text", "options": []},
    ]
}


def said(caller: Caller, text: str, **more: Any) -> Any:
    answer = caller.post(MESSAGE, {"session_id": "sess_123", "message": text, **more})
    assert answer.status_code == 200, answer.content
    return answer.json()


@pytest.fixture
def about_a_job(caller: Caller, job: Job) -> Job:
    """A session about the job."""
    caller.post(SESSION)
    Session.objects.update(job=job)
    return job


@pytest.mark.parametrize("prefix", ["conversational", "chat"])
def test_a_session_is_the_documents_example(caller: Caller, prefix: str) -> None:
    answer = caller.post(f"{prefix}/session/sess_123/")
    assert answer.status_code == 200
    assert has_shape(answer.json(), golden("session"))
    assert (answer.json()["session_id"], answer.json()["status"]) == ("sess_123", "active")
    again = caller.post(f"{prefix}/session/sess_123").json()
    assert again["created_at"] == answer.json()["created_at"]
    sessions = caller.get(f"{prefix}/sessions").json()
    assert has_shape(sessions, golden("sessions"))
    assert ([one["id"] for one in sessions["sessions"]], sessions["total"]) == (["sess_123"], 1)


@pytest.mark.parametrize("path", [MESSAGE, MESSAGE + "/", "chat/message"])
def test_a_message_is_the_documents_example(caller: Caller, path: str) -> None:
    answer = caller.post(path, golden("message_request"))
    assert answer.status_code == 200
    assert has_shape(answer.json(), golden("message"))
    assert (answer.json()["session_id"], answer.json()["requires_action"]) == ("sess_123", False)
    job = Job.objects.get()
    assert (job.owner, job.request["task_description"]) == ("jane", golden("message_request")["message"])
    assert answer.json()["metadata"] == {"job_id": str(job.pk), "job_status": "pending", "skills": []}


def test_history_is_the_documents_example(caller: Caller) -> None:
    said(caller, golden("message_request")["message"])
    said(caller, "status")
    body = caller.get(HISTORY).json()
    assert has_shape(body, golden("history"))
    assert [(one["role"], one["sequence"]) for one in body["messages"]] == [
        ("user", 1),
        ("assistant", 2),
        ("user", 3),
        ("assistant", 4),
    ]
    assert body["messages"][0]["content"] == golden("message_request")["message"]


def test_it_finds_skills(caller: Caller, skill: Skill) -> None:
    search.embed_skills([skill])
    body = said(caller, "Find a skill for asyncio programming in Python")
    assert body["metadata"]["skills"] == [skill.slug]
    assert skill.slug in body["response"]
    assert "no skill" in said(caller, "the tides of the Baltic sea")["response"]
    recorded = SearchQuery.objects.values_list("query", "hits")
    assert set(recorded) == {("asyncio programming in python", 1), ("the tides of the baltic sea", 0)}


def test_it_asks_what_the_job_asks_and_passes_the_answers_on(caller: Caller, about_a_job: Job) -> None:
    prompt = ask(about_a_job, PromptKind.CLARIFYING_QUESTIONS, TWO)
    first = said(caller, "Continue with the skill creation")
    assert (first["response"], first["requires_action"]) == ("Which? (A, B)", True)
    assert first["suggested_actions"] == ["A", "B"]
    wrong = said(caller, "C")
    assert (wrong["response"].endswith("Which? (A, B)"), wrong["requires_action"]) == (True, True)
    second = said(caller, "b")
    assert (second["response"], second["requires_action"]) == ("Thank you.\n\nFor whom?", True)
    last = said(caller, "Stop words are for linguists")
    assert (last["requires_action"], last["metadata"]["job_status"]) == (False, "running")
    prompt.refresh_from_db()
    assert prompt.response["answers"] == {"q1": "B", "q2": "Stop words are for linguists"}


@pytest.mark.parametrize(
    ("text", "action", "feedback"),
    [
        ("proceed", "proceed", ""),
        ("Continue", "proceed", ""),
        ("Yes!", "proceed", ""),
        ("Add an example for Windows", "revise", "Add an example for Windows"),
    ],
)
@pytest.mark.parametrize("kind", [PromptKind.CONFIRM, PromptKind.PREVIEW, PromptKind.REVIEW])
def test_checkpoints(caller: Caller, about_a_job: Job, kind: PromptKind, text: str, action: str, feedback: str) -> None:
    prompt = ask(about_a_job, kind, {"summary": "Skill: x", "content": "# X", "report": "Good"})
    assert said(caller, "status")["requires_action"]
    assert not said(caller, text)["requires_action"]
    prompt.refresh_from_db()
    assert prompt.response is not None
    assert (prompt.response["action"], prompt.response["feedback"]) == (action, feedback)


def test_what_was_not_asked_is_not_answered(caller: Caller, about_a_job: Job) -> None:
    prompt = ask(about_a_job, PromptKind.CONFIRM, {"summary": "Skill: x"})
    assert said(caller, "proceed")["requires_action"]
    prompt.refresh_from_db()
    assert prompt.is_open


def test_a_structure_is_fixed(caller: Caller, about_a_job: Job) -> None:
    data = {"structure_issues": ["bad name"], "suggested_fixes": [{"field": "name", "suggested": "good-name"}]}
    prompt = ask(about_a_job, PromptKind.STRUCTURE_FIX, data)
    assert "good-name" in said(caller, "status")["response"]
    said(caller, "better-name")
    prompt.refresh_from_db()
    assert prompt.response["fields"] == {"skill_name": "better-name"}


def test_cancel(caller: Caller, about_a_job: Job) -> None:
    ask(about_a_job, PromptKind.CONFIRM, {})
    assert said(caller, "Cancel it")["response"] == "It is cancelled."
    about_a_job.refresh_from_db()
    assert about_a_job.state == State.CANCELLED
    assert "already cancelled" in said(caller, "cancel")["response"]


def test_promotion_waits_for_a_yes(caller: Caller, about_a_job: Job, python: Category) -> None:
    insert_draft(about_a_job)
    asked = said(caller, "promote")
    assert (asked["requires_action"], asked["action"]["type"]) == (True, "confirm_promotion")
    assert asked["action"]["data"]["taxonomy_path"] == "technical/programming/python"
    assert not Skill.objects.exists()
    assert "leave it" in said(caller, "no")["response"]
    assert said(caller, "yes")["requires_action"] is False, "a yes to nothing is no yes"
    assert not Skill.objects.exists()
    said(caller, "Please publish it")
    body = said(caller, "Yes, please.")
    assert body["metadata"]["skills"] == ["python-async-await"]
    assert Skill.objects.get().category == python
    assert "is in the registry" in said(caller, "status")["response"]
    assert "is in the registry" in said(caller, "promote")["response"]


def test_a_draft_that_failed_is_promoted_when_the_person_knows(
    caller: Caller, about_a_job: Job, python: Category
) -> None:
    assert said(caller, "promote")["action"] is None
    insert_draft(about_a_job, passed=False, report={"errors": ["no examples"]})
    assert "did not pass" in said(caller, "status")["response"]
    asked = said(caller, "promote to no/such")
    assert "no examples" in asked["response"]
    assert "anyway" in asked["response"]
    assert "no category 'no/such'" in said(caller, "yes")["response"]
    assert said(caller, "promote to technical/programming/python")["requires_action"]
    assert "is in the registry" in said(caller, "yes")["response"]
    assert Skill.objects.get().category == python


def test_another_message_takes_the_question_back(caller: Caller, about_a_job: Job, python: Category) -> None:
    insert_draft(about_a_job)
    said(caller, "promote")
    said(caller, "status")
    said(caller, "yes")
    assert not Skill.objects.exists()


def test_only_managers_promote(jane: Tenant, python: Category) -> None:
    peer = member_of(jane)
    peer.post(SESSION)
    job = insert_job(jane, owner="peer")
    insert_draft(job)
    Session.objects.update(job=job)
    body = said(peer, "promote")
    assert ("role manager" in body["response"], body["requires_action"]) == (True, False)


@pytest.mark.parametrize("text", ["status", "cancel", "promote", "help"])
def test_commands_without_a_job(caller: Caller, text: str) -> None:
    body = said(caller, text)
    assert (body["requires_action"], body["metadata"]["job_id"]) == (False, None)


def test_a_description_too_long_is_told(caller: Caller) -> None:
    body = said(caller, "Create a skill " + "x" * 5000)
    assert "at most 5000 characters" in body["response"]
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        (MESSAGE, {}, "message"),
        (MESSAGE, {"message": 5}, "message"),
        (MESSAGE, {"message": "x", "session_id": "a b"}, "session_id"),
        (MESSAGE, {"message": "x", "session_id": 5}, "session_id"),
        (MESSAGE, {"message": "x", "context": []}, "context"),
        (MESSAGE, [], "message"),
        (MESSAGE, {"message": "x", "client_message_id": "a b"}, "client_message_id"),
        ("conversational/session/a%20b", None, "session_id"),
    ],
)
def test_bodies_that_cannot_be(caller: Caller, path: str, body: Any, field: str) -> None:
    answer = caller.post(path, body)
    assert (answer.status_code, answer.json()["error"]) == (422, "Validation error")
    assert answer.json()["details"][0]["loc"] == ["body", field]
    assert not Message.objects.exists()


@pytest.mark.parametrize("text", ["", "  ", "x" * 32_769, "é" * 16_385], ids=["empty", "blank", "long", "bytes"])
def test_messages_that_say_nothing_or_too_much(caller: Caller, text: str) -> None:
    answer = caller.post(MESSAGE, {"message": text})
    assert (answer.status_code, answer.json()["detail"]) == (400, "message must be 1 to 32,768 bytes of text")
    assert not Message.objects.exists()
    assert not Session.objects.exists()


def test_sent_twice_is_said_once(caller: Caller) -> None:
    first = said(caller, "Create a skill that reviews SQL migrations", client_message_id="m-1")
    again = said(caller, "Create a skill that reviews SQL migrations", client_message_id="m-1")
    assert again == first
    assert Job.objects.count() == 1
    messages = caller.get(HISTORY).json()["messages"]
    assert [one.get("client_message_id") for one in messages] == ["m-1", None]
    body = {"session_id": "sess_123", "message": "Something else", "client_message_id": "m-1"}
    assert caller.post(MESSAGE, body).status_code == 409
    header = caller.post(MESSAGE, {"session_id": "sess_123", "message": "help"}, **{"Idempotency-Key": "m-2"})
    repeated = caller.post(MESSAGE, {"session_id": "sess_123", "message": "help"}, **{"Idempotency-Key": "m-2"})
    assert header.json() == repeated.json()


def test_it_explains_skills(caller: Caller, skill: Skill) -> None:
    search.embed_skills([skill])
    body = said(caller, f"Explain the {skill.slug} skill")
    assert body["metadata"]["skills"] == [skill.slug]
    assert (skill.description or "") in body["response"]
    said(caller, "Find a skill for asyncio programming in Python")
    assert said(caller, "What does it do?")["metadata"]["skills"] == [skill.slug]
    assert "know no skill" in said(caller, "Explain the tides-of-the-sea skill")["response"]


def test_what_is_asked_is_told_as_data(caller: Caller, about_a_job: Job) -> None:
    prompt = ask(about_a_job, PromptKind.CLARIFYING_QUESTIONS, TWO)
    action = said(caller, "status")["action"]
    assert action["type"] == "clarifying_questions"
    assert action["data"]["question"]["id"] == "q1"
    assert action["data"]["options"] == ["A", "B"]
    assert (action["data"]["prompt_id"], action["data"]["job_id"]) == (str(prompt.pk), str(about_a_job.pk))
    assert caller.get(HISTORY).json()["messages"][-1]["action"] == action
    assert said(caller, "2")["action"]["data"]["question"]["id"] == "q2"


def test_an_aside_at_a_checkpoint_is_no_answer(caller: Caller, about_a_job: Job, skill: Skill) -> None:
    search.embed_skills([skill])
    prompt = ask(about_a_job, PromptKind.PREVIEW, {"content": "# X"})
    said(caller, "status")
    assert said(caller, "Find a skill for asyncio programming")["metadata"]["skills"] == [skill.slug]
    prompt.refresh_from_db()
    assert prompt.is_open
    said(caller, "Find better words for the title")
    prompt.refresh_from_db()
    assert prompt.response["feedback"] == "Find better words for the title"


def test_a_person_has_a_thousand_sessions(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("conversations.services.MAX_SESSIONS", 1)
    said(caller, "help")
    assert caller.post("chat/session/another").status_code == 409
    assert caller.post(SESSION).status_code == 200


def test_conversations_are_ones_own(caller: Caller, jane: Tenant, sam: Tenant) -> None:
    said(caller, "help")
    for other in (member_of(jane), Caller(**sam.headers)):
        assert other.get(HISTORY).status_code == 404
        assert other.get("conversational/sessions").json() == {"sessions": [], "total": 0}
        other.post(MESSAGE, {"session_id": "sess_123", "message": "status"})
        assert len(other.get(HISTORY).json()["messages"]) == 2
    assert len(caller.get(HISTORY).json()["messages"]) == 2


def test_a_job_that_is_not_ones_own_is_not_told(jane: Tenant, job: Job) -> None:
    peer = member_of(jane)
    peer.post(SESSION)
    Session.objects.update(job=job)
    assert "Nothing is being written" in said(peer, "status")["response"]


@pytest.mark.parametrize(
    ("method", "path"),
    [("post", MESSAGE), ("post", SESSION), ("get", HISTORY), ("get", "chat/sessions")],
)
def test_nobody_gets_in_without_a_credential(db: None, method: str, path: str) -> None:
    assert getattr(Caller(), method)(path).status_code == 401


@pytest.mark.django_db(transaction=True)
def test_messages_at_once_are_answered_one_after_the_other(jane: Tenant) -> None:
    def speak() -> None:
        try:
            said(Caller(**jane.headers), "help")
        finally:
            connection.close()

    threads = [threading.Thread(target=speak) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    messages = list(Message.objects.values_list("seq", "role"))
    assert messages == [(number, "user" if number % 2 else "assistant") for number in range(1, 13)]


def test_open_prompts_are_those_of_the_session(caller: Caller, jane: Tenant, about_a_job: Job) -> None:
    ask(insert_job(jane), PromptKind.CONFIRM, {"summary": "Another"})
    assert not said(caller, "status")["requires_action"]
    assert Prompt.objects.open().count() == 1
