"""Optimizing: variants are measured in the registry, people approve the best, nothing unmeasured is claimed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest
from django.db import connection

from accounts.actor import Actor
from core.errors import Conflict, Forbidden, Invalid, NotFound
from jobs import runner, services
from jobs.models import Draft, Job, JobStep, Prompt
from jobs.states import Action, JobType, PromptKind, State
from jobs.steps import plan_for
from jobs.steps.optimization import propose as proposing
from skills import variants
from skills.models import Skill
from skills.optimization import with_description
from skills.services import create_skill, update_skill
from skills.triggers import measure
from taxonomy.services import save_category
from tests.conftest import Tenant

# What people ask for; the description of the skill under test says none of it.
ASKED = (
    "get the deposit back from the landlord",
    "landlord keeps the rental deposit",
    "deposit after moving out of the flat",
    "write to the landlord about the deposit",
)
NEIGHBOURS = {
    "landlord-letters": "Writes letters to a landlord. Use when the landlord must be written to.",
    "moving-checklist": "Plans moving out of a flat. Use when somebody moves to another flat.",
    "rent-increase": "Checks whether a rent increase is lawful. Use when the landlord raises the rent.",
    "rental-contracts": "Explains a rental contract. Use when a lease is to be signed.",
    "bank-deposits": "Compares deposit accounts of banks. Use when savings are put on a deposit.",
    "meeting-minutes": "Turns transcripts into minutes. Use when a meeting was recorded.",
    "sql-review": "Reviews SQL queries for slow joins. Use when a query is slow.",
    "git-worktrees": "Checks out git branches side by side. Use when two branches are needed at once.",
}
CONTENT = """---
name: money-back
description: Helps with paperwork. Use when something is owed.
---
# Money back

Guides through the claim step by step.

## When to Use

- Something is owed after the end of a contract

## Steps

1. Collect the papers.
2. Set a date.
3. Write the claim.
"""

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jobs.tasks.run_job.apply_async", lambda *args, **options: None)


@pytest.fixture
def skill(jane: Tenant) -> Skill:
    for name, description in NEIGHBOURS.items():
        create_skill(actor=jane.actor, name=name, description=description, content=f"# {name}\n")
    return create_skill(
        actor=jane.actor,
        name="money-back",
        description="Helps with paperwork. Use when something is owed.",
        content=CONTENT,
        tags=["claims"],
        category=save_category(actor=jane.actor, slug="home", name="Home"),
    )


def optimize(tenant: Tenant, **options: Any) -> Job:
    request = {"target_metric": "trigger_rate", "target_value": 0.9, "queries": ASKED, **options}
    job = services.start_optimization(actor=tenant.actor, address="money-back", **request)
    return go_on(job)


def go_on(job: Job) -> Job:
    runner.run_job(job.pk)
    job.refresh_from_db()
    return job


def output(job: Job, step: str) -> dict[str, Any]:
    found: dict[str, Any] = JobStep.objects.filter(job=job, name=step).latest("round").output
    return found


def plant(monkeypatch: pytest.MonkeyPatch, *planted: variants.Variant) -> None:
    def proposals(*_: object) -> list[variants.Variant]:
        return list(planted)

    monkeypatch.setattr(proposing, "propose", proposals)


def variant(description: str, keywords: Sequence[str] = ()) -> variants.Variant:
    return variants.Variant("planted", description, tuple(keywords), with_description(CONTENT, description))


def test_an_approved_improvement_becomes_the_next_version_with_its_figures(jane: Tenant, skill: Skill) -> None:
    job = optimize(jane)
    assert (job.type, job.state) == (JobType.SKILL_OPTIMIZATION, State.PENDING_HITL)
    prompt = Prompt.objects.open().get(job=job)
    assert prompt.kind == PromptKind.REVIEW
    before, after = prompt.data["before"], prompt.data["after"]
    assert before["trigger_rate"] < after["trigger_rate"]
    assert f"{before['trigger_rate']:.0%} -> {after['trigger_rate']:.0%}" in prompt.data["report"]

    services.answer_prompt(actor=jane.actor, job_id=job.pk, action=Action.PROCEED)
    assert go_on(job).state == State.COMPLETED
    draft = Draft.objects.get(job=job)
    told = draft.report["optimization"]
    assert (told["improved"], told["before"], told["after"]) == (True, before, after)
    assert draft.passed
    assert draft.tags == ["claims"]

    # The figures are those of the real search once the draft is in it.
    asked = [one["text"] for one in output(job, "measure_baseline")["asked"]]
    services.promote_draft(actor=jane.actor, job_id=job.pk)
    head = Skill.objects.get(pk=skill.pk)
    assert head.semver == "1.0.1"
    assert (head.description, head.content) == (draft.description, draft.content)
    measured = {one.text: one.found for one in measure(client_id="42", skill=head, queries=asked).queries}
    assert sum(measured[text] for text in asked) == after["found"]


def test_measuring_leaves_no_trace(jane: Tenant, skill: Skill) -> None:
    def rows() -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT s::text FROM kaman_skills AS s ORDER BY id")
            return list(cursor.fetchall())

    before = rows()
    assert optimize(jane).state == State.PENDING_HITL
    assert rows() == before


CATCH_ALL = variant(
    "Helps with everything: deposits from the landlord after moving out of the flat, letters, rent, contracts, bank"
    " deposits, meeting minutes, slow SQL queries and git branches. Use when the landlord keeps the rental deposit, a"
    " meeting was recorded, a query is slow, two branches are needed at once or a lease is to be signed.",
    ("rental deposit", "slow query", "git branches", "meeting minutes", "rent increase", "lease"),
)


def test_a_catch_all_does_not_win_although_it_finds_the_most(
    jane: Tenant, skill: Skill, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = variant("Claims a rental deposit from the landlord. Use when the deposit is kept after moving out.")
    plant(monkeypatch, CATCH_ALL, honest)
    job = optimize(jane)
    tried = {one["description"]: one for one in output(job, "try_variants")["tried"]}
    caught = tried[CATCH_ALL.description]
    assert caught["figures"]["found"] >= tried[honest.description]["figures"]["found"] > 0
    assert output(job, "try_variants")["best"]["description"] == honest.description

    plant(monkeypatch, CATCH_ALL)
    alone = optimize(jane, target_value=0.95)
    assert (alone.state, output(alone, "try_variants")["best"]) == (State.COMPLETED, None)
    (refused,) = output(alone, "try_variants")["tried"]
    assert refused["verdict"] == "harms other skills"
    assert len({one["owner"] for one in refused["harm"]}) >= 3
    assert not Draft.objects.filter(job=alone).exists()


def test_queries_of_other_trades_do_not_buy_a_catch_all(jane: Tenant, skill: Skill) -> None:
    """Whoever asks for the neighbours' own queries gets no variant that answers them."""
    theirs = ["a query is slow", "two branches are needed at once", "a meeting was recorded", "a lease is to be signed"]
    job = optimize(jane, queries=theirs)
    best = output(job, "try_variants")["best"]
    found = [one["text"] for one in output(job, "measure_baseline")["asked"] if not one["found"]]
    assert set(theirs) <= set(found)
    assert best is None
    assert job.message.startswith("No improvement found")
    assert "harms other skills" in [one["verdict"] for one in output(job, "try_variants")["tried"]]


