"""Without a mouse: Tab reaches whatever a page offers, and what answers to a click answers to Enter."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from jobs.states import PromptKind, State
from tests.admin.conftest import World, change_url

# Of a group of radio buttons Tab reaches one, arrows the others; of an editor or a list that scrolls, itself.
OFFERED = """() => {
  const names = new Set();
  const told = (one) => {
    const words = one.getAttribute("aria-label") || one.innerText || one.name || "";
    return `${one.tagName.toLowerCase()} ${words.trim().slice(0, 40)}`;
  };
  const offered = [...document.querySelectorAll("*")].filter((one) => {
    const clicked = one.getAttributeNames().includes("x-on:click");
    if (!one.matches("a[href], button, input:not([type=hidden]), select, textarea, summary") && !clicked) return false;
    const seen = one.checkVisibility({ visibilityProperty: true }) && one.getClientRects().length;
    if (one.disabled || !seen) return false;
    if (one.type !== "radio") return true;
    return names.has(one.name) ? false : names.add(one.name);
  });
  offered.forEach((one, number) => { one.dataset.offered = number; });
  return Object.fromEntries(offered.map((one, number) => [number, told(one)]));
}"""
FOCUSED = """() => {
  const one = document.activeElement;
  const group = one.type === "radio" ? document.querySelector(`[name="${one.name}"][data-offered]`) : one;
  return group.dataset.offered ?? null;
}"""

PAGES: dict[str, Callable[[World], str]] = {
    "dashboard": lambda world: reverse("admin:index"),
    "inbox": lambda world: reverse("admin:jobs_prompt_changelist"),
    "questions": lambda world: change_url(world.prompt(PromptKind.CLARIFYING_QUESTIONS)),
    "review": lambda world: change_url(world.prompt(PromptKind.REVIEW)),
    "failed job": lambda world: change_url(world.job(state=State.FAILED, finished_at=timezone.now())),
    "draft": lambda world: change_url(world.draft().job),
    "audit": lambda world: reverse("admin:accounts_auditevent_changelist"),
    "catalogue": lambda world: "/catalogue/",
}


@pytest.mark.parametrize("name", PAGES)
def test_tab_reaches_all_that_is_offered(world: World, manager: User, page: Page, name: str) -> None:
    world.skill()
    page.goto(PAGES[name](world))
    page.wait_for_load_state("networkidle")
    offered: dict[str, str] = page.evaluate(OFFERED)
    assert len(offered) > 5
    missing = dict(offered)
    for _ in range(3 * len(offered)):
        page.keyboard.press("Tab")
        missing.pop(page.evaluate(FOCUSED), None)
        if not missing:
            break
    assert missing == {}


def test_signing_out_without_a_mouse(world: World, manager: User, page: Page) -> None:
    page.goto(reverse("admin:index"))
    menu = page.get_by_role("button", name="Jane Doe")
    menu.focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Log out").press("Enter")
    expect(page).not_to_have_url(reverse("admin:index"))
    page.goto(reverse("admin:index"))
    expect(page.get_by_label("Password")).to_be_visible()


def test_filters_without_a_mouse(world: World, manager: User, page: Page) -> None:
    world.prompt(text="waits unseen")
    page.goto(reverse("admin:jobs_prompt_changelist"))
    page.get_by_role("button", name="Filters").press("Enter")
    page.get_by_role("link", name="Decided", exact=True).press("Enter")
    expect(page).to_have_url(f"http://{page.url.split('/')[2]}/admin/jobs/prompt/?state=decided")
    expect(page.get_by_text("waits unseen")).to_have_count(0)
