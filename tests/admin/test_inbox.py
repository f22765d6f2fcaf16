"""Deciding in the inbox: every kind of prompt, every button, two reviewers at once, many at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent, User
from jobs.models import Job, JobStep, Prompt
from jobs.states import PromptKind, State
from tests.admin.conftest import QUESTIONS, World

INBOX = "/admin/jobs/prompt/"


def url(prompt: Prompt) -> str:
    return reverse("admin:jobs_prompt_change", args=[prompt.pk])


def said(response: Any) -> str:
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def decided(prompt: Prompt) -> dict[str, Any]:
    prompt.refresh_from_db()
    assert prompt.answered_by == "jane"
    prompt.job.refresh_from_db()
    assert prompt.job.state == State.PENDING
    assert prompt.response is not None
    return dict(prompt.response)


def test_open_prompts_come_first_and_of_those_the_oldest(world: World, manager: Browser) -> None:
    ages = {"young": 5, "oldest": 90, "middle": 30}
    for name, minutes in ages.items():
        prompt = world.prompt(text=f"request-{name}")
        Prompt.objects.filter(pk=prompt.pk).update(created_at=timezone.now() - timedelta(minutes=minutes))
    done = world.prompt(
        text="request-done", answered_at=timezone.now(), answered_by="jane", response={"action": "proceed"}
    )
    Prompt.objects.filter(pk=done.pk).update(created_at=timezone.now() - timedelta(days=1))
    body = manager.get(INBOX).content.decode()
    assert body.index("request-oldest") < body.index("request-middle") < body.index("request-young")
    assert "request-done" not in body
    everything = manager.get(f"{INBOX}?state=all").content.decode()
    assert everything.index("request-young") < everything.index("request-done")
    assert "request-done" in manager.get(f"{INBOX}?state=decided").content.decode()
    waiting_long = manager.get(f"{INBOX}?since=60").content.decode()
    assert "request-oldest" in waiting_long
    assert "request-middle" not in waiting_long
    assert "1 hour" in body


def test_the_list_names_skill_kind_and_deadline(world: World, manager: Browser) -> None:
    prompt = world.prompt(PromptKind.PREVIEW, deadline_at=timezone.now() + timedelta(minutes=4, seconds=30))
    JobStep.objects.create(job=prompt.job, name="requirements", output={"name": "first-name"})
    JobStep.objects.create(job=prompt.job, name="plan", output={"name": "newest-name"})
    body = manager.get(INBOX).content.decode()
    assert "newest-name" in body
    assert "first-name" not in body
    assert "Preview" in body
    assert "in 4 minutes" in body
    assert "gh-alarm" in body


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        (PromptKind.CLARIFYING_QUESTIONS, ["Which database?", 'type="radio"', 'type="checkbox"', "names no database"]),
        (PromptKind.STRUCTURE_FIX, ["name must be lower case", "Use a-z.", 'value="tidy-logs"', "The name is long."]),
        (PromptKind.CONFIRM, ["<dd>Tidy logs: fast.</dd>", "Logs are text."]),
        (PromptKind.PREVIEW, ["<h1>Tidy logs</h1>", "# Tidy logs", "Added a section.", "1 min to read"]),
        (PromptKind.REVIEW, ["quality.examples", "show one", "SKILL.md:6", "failed", "later writers may say more"]),
    ],
)
def test_each_kind_shows_what_one_must_know(world: World, manager: Browser, kind: str, shown: list[str]) -> None:
    body = manager.get(url(world.prompt(kind, text="the request itself"))).content.decode()
    for text in ["the request itself", *shown]:
        assert text in body
    assert 'value="cancel"' in body


def test_answers_go_to_the_service_by_question(world: World, manager: Browser) -> None:
    prompt = world.prompt(PromptKind.CLARIFYING_QUESTIONS)
    answers = {"question_0": "SQLite", "question_1": ["CSV", "JSON"], "question_2": "no", "question_3": " Auditors "}
    response = manager.post(url(prompt), {"decision": "answer", **answers})
    assert response["Location"] == INBOX
    assert decided(prompt)["answers"] == {"q1": "SQLite", "q2": ["CSV", "JSON"], "q3": "no", "q4": "Auditors"}
    assert AuditEvent.objects.filter(action="answer", actor="jane", surface="admin").count() == 1


def test_own_words_count_before_an_option_and_some_answers_may_come_later(world: World, manager: Browser) -> None:
    prompt = world.prompt(PromptKind.CLARIFYING_QUESTIONS)
    response = manager.post(url(prompt), {"decision": "answer", "question_0": "SQLite", "question_0_other": "DuckDB"})
    assert response["Location"] == url(prompt)
    assert "other questions" in said(response)
    prompt.refresh_from_db()
    assert prompt.is_open
    later = {f"question_{number}": value for number, value in ((1, ["CSV"]), (2, "yes"), (3, "Auditors"))}
    manager.post(url(prompt), {"decision": "answer", **later})
    assert decided(prompt)["answers"] == {"q1": "DuckDB", "q2": ["CSV"], "q3": "yes", "q4": "Auditors"}
    assert "DuckDB" in manager.get(url(prompt)).content.decode()


def test_no_answer_at_all_is_refused_but_questions_may_be_skipped(world: World, manager: Browser) -> None:
    prompt = world.prompt(PromptKind.CLARIFYING_QUESTIONS)
    refused = manager.post(url(prompt), {"decision": "answer", "question_3": "  "})
    assert refused.status_code == 200
    assert "Answer at least one question" in refused.content.decode()
    wrong = manager.post(url(prompt), {"decision": "answer", "question_1": ["XML"]})
    assert "XML is not one of the available choices" in wrong.content.decode()
    manager.post(url(prompt), {"decision": "proceed", "question_3": "not sent"})
    assert decided(prompt) == {"action": "proceed", "answers": {}, "feedback": "", "focus_areas": [], "fields": {}}


@pytest.mark.parametrize(
    ("name", "action", "fields"),
    [("tidy-logs", "proceed", {}), ("log-tidier", "answer", {"skill_name": "log-tidier", "description": "Tidy logs."})],
)
def test_names_are_accepted_as_proposed_or_corrected(
    world: World, manager: Browser, name: str, action: str, fields: dict[str, str]
) -> None:
    prompt = world.prompt(PromptKind.STRUCTURE_FIX)
    manager.post(url(prompt), {"decision": "answer", "skill_name": name, "description": "Tidy logs."})
    response = decided(prompt)
    assert (response["action"], response["fields"]) == (action, fields)


@pytest.mark.parametrize("kind", [PromptKind.CONFIRM, PromptKind.PREVIEW, PromptKind.REVIEW])
def test_drafts_are_approved_or_sent_back_with_feedback(world: World, manager: Browser, kind: str) -> None:
    approved, sent_back = world.prompt(kind), world.prompt(kind)
    response = manager.post(url(approved), {"decision": "proceed", "feedback": "typed and left"})
    assert "You approved" in said(response)
    assert decided(approved)["feedback"] == ""
    without = manager.post(url(sent_back), {"decision": "revise", "feedback": " ", "reason": "kept"})
    assert "Say what should change." in without.content.decode()
    assert 'value="kept"' in without.content.decode()
    manager.post(url(sent_back), {"decision": "revise", "feedback": "More examples"})
    assert decided(sent_back)["feedback"] == "More examples"
    assert "jane asked for changes" in manager.get(url(sent_back)).content.decode()


def test_an_action_that_does_not_fit_the_kind_is_refused(world: World, manager: Browser) -> None:
    prompt = world.prompt(PromptKind.CONFIRM)
    for decision in ("answer", "nonsense", ""):
        assert manager.post(url(prompt), {"decision": decision}).status_code == 200
    prompt.refresh_from_db()
    assert prompt.is_open


def test_cancelling_ends_the_job(world: World, manager: Browser) -> None:
    prompt = world.prompt(PromptKind.CLARIFYING_QUESTIONS)
    manager.post(url(prompt), {"decision": "cancel", "reason": "not needed"})
    prompt.job.refresh_from_db()
    assert prompt.job.state == State.CANCELLED
    assert prompt.job.message == "Cancelled by jane: not needed"
    body = manager.get(url(prompt)).content.decode()
    assert "Closed without a decision" in body
    assert 'value="proceed"' not in body


def test_the_second_reviewer_is_told_who_decided_and_keeps_the_typed_text(world: World, manager: Browser) -> None:
    prompt = world.prompt(
        answered_at=timezone.now() - timedelta(minutes=3),
        answered_by="mira",
        response={"action": "revise", "feedback": "x"},
    )
    response = manager.post(url(prompt), {"decision": "revise", "feedback": "my long thoughts"})
    body = response.content.decode()
    assert response.status_code == 409
    assert "mira decided 3 minutes ago: asked for changes" in body
    assert "my long thoughts" in body
    prompt.refresh_from_db()
    assert prompt.answered_by == "mira"


def test_a_decision_after_the_end_of_the_job_says_so(world: World, manager: Browser) -> None:
    prompt = world.prompt(closed_at=timezone.now())
    Job.objects.filter(pk=prompt.job_id).update(state=State.FAILED, finished_at=timezone.now())
    response = manager.post(url(prompt), {"decision": "proceed"})
    assert response.status_code == 409
    assert "too late" in response.content.decode()


@pytest.mark.django_db(transaction=True)
def test_of_two_reviewers_at_once_one_decides(world: World, sign_in: Callable[[User], Browser]) -> None:
    prompt = world.prompt()
    browsers = [sign_in(world.user(name, "42", "manager")) for name in ("ann", "bob")]
    barrier, statuses = threading.Barrier(2), []

    def decide(browser: Browser) -> None:
        barrier.wait(10)
        statuses.append(browser.post(url(prompt), {"decision": "proceed"}).status_code)
        connection.close()

    threads = [threading.Thread(target=decide, args=[browser]) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(statuses) == [302, 409]
    assert AuditEvent.objects.filter(action="answer").count() == 1


def test_operators_decide_for_the_prompts_tenant(world: World, operator: Browser) -> None:
    prompt = world.prompt(client_id="99")
    assert "Tenant 99" in operator.get(url(prompt)).content.decode()
    operator.post(url(prompt), {"decision": "proceed"})
    prompt.refresh_from_db()
    assert prompt.answered_by == "olga"
    assert AuditEvent.objects.get(action="answer").client_id == "99"


def test_earlier_rounds_are_told(world: World, manager: Browser) -> None:
    prompt = world.prompt(PromptKind.REVIEW, round=2)
    asked = {"action": "answer", "answers": {"q1": "SQLite", "response": "all in one"}}
    for kind, response in (
        (PromptKind.CLARIFYING_QUESTIONS, asked),
        (PromptKind.PREVIEW, {"action": "revise", "feedback": "Shorter!"}),
    ):
        world.prompt(kind, job=prompt.job, answered_at=timezone.now(), answered_by="mira", response=response)
    body = manager.get(url(prompt)).content.decode()
    for text in ("round 2", "Shorter!", "asked for changes", "Which database?", "SQLite", "all in one"):
        assert text in body


def bulk(browser: Browser, action: str, prompts: list[Prompt], **more: str) -> Any:
    return browser.post(
        INBOX, {"action": action, ACTION_CHECKBOX_NAME: [str(one.pk) for one in prompts], **more}, follow=True
    )


def test_many_are_approved_after_a_look_at_what_will_happen(world: World, manager: Browser) -> None:
    plans = [world.prompt(text=f"plan-{number}") for number in range(3)]
    questions = world.prompt(PromptKind.CLARIFYING_QUESTIONS, text="needs-thought")
    page = bulk(manager, "approve_selected", [*plans, questions]).content.decode()
    assert "Approve (3)" in page
    assert "1 of the selected is left out" in page
    assert "needs-thought" not in page
    assert Prompt.objects.open().count() == 4
    done = bulk(manager, "approve_selected", [*plans, questions], confirmed="yes").content.decode()
    assert "3 approved." in done
    assert list(Prompt.objects.open()) == [questions]


def test_many_are_cancelled_after_a_look(world: World, manager: Browser) -> None:
    prompts = [world.prompt(), world.prompt(PromptKind.CLARIFYING_QUESTIONS)]
    assert "Cancel the jobs (2)" in bulk(manager, "cancel_selected", prompts).content.decode()
    assert "2 jobs cancelled." in bulk(manager, "cancel_selected", prompts, confirmed="yes").content.decode()
    assert set(Job.objects.values_list("state", flat=True)) == {State.CANCELLED}


def test_bulk_actions_reach_no_other_tenant(world: World, manager: Browser) -> None:
    foreign = world.prompt(client_id="99")
    bulk(manager, "approve_selected", [foreign], confirmed="yes")
    foreign.refresh_from_db()
    assert foreign.is_open


def test_questions_keep_the_form_of_their_type(world: World, manager: Browser) -> None:
    body = manager.get(url(world.prompt(PromptKind.CLARIFYING_QUESTIONS))).content.decode()
    assert body.count("Something else…") == sum(bool(question.get("allows_other")) for question in QUESTIONS)
    assert body.count('<textarea name="question_3"') == 1
