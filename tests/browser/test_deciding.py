"""Deciding in a real browser: every kind of prompt, by mouse and by keyboard, many at once, and two people at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from jobs.models import Prompt
from jobs.states import PromptKind
from tests.admin.conftest import TEXT, World

INBOX = "/admin/jobs/prompt/"


def open_prompt(page: Page, prompt: Prompt) -> None:
    page.goto(reverse("admin:jobs_prompt_change", args=[prompt.pk]))


def decided(prompt: Prompt) -> dict[str, Any]:
    prompt.refresh_from_db()
    assert prompt.response is not None, "nobody decided"
    return dict(prompt.response)


def test_questions_are_answered_as_a_form(world: World, manager: User, page: Page) -> None:
    prompt = world.prompt(PromptKind.CLARIFYING_QUESTIONS)
    open_prompt(page, prompt)
    page.get_by_label("SQLite").check()
    page.get_by_label("CSV").check()
    page.get_by_label("JSON").check()
    page.get_by_role("radio", name="No", exact=True).check()
    page.get_by_label("Who reads it?").fill("Auditors")
    page.get_by_role("button", name="Send answers").click()
    page.wait_for_url(f"**{INBOX}")
    assert decided(prompt)["answers"] == {"q1": "SQLite", "q2": ["CSV", "JSON"], "q3": "no", "q4": "Auditors"}


def test_a_name_is_corrected(world: World, manager: User, page: Page) -> None:
    prompt = world.prompt(PromptKind.STRUCTURE_FIX)
    open_prompt(page, prompt)
    page.get_by_label("Skill name").fill("log-tidier")
    page.get_by_role("button", name="Go on with these").click()
    page.wait_for_url(f"**{INBOX}")
    assert decided(prompt)["fields"]["skill_name"] == "log-tidier"


def test_a_plan_is_approved_by_keyboard_alone(world: World, manager: User, page: Page) -> None:
    prompt = world.prompt(PromptKind.CONFIRM)
    open_prompt(page, prompt)
    page.keyboard.press("a")
    expect(page.get_by_role("button", name="Approve", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{INBOX}")
    assert decided(prompt)["action"] == "proceed"
    expect(page.get_by_text("You approved")).to_be_visible()


def test_changes_are_asked_for_in_named_parts_after_a_look_at_the_difference(
    world: World, manager: User, page: Page
) -> None:
    prompt = world.prompt(PromptKind.PREVIEW, round=2)
    before = world.prompt(
        PromptKind.PREVIEW, job=prompt.job, data={"content": TEXT.replace("Often", "Rarely")},
        answered_at=timezone.now(), answered_by="mira", response={"action": "revise", "feedback": "More often"},
    )  # fmt: skip
    Prompt.objects.filter(pk=before.pk).update(created_at=timezone.now() - timedelta(hours=1))
    open_prompt(page, prompt)
    expect(page.locator("#changes del")).to_have_text("Rarely")
    expect(page.locator("#changes ins")).to_have_text("Often")
    page.keyboard.press("c")
    page.keyboard.type("Say when not to use it")
    page.get_by_label("When to Use").check()
    page.get_by_role("button", name="Send back with this feedback").click()
    page.wait_for_url(f"**{INBOX}")
    answer = decided(prompt)
    assert (answer["feedback"], answer["focus_areas"]) == ("Say when not to use it", ["When to Use"])


def test_a_review_shows_findings_at_their_lines_and_can_end_the_job(world: World, manager: User, page: Page) -> None:
    prompt = world.prompt(PromptKind.REVIEW)
    open_prompt(page, prompt)
    page.get_by_role("link", name="SKILL.md:6").click()
    expect(page.locator("#line-6")).to_be_in_viewport()
    expect(page.locator("#line-6")).to_contain_text("no example")
    page.keyboard.press("x")
    page.keyboard.type("Not wanted any more")
    page.get_by_role("button", name="Yes, cancel the job").click()
    page.wait_for_url(f"**{INBOX}#*")
    prompt.job.refresh_from_db()
    assert prompt.job.state == "cancelled"
    assert "Not wanted any more" in prompt.job.message


def test_keys_can_be_turned_off(world: World, manager: User, page: Page) -> None:
    prompt = world.prompt(PromptKind.CONFIRM)
    open_prompt(page, prompt)
    page.keyboard.press("?")
    page.get_by_label("Keys work on this machine").uncheck()
    page.keyboard.press("Escape")
    page.reload()
    page.keyboard.press("a")
    expect(page.get_by_role("button", name="Approve", exact=True)).not_to_be_focused()


def test_the_second_of_two_reviewers_is_told_who_decided(world: World, manager: User, page: Page) -> None:
    prompt = world.prompt(PromptKind.PREVIEW)
    open_prompt(page, prompt)
    Prompt.objects.filter(pk=prompt.pk).update(
        answered_at=timezone.now(), answered_by="mira", response={"action": "proceed"}
    )
    page.get_by_text("Ask for changes", exact=True).click()
    page.get_by_label("What should change?").fill("My long thoughts")
    page.get_by_role("button", name="Send back with this feedback").click()
    expect(page.get_by_text("mira decided moments ago: approved")).to_be_visible()
    expect(page.get_by_text("My long thoughts")).to_be_visible()


def test_many_are_approved_after_a_page_that_names_them(world: World, manager: User, page: Page) -> None:
    plans = [world.prompt(PromptKind.CONFIRM, text=f"plan number {number}") for number in range(3)]
    page.goto(INBOX)
    for box in page.locator("input.action-select").all():
        box.check()
    page.locator("select[name=action]").select_option("approve_selected")
    page.get_by_role("button", name="Run").click()
    expect(page.get_by_role("heading", name="Approve without changes", exact=True)).to_be_visible()
    expect(page.get_by_text("plan number 1")).to_be_visible()
    assert Prompt.objects.open().count() == 3
    page.get_by_role("button", name="Approve (3)").click()
    expect(page.get_by_text("3 approved.")).to_be_visible()
    assert [decided(prompt)["action"] for prompt in plans] == ["proceed"] * 3
