"""Refining: feedback changes the content of a skill that exists, and promotion makes its next version."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.actor import Actor
from core.errors import Conflict, Forbidden, Invalid, NotFound
from inference.offline.revising import split
from inference.writer import Feedback, Text, get_writer
from jobs import bell, runner, services
from jobs.models import Draft, Job, Prompt
from jobs.states import Action, JobType, State
from jobs.steps import plan_for
from jobs.streaming import TextReader
from skills.models import Skill
from skills.services import create_skill, update_skill
from taxonomy.models import Category
from taxonomy.services import save_category
from tests.conftest import Tenant

CONTENT = """---
name: migration-review
description: Reviews SQL migrations. Use when a migration file changes.
license: MIT # ours
metadata:
  team: storage
---
# Review a migration

Our own way.

## When to Use

- A migration file changes

## Instructions

1. Read every statement.
2. Name the locks.

## Legacy

Old words nobody needs.

## Examples

```sql
-- ## not a heading
ALTER TABLE a ADD b int;
```
"""

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jobs.tasks.run_job.apply_async", lambda *args, **options: None)


@pytest.fixture
def category(jane: Tenant) -> Category:
    return save_category(actor=jane.actor, slug="databases", name="Databases")


@pytest.fixture
def skill(jane: Tenant, category: Category) -> Skill:
    return create_skill(
        actor=jane.actor,
        name="migration-review",
        description="Reviews SQL migrations. Use when a migration file changes.",
        content=CONTENT,
        trigger_keywords=["review migration"],
        domains=["databases"],
        tags=["sql"],
        supporting_files=[{"path": "scripts/check.sh", "content": "echo ok\n"}],
        category=category,
    )


def refine(tenant: Tenant, feedback: str, **options: Any) -> Job:
    job = services.start_refinement(actor=tenant.actor, address="migration-review", feedback=feedback, **options)
    runner.run_job(job.pk)
    job.refresh_from_db()
    return job


def test_feedback_and_focus_areas_change_the_draft_and_promotion_makes_1_0_1(jane: Tenant, skill: Skill) -> None:
    job = refine(jane, "Mention rollback plans. Remove the Legacy section.", focus_areas=["error handling"])
    assert (job.type, job.state, job.error) == (JobType.SKILL_REFINEMENT, State.COMPLETED, "")
    draft = Draft.objects.get(job=job)
    assert "rollback plans" in draft.content
    assert "## Error Handling" in draft.content
    assert "Old words nobody needs" not in draft.content
    assert draft.slug == skill.slug

    services.promote_draft(actor=jane.actor, job_id=job.pk)
    head = Skill.objects.get(client_id="42", slug="migration-review")
    assert (head.pk, head.semver, head.content) == (skill.pk, "1.0.1", draft.content)
    assert list(head.versions.order_by("sort_key").values_list("version", flat=True)) == ["1.0.0", "1.0.1"]
    assert head.versions.get(version="1.0.0").content == CONTENT
    # What nobody spoke of is as it was.
    for field in ("trigger_keywords", "domains", "tags", "supporting_files", "category_id", "name"):
        assert getattr(head, field) == getattr(skill, field), field


def test_the_revision_is_streamed_on_request(jane: Tenant, skill: Skill, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bell, "_silent_until", 0.0)
    job = refine(jane, "Mention rollback plans.", token_streaming=True)
    reader = TextReader(bell.group_of(job.pk))
    piece = reader.catch_up((1, 1))
    assert piece
    assert piece.text == Draft.objects.get(job=job).content
    assert "token_streaming" not in refine(jane, "Mention rollback plans.").request


def test_all_else_stays_byte_for_byte(jane: Tenant, skill: Skill) -> None:
    draft = Draft.objects.get(job=refine(jane, "Never guess table names."))
    before, _, after = draft.content.partition("\n## Rules\n")
    assert before == CONTENT.rstrip("\n") + "\n"
    assert "Never guess table names." in after


def test_windows_line_ends_stay(jane: Tenant, skill: Skill) -> None:
    update_skill(actor=jane.actor, skill=skill, content=CONTENT.replace("\n", "\r\n"))
    draft = Draft.objects.get(job=refine(jane, "Never guess table names."))
    assert draft.content.count("\n") == draft.content.count("\r\n")


@pytest.mark.parametrize(
    ("feedback", "shown"),
    [
        ("Add a step to check backups.", "3. Check backups."),
        ("Replace 'locks' with 'lock levels'.", "2. Name the lock levels."),
        ("Add an example about partitioned tables.", "### Example: partitioned tables"),
        ("Change the description to 'Reviews any migration. Use when asked.'", "description: Reviews any migration."),
        ("Focus on large tables.", "large tables"),
    ],
)
def test_each_kind_of_wish_is_visible(jane: Tenant, skill: Skill, feedback: str, shown: str) -> None:
    draft = Draft.objects.get(job=refine(jane, feedback))
    assert shown in draft.content
    assert "-- ## not a heading\nALTER TABLE a ADD b int;" in draft.content


def test_a_skill_without_front_matter_keeps_to_its_form_and_its_missing_category(jane: Tenant) -> None:
    body = CONTENT.split("---\n", 2)[2]
    create_skill(actor=jane.actor, name="migration-review", description="Reviews SQL migrations.", content=body)
    job = refine(jane, "Never guess table names.")
    assert job.state == State.COMPLETED
    draft = services.promote_draft(actor=jane.actor, job_id=job.pk)
    assert draft.content.startswith("# Review a migration")
    head = Skill.objects.get(slug="migration-review")
    assert (head.semver, head.category) == ("1.0.1", None)


def test_what_was_wrong_before_does_not_fail_the_draft_but_is_told(jane: Tenant) -> None:
    create_skill(actor=jane.actor, name="migration-review", content="# Review\n\nRead every statement.\n")
    draft = Draft.objects.get(job=refine(jane, "Never guess table names."))
    assert draft.passed
    assert "There is no section '## When to Use'" in draft.report["errors"]


def test_a_review_is_asked_for_and_can_ask_for_more(jane: Tenant, skill: Skill) -> None:
    job = refine(jane, "Never guess table names.", review=True)
    prompt = Prompt.objects.open().get(job=job)
    assert "Never guess table names." in prompt.data["content"]
    services.answer_prompt(actor=jane.actor, job_id=job.pk, action=Action.REVISE, feedback="Always ask for a backup.")
    runner.run_job(job.pk)
    services.answer_prompt(actor=jane.actor, job_id=job.pk, action=Action.PROCEED)
    runner.run_job(job.pk)
    content = Draft.objects.get(job=job).content
    assert "Never guess table names." in content
    assert "Always ask for a backup." in content
    assert Draft.objects.get(job=job).report["base"]["semver"] == "1.0.0"


def test_cancel_at_the_review_leaves_no_draft(jane: Tenant, skill: Skill) -> None:
    job = refine(jane, "Never guess table names.", review=True)
    services.cancel_job(actor=jane.actor, job_id=job.pk)
    job.refresh_from_db()
    assert job.state == State.CANCELLED
    assert not Draft.objects.filter(job=job).exists()


def test_feedback_that_changes_nothing_is_told(jane: Tenant, skill: Skill) -> None:
    job = refine(jane, "Remove the Zebra section.")
    assert job.state == State.COMPLETED
    assert "no change" in job.message
    assert "zebra" in job.message.lower()
    with pytest.raises(Invalid, match="draft"):
        services.promote_draft(actor=jane.actor, job_id=job.pk)


def test_a_draft_never_overwrites_a_newer_version_unless_forced(jane: Tenant, skill: Skill) -> None:
    job = refine(jane, "Never guess table names.")
    update_skill(actor=jane.actor, skill=skill, content=CONTENT + "\nNewer words.\n")
    with pytest.raises(Conflict) as refusal:
        services.promote_draft(actor=jane.actor, job_id=job.pk)
    assert refusal.value.code == "skill_changed"
    assert "Newer words" in Skill.objects.get(pk=skill.pk).content
    services.promote_draft(actor=jane.actor, job_id=job.pk, force=True)
    assert Skill.objects.get(pk=skill.pk).semver == "1.0.2"


def test_a_skill_changed_while_the_job_waited_ends_it(jane: Tenant, skill: Skill) -> None:
    job = refine(jane, "Never guess table names.", review=True)
    update_skill(actor=jane.actor, skill=skill, content=CONTENT + "\nNewer words.\n")
    services.answer_prompt(actor=jane.actor, job_id=job.pk, action=Action.PROCEED)
    runner.run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error_code) == (State.FAILED, "skill_changed")


def test_refuses_foreign_shared_and_deprecated_skills(jane: Tenant, sam: Tenant, system: Actor, skill: Skill) -> None:
    with pytest.raises(NotFound):
        services.start_refinement(actor=sam.actor, address="migration-review", feedback="Take it over, please.")
    create_skill(actor=system, name="shared", content="# Shared\n")
    with pytest.raises(Forbidden):
        services.start_refinement(actor=jane.actor, address="shared", feedback="Take it over, please.")
    update_skill(actor=jane.actor, skill=skill, status="deprecated")
    with pytest.raises(Conflict) as refusal:
        services.start_refinement(actor=jane.actor, address="migration-review", feedback="Too late.")
    assert refusal.value.code == "skill_deprecated"
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"feedback": "  "}, "feedback"),
        ({"feedback": "x" * 10_001}, "feedback"),
        ({"feedback": "ok", "focus_areas": [""]}, "focus_areas"),
        ({"feedback": "ok", "focus_areas": ["x"] * 21}, "focus_areas"),
    ],
)
def test_refuses_what_says_nothing(jane: Tenant, skill: Skill, fields: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        services.start_refinement(actor=jane.actor, address="migration-review", **fields)
    assert field in refusal.value.fields


def test_the_same_key_returns_the_same_job(jane: Tenant, skill: Skill) -> None:
    first, second = (refine(jane, "Never guess table names.", idempotency_key="k") for _ in range(2))
    assert first == second


def test_the_plan_asks_only_on_request() -> None:
    assert plan_for("skill_refinement", {}) == ["read_skill", "revise", "check_revision", "save_revision"]
    assert plan_for("skill_refinement", {"review": True})[3] == "review_revision"


class TestOfflineRevision:
    def revised(self, body: str, *feedback: str) -> Text:
        current = Text("x", "Reviews things.", body, {}, (), ())
        return get_writer().revise(current, tuple(Feedback(text=one) for one in feedback))

    def test_splitting_loses_nothing(self) -> None:
        body = "intro\n\n## A\n\n~~~~\n## no\n~~~\n~~~~\n## B\n"
        assert "".join(part.text for part in split(body)) == body
        assert [part.title for part in split(body)] == ["", "A", "B"]

    def test_shorter_keeps_steps_and_code(self) -> None:
        body = "## L\n\n- a\n- b\n- c\n- d\n\n1. s\n2. s\n3. s\n4. s\n\n```\n- a\n- b\n- c\n- d\n```\n"
        assert self.revised(body, "Make it shorter.").body == body.replace("- c\n- d\n\n1.", "- c\n\n1.")

    def test_says_what_it_did_not_do(self) -> None:
        notes = " ".join(
            self.revised("## When to Use\n\n- x\n", "Rename it to y. Remove the When to Use section.").notes
        )
        assert "The name stays x" in notes
        assert "'when to use' stays" in notes

    def test_the_same_feedback_again_adds_nothing(self) -> None:
        once = self.revised("# T\n", "Never guess table names.")
        assert get_writer().revise(once, (Feedback(text="Never guess table names."),)).body == once.body
