"""The steps of the authoring plan: each alone on a hand-made context, and all of them through the engine."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings

from accounts.actor import Actor
from core.errors import Unavailable
from jobs import runner, services
from jobs.models import Draft, Job, JobStep, Prompt
from jobs.states import Action, Phase, PromptKind, State
from jobs.steps import PLANS, STEPS, placement, plan_for
from jobs.steps.base import Ask, Cancel, Context, Decision, Done, Outcome, SendBack
from skills.search import search_skills
from skills.services import create_skill
from skills.validation import validate_text
from taxonomy.models import Category
from taxonomy.services import load_default_tree, save_category
from tests.conftest import Tenant

CORPUS = json.loads((Path(__file__).parent / "requests.json").read_text(encoding="utf-8"))
VAGUE = "make a skill for stuff we do"
CLEAR = "Review supplier contracts for our buyers: find risky clauses and missing dates."
ALL = {"confirm": True, "preview": True, "review": True}

pytestmark = pytest.mark.django_db(transaction=True)


class Rehearsal:
    """Runs steps as the engine does, in memory: newest outputs, decisions in order, a round that grows."""

    def __init__(self, task: str, client_id: str = "42") -> None:
        self.job = Job(client_id=client_id, owner="jane", request={"task_description": task}, plan=list(STEPS))
        self.outputs: dict[str, Mapping[str, Any]] = {}
        self.decisions: list[Decision] = []

    def run(self, name: str) -> Outcome:
        outcome = STEPS[name].run(Context(self.job, self.outputs, self.decisions))
        if isinstance(outcome, (Done, SendBack)):
            self.outputs[name] = json.loads(json.dumps(outcome.output))
        if isinstance(outcome, SendBack):
            self.job.round += 1
        return outcome

    def through(self, *names: str) -> Outcome:
        return [self.run(name) for name in names][-1]

    def decide(self, kind: PromptKind, action: Action, **said: Any) -> None:
        self.decisions.append(Decision(kind, self.job.round, action, **said))


@pytest.fixture
def tree(system: Actor) -> None:
    load_default_tree(actor=system)


def asked(outcome: Outcome) -> dict[str, Any]:
    assert isinstance(outcome, Ask)
    shown: dict[str, Any] = json.loads(json.dumps(outcome.data))
    return shown


def test_a_plan_has_the_checkpoints_that_were_asked_for() -> None:
    assert plan_for("skill_creation", {"confirm": False}) == [
        "requirements", "structure_fix", "clarify", "intent", "placement", "dependencies", "plan",
        "generate", "quality", "validate", "save_draft",
    ]  # fmt: skip
    assert plan_for("skill_creation", ALL) == [step.name for step in PLANS["skill_creation"]]
    assert plan_for("skill_creation", ALL).index("confirm") < plan_for("skill_creation", ALL).index("generate")
    assert [STEPS[name].phase for name in ("confirm", "preview", "review")] == list(Phase)
    assert all(name == step.name and step.title for name, step in STEPS.items())


class TestClarify:
    def test_asks_nothing_when_the_request_is_clear(self) -> None:
        assert isinstance(Rehearsal(CLEAR).through("requirements", "structure_fix", "clarify"), Done)

    def test_asks_in_the_documented_shape(self) -> None:
        data = asked(Rehearsal(VAGUE).through("requirements", "clarify"))
        assert data["rationale"]
        assert [one["id"] for one in data["questions"]] == ["q1", "q2", "q3", "q4", "q5"]
        for question in data["questions"]:
            assert set(question) == {"id", "text", "type", "options", "allows_other", "rationale"}

    @override_settings(HITL_MAX_QUESTIONS=2)
    def test_asks_no_more_than_allowed(self) -> None:
        assert len(asked(Rehearsal(VAGUE).through("requirements", "clarify"))["questions"]) == 2

    def test_answers_are_read_with_the_request_and_not_asked_again(self) -> None:
        job = Rehearsal(VAGUE)
        job.through("requirements", "clarify")
        job.decide(
            PromptKind.CLARIFYING_QUESTIONS, Action.ANSWER, answers={"q1": "Plan school trips", "q3": ["Maps", "Lists"]}
        )
        outcome = job.run("clarify")
        assert isinstance(outcome, SendBack)
        assert outcome.to == "requirements"
        job.run("requirements")
        assert job.outputs["requirements"]["name"].startswith("plan-school-trips")
        assert isinstance(job.run("clarify"), Done)

    def test_answers_survive_later_rounds(self) -> None:
        job = Rehearsal(VAGUE)
        job.through("requirements", "clarify")
        job.decide(PromptKind.CLARIFYING_QUESTIONS, Action.ANSWER, answers={"q1": "Plan school trips"})
        job.through("clarify", "requirements", "clarify")
        job.job.round += 1
        job.through("requirements", "clarify")
        assert job.outputs["requirements"]["name"].startswith("plan-school-trips")
        assert [one["text"] for one in job.outputs["clarify"]["answered"]] == ["Plan school trips"]

    @pytest.mark.parametrize(
        "said",
        [
            "Q1: What should the skill do, and with what?\nA1: Plan school trips\n\nQ2: Who uses it?\nA2: Teachers",
            "Plan school trips",
        ],
    )
    def test_understands_the_free_text_of_the_original_client(self, said: str) -> None:
        job = Rehearsal(VAGUE)
        job.through("requirements", "clarify")
        job.decide(PromptKind.CLARIFYING_QUESTIONS, Action.ANSWER, answers={"response": said})
        job.through("clarify", "requirements")
        assert job.outputs["requirements"]["name"].startswith("plan-school-trips")
        assert ("Teachers" in said) == (job.run("intent").output["target_audience"] == "teachers")  # type: ignore[union-attr]

    def test_can_be_passed_without_answers(self) -> None:
        job = Rehearsal(VAGUE)
        job.through("requirements", "clarify")
        job.decide(PromptKind.CLARIFYING_QUESTIONS, Action.PROCEED)
        assert isinstance(job.run("clarify"), Done)

    def test_feedback_instead_of_answers_sends_back(self) -> None:
        job = Rehearsal(VAGUE)
        job.through("requirements", "clarify")
        job.decide(PromptKind.CLARIFYING_QUESTIONS, Action.REVISE, feedback="Call it trip-planner")
        assert isinstance(job.run("clarify"), SendBack)
        job.run("requirements")
        assert job.outputs["requirements"]["name"] == "trip-planner"
        assert isinstance(job.run("clarify"), Done)


class TestStructureFix:
    REQUEST = 'Create a skill called "Claude Helper Pro" that summarises meeting transcripts into decisions.'

    def test_a_name_that_only_needs_hyphens_is_not_worth_a_question(self) -> None:
        job = Rehearsal('Create a skill called "Meeting Notes" that summarises meeting transcripts into decisions.')
        assert isinstance(job.through("requirements", "structure_fix"), Done)
        assert job.outputs["requirements"]["name"] == "meeting-notes"

    def test_proposes_another_name(self) -> None:
        data = asked(Rehearsal(self.REQUEST).through("requirements", "structure_fix"))
        assert data["current_skill_name"] == "Claude Helper Pro"
        assert data["structure_issues"]
        fix = data["suggested_fixes"][0]
        assert (fix["field"], fix["current"], fix["suggested"]) == ("skill_name", "Claude Helper Pro", "helper-pro")

    @pytest.mark.parametrize(
        ("action", "fields"),
        [(Action.PROCEED, {}), (Action.ANSWER, {"accept_suggestions": True}), (Action.ANSWER, {})],
    )
    def test_going_on_takes_the_proposal_and_never_asks_again(self, action: Action, fields: dict[str, Any]) -> None:
        job = Rehearsal(self.REQUEST)
        job.through("requirements", "structure_fix")
        job.decide(PromptKind.STRUCTURE_FIX, action, fields=fields)
        assert isinstance(job.run("structure_fix"), Done)
        job.job.round += 1
        assert isinstance(job.through("requirements", "structure_fix"), Done)
        assert job.outputs["requirements"]["name"] == "helper-pro"

    def test_a_corrected_name_is_taken(self) -> None:
        job = Rehearsal(self.REQUEST)
        job.through("requirements", "structure_fix")
        job.decide(PromptKind.STRUCTURE_FIX, Action.ANSWER, fields={"skill_name": "minute-taker"})
        assert isinstance(job.run("structure_fix"), SendBack)
        assert isinstance(job.through("requirements", "structure_fix"), Done)
        assert job.outputs["requirements"]["name"] == "minute-taker"

    def test_a_correction_that_is_no_better_is_asked_about_again(self) -> None:
        job = Rehearsal(self.REQUEST)
        job.through("requirements", "structure_fix")
        job.decide(
            PromptKind.STRUCTURE_FIX, Action.ANSWER, fields={"skill_name": "anthropic-notes", "description": "x" * 1100}
        )
        job.run("structure_fix")
        data = asked(job.through("requirements", "structure_fix"))
        assert {fix["field"] for fix in data["suggested_fixes"]} == {"skill_name", "description"}

    def test_feedback_counts_too(self) -> None:
        job = Rehearsal(self.REQUEST)
        job.through("requirements", "structure_fix")
        job.decide(PromptKind.STRUCTURE_FIX, Action.REVISE, feedback="Rename to minute-taker")
        assert isinstance(job.run("structure_fix"), SendBack)
        assert isinstance(job.through("requirements", "structure_fix"), Done)
        assert job.outputs["requirements"]["name"] == "minute-taker"


@pytest.mark.parametrize("kind", list(PromptKind))
def test_every_checkpoint_can_be_called_off(kind: PromptKind) -> None:
    name = {PromptKind.CLARIFYING_QUESTIONS: "clarify"}.get(kind, kind.value)
    job = Rehearsal(VAGUE)
    job.run("requirements")
    job.decide(kind, Action.CANCEL)
    assert isinstance(job.run(name), Cancel)


@pytest.mark.usefixtures("tree")
class TestPlacement:
    @pytest.mark.parametrize(
        ("task", "path"),
        [
            (CLEAR, "business/legal"),
            ("Plan weekly vegetarian meals for a family of four with a shopping list", "life/home"),
            ("Troubleshooting Kubernetes pods that crash: look at events and logs", "technical/devops"),
            ("Teach ten-year-old pupils fractions using everyday objects", "science-education/teaching"),
        ],
    )
    def test_finds_the_nearest_leaf(self, task: str, path: str) -> None:
        job = Rehearsal(task)
        job.through("requirements", "placement")
        output = job.outputs["placement"]
        assert (output["path"], output["confident"], len(output["alternatives"])) == (path, True, 3)

    @pytest.mark.parametrize("wish", ["business/finance", "Finance", "finance category"])
    def test_a_wish_wins(self, wish: str) -> None:
        job = Rehearsal(CLEAR)
        job.decide(PromptKind.CONFIRM, Action.REVISE, feedback=f"Move it to {wish}.")
        job.through("requirements", "placement")
        assert job.outputs["placement"]["path"] == "business/finance"

    def test_an_unknown_wish_is_said(self) -> None:
        job = Rehearsal(CLEAR)
        job.decide(PromptKind.CONFIRM, Action.REVISE, feedback="Move it to astrology.")
        job.through("requirements", "placement")
        assert job.outputs["placement"]["path"] == "business/legal"
        assert "no category 'astrology'" in job.outputs["placement"]["rationale"]

    def test_a_tenants_own_category_counts(self, jane: Tenant, sam: Tenant) -> None:
        save_category(actor=jane.actor, slug="contracts", description="Supplier contracts, clauses, dates")
        for client_id, path in ((jane.id, "contracts"), (sam.id, "business/legal")):
            job = Rehearsal(CLEAR, client_id)
            job.through("requirements", "placement")
            assert job.outputs["placement"]["path"] == path

    def test_words_do_where_there_is_no_model(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail(_: str) -> list[float]:
            raise Unavailable("no model", code=code)

        monkeypatch.setattr(placement.embedder, "embed_query", fail)
        job = Rehearsal("Kubernetes deployments and monitoring of containers for incident response")
        job.run("requirements")
        code = "model_load"
        assert job.run("placement").output["path"] == "technical/devops"  # type: ignore[union-attr]
        code = "model_failed"
        with pytest.raises(Unavailable):
            job.run("placement")


def test_without_categories_the_path_is_empty(system: Actor) -> None:
    job = Rehearsal(CLEAR)
    job.through("requirements", "placement")
    assert job.outputs["placement"]["path"] == ""


def test_neighbours_and_collisions_are_shown_before_writing(jane: Tenant, tree: None) -> None:
    content = "---\nname: {0}\ndescription: {1}\n---\n\n# {0}\n\n{1}\n"
    about = "Review supplier contracts for risky clauses and missing dates. Use when reviewing contracts."
    for name in ("review-supplier-contracts", "contract-clause-finder"):
        create_skill(actor=jane.actor, name=name, content=content.format(name, about), description=about)
    job = Rehearsal(CLEAR)
    data = asked(
        job.through(
            "requirements", "structure_fix", "clarify", "intent", "placement", "dependencies", "plan", "confirm"
        )
    )
    assert [one["slug"] for one in job.outputs["dependencies"]["related"]] == ["contract-clause-finder"]
    assert data["path"] == "business/legal/review-supplier-contracts"
    assert "Skill: review-supplier-contracts" in data["summary"]
    assert "makes its next version" in data["key_assumptions"][0]
    job.run("generate")
    assert "`contract-clause-finder`" in job.outputs["generate"]["content"]
    stranger = Rehearsal(CLEAR, "99")
    stranger.through("requirements", "dependencies")
    assert stranger.outputs["dependencies"]["related"] == []


# --- Through the engine ---------------------------------------------------------------------------------------------


@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """No broker: the tests run the worker's part themselves."""
    monkeypatch.setattr("jobs.tasks.run_job.apply_async", lambda *args, **options: None)


