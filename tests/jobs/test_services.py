"""What people do with jobs: start, answer, promote, with its refusals and races."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connections

from accounts.actor import Actor
from accounts.models import AuditEvent, Client
from core.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from jobs import runner, services
from jobs.models import Draft, Job, JobEvent, Prompt
from jobs.states import Action, PromptKind, State
from jobs.steps.base import Ask, Context, Done, Outcome
from skills.models import Skill, SkillVersion
from taxonomy.models import Category

from .conftest import PlantedStep

pytestmark = pytest.mark.django_db(transaction=True)
Steps = dict[str, PlantedStep]
QUESTIONS = [
    {"id": "q1", "text": "Which Python?", "type": "single_choice", "options": ["3.11", "3.12"]},
    {"id": "q2", "text": "For whom?", "type": "text", "options": None},
    {"id": "q3", "text": "Which parts?", "type": "multiple_choice", "options": ["tests", "docs"], "allows_other": True},
    {"id": "q4", "text": "Streaming?", "type": "boolean", "options": None},
]


def ask_questions(context: Context) -> Outcome:
    decision = context.decision(PromptKind.CLARIFYING_QUESTIONS)
    if decision is None:
        return Ask(PromptKind.CLARIFYING_QUESTIONS, {"questions": QUESTIONS})
    return Done({"answers": dict(decision.answers)})


@pytest.fixture
def asked(job: Job, planted: Steps) -> Job:
    planted["second"].behave = ask_questions
    runner.run_job(job.pk)
    return job


def answer(actor: Actor, job: Job, **answers: Any) -> Prompt:
    return services.answer_prompt(actor=actor, job_id=job.pk, action=Action.ANSWER, answers=answers)


@pytest.mark.parametrize("description", [None, "", "too short", " " * 20, "x" * 5001, 12345678901])
def test_a_description_of_the_wrong_size_is_refused(actor: Actor, planted: Steps, description: Any) -> None:
    with pytest.raises(Invalid) as refusal:
        services.start_job(actor=actor, request={"task_description": description})
    assert "task_description" in refusal.value.fields
    assert not Job.objects.exists()


def test_the_same_idempotency_key_makes_one_job(actor: Actor, planted: Steps) -> None:
    request = {"task_description": "Write a skill about keys"}
    first = services.start_job(actor=actor, request=request, idempotency_key="k1")
    again = services.start_job(actor=actor, request=request, idempotency_key="k1")
    assert first.pk == again.pk
    with pytest.raises(Conflict):
        services.start_job(actor=actor, request={"task_description": "Something else"}, idempotency_key="k1")
    assert Job.objects.count() == 1


def test_questions_may_be_answered_one_by_one(actor: Actor, asked: Job) -> None:
    assert answer(actor, asked, q1="3.12").is_open
    assert answer(actor, asked, q2="Beginners").is_open
    assert Job.objects.get(pk=asked.pk).state == State.PENDING_HITL
    prompt = answer(actor, asked, q3=["tests", "examples"], q4=True)
    assert not prompt.is_open
    assert prompt.answered_by == "jane"
    assert prompt.response["answers"] == {"q1": "3.12", "q2": "Beginners", "q3": ["tests", "examples"], "q4": True}
    assert Job.objects.get(pk=asked.pk).state == State.PENDING


@pytest.mark.parametrize(
    "answers",
    [{"q9": "x"}, {"q1": "2.7"}, {"q1": ["3.11"]}, {"q2": 7}, {"q2": "x" * 10_001}, {"q4": "maybe"}, {"q2": "a\x00b"}],
)
def test_an_answer_that_does_not_fit_is_refused_and_the_prompt_stays(actor: Actor, asked: Job, answers: Any) -> None:
    with pytest.raises(Invalid):
        answer(actor, asked, **answers)
    assert Prompt.objects.open().filter(job=asked).exists()


def test_free_text_answers_everything_at_once(actor: Actor, asked: Job) -> None:
    assert not answer(actor, asked, response="Q1: Which Python?\nA1: 3.12").is_open


def test_revising_needs_words(actor: Actor, asked: Job) -> None:
    with pytest.raises(Invalid):
        services.answer_prompt(actor=actor, job_id=asked.pk, action=Action.REVISE, feedback="  ")


def test_of_six_answers_at_once_exactly_one_counts(actor: Actor, asked: Job) -> None:
    barrier = threading.Barrier(6)
    outcomes: list[str] = []

    def decide(name: str) -> None:
        barrier.wait()
        try:
            person = Actor(client_id="42", username=name, role="manager")
            services.answer_prompt(actor=person, job_id=asked.pk, action=Action.PROCEED)
            outcomes.append("won")
        except DomainError as refusal:
            outcomes.append(refusal.code)
        connections.close_all()

    threads = [threading.Thread(target=decide, args=[f"p{number}"]) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["already_answered"] * 5 + ["won"]
    assert JobEvent.objects.filter(job=asked, kind="prompt_answered").count() == 1
    assert AuditEvent.objects.filter(action="answer").count() == 1


def test_jobs_of_others_do_not_exist(asked: Job) -> None:
    Client.objects.create(pk="99", name="Globex")
    strangers = [
        Actor(client_id="99", username="jane", role="admin"),
        Actor(client_id="42", username="bob", role="user"),
    ]
    for stranger in strangers:
        for call in (
            lambda: services.get_job(stranger, asked.pk),
            lambda: services.get_job(stranger, "no-uuid"),
            lambda: services.answer_prompt(actor=stranger, job_id=asked.pk, action=Action.PROCEED),
            lambda: services.cancel_job(actor=stranger, job_id=asked.pk),
        ):
            with pytest.raises(NotFound):
                call()
    assert Prompt.objects.open().filter(job=asked).exists()


# --- Promotion


@pytest.fixture
def draft(job: Job, planted: Steps) -> Draft:
    runner.run_job(job.pk)
    Category.objects.create(client_id="42", slug="technical", path="technical", name="Technical")
    return make_draft(job)


def make_draft(job: Job, **fields: Any) -> Draft:
    values = {"slug": "test-engines", "taxonomy_path": "technical", "passed": True, "score": 0.9, **fields}
    content = values.pop("content", "# Test engines\n")
    return Draft.objects.create(job=job, client_id="42", content=content, trigger_keywords=["engine"], **values)


def test_a_draft_becomes_version_one_of_a_new_skill(actor: Actor, draft: Draft) -> None:
    promoted = services.promote_draft(actor=actor, job_id=draft.job_id)
    skill = promoted.skill
    assert skill is not None
    assert (skill.slug, skill.semver, skill.status, skill.category.path) == (
        "test-engines", "1.0.0", "active", "technical",
    )  # fmt: skip
    assert skill.trigger_embedding is not None or Skill.objects.get(pk=skill.pk).trigger_embedding is not None
    assert promoted.skill_version == SkillVersion.objects.get(skill=skill)
    assert promoted.promoted_by == "jane"


def test_promoting_again_changes_nothing(actor: Actor, draft: Draft) -> None:
    first = services.promote_draft(actor=actor, job_id=draft.job_id)
    again = services.promote_draft(actor=actor, job_id=draft.job_id)
    assert first.promoted_at == again.promoted_at
    assert SkillVersion.objects.count() == 1
    assert JobEvent.objects.filter(kind="promoted").count() == 1


def test_a_draft_may_go_with_its_promotion(actor: Actor, draft: Draft) -> None:
    promoted = services.promote_draft(actor=actor, job_id=draft.job_id, keep_draft=False)
    assert promoted.skill is not None
    assert not Draft.objects.exists()
    with pytest.raises(Invalid):
        services.promote_draft(actor=actor, job_id=draft.job_id)


def test_a_draft_for_a_known_skill_becomes_its_next_version(actor: Actor, draft: Draft, planted: Steps) -> None:
    services.promote_draft(actor=actor, job_id=draft.job_id)
    second = services.start_job(actor=actor, request={"task_description": "Write it again, better"})
    runner.run_job(second.pk)
    make_draft(second, content="# Test engines, better\n")
    with pytest.raises(Conflict):
        services.promote_draft(actor=actor, job_id=second.pk, overwrite=False)
    promoted = services.promote_draft(actor=actor, job_id=second.pk)
    assert promoted.skill is not None
    assert promoted.skill.semver == "1.0.1"
    assert Skill.objects.filter(client_id="42").count() == 1


def test_promotion_is_refused_in_the_documented_order(actor: Actor, job: Job, planted: Steps) -> None:
    def refusal(**options: Any) -> str:
        with pytest.raises(DomainError) as caught:
            services.promote_draft(actor=actor, job_id=job.pk, **options)
        return caught.value.code

    assert refusal() == "job_not_completed"
    runner.run_job(job.pk)
    assert refusal() == "no_draft"
    make_draft(job, passed=False, taxonomy_path="nowhere")
    assert refusal() == "validation_failed"
    assert refusal(force=True) == "category_not_found"
    assert not Skill.objects.filter(client_id="42").exists()
    with pytest.raises(Forbidden):
        services.promote_draft(actor=Actor(client_id="42", username="jane", role="user"), job_id=job.pk)
