"""Signing in by hand, and what the pages are allowed to do."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.admin.conftest import World

PASSWORD = "correct-horse-battery-9"


def test_one_signs_in_and_out(world: World, page: Page) -> None:
    world.user("jane", "42", "manager", display_name="Jane Doe", password=PASSWORD)
    page.goto("/")
    page.get_by_label("Username").fill("jane")
    page.get_by_label("Password").fill("wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Please enter the correct username and password")).to_be_visible()
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/")
    expect(page.locator("#content-main").get_by_role("heading", name="Waits for a person")).to_be_visible()
