"""Jobs in the admin: what the list and the pages tell, cancelling and promoting."""

from __future__ import annotations

from datetime import timedelta

from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from jobs.models import Draft, JobEvent, JobStep
from jobs.states import EventKind, State
from skills.models import Skill
from tests.admin.conftest import World, change_url


def test_the_list_of_jobs_says_how_far_each_is(world: World, manager: Browser) -> None:
    world.job(text="half way", state=State.RUNNING, progress=45, phase="generation")
    world.job(text="it broke", state=State.FAILED, finished_at=timezone.now(), error="No writer")
    body = manager.get(reverse("admin:jobs_job_changelist")).content.decode()
    assert 'value="45"' in body
    assert "Generation" in body
    only_failed = manager.get(reverse("admin:jobs_job_changelist") + "?state__exact=failed").content.decode()
    assert "it broke" in only_failed
    assert "half way" not in only_failed


def test_a_jobs_page_tells_its_timeline_steps_and_draft(world: World, manager: Browser) -> None:
    job = world.draft(report={"findings": [{"rule": "quality.x", "severity": "info", "message": "a hint"}]}).job
    start = job.created_at
    JobEvent.objects.create(
        job=job, seq=2, kind=EventKind.STEP_FINISHED, phase="understanding", message="Plan", data={"duration_ms": 1500},
        at=start + timedelta(seconds=61),
    )  # fmt: skip
    JobStep.objects.create(job=job, name="generate", round=2, output={"made": "a text"}, duration_ms=20)
    body = manager.get(change_url(job)).content.decode()
    for text in ("+1 min 1 s", "1.5 s of work", "Round 2", "20 ms", "a text", "tidy-logs", "a hint"):
        assert text in body
    assert "<h1>Tidy logs</h1>" in body
    assert "Cancel the job" not in body


def test_cancelling_from_the_jobs_page(world: World, manager: Browser) -> None:
    waiting, running = world.job(state=State.PENDING), world.job(state=State.RUNNING)
    for job in (waiting, running):
        assert manager.post(change_url(job), {"do": "cancel", "reason": "enough"}).status_code == 302
        job.refresh_from_db()
    assert waiting.state == State.CANCELLED
    assert running.cancel_requested_at is not None
    assert "Being cancelled" in manager.get(change_url(running)).content.decode()
    again = manager.post(change_url(waiting), {"do": "cancel"})
    assert "already cancelled" in again.content.decode()


def test_promoting_puts_the_draft_into_the_chosen_category(world: World, manager: Browser, no_embedding: None) -> None:
    world.category("operations")
    chosen = world.category("finance", client_id="system")
    draft = world.draft()
    page = manager.get(change_url(draft.job)).content.decode()
    assert '<option value="operations" selected>' in page
    assert "Promote although" not in page
    response = manager.post(change_url(draft.job), {"do": "promote", "taxonomy_path": "finance", "make_active": "on"})
    assert response.status_code == 302
    skill = Skill.objects.get(slug="tidy-logs")
    assert (skill.client_id, skill.category, skill.status, skill.semver) == ("42", chosen, "active", "1.0.0")
    draft.refresh_from_db()
    assert (draft.promoted_by, draft.skill) == ("jane", skill)
    assert "promoted by jane" in manager.get(change_url(draft.job)).content.decode()


def test_a_draft_that_failed_is_promoted_only_on_purpose(world: World, manager: Browser, no_embedding: None) -> None:
    world.category("operations")
    draft = world.draft(passed=False)
    refused = manager.post(change_url(draft.job), {"do": "promote", "taxonomy_path": "operations"})
    assert "failed validation" in refused.content.decode()
    assert not Skill.objects.exists()
    manager.post(change_url(draft.job), {"do": "promote", "taxonomy_path": "operations", "force": "on"})
    assert Skill.objects.get().status == "deprecated"


def test_a_category_that_is_not_there_must_be_chosen_anew(world: World, manager: Browser) -> None:
    world.category("operations")
    draft = world.draft(taxonomy_path="gone/away")
    assert "no such category" in manager.get(change_url(draft.job)).content.decode()
    for path in ("", "gone/away"):
        assert manager.post(change_url(draft.job), {"do": "promote", "taxonomy_path": path}).status_code == 200
    assert Draft.objects.get().promoted_at is None
