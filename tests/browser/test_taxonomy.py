"""The tree of categories in a real browser: moved by mouse and by keyboard alone, with a look before anything moves."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from accounts.models import AuditEvent, User
from taxonomy.models import Category, CategoryAlias
from tests.admin.conftest import World
from tests.browser.test_pages import look, serious

TREE = "/admin/taxonomy/category/"


@pytest.fixture
def categories(world: World, manager: User) -> dict[str, Category]:
    """technical/python/web and languages of the tenant, and a shared one; two skills in web."""
    technical = world.category("technical")
    python = world.category("technical/python", parent=technical)
    web = world.category("technical/python/web", parent=python)
    rows = [technical, python, web, world.category("languages"), world.category("thinking", client_id="system")]
    for number in range(2):
        world.skill(slug=f"s{number}", category=web)
    return {row.path: row for row in rows}


def node(page: Page, path: str) -> Locator:
    return page.locator(f'#tree [data-path="{path}"]')


def moved(category: Category) -> str:
    category.refresh_from_db()
    return category.path


def agree(page: Page, what: str) -> None:
    """Gives a reason on the page that shows what would happen."""
    page.get_by_label("Reason").fill("Languages belong together")
    page.get_by_role("button", name=what).click()
    page.wait_for_url(re.compile(rf"{TREE}#category-\d+$"))


def test_a_category_is_dragged_after_a_look_at_what_moves(page: Page, categories: dict[str, Category]) -> None:
    page.goto(TREE)
    node(page, "technical/python").locator(".gh-row").drag_to(node(page, "languages").locator(".gh-row"))
    expect(page.get_by_role("heading", name="What would happen")).to_be_visible()
    expect(page.locator("#plan")).to_contain_text("languages/python/web")
    assert moved(categories["technical/python/web"]) == "technical/python/web"
    agree(page, "Move 2 categories")
    assert moved(categories["technical/python/web"]) == "languages/python/web"
    expect(node(page, "languages/python")).to_be_focused()
    expect(node(page, "languages")).to_contain_text("0 skills, 2 in the branch")
    assert AuditEvent.objects.get(action="move").detail["reason"] == "Languages belong together"
    assert CategoryAlias.objects.count() == 2


def test_a_category_is_dragged_to_the_top(page: Page, categories: dict[str, Category]) -> None:
    page.goto(TREE)
    node(page, "technical/python").locator(".gh-row").drag_to(node(page, "").locator(".gh-row"))
    agree(page, "Move 2 categories")
    assert moved(categories["technical/python/web"]) == "python/web"


def test_nothing_is_dropped_where_it_cannot_be(page: Page, categories: dict[str, Category]) -> None:
    page.goto(TREE)
    node(page, "technical").locator(".gh-row").drag_to(node(page, "technical/python").locator(".gh-row"))
    node(page, "technical/python").locator(".gh-row").drag_to(node(page, "technical").locator(".gh-row"))
    assert page.url.endswith(TREE)
    expect(node(page, "thinking")).to_have_attribute("draggable", "false")
    expect(node(page, "technical")).to_have_attribute("draggable", "true")


def test_the_same_by_keyboard_alone(page: Page, categories: dict[str, Category]) -> None:
    page.goto(TREE)
    page.locator("#tree-search").focus()
    for _ in range(6):  # past the buttons of the search, into the tree
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.getAttribute('role')") == "treeitem":
            break
    expect(node(page, "")).to_be_focused()
    page.keyboard.press("End")
    expect(node(page, "thinking")).to_be_focused()
    page.keyboard.press("x")
    expect(page.get_by_role("status")).to_contain_text("not yours to move")
    page.keyboard.press("ArrowUp")
    expect(node(page, "technical/python/web")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(node(page, "technical/python")).to_have_attribute("aria-expanded", "false")
    expect(node(page, "technical/python/web")).to_be_hidden()
    page.keyboard.press("x")
    expect(page.get_by_role("status")).to_contain_text("technical/python taken up")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowDown")
    expect(node(page, "languages")).to_be_focused()
    page.keyboard.press("v")
    page.wait_for_url(re.compile(r"/move/\?parent=\d+$"))
    page.get_by_label("Reason").focus()
    page.keyboard.type("By keys")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(rf"{TREE}#category-\d+$"))
    assert moved(categories["technical/python/web"]) == "languages/python/web"


def test_a_category_is_merged_and_one_made_below_by_the_bar(page: Page, categories: dict[str, Category]) -> None:
    page.goto(TREE)
    node(page, "technical/python/web").locator(".gh-counts").click()
    bar = page.get_by_role("toolbar", name="The selected category")
    expect(bar).to_contain_text("technical/python/web")
    bar.get_by_role("link", name="Merge…").click()
    page.get_by_label("Into").select_option("languages")
    page.get_by_role("button", name="Show what would happen").click()
    agree(page, "Merge 1 category")
    assert categories["languages"].skills.count() == 2
    expect(bar).to_contain_text("languages")
    bar.get_by_role("link", name="New below…").click()
    expect(page.locator("#id_parent option:checked")).to_have_text("languages")


def test_search_while_typing_and_open_branches_stay_open(page: Page, categories: dict[str, Category]) -> None:
    page.goto(TREE)
    node(page, "technical").locator(".gh-twist").click()
    expect(node(page, "technical/python")).to_be_hidden()
    page.reload()
    expect(node(page, "technical/python")).to_be_hidden()
    page.keyboard.press("/")
    page.keyboard.type("web")
    expect(node(page, "technical/python/web")).to_be_visible()
    expect(node(page, "languages")).to_be_hidden()
    expect(page.get_by_role("status")).to_contain_text("1 category found")


@pytest.mark.parametrize("how", ["desktop", "phone"])
def test_nobody_is_shut_out_of_moving(page: Page, categories: dict[str, Category], how: str) -> None:
    move = f"{TREE}{categories['technical/python'].pk}/move/"
    refused = f"{move}?parent={categories['technical/python/web'].pk}"
    look(page, how)
    for url in (TREE, f"{move}?parent={categories['languages'].pk}", refused):
        page.goto(url)
        page.wait_for_load_state("networkidle")
        found = serious(page)
        assert not found, "\n".join(found)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{url} is too wide"