def test_nothing_better_is_no_draft_and_says_so(jane: Tenant, skill: Skill, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch, variant("Knows zebras and giraffes. Use when animals are hungry."))
    job = optimize(jane)
    assert (job.state, job.progress) == (State.COMPLETED, 100)
    assert job.message == "No improvement found: 1 variants measured (no better)"
    assert not Prompt.objects.filter(job=job).exists()
    assert not Draft.objects.filter(job=job).exists()
    with pytest.raises(Invalid) as refusal:
        services.promote_draft(actor=jane.actor, job_id=job.pk)
    assert refusal.value.code == "no_draft"


def test_a_target_that_is_reached_ends_at_once(jane: Tenant, skill: Skill) -> None:
    job = optimize(jane, target_value=0.0)
    assert job.message == "No improvement found: the target is reached already"
    assert output(job, "propose_variants")["variants"] == []


def test_a_reviewer_may_refuse_and_propose(jane: Tenant, skill: Skill) -> None:
    job = optimize(jane)
    refused = Prompt.objects.open().get(job=job).data
    own = "Claims a rental deposit back from the landlord. Use when the landlord keeps the deposit after moving out."
    services.answer_prompt(actor=jane.actor, job_id=job.pk, action=Action.REVISE, feedback=own)
    go_on(job)
    tried = output(job, "try_variants")["tried"]
    assert own in [one["description"] for one in tried]
    assert [refused["description"], refused["trigger_keywords"]] not in [
        [one["description"], one["keywords"]] for one in tried
    ]
    second = Prompt.objects.open().get(job=job)
    assert second.round == 2
    shown = [second.data["description"], second.data["trigger_keywords"]]
    assert shown != [refused["description"], refused["trigger_keywords"]]


