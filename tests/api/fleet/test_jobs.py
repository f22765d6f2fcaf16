"""/api/v1/jobs, /hitl and /drafts."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.actor import Actor
from jobs.models import Draft, Job, Prompt
from jobs.services import answer_prompt
from jobs.states import Action, PromptKind, State
from skills.models import Skill
from taxonomy.models import Category
from tests.api.fleet.conftest import JOB_ID, Caller, ask, golden, has_shape, insert_draft, insert_job, member_of
from tests.conftest import Tenant

PROMPT, RESPONSE, PROMOTE = f"hitl/{JOB_ID}/prompt", f"hitl/{JOB_ID}/response", f"drafts/{JOB_ID}/promote"
FLAT_KEYS = {
    "status", "type", "current_phase", "progress_message", "questions", "rationale", "summary", "path",
    "key_assumptions", "content", "highlights", "report", "passed", "skill_content", "intended_taxonomy_path",
    "draft_path", "final_path", "promoted", "saved_path", "validation_passed", "validation_status", "validation_score",
    "error", "question", "research_performed", "current_understanding", "readiness_score", "questions_asked",
    "structure_issues", "structure_warnings", "suggested_fixes", "current_skill_name", "current_description",
}  # fmt: skip
TWO_QUESTIONS = {
    "questions": [
        {"id": "q1", "text": "Which?", "type": "single_choice", "options": ["a", "b"], "allows_other": False},
        {"id": "q2", "text": "For whom?", "type": "text", "options": [], "allows_other": True, "rationale": "Scope"},
    ],
    "rationale": "The request is vague.",
}


def decided(job: Job) -> Any:
    return Prompt.objects.get(job=job).response


@pytest.mark.parametrize("path", [f"jobs/{JOB_ID}", f"jobs/{JOB_ID}/"])
def test_job_is_the_documents_example(caller: Caller, job: Job, path: str) -> None:
    answer = caller.get(path)
    expected = golden("job")
    assert answer.status_code == 200
    assert {name: answer.json()[name] for name in expected} == expected


def test_job_has_the_keys_of_the_original(caller: Caller, draft: Draft) -> None:
    body = caller.get(f"jobs/{JOB_ID}").json()
    assert (body["status"], body["progress"]) == ("completed", 100)
    assert body["draft_path"] == f"_drafts/{JOB_ID}/python-async-await"
    assert body["intended_taxonomy_path"] == "technical/programming/python"
    assert (body["validation_passed"], body["validation_status"], body["validation_score"]) == (True, "passed", 0.9)
    assert body["result"]["skill_content"] == draft.content
    assert (body["task_description"], body["user_id"]) == ("Create a Python async/await programming skill", "jane")
    assert (body["error"], body["hitl_type"], body["final_path"]) == (None, None, None)


@pytest.mark.parametrize(
    ("columns", "status"),
    [
        ({"state": State.PENDING, "fence": 0}, "pending"),
        ({"state": State.PENDING, "fence": 3}, "running"),
        ({"state": State.RUNNING}, "running"),
        ({"state": State.PENDING_HITL}, "pending_hitl"),
        ({"state": State.COMPLETED}, "completed"),
        ({"state": State.FAILED, "error": "It broke."}, "failed"),
        ({"state": State.CANCELLED}, "cancelled"),
    ],
)
def test_states_in_the_documents_words(caller: Caller, jane: Tenant, columns: dict[str, Any], status: str) -> None:
    body = caller.get(f"jobs/{insert_job(jane, **columns).pk}").json()
    assert (body["status"], body["error"]) == (status, columns.get("error"))


@pytest.mark.parametrize("job_id", ["7d9cfa31-9b21-4b06-9f5e-0b1a7c9d8e2f", "job-123", "1", "%00", "ä"])
@pytest.mark.parametrize("path", ["jobs/{}", "hitl/{}/prompt"])
def test_unknown_jobs_are_404(caller: Caller, job: Job, path: str, job_id: str) -> None:
    answer = caller.get(path.format(job_id))
    assert answer.status_code == 404
    assert has_shape(answer.json(), golden("error"))
    assert answer.json()["detail"].startswith("Job '")


def test_jobs_of_others_are_404(jane: Tenant, sam: Tenant, question: Prompt) -> None:
    peer = member_of(jane)
    for stranger in (Caller(**sam.headers), peer):
        for answer in (
            stranger.get(f"jobs/{JOB_ID}"),
            stranger.get(PROMPT),
            stranger.post(RESPONSE, golden("response_request")),
            stranger.post(PROMOTE, {}),
            stranger.post(f"jobs/{JOB_ID}/cancel"),
        ):
            assert answer.status_code in (404, 403)
        assert stranger.get(f"jobs/{JOB_ID}").status_code == 404
    question.refresh_from_db()
    assert question.is_open


def test_prompt_is_the_documents_example(caller: Caller, question: Prompt) -> None:
    body = caller.get(PROMPT).json()
    assert body | golden("prompt") == body


def test_no_prompt_is_the_documents_example(caller: Caller, job: Job) -> None:
    body = caller.get(PROMPT + "/").json()
    assert body | golden("no_prompt") == body
    assert (body["status"], body["type"]) == ("running", None)


def test_prompt_has_the_flat_keys_of_the_original(caller: Caller, job: Job) -> None:
    assert caller.get(PROMPT).json().keys() >= FLAT_KEYS
    ask(job, PromptKind.CLARIFYING_QUESTIONS, TWO_QUESTIONS)
    body = caller.get(PROMPT).json()
    assert body.keys() >= FLAT_KEYS
    assert (body["status"], body["type"], body["rationale"]) == ("pending_hitl", "clarify", "The request is vague.")
    assert body["questions"] == [
        {
            "id": "q1",
            "text": "Which?",
            "question_type": "single",
            "options": [{"id": "a", "label": "a", "description": None}, {"id": "b", "label": "b", "description": None}],
            "allows_multiple": False,
            "allows_other": False,
            "rationale": None,
        },
        {
            "id": "q2",
            "text": "For whom?",
            "question_type": "text",
            "options": None,
            "allows_multiple": False,
            "allows_other": True,
            "rationale": "Scope",
        },
    ]
    assert body["data"]["questions"][1] == {"id": "q2", "text": "For whom?", "type": "text", "options": []}


@pytest.mark.parametrize(
    ("kind", "word", "data"),
    [
        (PromptKind.STRUCTURE_FIX, "structure_fix", {"structure_issues": ["x"], "current_skill_name": "X"}),
        (PromptKind.CONFIRM, "confirm", {"summary": "Skill: x", "path": "a/x", "key_assumptions": ["y"]}),
        (PromptKind.PREVIEW, "preview", {"content": "# X", "highlights": ["X"]}),
        (PromptKind.REVIEW, "validate", {"report": "Good", "passed": True, "validation_score": 0.8, "content": "# X"}),
    ],
)
def test_other_prompts_under_both_names(
    caller: Caller, job: Job, kind: PromptKind, word: str, data: dict[str, Any]
) -> None:
    ask(job, kind, data)
    body = caller.get(PROMPT).json()
    assert (body["prompt_type"], body["type"], body["data"]) == (kind, word, data)
    assert body | data == body


def test_the_original_client_reads_the_end_from_the_prompt(caller: Caller, draft: Draft) -> None:
    body = caller.get(PROMPT).json()
    assert (body["has_prompt"], body["status"], body["skill_content"]) == (False, "completed", draft.content)
    assert (body["validation_passed"], body["draft_path"], body["promoted"]) == (True, draft.path, False)


def test_response_is_the_documents_example(caller: Caller, question: Prompt) -> None:
    answer = caller.post(RESPONSE, golden("response_request"))
    assert answer.status_code == 200
    assert answer.json() | golden("response") == answer.json()
    question.refresh_from_db()
    assert question.response["answers"] == {"q1": "3.11"}
    assert question.answered_by == "jane"


def test_of_several_questions_each_may_be_answered_alone(caller: Caller, job: Job) -> None:
    ask(job, PromptKind.CLARIFYING_QUESTIONS, TWO_QUESTIONS)
    first = caller.post(RESPONSE, {"question_id": "q1", "response": "a", "response_type": "single_choice"})
    assert first.json() == {"status": "received", "job_status": "pending_hitl", "detail": None}
    second = caller.post(RESPONSE, {"question_id": "q2", "response": "everyone"})
    assert second.json()["job_status"] == "running"
    assert decided(job)["answers"] == {"q1": "a", "q2": "everyone"}


@pytest.mark.parametrize(
    ("body", "action", "answers"),
    [
        ({"answers": {"response": "Q1: Which?\nA1: a\n\nQ2: For whom?\nA2: me"}}, "answer", "free"),
        ({"answers": {"response": ""}}, "answer", "free"),
        ({"answers": "just do it"}, "answer", {"response": "just do it"}),
        ({"response": "just do it"}, "answer", {"response": "just do it"}),
        ({"answers": {"q1": "b", "q2": "us"}}, "answer", {"q1": "b", "q2": "us"}),
        ({"q1": "b", "q2": "us"}, "answer", {"q1": "b", "q2": "us"}),
        ({"action": "proceed", "answers": {"q1": "b", "q2": "us"}}, "answer", {"q1": "b", "q2": "us"}),
        ({"action": "proceed"}, "proceed", {}),
        ({"action": ""}, "proceed", {}),
        ({"action": "Cancel"}, "cancel", {}),
    ],
)
def test_ways_to_answer_questions(caller: Caller, job: Job, body: Any, action: str, answers: Any) -> None:
    ask(job, PromptKind.CLARIFYING_QUESTIONS, TWO_QUESTIONS)
    assert caller.post(RESPONSE, body).json()["status"] == "received"
    given = decided(job)
    assert (given["action"], given["answers"]) == (action, body["answers"] if answers == "free" else answers)


@pytest.mark.parametrize(
    ("body", "action", "feedback"),
    [
        ({"action": "proceed"}, "proceed", ""),
        ({"action": "approve", "feedback": None}, "proceed", ""),
        ({"action": "revise", "feedback": "Add examples"}, "revise", "Add examples"),
        ({"action": "refine", "feedback": "Add examples"}, "revise", "Add examples"),
        ({"action": "cancel"}, "cancel", ""),
        ({"question_id": "confirm", "response": "yes", "response_type": "boolean"}, "proceed", ""),
        ({"response": "revise", "feedback": "Shorter"}, "revise", "Shorter"),
    ],
)
@pytest.mark.parametrize("kind", [PromptKind.CONFIRM, PromptKind.PREVIEW, PromptKind.REVIEW])
def test_ways_to_decide_at_a_checkpoint(
    caller: Caller, job: Job, kind: PromptKind, body: Any, action: str, feedback: str
) -> None:
    ask(job, kind, {"content": "# X"})
    assert caller.post(RESPONSE, body).json() == {"status": "received", "job_status": "running", "detail": None}
    assert (decided(job)["action"], decided(job)["feedback"]) == (action, feedback)


@pytest.mark.parametrize(
    ("body", "action", "fields"),
    [
        (
            {"skill_name": "better-name", "description": "", "accept_suggestions": False},
            "answer",
            {"skill_name": "better-name", "accept_suggestions": False},
        ),
        ({"accept_suggestions": True}, "answer", {"accept_suggestions": True}),
        ({"action": "proceed", "skill_name": "x-y"}, "answer", {"skill_name": "x-y"}),
        ({"action": "proceed"}, "proceed", {}),
        ({"action": "cancel"}, "cancel", {}),
    ],
)
def test_ways_to_fix_a_structure(caller: Caller, job: Job, body: Any, action: str, fields: Any) -> None:
    ask(job, PromptKind.STRUCTURE_FIX, {"structure_issues": ["name"]})
    assert caller.post(RESPONSE, body).json()["status"] == "received"
    assert (decided(job)["action"], decided(job)["fields"]) == (action, fields)


@pytest.mark.parametrize(
    ("kind", "body", "field"),
    [
        (PromptKind.CONFIRM, {}, "body"),
        (PromptKind.CONFIRM, [], "body"),
        (PromptKind.CONFIRM, "yes", "body"),
        (PromptKind.CONFIRM, {"action": "maybe"}, "action"),
        (PromptKind.CONFIRM, {"action": 1}, "action"),
        (PromptKind.CONFIRM, {"other": 1}, "response"),
        (PromptKind.CONFIRM, {"response": "what do you mean?"}, "response"),
        (PromptKind.PREVIEW, {"action": "revise"}, "feedback"),
        (PromptKind.PREVIEW, {"action": "revise", "feedback": "x" * 10_001}, "feedback"),
        (PromptKind.CLARIFYING_QUESTIONS, {"question_id": "q9", "response": "a"}, "question_id"),
        (PromptKind.CLARIFYING_QUESTIONS, {"question_id": "q1", "response": "c"}, "response"),
        (PromptKind.CLARIFYING_QUESTIONS, {"question_id": "q2", "response": {"a": 1}}, "response"),
        (PromptKind.CLARIFYING_QUESTIONS, {"answers": [1, 2]}, "response"),
        (PromptKind.CLARIFYING_QUESTIONS, {"prompt_id": "x", "response": "a"}, "prompt_id"),
    ],
)
def test_answers_that_fit_nothing_leave_the_prompt_open(
    caller: Caller, job: Job, kind: PromptKind, body: Any, field: str
) -> None:
    prompt = ask(job, kind, TWO_QUESTIONS if kind == PromptKind.CLARIFYING_QUESTIONS else {})
    answer = caller.post(RESPONSE, body)
    if field in ("question_id", "response"):
        assert (answer.status_code, answer.json()["error"]) == (400, answer.json()["detail"])
    else:
        assert (answer.status_code, answer.json()["error"]) == (422, "Validation error")
    assert answer.json()["details"][0]["loc"] == (["body"] if field == "body" else ["body", field])
    prompt.refresh_from_db()
    assert prompt.is_open


def test_answers_nobody_waits_for_are_ignored(caller: Caller, jane: Tenant, job: Job, question: Prompt) -> None:
    assert caller.post(RESPONSE, golden("response_request")).json()["status"] == "received"
    again = caller.post(RESPONSE, golden("response_request"))
    assert again.status_code == 200
    assert again.json() == {
        "status": "ignored",
        "job_status": "running",
        "detail": "No HITL prompt pending (status=running)",
    }


def test_an_answer_to_an_earlier_prompt_does_not_decide_a_later_one(caller: Caller, job: Job) -> None:
    first = ask(job, PromptKind.CONFIRM, {})
    answer_prompt(actor=Actor("42", "jane", "manager"), job_id=job.pk, action=Action.PROCEED)
    second = ask(job, PromptKind.PREVIEW, {})
    answer = caller.post(RESPONSE, {"action": "proceed", "prompt_id": str(first.pk)})
    assert answer.json()["status"] == "ignored"
    second.refresh_from_db()
    assert second.is_open


def test_config_is_the_documents_example(caller: Caller) -> None:
    body = caller.get("hitl/config").json()
    assert body | golden("hitl_config") == body
    assert set(body["action_keywords"]) == {"proceed", "revise", "cancel"}


def test_cancel(caller: Caller, job: Job, question: Prompt) -> None:
    answer = caller.post(f"jobs/{JOB_ID}/cancel", {"reason": "Not needed"})
    assert (answer.status_code, answer.json()) == (200, {"job_id": JOB_ID, "status": "cancelled"})
    assert caller.get(f"jobs/{JOB_ID}").json()["progress_message"] == "Cancelled by jane: Not needed"
    assert caller.post(f"jobs/{JOB_ID}/cancel").status_code == 409


def test_promote_is_the_documents_example(caller: Caller, draft: Draft, python: Category) -> None:
    answer = caller.post(PROMOTE, golden("promote_request"))
    assert answer.status_code == 200
    assert answer.json() | golden("promote") == answer.json()
    assert answer.json()["final_path"] == "/technical/programming/python/python-async-await"
    skill = Skill.objects.get()
    assert (skill.slug, skill.semver, skill.category, skill.status) == (
        "python-async-await",
        "1.0.0",
        python,
        "active",
    )
    assert caller.get("skills/python-async-await").json()["content"] == draft.content
    assert caller.get(f"jobs/{JOB_ID}").json()["promoted"] is True


def test_promote_with_the_body_of_the_original(caller: Caller, draft: Draft, python: Category) -> None:
    body = {"overwrite": True, "delete_draft": False, "force": False}
    answer = caller.post(PROMOTE + "/", body).json()
    assert (answer["status"], answer["job_id"], answer["version"]) == ("promoted", JOB_ID, "1.0.0")
    assert caller.post(PROMOTE, body).json() == answer


def test_promote_inactive(caller: Caller, draft: Draft, python: Category) -> None:
    caller.post(PROMOTE, {"make_active": False})
    assert Skill.objects.get().status == "deprecated"


@pytest.mark.parametrize(
    ("draft_columns", "body", "status", "detail"),
    [
        (None, {}, 400, "Job is not completed (status=running)"),
        ({"passed": False}, {}, 400, "Draft failed validation. Pass force=true to promote anyway."),
        ({}, {"taxonomy_path": "no/such"}, 422, "Invalid target path: there is no category 'no/such'"),
        ({}, {"taxonomy_path": 5}, 422, "taxonomy_path must be a string"),
        ({}, {"make_active": "maybe"}, 422, "make_active must be true or false"),
    ],
)
def test_refused_promotions(
    caller: Caller, job: Job, python: Category, draft_columns: Any, body: Any, status: int, detail: str
) -> None:
    if draft_columns is not None:
        insert_draft(job, **draft_columns)
    answer = caller.post(PROMOTE, body)
    assert (answer.status_code, answer.json()["detail"]) == (status, detail)
    assert not Skill.objects.exists()


def test_a_completed_job_without_a_draft_cannot_be_promoted(caller: Caller, jane: Tenant) -> None:
    job = insert_job(jane, state=State.COMPLETED)
    answer = caller.post(f"drafts/{job.pk}/promote", {})
    assert (answer.status_code, answer.json()["detail"]) == (400, "Job does not have a draft to promote")


def test_promotion_over_a_skill_only_when_allowed(caller: Caller, skill: Skill, draft: Draft) -> None:
    refused = caller.post(PROMOTE, {"overwrite": False})
    assert (refused.status_code, refused.json()["detail"]) == (409, "Target skill already exists (overwrite=false)")
    assert caller.post(PROMOTE, {}).json()["version"] == "1.0.1"


def test_only_managers_promote(jane: Tenant, python: Category) -> None:
    peer = member_of(jane)
    job = insert_job(jane, owner="peer")
    insert_draft(job)
    assert peer.post(f"drafts/{job.pk}/promote", {}).status_code == 403
