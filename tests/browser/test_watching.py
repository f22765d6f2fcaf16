"""The page of a job in a real browser: it follows the job, keeps what one typed, and goes on without a stream."""

from __future__ import annotations

import re

from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import AuditEvent, User
from jobs import bell
from jobs.models import Job, JobEvent
from jobs.states import EventKind, State
from tests.admin.conftest import World


def page_of(job: Job) -> str:
    return reverse("admin:jobs_job_change", args=[job.pk])


def happens(job: Job, kind: EventKind, message: str, **fields: object) -> None:
    """As a worker writes it: an event, how the job stands, and the bell."""
    Job.objects.filter(pk=job.pk).update(next_seq=F("next_seq") + 1, message=message, **fields)
    seq = Job.objects.values_list("next_seq", flat=True).get(pk=job.pk) - 1
    JobEvent.objects.create(job=job, seq=seq, kind=kind, message=message)
    bell.ring(job.pk, seq)


def test_the_page_follows_the_job(world: World, manager: User, page: Page) -> None:
    job = world.job(state=State.RUNNING, progress=10)
    page.goto(page_of(job))
    expect(page.locator("#live")).to_have_text("· live")
    happens(job, EventKind.STEP_FINISHED, "Planned what to write", progress=40)
    expect(page.locator("#told")).to_have_text("40% · Planned what to write")
    expect(page.locator(".gh-timeline")).to_contain_text("Planned what to write")
    page.get_by_text("Cancel the job", exact=True).click()
    page.get_by_label("Why?").fill("It takes too long")
    happens(job, EventKind.STEP_FINISHED, "Wrote the text", progress=70)
    expect(page.locator(".gh-timeline")).to_contain_text("Wrote the text")
    expect(page.get_by_label("Why?")).to_have_value("It takes too long")
    happens(job, EventKind.FAILED, "No writer", state=State.FAILED, finished_at=timezone.now(), error="No writer")
    page.get_by_label("Why?").fill("")
    page.get_by_label("Why?").blur()
    expect(page.get_by_text("Try again", exact=True)).to_be_visible()
    expect(page.locator("#live")).to_be_hidden()


def test_a_failed_job_is_tried_again_with_a_reason(world: World, manager: User, page: Page) -> None:
    job = world.job(state=State.FAILED, finished_at=timezone.now(), error="No writer")
    page.goto(page_of(job))
    page.get_by_text("Try again", exact=True).press("Enter")
    page.get_by_label("Why?").fill("It is up again")
    page.get_by_role("button", name="Yes, try again").press("Enter")
    expect(page.get_by_text("The job goes on.")).to_be_visible()
    assert AuditEvent.objects.get(action="retry").detail == {"reason": "It is up again"}


def test_without_a_stream_the_page_looks_again_by_itself(world: World, manager: User, page: Page) -> None:
    job = world.job(state=State.RUNNING, progress=10)
    page.route(re.compile("/live/$"), lambda route: route.fulfill(status=503, body=""))
    page.clock.install()
    page.goto(page_of(job))
    expect(page.locator("#live")).to_have_text("· looks again every 10 seconds")
    happens(job, EventKind.STEP_FINISHED, "Planned what to write", progress=40)
    page.clock.run_for(11_000)
    expect(page.locator(".gh-timeline")).to_contain_text("Planned what to write")
