"""The category tree: paths follow moves, circles and depth are refused, also under races."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connections

from accounts.actor import Actor
from core.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from skills.services import create_skill
from taxonomy.models import MAX_DEPTH, Category
from taxonomy.services import delete_category, get_category, load_default_tree, resolve_path, save_category

pytestmark = pytest.mark.usefixtures("tenants")

JANE = Actor(client_id="42", username="jane", role="manager")


def make(slug: str, parent: Category | None = None, **fields: Any) -> Category:
    return save_category(actor=JANE, slug=slug, parent=parent, **fields)


def test_a_moved_branch_takes_its_paths_along() -> None:
    old, new = make("old"), make("new")
    branch = make("branch", old)
    leaf = make("leaf", branch)
    save_category(actor=JANE, slug="bough", parent=new, category=branch)
    leaf.refresh_from_db()
    assert leaf.path == "new/bough/leaf"
    assert get_category("42", "new/bough").name == "Bough"


def test_a_category_cannot_move_into_itself() -> None:
    top = make("top")
    below = make("below", top)
    for parent in (top, below):
        with pytest.raises(Invalid) as refusal:
            save_category(actor=JANE, slug="top", parent=parent, category=top)
        assert refusal.value.code == "cycle"


def test_the_tree_is_at_most_eight_deep() -> None:
    parent = None
    for level in range(MAX_DEPTH):
        parent = make(f"l{level}", parent)
    with pytest.raises(Invalid):
        make("too-deep", parent)
    top, roof = Category.objects.get(path="l0"), make("roof")
    with pytest.raises(Invalid):
        save_category(actor=JANE, slug="l0", parent=roof, category=top)
    assert not Category.objects.filter(path__startswith="roof/").exists()


@pytest.mark.parametrize("slug", ["", "Upper", "a b", "a/b", "-a", "ünï", "../x", "a\x00"])
def test_odd_ids_are_refused(slug: str) -> None:
    with pytest.raises(Invalid):
        make(slug)


def test_the_tenants_own_comes_before_the_shared_one_and_others_are_unseen() -> None:
    system = Actor(client_id="system", username="s", role="admin")
    shared = save_category(actor=system, slug="technical")
    assert resolve_path("42", "technical") == shared
    own = make("technical")
    assert resolve_path("42", "/technical/") == own
    assert resolve_path("99", "technical") == shared
    make("secret")
    with pytest.raises(NotFound):
        get_category("99", "secret")
    with pytest.raises(NotFound):
        save_category(actor=Actor(client_id="99", username="sam", role="admin"), slug="x", category=own)
    with pytest.raises(NotFound):
        save_category(actor=JANE, slug="technical", category=shared)


def test_a_path_is_taken_once_and_only_empty_branches_go() -> None:
    top = make("top")
    make("below", top)
    with pytest.raises(Conflict):
        make("top")
    with pytest.raises(Conflict):
        delete_category(actor=JANE, category=top)
    delete_category(actor=JANE, category=Category.objects.get(path="top/below"))
    assert list(Category.objects.filter(client_id="42").values_list("path", flat=True)) == ["top"]


def test_a_category_with_skills_in_it_does_not_go() -> None:
    category = make("full")
    create_skill(actor=JANE, name="x", content="# x", category=category, embed=False)
    with pytest.raises(Conflict) as refusal:
        delete_category(actor=JANE, category=category)
    assert refusal.value.code == "has_skills"


def test_users_do_not_edit_the_tree() -> None:
    with pytest.raises(Forbidden):
        save_category(actor=Actor(client_id="42", username="bob", role="user"), slug="x")


def test_two_moves_at_once_make_no_circle(transactional_db: None) -> None:
    first, second = make("first"), make("second")
    barrier = threading.Barrier(2)
    outcomes: list[str] = []

    def move(category: Category, parent: Category) -> None:
        barrier.wait()
        try:
            save_category(actor=JANE, slug=category.slug, parent=parent, category=category)
            outcomes.append("moved")
        except DomainError as refusal:
            outcomes.append(refusal.code)
        connections.close_all()

    threads = [threading.Thread(target=move, args=pair) for pair in ((first, second), (second, first))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["cycle", "moved"]
    assert Category.objects.filter(client_id="42", parent=None).count() == 1


def test_the_default_tree_loads_once() -> None:
    assert load_default_tree(actor=JANE) > 30
    assert load_default_tree(actor=JANE) == 0
    assert get_category("42", "technical/programming/python").name == "Python"
