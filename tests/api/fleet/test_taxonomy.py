"""/api/v1/taxonomy: the tree, its categories, users' adaptations, and the list of skills that agents are shown."""

from __future__ import annotations

from typing import Any

import pytest

from skills.models import Skill
from skills.services import create_skill
from taxonomy.models import Category, UserTaxonomy
from taxonomy.services import save_category
from tests.api.fleet.conftest import Caller, golden, has_shape, member_of
from tests.conftest import Tenant


@pytest.mark.parametrize("path", ["taxonomy", "taxonomy/"])
def test_tree_is_the_documents_example(caller: Caller, jane: Tenant, path: str) -> None:
    technical = save_category(actor=jane.actor, slug="technical", name="Technical Skills")
    for slug in ("programming", "devops", "data"):
        save_category(actor=jane.actor, slug=slug, parent=technical)
    answer = caller.get(path)
    assert answer.status_code == 200
    assert has_shape(answer.json(), golden("taxonomy"))
    (top,) = (one for one in answer.json()["categories"] if one["id"] == "technical")
    expected = golden("taxonomy")["categories"][0]
    assert (top["name"], sorted(top["children"])) == (expected["name"], sorted(expected["children"]))


def test_tree_has_the_keys_of_the_original(caller: Caller, skill: Skill) -> None:
    body = caller.get("taxonomy").json()
    assert body["skills"] == [{"skill_id": skill.slug, "name": skill.slug}]
    assert (body["skills_count"], body["total_skills"]) == (1, 1)
    assert body["taxonomy"]["structure"] == {"technical": {"programming": {"python": {}}}}
    assert body["taxonomy"]["domains"] == ["technical"]
    assert set(body["taxonomy"]["categories"]) == {"technical", "programming", "python"}


def test_an_empty_tree(caller: Caller) -> None:
    body = caller.get("taxonomy").json()
    assert (body["categories"], body["skills_count"], body["last_updated"]) == ([], 0, None)


@pytest.mark.parametrize("path", ["taxonomy", "taxonomy/"])
def test_category_of_the_documents_example(caller: Caller, jane: Tenant, python: Category, path: str) -> None:
    before = caller.get("taxonomy").json()["version"]
    answer = caller.post(path, golden("category_request"))
    assert (answer.status_code, answer.json()["status"]) == (200, "updated")
    stored = Category.objects.get(client_id="42")
    assert (stored.path, stored.name, stored.description) == (
        "technical/machine-learning",
        "Machine Learning",
        "ML and AI skills",
    )
    assert caller.get("taxonomy").json()["version"] > before
    caller.post(path, {"id": "machine-learning", "name": "Learning machines"})
    stored.refresh_from_db()
    assert (stored.name, stored.description, stored.path) == (
        "Learning machines",
        "ML and AI skills",
        "technical/machine-learning",
    )


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ([], 422),
        ({"id": 5}, 422),
        ({"id": "Not A Slug"}, 422),
        ({"id": "ml", "name": ["x"]}, 422),
        ({"id": "ml", "parent": "nowhere"}, 404),
        ({"updates": []}, 422),
        ({"updates": {}}, 422),
        ({"updates": {f"c{number}": {} for number in range(101)}}, 422),
    ],
)
def test_categories_that_cannot_be(caller: Caller, jane: Tenant, body: Any, status: int) -> None:
    answer = caller.post("taxonomy", body)
    assert answer.status_code == status
    assert has_shape(answer.json(), golden("error"))
    assert not Category.objects.exists()


def test_a_category_does_not_move_into_itself(caller: Caller, jane: Tenant) -> None:
    for body in ({"id": "top"}, {"id": "below", "parent": "top"}):
        caller.post("taxonomy", body)
    answer = caller.post("taxonomy", {"id": "top", "parent": "below"})
    assert answer.status_code == 400
    assert "cannot move into itself" in answer.json()["detail"]


def test_updates_of_the_original(caller: Caller, jane: Tenant) -> None:
    body = {"updates": {"data": {"name": "Data"}, "data/etl": {"description": "Pipes"}, "../x": {}, "y": 1}}
    answer = caller.post("taxonomy", body)
    assert answer.status_code == 200
    assert answer.json()["status"] == "partial"
    assert answer.json()["message"] == "Taxonomy update: 2 applied, 2 errors"
    assert answer.json()["updates_applied"] == ["data", "data/etl"]
    assert len(answer.json()["errors"]) == 2
    assert set(Category.objects.values_list("path", "name")) == {("data", "Data"), ("data/etl", "Etl")}
    again = caller.post("taxonomy", {"updates": {"data/etl": {"name": "ETL"}}}).json()
    assert (again["status"], again["errors"]) == ("updated", None)


def test_only_managers_change_the_tree(jane: Tenant) -> None:
    peer = member_of(jane)
    assert peer.post("taxonomy", golden("category_request")).status_code == 403
    assert peer.post("taxonomy", {"updates": {"data": {}}}).status_code == 403
    assert not Category.objects.exists()


def test_trees_of_others_are_not_seen(caller: Caller, sam: Tenant) -> None:
    save_category(actor=sam.actor, slug="secret")
    assert caller.get("taxonomy").json()["categories"] == []
    assert caller.post("taxonomy", {"id": "mine", "parent": "secret"}).status_code == 404