def test_cancel_at_the_approval_ends_the_job_without_a_draft(jane: Tenant, skill: Skill) -> None:
    job = optimize(jane)
    services.answer_prompt(actor=jane.actor, job_id=job.pk, action=Action.CANCEL)
    assert go_on(job).state == State.CANCELLED
    assert not Draft.objects.filter(job=job).exists()
    assert Skill.objects.get(pk=skill.pk).semver == "1.0.0"


def test_a_version_is_cut_also_where_only_keywords_differ(
    jane: Tenant, skill: Skill, monkeypatch: pytest.MonkeyPatch
) -> None:
    update_skill(actor=jane.actor, skill=skill, content=CONTENT.split("---\n", 2)[2], semver="1.1.0")
    plain = variants.Variant("planted", skill.description or "", ("rental deposit",), CONTENT.split("---\n", 2)[2])
    plant(monkeypatch, plain)
    job = optimize(jane)
    services.answer_prompt(actor=jane.actor, job_id=job.pk, action=Action.PROCEED)
    services.promote_draft(actor=jane.actor, job_id=go_on(job).pk)
    head = Skill.objects.get(pk=skill.pk)
    assert (head.semver, head.trigger_keywords) == ("1.1.1", ["rental deposit"])


class TestTokens:
    def test_saves_tokens_without_losing_queries(self, jane: Tenant, skill: Skill) -> None:
        waste = "\n## Notes\n\n" + "In order to claim it, collect the papers of the contract first.\n" * 30
        update_skill(actor=jane.actor, skill=skill, content=CONTENT + waste)
        job = optimize(jane, target_metric="token_usage", target_value=0.5, queries=[])
        prompt = Prompt.objects.open().get(job=job)
        before, after = prompt.data["before"], prompt.data["after"]
        assert after["tokens"] < 0.5 * before["tokens"]
        assert after["found"] >= before["found"]
        services.answer_prompt(actor=jane.actor, job_id=job.pk, action=Action.PROCEED)
        draft = Draft.objects.get(job=go_on(job))
        assert draft.report["optimization"]["target_reached"]
        assert draft.content.count("papers of the contract") == 1
        assert draft.description == skill.description

    def test_a_concise_text_stays(self, jane: Tenant, skill: Skill) -> None:
        job = optimize(jane, target_metric="token_usage", target_value=0.5)
        assert job.message == "No improvement found: there was nothing to propose"


class TestProposals:
    def test_keep_to_the_specification_and_differ(self, jane: Tenant, skill: Skill) -> None:
        failing = measure(client_id="42", skill=skill, queries=[*ASKED, "<b>markup</b> in a query", "x" * 400]).failing
        proposed = variants.propose(skill, failing, ["some other text"])
        assert 3 <= len(proposed) <= 10
        assert len({(one.description, one.keywords) for one in proposed}) == len(proposed)
        for one in proposed:
            assert len(one.description) <= len(skill.description or "") + variants.MAX_GROWN
            assert len(one.keywords) <= variants.MAX_KEYWORDS
            assert "<" not in one.description
        assert proposed == variants.propose(skill, failing, ["some other text"])
        json.dumps([one.origin for one in proposed])

    def test_held_back_queries_are_a_steady_part(self, jane: Tenant, skill: Skill) -> None:
        queries = [variants.Query(f"query number {number}", "caller") for number in range(40)]
        unseen = variants.held_back(queries)
        assert 5 < len(unseen) < 20
        assert variants.held_back(queries[::-1]) == unseen
        assert variants.held_back(queries[:9]) == set()


def test_refuses_foreign_shared_and_deprecated_skills(jane: Tenant, sam: Tenant, system: Actor, skill: Skill) -> None:
    target: dict[str, Any] = {"target_metric": "trigger_rate", "target_value": 0.9}
    with pytest.raises(NotFound):
        services.start_optimization(actor=sam.actor, address="money-back", **target)
    create_skill(actor=system, name="shared", content="# Shared\n")
    with pytest.raises(Forbidden):
        services.start_optimization(actor=jane.actor, address="shared", **target)
    update_skill(actor=jane.actor, skill=skill, status="deprecated")
    with pytest.raises(Conflict):
        services.start_optimization(actor=jane.actor, address="money-back", **target)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"target_metric": "happiness"}, "target_metric"),
        ({"target_value": 1.1}, "target_value"),
        ({"target_value": float("nan")}, "target_value"),
        ({"queries": [""]}, "queries"),
    ],
)
def test_refuses_targets_that_mean_nothing(jane: Tenant, skill: Skill, fields: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        optimize(jane, **fields)
    assert field in refusal.value.fields


def test_the_plan_always_asks() -> None:
    assert plan_for("skill_optimization", {}) == [
        "read_skill", "measure_baseline", "propose_variants", "try_variants", "approve", "save_improvement",
    ]  # fmt: skip
