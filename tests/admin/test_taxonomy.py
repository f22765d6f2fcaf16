"""The taxonomy in the admin: changed by the services alone, whose refusals show in the forms."""

from __future__ import annotations

from django.test import Client as Browser
from django.urls import reverse

from accounts.models import AuditEvent
from taxonomy.models import Category
from tests.admin.conftest import World, change_url


def test_categories_are_made_moved_and_deleted_by_the_services(world: World, manager: Browser) -> None:
    manager.post(reverse("admin:taxonomy_category_add"), {"slug": "finance", "name": "Finance", "sort_order": 1})
    finance = Category.objects.get(path="finance")
    assert finance.client_id == "42"
    child = {"slug": "tax", "name": "Tax", "parent": finance.pk, "sort_order": 0}
    manager.post(reverse("admin:taxonomy_category_add"), child)
    tax = Category.objects.get(path="finance/tax")
    assert manager.post(change_url(finance), {"slug": "money", "name": "Money", "sort_order": 1}).status_code == 302
    tax.refresh_from_db()
    assert tax.path == "money/tax"
    assert AuditEvent.objects.filter(subject_type="category", actor="jane", surface="admin").count() == 3
    assert manager.post(change_url(tax).replace("change", "delete"), {"post": "yes"}).status_code == 302
    assert not Category.objects.filter(pk=tax.pk).exists()
    assert AuditEvent.objects.filter(subject_type="category", action="delete").count() == 1


def test_what_the_service_refuses_shows_in_the_form(world: World, manager: Browser) -> None:
    top = world.category("finance")
    below = world.category("finance/tax", parent=top)
    add = reverse("admin:taxonomy_category_add")
    for data, refusal in [
        ({"slug": "Not A Slug", "name": "x", "sort_order": 0}, "is not a category id"),
        ({"slug": "finance", "name": "x", "sort_order": 0}, "already exists"),
        ({"slug": "", "name": "", "sort_order": 0}, "This field is required."),
    ]:
        response = manager.post(add, data)
        assert response.status_code == 200
        assert refusal in response.content.decode()
    circle = manager.post(change_url(top), {"slug": "finance", "name": "F", "parent": below.pk, "sort_order": 0})
    assert "cannot move into itself" in circle.content.decode()
    assert Category.objects.count() == 2
    manager.post(change_url(top).replace("change", "delete"), {"post": "yes"})
    assert Category.objects.filter(pk=top.pk).exists()


def test_shared_categories_are_seen_and_not_changed(world: World, manager: Browser) -> None:
    shared = world.category("everywhere", client_id="system")
    assert manager.get(change_url(shared)).status_code == 200
    assert manager.post(change_url(shared), {"slug": "mine", "name": "x", "sort_order": 0}).status_code == 403
    assert manager.post(change_url(shared).replace("change", "delete"), {"post": "yes"}).status_code == 403
    under = {"slug": "ours", "name": "Ours", "parent": shared.pk, "sort_order": 0}
    manager.post(reverse("admin:taxonomy_category_add"), under)
    assert Category.objects.get(path="everywhere/ours").client_id == "42"


def test_counts_of_skills_leave_out_other_tenants(world: World, manager: Browser, operator: Browser) -> None:
    shared = world.category("everywhere", client_id="system")
    world.skill("42", category=shared)
    world.skill("99", category=shared)
    for browser, count in ((manager, 1), (operator, 2)):
        rows = browser.get(reverse("admin:taxonomy_category_changelist")).context["cl"].result_list
        assert [row.skills_here for row in rows] == [count]


def test_operators_choose_whose_tree_they_change(world: World, operator: Browser) -> None:
    world.client("99")
    operator.post(
        reverse("admin:taxonomy_category_add"), {"client": "99", "slug": "theirs", "name": "Theirs", "sort_order": 0}
    )
    category = Category.objects.get(path="theirs")
    assert category.client_id == "99"
    operator.post(change_url(category), {"slug": "renamed", "name": "Theirs", "sort_order": 0})
    category.refresh_from_db()
    assert category.path == "renamed"