def test_user_taxonomy_is_the_documents_example(caller: Caller, jane: Tenant) -> None:
    expected = golden("user_taxonomy")
    caller.post("taxonomy/user/user_123/adapt", expected["adapted_taxonomy"])
    body = caller.get("taxonomy/user/user_123/").json()
    assert body["user_id"] == expected["user_id"]
    assert body["adapted_taxonomy"] | expected["adapted_taxonomy"] == body["adapted_taxonomy"]


def test_who_never_adapted_sees_everything(caller: Caller, skill: Skill) -> None:
    body = caller.get("taxonomy/user/nobody").json()
    assert (body["adapted_taxonomy"]["priorities"], body["adapted_taxonomy"]["hidden"]) == ([], [])
    assert body["taxonomy"]["mounted_skills"] == [skill.slug]
    assert body["adapted_categories"] == ["technical"]
    assert (body["usage_stats"]["total_mounted"], body["usage_stats"]["last_updated"]) == (1, None)


def test_adapting_as_in_the_documents_example(caller: Caller, jane: Tenant, skill: Skill) -> None:
    create_skill(actor=jane.actor, name="a-first", content="# A\n")
    answer = caller.post("taxonomy/user/user_123/adapt", golden("adapt_request"))
    assert answer.status_code == 200
    assert answer.json()["adapted_taxonomy"]["priorities"] == ["python", "web-development"]
    assert answer.json()["adapted_taxonomy"]["mounted_skills"] == [skill.slug, "a-first"]
    assert answer.json()["adapted_taxonomy"]["relevant_branches"] == {"technical": {"programming": {"python": {}}}}
    stored = UserTaxonomy.objects.get()
    assert (stored.client_id, stored.user_ref, stored.experience_level) == ("42", "user_123", "intermediate")
    caller.post("taxonomy/user/user_123/adapt/", {"hidden": ["a-first"]})
    stored.refresh_from_db()
    assert (stored.priorities, stored.hidden) == (["python", "web-development"], ["a-first"])
    assert caller.get("taxonomy/user/user_123").json()["taxonomy"]["mounted_skills"] == [skill.slug]


def test_the_history_of_the_original_becomes_priorities(caller: Caller, python: Category) -> None:
    body = {
        "user_id": "ann",
        "query_history": ["How do I do this in Python?"],
        "interaction_data": {"frequent_domains": ["data"]},
    }
    answer = caller.post("taxonomy/user/ann/adapt", body).json()
    assert answer["adapted_taxonomy"]["priorities"] == ["data", "technical/programming/python"]
    assert answer["adapted_taxonomy"]["query_context"] == "How do I do this in Python?"
    assert answer["suggestions"] == ["Explore more skills in data"]


@pytest.mark.parametrize(
    "body",
    [
        {"priorities": [1]},
        {"priorities": {"a": 1}},
        {"experience_level": "wizard"},
        {"experience_level": 3},
        {"priorities": ["x"], "hidden": ["X"]},
        {"interaction_data": "often"},
        {"user_id": "somebody-else"},
    ],
)
def test_adaptations_that_cannot_be(caller: Caller, body: Any) -> None:
    answer = caller.post("taxonomy/user/ann/adapt", body)
    assert (answer.status_code, answer.json()["error"]) == (422, "Validation error")
    assert not UserTaxonomy.objects.exists()


def test_users_adapt_and_read_their_own_alone(jane: Tenant) -> None:
    peer = member_of(jane)
    assert peer.post("taxonomy/user/peer/adapt", {"hidden": ["x"]}).status_code == 200
    assert peer.get("taxonomy/user/peer").status_code == 200
    assert peer.post("taxonomy/user/jane/adapt", {"hidden": ["x"]}).status_code == 403
    assert peer.get("taxonomy/user/jane").status_code == 403
    assert peer.get("taxonomy/xml?user_id=jane").status_code == 403


def test_adaptations_stay_in_their_tenant(caller: Caller, sam: Tenant, skill: Skill) -> None:
    Caller(**sam.headers).post("taxonomy/user/ann/adapt", {"hidden": ["python"]})
    assert caller.get("taxonomy/user/ann").json()["adapted_taxonomy"]["hidden"] == []
    assert skill.slug in caller.get("taxonomy/xml?user_id=ann").content.decode()


def test_xml_as_the_user_adapted_it(caller: Caller, jane: Tenant, skill: Skill) -> None:
    create_skill(actor=jane.actor, name="a-first", content="# A\n")
    create_skill(actor=jane.actor, name="cobol-work", content="# C\n")
    caller.post("taxonomy/user/ann/adapt", {"priorities": ["python"], "hidden": ["cobol"]})

    def names(path: str) -> list[str]:
        lines = caller.get(path).content.decode().splitlines()
        return [line.strip()[6:-7] for line in lines if "<name>" in line]

    assert names("taxonomy/xml") == ["a-first", "cobol-work", "python-async-await"]
    assert names("taxonomy/xml/?user_id=ann") == ["python-async-await", "a-first"]
