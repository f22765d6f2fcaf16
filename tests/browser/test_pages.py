"""The ten main pages: no complaint of the browser, nothing that shuts people out, in both themes and on a phone."""

from __future__ import annotations

import os
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db.models import F
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import User
from jobs.models import Job, JobEvent, WriterCall
from jobs.states import PromptKind
from tests.admin.conftest import World

# A folder: the pages are also kept as pictures.
SCREENS = os.environ.get("GUILDHALL_SCREENS")
LOOKS = {
    "desktop": ({"width": 1360, "height": 900}, "light"),
    "phone": ({"width": 390, "height": 844}, "dark"),
    "desktop-dark": ({"width": 1360, "height": 900}, "dark"),
    "phone-light": ({"width": 390, "height": 844}, "light"),
}


def page_of(row: Any) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def list_of(name: str) -> Callable[[World], str]:
    return lambda world: reverse(f"admin:{name}_changelist")


def a_review(world: World) -> str:
    return page_of(world.prompt(PromptKind.REVIEW))


def a_question(world: World) -> str:
    return page_of(world.prompt(PromptKind.CLARIFYING_QUESTIONS))


def a_job(world: World) -> str:
    job = world.draft().job
    for step in ("requirements", "plan", "generate"):
        data = {"step": step, "round": 1, "duration_ms": 2400}
        Job.objects.filter(pk=job.pk).update(next_seq=F("next_seq") + 1)
        seq = JobEvent.objects.filter(job=job).count() + 1
        JobEvent.objects.create(job=job, seq=seq, kind="step_finished", phase="generation", message=step, data=data)
        WriterCall.objects.create(
            client_id="42", job=job, step=step, purpose=step, writer="model", model="gpt-5-mini", prompt=step,
            prompt_version=2, input_tokens=1234, output_tokens=567, cost=Decimal("0.0034"), duration_ms=2400,
        )  # fmt: skip
    return page_of(job)


PAGES: dict[str, Callable[[World], str]] = {
    "dashboard": lambda world: reverse("admin:index"),
    "inbox": list_of("jobs_prompt"),
    "questions": a_question,
    "review": a_review,
    "jobs": list_of("jobs_job"),
    "job": a_job,
    "skills": list_of("skills_skill"),
    "skill": lambda world: page_of(world.skill()),
    "taxonomy": list_of("taxonomy_category"),
    "audit": list_of("accounts_auditevent"),
}


def look(page: Page, how: str) -> None:
    size, scheme = LOOKS[how]
    page.set_viewport_size(size)  # type: ignore[arg-type]
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]


def serious(page: Page) -> list[str]:
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        f"{one['id']}: {one['help']} ({node['html'][:200]}; {node.get('failureSummary', '')[:300]})"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"][:3]
    ]


@pytest.mark.parametrize("name", PAGES)
def test_nobody_is_shut_out(world: World, manager: User, page: Page, name: str) -> None:
    url = PAGES[name](world)
    for how in LOOKS if SCREENS else ("desktop", "phone"):
        look(page, how)
        page.goto(url)
        page.wait_for_load_state("networkidle")
        if SCREENS:
            Path(SCREENS).mkdir(exist_ok=True)
            page.screenshot(path=f"{SCREENS}/{name}-{how}.png")
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"wider than the {how}"
        found = serious(page)
        assert not found, "\n".join(found)


def test_the_counts_follow_the_work(world: World, manager: User, page: Page) -> None:
    page.clock.install()
    page.goto(reverse("admin:index"))
    badge = page.locator('[data-count="/admin/jobs/prompt/"]')
    expect(badge).to_be_hidden()
    world.prompt()
    page.clock.run_for(21_000)
    expect(badge).to_have_text("1")


@pytest.mark.parametrize("name", ["inbox", "jobs", "skills"])
def test_a_list_on_a_phone_cuts_nothing_off(world: World, manager: User, page: Page, name: str) -> None:
    world.skill(description="Tidy logs of every machine in the house. Use when logs are long, old, or both at once.")
    world.prompt(PromptKind.REVIEW, text="Write a skill that tidies the logs of every machine in the house")
    look(page, "phone")
    page.goto(PAGES[name](world))
    cells = page.locator("#result_list tbody :is(td, th)")
    cut = "cells => cells.filter(cell => cell.scrollHeight > cell.clientHeight + 1).map(cell => cell.innerText)"
    assert cells.count()
    assert cells.evaluate_all(cut) == []
