"""The page of the APIs in a real browser, under its policy."""

from __future__ import annotations

from playwright.sync_api import Page, expect


def test_operations_are_shown_and_nothing_is_blocked(page: Page, server: str, complaints: list[str]) -> None:
    page.goto(f"{server}/docs")
    expect(page.get_by_role("heading", name="Guildhall").first).to_be_visible()
    page.get_by_label("Select a definition").select_option(label="Kaman skills")
    operation = page.locator("#operations-marketplace-install_skill")
    operation.click()
    expect(operation.get_by_text("Makes an independent copy.")).to_be_visible()
    expect(operation.get_by_role("button", name="Try it out")).to_be_visible()
    assert complaints == []
