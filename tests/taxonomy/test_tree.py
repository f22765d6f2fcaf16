"""The tree as the document shows it, and saving a category by its id."""

from __future__ import annotations

import threading

import pytest
from django.db import connections

from accounts.actor import Actor
from core import versions
from core.errors import DomainError, Forbidden, Invalid, NotFound
from taxonomy.models import Category
from taxonomy.services import delete_category, find_category, resolve_path, save_category, save_category_by_id
from taxonomy.tree import taxonomy_tree

pytestmark = pytest.mark.usefixtures("tenants")

JANE = Actor(client_id="42", username="jane", role="manager")
SAM = Actor(client_id="99", username="sam", role="manager")
SYSTEM = Actor(client_id="system", username="s", role="admin")


def paths(client_id: str = "42") -> list[str]:
    return list(Category.objects.filter(client_id=client_id).values_list("path", flat=True))


def test_the_tenants_own_categories_lie_over_the_shared_ones() -> None:
    shared = save_category(actor=SYSTEM, slug="technical", name="Shared")
    for slug in ("data", "devops"):
        save_category(actor=SYSTEM, slug=slug, parent=shared)
    own = save_category(actor=JANE, slug="technical", name="Technical Skills", description="Ours")
    save_category(actor=JANE, slug="programming", parent=own)
    save_category(actor=JANE, slug="data")
    branches = {branch.path: branch for branch in taxonomy_tree("42").branches}
    top = branches["technical"]
    assert (top.id, top.name, top.description, top.parent) == ("technical", "Technical Skills", "Ours", None)
    assert top.children == ("technical/data", "devops", "programming")  # two are called data: these ids are paths
    assert (branches["data"].id, branches["technical/devops"].parent) == ("data", "technical")
    assert [one.id for one in taxonomy_tree("99").branches] == ["technical", "data", "devops"]
    assert [branch.is_shared for branch in branches.values()] == [False, False, True, True, False]


def test_the_version_rises_with_each_change_also_a_deletion() -> None:
    seen = [taxonomy_tree("42").version]
    shared = save_category(actor=SYSTEM, slug="technical")
    seen.append(taxonomy_tree("42").version)
    own = save_category(actor=JANE, slug="own")
    seen.append(taxonomy_tree("42").version)
    save_category(actor=JANE, slug="own", name="Renamed", category=own)
    seen.append(taxonomy_tree("42").version)
    delete_category(actor=JANE, category=own)
    seen.append(taxonomy_tree("42").version)
    save_category(actor=SYSTEM, slug="technical", name="Renamed", category=shared)
    seen.append(taxonomy_tree("42").version)
    assert seen == ["1.0.0", "1.1.0", "1.1.1", "1.1.2", "1.1.3", "1.2.3"]
    assert seen == sorted(set(seen), key=versions.sort_key)
    save_category(actor=SAM, slug="foreign")
    assert taxonomy_tree("42").version == "1.2.3"
    assert taxonomy_tree("system").version == "1.2.0"


def test_the_documents_body_creates_and_then_updates() -> None:
    save_category_by_id(actor=JANE, id="technical")
    body = {"id": "machine-learning", "name": "Machine Learning", "parent": "technical", "description": "ML and AI"}
    first = save_category_by_id(actor=JANE, **body)
    assert (first.path, first.name, first.description) == (
        "technical/machine-learning",
        "Machine Learning",
        "ML and AI",
    )
    again = save_category_by_id(actor=JANE, id="machine-learning", description="Changed")
    assert (again.pk, again.path, again.name) == (first.pk, first.path, "Machine Learning")
    assert save_category_by_id(actor=JANE, id="technical/machine-learning", name="ML").pk == first.pk
    assert paths() == ["technical", "technical/machine-learning"]


def test_a_parent_moves_a_category_and_circles_are_refused() -> None:
    for id, parent in (("a", None), ("b", "a"), ("c", "b")):
        save_category_by_id(actor=JANE, id=id, parent=parent)
    with pytest.raises(Invalid) as refusal:
        save_category_by_id(actor=JANE, id="a", parent="c")
    assert refusal.value.code == "cycle"
    assert save_category_by_id(actor=JANE, id="c", parent="a").path == "a/c"
    assert save_category_by_id(actor=JANE, id="c", parent="").path == "c"
    assert save_category_by_id(actor=JANE, id="a/b", parent="c").path == "c/b"
    assert paths() == ["a", "c", "c/b"]


def test_a_shared_category_is_changed_in_the_tenant_alone() -> None:
    shared = save_category(actor=SYSTEM, slug="python", parent=save_category(actor=SYSTEM, slug="technical"))
    own = save_category_by_id(actor=JANE, id="python", description="Ours")
    assert (own.client_id, own.path, own.name, own.description) == ("42", "technical/python", "Python", "Ours")
    assert resolve_path("99", "technical/python") == shared
    assert save_category_by_id(actor=JANE, id="technical/python", name="Py").pk == own.pk


def test_ids_that_several_have_need_a_path() -> None:
    for top in ("a", "b"):
        save_category_by_id(actor=JANE, id=top)
        save_category_by_id(actor=JANE, id=f"{top}/web")
    with pytest.raises(Invalid) as refusal:
        save_category_by_id(actor=JANE, id="css", parent="web")
    assert refusal.value.code == "ambiguous_id"
    assert "a/web, b/web" in refusal.value.message
    assert save_category_by_id(actor=JANE, id="web", parent="b", name="B").path == "b/web"
    assert find_category("42", "b/web").name == "B"
    assert paths() == ["a", "a/web", "b", "b/web"]


def test_what_cannot_be_saved() -> None:
    for id in ("", "/", "A", "a b", "a\x00", "../x", "a//b"):
        with pytest.raises((Invalid, NotFound)):
            save_category_by_id(actor=JANE, id=id)
    with pytest.raises(NotFound):
        save_category_by_id(actor=JANE, id="x", parent="nowhere")
    with pytest.raises(Forbidden):
        save_category_by_id(actor=Actor(client_id="42", username="bob"), id="x")
    save_category_by_id(actor=SAM, id="foreign")
    with pytest.raises(NotFound):
        save_category_by_id(actor=JANE, id="x", parent="foreign")
    assert paths() == []


def test_the_same_body_from_six_senders_makes_one_category(transactional_db: None) -> None:
    barrier = threading.Barrier(6)
    outcomes: list[object] = []

    def save() -> None:
        barrier.wait()
        try:
            outcomes.append(save_category_by_id(actor=JANE, id="same", name="Same").pk)
        except DomainError as refusal:
            outcomes.append(refusal.code)
        connections.close_all()

    threads = [threading.Thread(target=save) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes == [Category.objects.get().pk] * 6
