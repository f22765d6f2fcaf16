"""The taxonomy in the admin: a tree with counts, pages that show what would move before it does, and the services'
refusals on them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEvent
from taxonomy.models import Category, CategoryAlias
from tests.admin.conftest import World, change_url, list_url

TREE = "/admin/taxonomy/category/"


def move_url(category: Category, what: str = "move") -> str:
    return change_url(category).replace("/change/", f"/{what}/")


def tree(browser: Browser, query: str = "") -> dict[str, Any]:
    """The places on the page, by path."""
    places = browser.get(f"{TREE}{query}").context["places"]
    return {place.category.path: place for place in places}


def seen_in(response: Any) -> str:
    """The fingerprint of the plan on a page."""
    found = re.search(r'name="seen" value="(\w+)"', response.content.decode())
    assert found, "no plan on the page"
    return found[1]


def agree(browser: Browser, url: str, **wish: Any) -> Any:
    """Looks at what would happen, and lets it."""
    seen = seen_in(browser.get(url, wish))
    return browser.post(url, {"reason": "clearer", "seen": seen, **wish})


# --- The tree --------------------------------------------------------------------------------------------------------


def test_the_tree_counts_skills_here_and_below_over_own_and_shared(world: World, manager: Browser) -> None:
    shared = world.category("technical", client_id="system")
    own = world.category("technical", name="Ours", sort_order=2)
    python = world.category("technical/python", client_id="system", parent=shared)
    deep = world.category("technical/python/web", parent=python)
    world.category("analysis", sort_order=1)
    for number, category in enumerate((shared, own, python, deep, deep)):
        world.skill(slug=f"s{number}", category=category)
    world.skill("99", slug="theirs", category=python)
    places = tree(manager)
    assert list(places) == ["analysis", "technical", "technical/python", "technical/python/web"]
    assert {path: (place.skills, place.in_branch) for path, place in places.items()} == {
        "analysis": (0, 0), "technical": (2, 5), "technical/python": (1, 3), "technical/python/web": (2, 2),
    }  # fmt: skip
    assert places["technical"].category == own
    page = manager.get(TREE).content.decode()
    assert "5 skills" in page
    assert "own, over a shared one" in page


def test_counts_leave_out_other_tenants_and_operators_see_whose_they_choose(
    world: World, manager: Browser, operator: Browser
) -> None:
    shared = world.category("everywhere", client_id="system")
    world.category("hidden", client_id="99")
    for client_id in ("42", "99"):
        world.skill(client_id, slug=f"of-{client_id}", category=shared)
    assert {path: place.skills for path, place in tree(manager).items()} == {"everywhere": 1}
    assert {path: place.skills for path, place in tree(operator).items()} == {"everywhere": 2}
    assert list(tree(operator, "?tenant=99")) == ["everywhere", "hidden"]
    assert list(tree(operator, "?tenant=nobody")) == ["everywhere"]
    assert list(tree(manager, "?tenant=99")) == ["everywhere"]


def test_search_keeps_what_is_above_and_says_when_there_is_nothing(world: World, manager: Browser) -> None:
    top = world.category("technical")
    world.category("technical/python", parent=top, description="Snakes")
    world.category("business")
    assert list(tree(manager, "?q=SNAKE")) == ["technical", "technical/python"]
    assert "No category says “bird”" in manager.get(f"{TREE}?q=bird").content.decode()


def test_only_what_one_may_change_is_offered(world: World, manager: Browser, reader: Browser) -> None:
    world.category("shared-one", client_id="system")
    world.category("own-one")
    rows = re.findall(r'data-path="([\w-]+)"( data-movable)?', manager.get(TREE).content.decode())
    assert rows == [("own-one", " data-movable"), ("shared-one", "")]
    page = reader.get(TREE).content.decode()
    assert "data-movable" not in page
    assert "New category" not in page


@pytest.mark.parametrize("number", [3, 300])
def test_the_tree_asks_few_queries_however_many_categories(world: World, manager: Browser, number: int) -> None:
    top = world.category("top")
    for one in range(number):
        world.category(f"top/c{one}", parent=top)
    with CaptureQueriesContext(connection) as captured:
        assert len(tree(manager)) == number + 1
    assert len(captured) <= 8


# --- A category ------------------------------------------------------------------------------------------------------


def test_categories_are_made_described_and_deleted_by_the_services(world: World, manager: Browser) -> None:
    manager.post(reverse("admin:taxonomy_category_add"), {"slug": "finance", "name": "Finance", "sort_order": 1})
    finance = Category.objects.get(path="finance")
    assert finance.client_id == "42"
    child = {"slug": "tax", "name": "Tax", "parent": finance.pk, "sort_order": 0}
    manager.post(reverse("admin:taxonomy_category_add"), child)
    tax = Category.objects.get(path="finance/tax")
    said = {"name": "Taxes", "description": "What we owe", "sort_order": 3, "slug": "ignored", "parent": ""}
    assert manager.post(change_url(tax), said).status_code == 302
    tax.refresh_from_db()
    assert (tax.path, tax.name, tax.description, tax.sort_order) == ("finance/tax", "Taxes", "What we owe", 3)
    assert AuditEvent.objects.filter(subject_type="category", actor="jane", surface="admin").count() == 3
    assert manager.post(change_url(tax).replace("change", "delete"), {"post": "yes"}).status_code == 302
    assert not Category.objects.filter(pk=tax.pk).exists()
    assert AuditEvent.objects.filter(subject_type="category", action="delete").count() == 1


def test_what_the_service_refuses_shows_in_the_form(world: World, manager: Browser) -> None:
    top = world.category("finance")
    world.category("finance/tax", parent=top)
    add = reverse("admin:taxonomy_category_add")
    for data, refusal in [
        ({"slug": "Not A Slug", "name": "x", "sort_order": 0}, "is not a category id"),
        ({"slug": "finance", "name": "x", "sort_order": 0}, "already exists"),
        ({"slug": "", "name": "", "sort_order": 0}, "This field is required."),
    ]:
        response = manager.post(add, data)
        assert response.status_code == 200
        assert refusal in response.content.decode()
    assert Category.objects.count() == 2
    manager.post(change_url(top).replace("change", "delete"), {"post": "yes"})
    assert Category.objects.filter(pk=top.pk).exists()


def test_shared_categories_are_seen_and_not_changed(world: World, manager: Browser) -> None:
    shared = world.category("everywhere", client_id="system")
    assert manager.get(change_url(shared)).status_code == 200
    assert manager.post(change_url(shared), {"name": "x", "sort_order": 0}).status_code == 403
    assert manager.post(change_url(shared).replace("change", "delete"), {"post": "yes"}).status_code == 403
    for what in ("move", "merge"):
        assert manager.get(move_url(shared, what)).status_code == 403
        assert manager.post(move_url(shared, what), {"parent": "", "slug": "mine"}).status_code == 403
    under = {"slug": "ours", "name": "Ours", "parent": shared.pk, "sort_order": 0}
    manager.post(reverse("admin:taxonomy_category_add"), under)
    assert Category.objects.get(path="everywhere/ours").client_id == "42"


def test_operators_choose_whose_tree_they_change(world: World, operator: Browser) -> None:
    world.client("99")
    operator.post(
        reverse("admin:taxonomy_category_add"), {"client": "99", "slug": "theirs", "name": "Theirs", "sort_order": 0}
    )
    category = Category.objects.get(path="theirs")
    assert category.client_id == "99"
    response = agree(operator, move_url(category), parent="", slug="renamed")
    assert response["Location"] == f"{TREE}?tenant=99#category-{category.pk}"
    assert Category.objects.get(pk=category.pk).path == "renamed"


# --- Moving and merging ----------------------------------------------------------------------------------------------


def test_what_would_move_is_shown_and_then_moves_with_a_reason(world: World, manager: Browser) -> None:
    old, new = world.category("old"), world.category("new")
    leaf = world.category("old/leaf", parent=old)
    world.skill(category=leaf)
    page = manager.get(move_url(old), {"parent": new.pk}).content.decode()
    assert "What would happen" in page
    assert "new/old/leaf" in page
    assert "<dt>Categories</dt><dd>2</dd>" in page
    assert "<dt>Skills</dt><dd>1</dd>" in page
    assert re.findall(r'gh-number">(\d+)</td>', page) == ["0", "1"]
    assert Category.objects.get(pk=leaf.pk).path == "old/leaf"
    wish = {"parent": new.pk, "slug": "older", "name": "Older"}
    response = agree(manager, move_url(old), **wish)
    assert response["Location"] == f"{TREE}#category-{old.pk}"
    leaf.refresh_from_db()
    assert (leaf.path, Category.objects.get(pk=old.pk).name) == ("new/older/leaf", "Older")
    line = AuditEvent.objects.get(action="move")
    assert (line.actor, line.surface, line.detail["reason"]) == ("jane", "admin", "clearer")
    assert "old/leaf" in manager.get(change_url(leaf)).content.decode()


def test_a_merge_is_shown_and_done(world: World, manager: Browser) -> None:
    source, target = world.category("js"), world.category("javascript")
    met = world.category("javascript/web", parent=target)
    lost = world.category("js/web", parent=source)
    skill = world.skill(category=lost)
    page = manager.get(move_url(source, "merge"), {"into": target.pk}).content.decode()
    assert page.count("becomes part of it") == 2
    assert agree(manager, move_url(source, "merge"), into=target.pk).status_code == 302
    skill.refresh_from_db()
    assert skill.category == met
    assert set(CategoryAlias.objects.values_list("path", flat=True)) == {"js", "js/web"}


def test_what_cannot_be_is_said_before_and_offers_no_button(world: World, manager: Browser) -> None:
    top = world.category("top")
    below = world.category("top/below", parent=top)
    foreign = world.category("foreign", client_id="99")
    for wish, refusal in (
        ({"parent": below.pk}, "cannot move into itself"),
        ({"parent": "", "slug": "Not A Slug"}, "is not a category id"),
        ({"parent": foreign.pk}, "Select a valid choice"),
    ):
        page = manager.get(move_url(top), wish).content.decode()
        assert refusal in page
        assert 'name="seen"' not in page
    taken = world.category("below")
    page = manager.get(move_url(below), {"parent": ""}).content.decode()
    assert "A category &#x27;below&#x27; already exists." in page
    assert f"../merge/?into={taken.pk}" in page
    assert not AuditEvent.objects.exists()


def test_no_reason_no_change_and_no_other_plan_than_the_one_seen(world: World, manager: Browser) -> None:
    branch, target = world.category("a"), world.category("b")
    wish = {"parent": target.pk, "slug": "a"}
    seen = seen_in(manager.get(move_url(branch), wish))
    answer = manager.post(move_url(branch), {**wish, "seen": seen, "reason": " "})
    assert "This field is required." in answer.content.decode()
    world.category("a/new", parent=branch)
    answer = manager.post(move_url(branch), {**wish, "seen": seen, "reason": "tidy"})
    assert "The taxonomy changed since you looked" in answer.content.decode()
    assert "b/a/new" in answer.content.decode()
    assert Category.objects.get(pk=branch.pk).path == "a"
    again = {**wish, "seen": seen_in(answer), "reason": "tidy"}
    assert manager.post(move_url(branch), again).status_code == 302
    assert Category.objects.get(pk=branch.pk).path == "b/a"


def test_a_plan_without_a_look_at_it_is_not_carried_out(world: World, manager: Browser) -> None:
    branch = world.category("a")
    answer = manager.post(move_url(branch), {"parent": "", "slug": "b", "reason": "in a hurry"})
    assert "look again" in answer.content.decode()
    assert Category.objects.get(pk=branch.pk).path == "a"


def test_others_are_named_to_operators_and_counted_for_the_shared_trees_own_people(
    world: World, operator: Browser, sign_in: Any
) -> None:
    shared = world.category("shared", client_id="system")
    below = world.category("shared/mark-of-99", client_id="99", parent=shared)
    world.skill("99", category=below)
    curator = sign_in(world.user("cora", "system", "manager"))
    for browser, named in ((operator, True), (curator, False)):
        page = browser.get(move_url(shared), {"parent": "", "slug": "common"}).content.decode()
        assert ("mark-of-99" in page, "99" in re.findall(r"<td>(\w+)</td>", page)) == (named, named)
        assert "<dt>Categories</dt><dd>2</dd>" in page
    assert agree(curator, move_url(shared), parent="", slug="common").status_code == 302
    below.refresh_from_db()
    assert below.path == "common/mark-of-99"


def test_who_may_not_see_or_change_gets_nothing(world: World, manager: Browser, reader: Browser) -> None:
    own, foreign = world.category("own"), world.category("foreign", client_id="99")
    for what in ("move", "merge"):
        refused: HttpResponse = reader.get(move_url(own, what))
        assert refused.status_code == 403
        hidden: HttpResponse = manager.get(move_url(foreign, what), {"parent": "", "slug": "x"})
        assert b"foreign" not in hidden.content
        assert hidden.status_code in (302, 403)
    assert manager.get(list_url(own)).status_code == 200


@pytest.mark.parametrize("number", [2, 60])
def test_a_plan_asks_few_queries_however_large_the_branch(world: World, manager: Browser, number: int) -> None:
    top, target = world.category("top"), world.category("target")
    for one in range(number):
        world.skill(slug=f"s{one}", category=world.category(f"top/c{one}", parent=top))
    with CaptureQueriesContext(connection) as captured:
        assert "What would happen" in manager.get(move_url(top), {"parent": target.pk}).content.decode()
    assert len(captured) <= 16
