"""POST /agent/api/skills/search, with the real model: the search itself is tested beside skills/search.py."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.actor import Actor
from skills.models import SearchQuery, Skill
from skills.services import create_skill
from tests.api.agent.conftest import golden
from tests.conftest import Tenant

URL = "/agent/api/skills/search"
KEYS = set(golden("detail")) | {"similarity"}


def add(actor: Actor, **fields: Any) -> Skill:
    example = golden("search")[0]
    names = ("name", "description", "content", "trigger_keywords", "domains")
    return create_skill(actor=actor, **{**{name: example[name] for name in names}, **fields})


def search(client: Client, tenant: Tenant, body: Any) -> Any:
    return client.post(URL, body, content_type="application/json", headers=tenant.headers)


def test_search_is_the_documents_example(client: Client, jane: Tenant) -> None:
    expected = golden("search")[0]
    skill = add(jane.actor)
    answer = search(client, jane, golden("search_request"))
    assert answer.status_code == 200
    [found] = answer.json()
    assert found.keys() == KEYS
    fixed = expected.keys() - {"id", "similarity"}
    assert {name: found[name] for name in fixed} == {name: expected[name] for name in fixed}
    assert found["id"] == str(skill.pk)
    assert 0.3 <= found["similarity"] <= 1
    assert answer["Cache-Control"] == "no-store"


def test_searches_are_remembered_for_measuring(client: Client, jane: Tenant) -> None:
    add(jane.actor)
    for query in ("Safe SQL queries", "safe  sql queries", "tides"):
        search(client, jane, {"query": query})
    rows = SearchQuery.objects.filter(client_id="42").order_by("-times")
    assert list(rows.values_list("query", "times", "hits")) == [("safe sql queries", 2, 1), ("tides", 1, 0)]


@pytest.mark.parametrize("domains", [["engineering"], "engineering,none", [], None])
def test_domains_narrow_and_limits_cut(client: Client, jane: Tenant, system: Actor, domains: Any) -> None:
    add(jane.actor, domains=["engineering"])
    add(system, name="Shared SQL", domains=["data"])
    body = {"query": "how to write safe SQL queries", "domains": domains}
    found = search(client, jane, body).json()
    assert [skill["client_id"] for skill in found].count("42") == 1
    assert len(found) == (1 if domains else 2)
    assert len(search(client, jane, body | {"limit": "1"}).json()) == 1


def test_the_best_comes_first_and_the_unrelated_not_at_all(client: Client, jane: Tenant) -> None:
    add(
        jane.actor,
        name="Sourdough",
        description="Baking bread",
        content="Feed the starter.",
        trigger_keywords=["bread"],
    )
    add(jane.actor)
    found = search(client, jane, {"query": "how to write safe SQL queries"}).json()
    assert [skill["name"] for skill in found] == ["SQL Query Best Practices"]


def test_foreign_and_deprecated_skills_are_never_found(client: Client, jane: Tenant, sam: Tenant) -> None:
    add(sam.actor)
    add(jane.actor, status="deprecated")
    assert search(client, jane, golden("search_request")).json() == []


def test_cost_does_not_grow_with_the_answer(
    client: Client, jane: Tenant, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(5):
        add(jane.actor, name=f"SQL {number}")
    search(client, jane, {"query": "SQL queries"})
    with django_assert_max_num_queries(16) as few:
        search(client, jane, {"query": "SQL queries", "limit": 1})
    with django_assert_max_num_queries(len(few)):
        assert len(search(client, jane, {"query": "SQL queries", "limit": 5}).json()) == 5


def test_errors_of_the_document(client: Client, jane: Tenant) -> None:
    answer = search(client, jane, {"limit": 5})
    assert (answer.status_code, answer.json()) == (400, golden("errors")["400 search"])


def test_search_follows_every_change(client: Client, jane: Tenant) -> None:
    def found(query: str) -> list[str]:
        return [skill["name"] for skill in search(client, jane, {"query": query}).json()]

    def change(body: Any) -> None:
        assert client.put(url, body, content_type="application/json", headers=jane.headers).status_code == 200

    base = URL.removesuffix("/search")
    made = client.post(base, golden("create_request"), content_type="application/json", headers=jane.headers).json()
    url = f"{base}/{made['id']}"
    assert found("how to write safe SQL queries") == [made["name"]]
    change({"name": "Sourdough", "description": "Bake", "content": "Feed the starter.", "trigger_keywords": ["bread"]})
    assert found("how to write safe SQL queries") == []
    assert found("how to bake bread with a starter") == ["Sourdough"]
    client.delete(url, headers=jane.headers)
    assert found("how to bake bread with a starter") == []
    change({"status": "active"})
    assert found("how to bake bread with a starter") == ["Sourdough"]
