"""API keys in a real browser: issued with their text shown once, found in the list, revoked for good."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import ApiKey, User
from accounts.services import find_api_key
from tests.admin.conftest import World, change_url

LIST = "/admin/accounts/apikey/"


@pytest.fixture
def admin(world: World, enter: Callable[[User], None]) -> User:
    user = world.user("adam", "42", "admin", display_name="Adam Admin")
    enter(user)
    return user


def test_a_key_is_issued_shown_once_and_revoked(admin: User, page: Page) -> None:
    page.goto(LIST)
    page.get_by_role("link", name="Issue a key").click()
    page.get_by_label("User", exact=True).select_option(label="Adam Admin")
    page.get_by_label("Name").fill("build server")
    page.get_by_label("Publish").uncheck()
    page.get_by_role("button", name="Issue", exact=True).click()
    raw = page.locator(".gh-secret").inner_text()
    key = find_api_key(raw)
    assert key is not None
    assert (key.name, key.user, key.scopes) == ("build server", admin, ["read", "write"])
    page.get_by_role("link", name="I have copied it").click()
    expect(page.get_by_role("link", name="build server")).to_be_visible()
    for url in (LIST, f"{LIST}issue/", change_url(key)):
        page.goto(url)
        assert raw not in page.content()
    page.get_by_text("Revoke this key", exact=True).click()
    page.get_by_role("button", name="Yes, revoke it").click()
    expect(page.get_by_text("is revoked.")).to_be_visible()
    assert find_api_key(raw) is None


def test_many_keys_are_revoked_after_a_page_that_names_them(admin: User, page: Page) -> None:
    for name in ("first", "second"):
        ApiKey.objects.create(client_id="42", user=admin, name=name, prefix=f"kam_{name}", key_sha256=name * 8)
    page.goto(LIST)
    page.locator("#action-toggle").check()
    page.locator("select[name=action]").select_option("revoke_selected")
    page.get_by_role("button", name="Run").click()
    expect(page.get_by_role("listitem").filter(has_text="second")).to_be_visible()
    page.get_by_role("button", name="Revoke (2)").click()
    expect(page.get_by_text("2 keys revoked.")).to_be_visible()
    assert not ApiKey.objects.filter(revoked_at=None).exists()
