"""GET /agent/api/skills and /agent/api/skills/{id}."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.actor import Actor
from accounts.services import revoke_api_key
from api.agent.documents import skill_document
from api.agent.serializers import SkillSerializer
from skills.models import Skill
from tests.api.agent.conftest import golden, insert_skill
from tests.conftest import Tenant

URL = "/agent/api/skills"
KEYS = set(golden("detail"))


def names(answer: Any) -> list[str]:
    return [skill["name"] for skill in answer.json()["skills"]]


def test_detail_is_the_documents_example(client: Client, jane: Tenant, example: Skill) -> None:
    answer = client.get(f"{URL}/{example.pk}", headers=jane.headers)
    assert answer.status_code == 200
    assert answer.json() == golden("detail")
    assert len(KEYS) == 27
    assert answer["Content-Type"] == "application/json"
    assert answer["Cache-Control"] == "no-store"


def test_list_is_the_documents_example(client: Client, jane: Tenant, example: Skill) -> None:
    expected = golden("list")
    Skill.objects.update(content=expected["skills"][0]["content"])
    answer = client.get(f"{URL}?status=active&limit=10&offset=0", headers=jane.headers).json()
    assert answer.keys() == expected.keys()
    assert answer["totalCount"] == 1
    only = answer["skills"][0]
    assert only.keys() == KEYS
    assert {name: only[name] for name in expected["skills"][0]} == expected["skills"][0]


@pytest.mark.parametrize(
    "columns",
    [
        {},
        {"description": 'Ümläute 数据库 \\ " \u2028 \x7f', "content": "a\nb\t\r\n" * 10},
        {"trigger_keywords": None, "task_types": None, "domains": None, "tools": None, "author": "Jane"},
        {"trigger_keywords": ["a,b", 'c"d', ""], "domains": ["Ä"], "content_tokens": 7, "marketplace_plugin_id": 3},
        {"created_at": "2026-02-10T08:00:00.999999+00:00", "last_used_at": "2026-02-10T01:00:00.0019+05:00"},
        {
            "supporting_files": [
                {"path": "a/b.py", "filename": "b.py", "content": "é", "size": 2, "sha": "0" * 64, "executable": True}
            ],
            "status": "deprecated",
            "source_type": "marketplace",
            "is_marketplace": True,
        },
    ],
)
def test_postgresql_renders_what_the_serializer_declares(jane: Tenant, columns: dict[str, Any]) -> None:
    skill = insert_skill(client_id="42", name="A", slug="a", **columns)
    skill.refresh_from_db()
    rendered = json.loads(skill_document(Skill.objects.visible_to("42"), skill.pk))
    declared = json.loads(json.dumps(SkillSerializer(skill).data, default=str))
    assert rendered == declared


def test_parent_and_session_are_shown(client: Client, jane: Tenant, example: Skill) -> None:
    child = insert_skill(client_id="42", name="B", slug="b", parent_skill=example, source_session_id="s-1")
    answer = client.get(f"{URL}/{child.pk}", headers=jane.headers).json()
    assert (answer["parent_skill_id"], answer["source_session_id"]) == (str(example.pk), "s-1")


@pytest.mark.parametrize("path", ["", "/"])
def test_reads_cost_one_query_beside_the_key(
    client: Client, jane: Tenant, example: Skill, path: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.get(URL, headers=jane.headers)  # the first use of a key also writes when that was
    with django_assert_num_queries(2):
        assert client.get(f"{URL}/{example.pk}{path}", headers=jane.headers).status_code == 200
    with django_assert_num_queries(2):
        assert client.get(f"{URL}{path}", headers=jane.headers).status_code == 200


def test_tenants_see_their_own_and_the_shared_skills(
    client: Client, jane: Tenant, sam: Tenant, system: Actor, example: Skill
) -> None:
    shared = insert_skill(client_id="system", name="Shared", slug="shared")
    foreign = insert_skill(client_id="99", name="Foreign", slug="foreign", is_published=True)
    assert set(names(client.get(URL, headers=jane.headers))) == {example.name, "Shared"}
    assert client.get(URL, headers=jane.headers).json()["totalCount"] == 2
    assert client.get(f"{URL}/{shared.pk}", headers=jane.headers).json()["client_id"] == "system"
    assert client.get(f"{URL}/{foreign.pk}", headers=sam.headers).status_code == 200
    answer = client.get(f"{URL}/{foreign.pk}", headers=jane.headers)
    assert (answer.status_code, answer.json()) == (404, golden("errors")["404"])


@pytest.mark.parametrize(
    "skill_id", ["7d9cfa31-9b21-4b06-9f5e-0b1a7c9d8e2f", "not-a-uuid", "{a1b2c3d4-e5f6-7890-abcd-ef1234567890}", "%00"]
)
def test_unknown_ids_are_404(client: Client, jane: Tenant, example: Skill, skill_id: str) -> None:
    answer = client.get(f"{URL}/{skill_id}", headers=jane.headers)
    assert (answer.status_code, answer.json()) == (404, {"error": "Skill not found"})


@pytest.mark.parametrize("spelling", [str.upper, lambda text: text.replace("-", "")])
def test_other_spellings_of_an_id(client: Client, jane: Tenant, example: Skill, spelling: Any) -> None:
    answer = client.get(f"{URL}/{spelling(str(example.pk))}", headers=jane.headers)
    assert answer.json()["id"] == str(example.pk)


@pytest.fixture
def several(jane: Tenant) -> None:
    for number in range(1, 6):
        insert_skill(
            client_id="42",
            name=f"Skill {number}",
            slug=f"skill-{number}",
            domains=["data"] if number < 3 else ["web", "x"],
            status="deprecated" if number == 5 else "active",
            source_type="auto_generated" if number == 1 else "manual",
            created_at=f"2026-02-0{number}T00:00:00+00:00",
        )


@pytest.mark.usefixtures("several")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", [5, 4, 3, 2, 1]),
        ("?status=active", [4, 3, 2, 1]),
        ("?status=deprecated", [5]),
        ("?status=retired", []),
        ("?status=", [5, 4, 3, 2, 1]),
        ("?source_type=auto_generated", [1]),
        ("?domains=data", [2, 1]),
        ("?domains=data,%20web%20,", [5, 4, 3, 2, 1]),
        ("?domains=data&domains=x", [5, 4, 3, 2, 1]),
        ("?domains=DATA", []),
        ("?domains=data&source_type=manual&status=active", [2]),
    ],
)
def test_filters(client: Client, jane: Tenant, query: str, expected: list[int]) -> None:
    answer = client.get(URL + query, headers=jane.headers)
    assert names(answer) == [f"Skill {number}" for number in expected]
    assert answer.json()["totalCount"] == len(expected)


@pytest.mark.usefixtures("several")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?limit=2", [5, 4]),
        ("?limit=2&offset=2", [3, 2]),
        ("?limit=2&offset=4", [1]),
        ("?offset=9", []),
        ("?limit=0", []),
        ("?limit=999999", [5, 4, 3, 2, 1]),
        ("?limit=1&limit=3", [5, 4, 3]),
    ],
)
def test_pages(client: Client, jane: Tenant, query: str, expected: list[int]) -> None:
    answer = client.get(URL + query, headers=jane.headers)
    assert names(answer) == [f"Skill {number}" for number in expected]
    assert answer.json()["totalCount"] == 5


@pytest.mark.parametrize("name", ["limit", "offset"])
@pytest.mark.parametrize("value", ["-1", "abc", "1e3", "%D9%A3", "1_0", "9223372036854775808", "1" * 5000, "1.5"])
def test_bad_page_numbers_are_400(client: Client, jane: Tenant, name: str, value: str) -> None:
    answer = client.get(f"{URL}?{name}={value}", headers=jane.headers)
    assert (answer.status_code, answer.json()) == (400, {"error": f"{name} must be a non-negative integer"})


def test_offsets_too_deep_are_400(client: Client, jane: Tenant) -> None:
    answer = client.get(f"{URL}?offset=100001", headers=jane.headers)
    assert (answer.status_code, answer.json()) == (400, {"error": "offset must be at most 100000"})


@pytest.mark.parametrize("query", ["status=%00", "source_type=a%00", "domains=%00", "status=%ED%A0%80", "domains=%FF"])
def test_unstorable_filters_are_no_server_error(client: Client, jane: Tenant, query: str) -> None:
    answer = client.get(f"{URL}?{query}", headers=jane.headers)
    assert answer.status_code == (400 if "%00" in query else 200)


def test_every_request_needs_a_living_key(client: Client, jane: Tenant, example: Skill, development: None) -> None:
    def refused(**headers: str) -> bool:
        answers = [client.get(url, headers=headers) for url in (URL, f"{URL}/{example.pk}")]
        answers.append(client.post(f"{URL}/search", {"query": "x"}, content_type="application/json", headers=headers))
        return all(
            (answer.status_code, answer.json()) == (401, golden("errors")["401"])
            and answer["WWW-Authenticate"].startswith("Bearer")
            for answer in answers
        )

    assert refused()
    assert refused(Authorization="Bearer kam_nonsense")
    assert refused(Authorization="Bearer something-else")
    assert refused(Authorization=f"Basic {jane.key}")
    assert refused(Authorization=jane.key)
    assert not refused(Authorization=f"bearer  {jane.key}")
    revoke_api_key(actor=jane.actor, key=jane.user.api_keys.get())
    assert refused(Authorization=f"Bearer {jane.key}")


@pytest.mark.parametrize(
    ("method", "path"),
    [("put", ""), ("patch", "/{id}"), ("delete", ""), ("get", "/search"), ("options", "")],
)
def test_other_methods_are_405_in_shape(client: Client, jane: Tenant, example: Skill, method: str, path: str) -> None:
    answer = getattr(client, method)(URL + path.format(id=example.pk), headers=jane.headers)
    assert (answer.status_code, list(answer.json())) == (405, ["error"])
    assert answer["Allow"]


@pytest.mark.parametrize("path", ["/agent/api/nothing", "/agent/", "/agent/api/skills/a/b/c"])
def test_unknown_routes_are_404_in_shape(client: Client, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.json()) == (404, {"error": "Not Found"})