def start(jane: Tenant, task: str, **options: bool) -> Job:
    return services.start_job(actor=jane.actor, request={"task_description": task, **options})


def advance(job: Job) -> Prompt | None:
    """Runs the job until it waits or ends; the open prompt, if it waits."""
    before = job.progress
    runner.run_job(job.pk)
    job.refresh_from_db()
    assert job.progress >= before
    return Prompt.objects.open().filter(job=job).first()


def answer(jane: Tenant, job: Job, action: Action, **said: Any) -> Prompt | None:
    services.answer_prompt(actor=jane.actor, job_id=job.pk, action=action, **said)
    return advance(job)


def kinds(job: Job) -> Sequence[tuple[str, int]]:
    return list(job.prompts.order_by("created_at").values_list("kind", "round"))


@pytest.mark.usefixtures("quiet", "tree")
class TestThroughTheEngine:
    def test_without_checkpoints_it_runs_to_the_draft(self, jane: Tenant) -> None:
        job = start(jane, CLEAR)
        assert advance(job) is None
        assert (job.state, job.progress, job.writer) == (State.COMPLETED, 100, "offline")
        draft = Draft.objects.get(job=job)
        assert (draft.slug, draft.taxonomy_path, draft.domains) == (
            "review-supplier-contracts",
            "business/legal",
            ["business"],
        )
        assert draft.passed
        assert draft.score >= 0.75
        assert draft.report["layers"] == {"importable": True, "specification": True, "quality": True}
        assert "review supplier contracts" in draft.trigger_keywords

    def test_feedback_at_each_checkpoint_changes_the_result(self, jane: Tenant) -> None:
        job = start(jane, CLEAR, **ALL)
        first = advance(job)
        assert first is not None
        again = answer(jane, job, Action.REVISE, feedback="Rename to clause-finder. Move it to business/finance.")
        assert again is not None
        assert again.data["path"] == "business/finance/clause-finder"
        preview = answer(jane, job, Action.PROCEED)
        assert preview is not None
        assert preview.kind == PromptKind.PREVIEW
        assert preview.data["sections_count"] > 5
        assert preview.data["highlights"][0] == "Clause Finder"
        changed = answer(jane, job, Action.REVISE, feedback="Mention penalties", focus_areas=["edge cases"])
        assert changed is not None
        assert "penalties" in changed.data["content"]
        assert "## Edge Cases" in changed.data["content"]
        review = answer(jane, job, Action.PROCEED)
        assert review is not None
        assert (review.kind, review.data["passed"]) == (PromptKind.REVIEW, True)
        review = answer(jane, job, Action.REVISE, feedback="Move it to business/operations and never quote prices.")
        assert review is not None
        assert "Never quote prices." in review.data["content"]
        assert answer(jane, job, Action.PROCEED) is None
        assert job.state == State.COMPLETED
        assert kinds(job) == [
            ("confirm", 1),
            ("confirm", 2),
            ("preview", 2),
            ("preview", 3),
            ("review", 3),
            ("review", 4),
        ]
        draft = Draft.objects.get(job=job)
        assert (draft.slug, draft.taxonomy_path) == ("clause-finder", "business/operations")
        assert all(text in draft.content for text in ("penalties", "Never quote prices."))

    def test_a_vague_request_with_a_bad_name_asks_each_thing_once(self, jane: Tenant) -> None:
        job = start(jane, 'a skill called "claude" for our stuff')
        fix = advance(job)
        assert fix is not None
        assert fix.kind == PromptKind.STRUCTURE_FIX
        questions = answer(jane, job, Action.PROCEED)
        assert questions is not None
        assert questions.kind == PromptKind.CLARIFYING_QUESTIONS
        given = {
            "q1": "Sort incoming mail",
            "q2": "Beginners",
            "q3": ["Source code"],
            "q4": "A checklist",
            "q5": "none",
        }
        assert answer(jane, job, Action.ANSWER, answers=given) is None
        assert job.state == State.COMPLETED
        assert [kind for kind, _ in kinds(job)] == ["structure_fix", "clarifying_questions"]
        assert Draft.objects.get(job=job).slug == "sort-incoming-mail"

    @pytest.mark.parametrize("task", [VAGUE, TestStructureFix.REQUEST])
    def test_cancel_ends_the_job(self, jane: Tenant, task: str) -> None:
        job = start(jane, task)
        advance(job)
        assert answer(jane, job, Action.CANCEL) is None
        assert job.state == State.CANCELLED
        assert not Draft.objects.filter(job=job).exists()

    def test_an_invalid_text_completes_but_does_not_pass(self, jane: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("inference.offline_writer.compose", lambda *_: ("# Empty\n", []))
        job = start(jane, CLEAR)
        advance(job)
        draft = Draft.objects.get(job=job)
        assert (job.state, draft.passed, draft.score) == (State.COMPLETED, False, 0.0)
        assert draft.report["errors"]

    def test_all_requests_of_the_corpus_are_found_in_other_words(self, jane: Tenant) -> None:
        slugs = [self._author(jane, row) for row in CORPUS]
        assert len(set(slugs)) == len(CORPUS) == 20
        by_id = {
            hit: slug for slug in slugs for hit in jane.client.skills.filter(slug=slug).values_list("id", flat=True)
        }
        for row, slug in zip(CORPUS, slugs, strict=True):
            hits = search_skills(client_id=jane.id, query=row["query"], limit=3, min_similarity=0.0)
            assert slug in [by_id.get(hit.skill_id) for hit in hits], row["query"]

    def _author(self, jane: Tenant, row: dict[str, Any]) -> str:
        job = start(jane, row["request"], **ALL)
        prompt, revised = advance(job), False
        while prompt is not None:
            if prompt.kind == PromptKind.CLARIFYING_QUESTIONS:
                topics = ["goal", "audience", "inputs", "output", "tools"]
                given = {f"q{number}": row["answers"][topic] for number, topic in enumerate(topics, 1)}
                prompt = answer(jane, job, Action.ANSWER, answers=given)
            elif prompt.kind == PromptKind.PREVIEW and not revised:
                revised, prompt = True, answer(jane, job, Action.REVISE, feedback=row["feedback"])
            else:
                prompt = answer(jane, job, Action.PROCEED)
        assert job.state == State.COMPLETED
        draft = services.promote_draft(actor=jane.actor, job_id=job.pk)
        assert row["expect"] in draft.content
        assert validate_text(draft.content, draft.slug).ok
        assert Category.objects.filter(path=draft.taxonomy_path).exists()
        assert JobStep.objects.filter(job=job, name="save_draft").count() == 1
        return draft.slug
