"""POST, PUT and DELETE of /agent/api/skills: the document's examples and every rule beside them."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from accounts.actor import Actor
from accounts.models import AuditEvent
from accounts.models import Client as TenantRow
from core.text import sha256_hex
from skills import search
from skills.models import Skill
from skills.services import create_skill
from tests.api.agent.conftest import golden, insert_skill
from tests.conftest import Tenant

URL = "/agent/api/skills"
KEYS = set(golden("detail"))
ERRORS = golden("errors")
MILLISECONDS = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
LEAST = {"name": "A skill", "content": "Text"}
LISTS = ("trigger_keywords", "task_types", "domains", "tools")


@pytest.fixture(autouse=True)
def no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the search makes of a change is in test_search.py."""
    monkeypatch.setattr(search, "embed_skill", lambda skill: None)


def post(client: Client, tenant: Tenant, body: Any, path: str = "") -> Any:
    return client.post(URL + path, body, content_type="application/json", headers=tenant.headers)


def put(client: Client, tenant: Tenant, skill_id: Any, body: Any) -> Any:
    return client.put(f"{URL}/{skill_id}", body, content_type="application/json", headers=tenant.headers)


def delete(client: Client, tenant: Tenant, skill_id: Any) -> Any:
    return client.delete(f"{URL}/{skill_id}", headers=tenant.headers)


def refusal(answer: Any) -> tuple[int, str]:
    assert list(answer.json()) == ["error"]
    return answer.status_code, answer.json()["error"]


# --- Create ----------------------------------------------------------------------------------------------------------


def test_create_is_the_documents_example(client: Client, jane: Tenant) -> None:
    expected = golden("create")
    answer = post(client, jane, golden("create_request"))
    assert answer.status_code == 201
    body = answer.json()
    assert body.keys() == KEYS
    assert all(MILLISECONDS.fullmatch(body[name]) for name in ("created_at", "updated_at"))
    # Its 155 characters at ~4 a token are 39; the document's 41 follows from no rule that it states.
    assert (body["content_tokens"], expected["content_tokens"]) == (39, 41)
    fixed = expected.keys() - {"id", "created_at", "updated_at", "content_tokens"}
    assert {name: body[name] for name in fixed} == {name: expected[name] for name in fixed}
    assert client.get(f"{URL}/{body['id']}", headers=jane.headers).json() == body
    assert Skill.objects.get().versions.get().content == golden("create_request")["content"]
    assert AuditEvent.objects.get(subject_type="skill").actor == "jane"


def test_what_a_body_leaves_out_is_empty(client: Client, jane: Tenant) -> None:
    first = post(client, jane, LEAST).json()
    nulls = dict.fromkeys([*LISTS, "description", "supporting_files", "source_type", "parent_skill_id"])
    second = post(client, jane, LEAST | nulls | {"name": "B", "source_session_id": None}).json()
    for body in (first, second):
        assert {name: body[name] for name in LISTS} == {name: [] for name in LISTS}
        assert (body["description"], body["supporting_files"], body["source_type"]) == (None, [], "manual")
        assert (body["author"], body["last_used_at"], body["parent_skill_id"]) == (None, None, None)


def test_everything_a_body_may_say(client: Client, jane: Tenant, example: Skill) -> None:
    body = {
        **golden("create_request"),
        "name": "Derived",
        "content": "  kept \r\n as it is\t\n\n",
        "source_type": "auto_generated",
        "source_session_id": "session-1",
        "parent_skill_id": str(example.pk).upper(),
        "supporting_files": [
            {"path": "ref/schema.sql", "filename": "schema", "content": "é", "size": 77, "sha": "da39a3ee"},
            {"path": "b.txt", "content": "abc"},
        ],
        "client_id": "99", "id": str(example.pk), "is_published": True, "is_marketplace": True, "usage_count": 5,
        "slug": "mine", "author": "Me", "status": "deprecated", "marketplace_plugin_id": 3, "version": 9,
    }  # fmt: skip
    answer = post(client, jane, body).json()
    kept = ("content", "source_type", "source_session_id", *LISTS)
    assert {name: answer[name] for name in kept} == {name: body[name] for name in kept}
    assert answer["parent_skill_id"] == str(example.pk)
    assert answer["supporting_files"] == [
        body["supporting_files"][0],
        {"path": "b.txt", "filename": "b.txt", "content": "abc", "size": 3, "sha": sha256_hex("abc")},
    ]
    assert answer["content_tokens"] == -(-(len(body["content"]) + 1 + 3) // 4)
    ours = ("client_id", "slug", "version", "status", "is_published", "is_marketplace", "usage_count", "author")
    assert [answer[name] for name in ours] == ["42", "derived", 1, "active", False, False, 0, None]
    assert (answer["id"] == str(example.pk), answer["marketplace_plugin_id"]) == (False, None)


def test_a_marketplace_source_is_a_word_and_no_installation(client: Client, jane: Tenant) -> None:
    answer = post(client, jane, LEAST | {"source_type": "marketplace"}).json()
    assert (answer["source_type"], answer["is_marketplace"]) == ("marketplace", False)


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("SQL Query Best Practices", "sql-query-best-practices"),
        ("Émile Über-Skill", "emile-uber-skill"),
        ("a_b  c", "a-b-c"),
        ("C++ / C#", "c-c"),
        ("动量策略", f"skill-{sha256_hex('动量策略')[:8]}"),
        ("---", f"skill-{sha256_hex('---')[:8]}"),
    ],
)
def test_slugs(client: Client, jane: Tenant, name: str, slug: str) -> None:
    answer = post(client, jane, LEAST | {"name": name}).json()
    assert (answer["name"], answer["slug"], answer["version"]) == (name, slug, 1)


def test_what_happens_when_slugs_meet(client: Client, jane: Tenant, sam: Tenant) -> None:
    def address(tenant: Tenant, name: str, **fields: Any) -> tuple[str, int]:
        answer = post(client, tenant, LEAST | {"name": name, **fields})
        assert answer.status_code == 201
        return answer.json()["slug"], answer.json()["version"]

    assert [address(jane, "C sharp"), address(jane, "  c SHARP "), address(jane, "C-sharp")] == [
        ("c-sharp", 1), ("c-sharp", 2), ("c-sharp-2", 1)
    ]  # fmt: skip
    assert address(jane, "C sharp!") == ("c-sharp-3", 1)
    assert address(jane, "C-SHARP") == ("c-sharp-2", 2)
    assert address(sam, "C sharp") == ("c-sharp", 1)
    parent = Skill.objects.get(client_id="42", slug="c-sharp", version=1)
    assert address(jane, "C.sharp", parent_skill_id=str(parent.pk)) == ("c-sharp", 3)
    assert address(jane, "Other", parent_skill_id=str(parent.pk)) == ("other", 1)
    delete(client, jane, Skill.objects.get(slug="other").pk)
    assert address(jane, "other") == ("other", 2), "a deprecated skill keeps its name"


def test_a_parent_must_be_within_reach(client: Client, jane: Tenant, system: Actor, example: Skill) -> None:
    TenantRow.objects.create(id="99", name="Other")
    foreign = insert_skill(client_id="99", name="F", slug="f")
    published = insert_skill(client_id="99", name="P", slug="p", is_published=True)
    gone = insert_skill(client_id="99", name="G", slug="g", is_published=True, status="deprecated")
    shared = insert_skill(client_id="system", name="S", slug="s")
    for parent in (published, shared, example):
        assert post(client, jane, LEAST | {"parent_skill_id": str(parent.pk)}).status_code == 201
    for unknown in (foreign.pk, gone.pk, "7d9cfa31-9b21-4b06-9f5e-0b1a7c9d8e2f"):
        answer = post(client, jane, LEAST | {"parent_skill_id": str(unknown)})
        assert refusal(answer) == (400, "Parent skill not found")
    assert refusal(put(client, jane, example.pk, {"parent_skill_id": str(example.pk)})) == (
        400,
        "Parent skill not found",
    )


@pytest.mark.parametrize(
    "body",
    [
        {}, {"name": "A"}, {"content": "x"}, {"name": "", "content": "x"}, {"name": " \t", "content": "x"},
        {"name": "A", "content": " \n"}, {"name": None, "content": "x"}, {"name": "A", "content": None},
        {"name": 123}, {"domains": 1}, [], "text", None,
    ],
)  # fmt: skip
def test_what_is_missing_has_the_documents_words(client: Client, jane: Tenant, body: Any) -> None:
    answer = post(client, jane, json.dumps(body))
    assert (answer.status_code, answer.json()) == (400, ERRORS["400 create"])
    assert not Skill.objects.exists()


WRONG = [
    ({"name": 123}, "name must be a string"),
    ({"content": ["x"]}, "content must be a string"),
    ({"name": "x" * 256}, "name must be at most 255 characters"),
    ({"content": "x" * 1_048_577}, "content must be at most 1024 KiB; move parts into files"),
    ({"name": 1, "content": 2, "domains": 3}, "name must be a string"),
    ({"description": 1}, "description must be a string"),
    *[({name: "sql"}, f"{name} must be an array of strings") for name in LISTS],
    ({"tools": [1]}, "tools must be an array of strings"),
    ({"domains": ["x"] * 101}, "domains must have at most 100 items"),
    ({"domains": ["x" * 129]}, "domains must have items of at most 128 characters"),
    ({"source_type": "stolen"}, "source_type must be one of: manual, auto_generated, marketplace"),
    ({"source_type": ""}, "source_type must be one of: manual, auto_generated, marketplace"),
    ({"source_session_id": "x" * 101}, "source_session_id must be at most 100 characters"),
    ({"source_session_id": 1}, "source_session_id must be a string"),
    ({"parent_skill_id": "x"}, "parent_skill_id must be a UUID"),
    ({"parent_skill_id": 1}, "parent_skill_id must be a string"),
    ({"supporting_files": {}}, "supporting_files must be an array of objects with path and content"),
    ({"supporting_files": ["a"]}, "supporting_files must be an array of objects with path and content"),
    ({"supporting_files": [{"content": "x"}]}, "Every supporting file needs a path and a text content"),
    ({"supporting_files": [{"path": "a", "content": 1}]}, "Every supporting file needs a path and a text content"),
    ({"supporting_files": [{"path": "a", "content": "b", "size": "1"}]}, "The size of 'a' is not valid"),
]


@pytest.mark.parametrize(("change", "message"), WRONG)
def test_wrong_values(client: Client, jane: Tenant, example: Skill, change: dict[str, Any], message: str) -> None:
    assert refusal(post(client, jane, LEAST | change)) == (400, message)
    before = Skill.objects.values().get()
    assert refusal(put(client, jane, example.pk, change)) == (400, message)
    assert Skill.objects.values().get() == before


@pytest.mark.parametrize("path", ["/etc/passwd", "../x", "a/../b", "a\\b", "C:/x", "", "SKILL.md", "a//b", "a\u202eb"])
def test_unsafe_paths(client: Client, jane: Tenant, path: str) -> None:
    status, message = refusal(post(client, jane, LEAST | {"supporting_files": [{"path": path, "content": ""}]}))
    assert (status, message.startswith("Invalid supporting file path: '")) == (400, True)


def test_a_path_given_twice(client: Client, jane: Tenant) -> None:
    files = [{"path": "a.txt", "content": "1"}, {"path": "a.txt", "content": "2"}]
    answer = post(client, jane, LEAST | {"supporting_files": files})
    assert refusal(answer) == (400, "Invalid supporting file path: 'a.txt' is given twice")


# --- Update ----------------------------------------------------------------------------------------------------------


def test_update_is_the_documents_example(client: Client, jane: Tenant) -> None:
    expected = golden("update")
    made = post(client, jane, golden("create_request")).json()
    answer = put(client, jane, made["id"], golden("update_request"))
    assert answer.status_code == 200
    body = answer.json()
    assert body.keys() == KEYS
    fixed = expected.keys() - {"id", "updated_at"}
    assert {name: body[name] for name in fixed} == {name: expected[name] for name in fixed}
    assert body["content_tokens"] == -(-len(body["content"]) // 4)
    assert datetime.fromisoformat(body["updated_at"]) > datetime.fromisoformat(made["updated_at"])
    changed = {"content", "trigger_keywords", "content_tokens", "updated_at"}
    assert {name for name in KEYS if body[name] != made[name]} == changed, "version and slug stay too"
    assert client.get(f"{URL}/{made['id']}", headers=jane.headers).json() == body


def test_a_new_name_keeps_its_address(client: Client, jane: Tenant) -> None:
    made = post(client, jane, LEAST).json()
    body = put(client, jane, made["id"], {"name": "Another"}).json()
    assert (body["name"], body["slug"], body["version"]) == ("Another", "a-skill", 1)


def test_files_count_as_tokens(client: Client, jane: Tenant) -> None:
    made = post(client, jane, LEAST).json()
    files = [{"path": "a.txt", "content": "x" * 40}]
    assert put(client, jane, made["id"], {"supporting_files": files}).json()["content_tokens"] == 11
    assert put(client, jane, made["id"], {"supporting_files": None}).json()["content_tokens"] == 1


def test_an_update_of_nothing_changes_nothing(client: Client, jane: Tenant) -> None:
    made = post(client, jane, golden("create_request")).json()
    lines = AuditEvent.objects.count()
    for body in ({}, b"", {"content": made["content"]}, {"unknown": 1, "client_id": "99", "version": 7}):
        answer = put(client, jane, made["id"], body)
        assert (answer.status_code, answer.json()) == (200, made)
    assert AuditEvent.objects.count() == lines


def test_all_fields_of_create_can_be_updated(client: Client, jane: Tenant, example: Skill) -> None:
    made = post(client, jane, LEAST).json()
    change = {
        "description": None, "task_types": ["t"], "domains": ["d"], "tools": [], "source_type": "auto_generated",
        "source_session_id": "s", "parent_skill_id": str(example.pk), "status": "deprecated",
    }  # fmt: skip
    body = put(client, jane, made["id"], change).json()
    assert {name: body[name] for name in change} == change
    assert put(client, jane, made["id"], {"parent_skill_id": None}).json()["parent_skill_id"] is None


@pytest.mark.parametrize("name", ["name", "content"])
@pytest.mark.parametrize("value", ["", "  ", None])
def test_name_and_content_cannot_be_taken_away(
    client: Client, jane: Tenant, example: Skill, name: str, value: Any
) -> None:
    assert refusal(put(client, jane, example.pk, {name: value})) == (400, f"{name} cannot be empty")


@pytest.mark.parametrize(("value", "message"), [
    ("gone", "status must be one of: active, deprecated"),
    ("", "status must be one of: active, deprecated"),
    (None, "status must be one of: active, deprecated"),
    (1, "status must be a string"),
])  # fmt: skip
def test_unknown_status(client: Client, jane: Tenant, example: Skill, value: Any, message: str) -> None:
    assert refusal(put(client, jane, example.pk, {"status": value})) == (400, message)


def test_a_body_that_is_no_object(client: Client, jane: Tenant, example: Skill) -> None:
    assert refusal(put(client, jane, example.pk, "[]")) == (400, "body must be a JSON object")


# --- Delete ----------------------------------------------------------------------------------------------------------


def test_delete_is_the_documents_example(client: Client, jane: Tenant) -> None:
    made = post(client, jane, LEAST).json()
    for _ in range(2):
        answer = delete(client, jane, made["id"])
        assert (answer.status_code, answer.json()) == (200, golden("delete"))
    read = client.get(f"{URL}/{made['id']}", headers=jane.headers).json()
    assert {name for name in KEYS if read[name] != made[name]} == {"status", "updated_at"}
    assert AuditEvent.objects.filter(action="update").count() == 1
    assert put(client, jane, made["id"], {"content": "More"}).json()["status"] == "deprecated"
    assert put(client, jane, made["id"], {"status": "active"}).json()["status"] == "active"


# --- Whose skill it is, and everything else that can be refused ------------------------------------------------------


@pytest.mark.parametrize("body", [b"{", b'{"name": 1}', b"{}"])
def test_shared_skills_are_403_before_the_body_is_read(
    client: Client, jane: Tenant, system: Actor, body: bytes
) -> None:
    shared = create_skill(actor=system, name="Shared", content="Text")
    for answer in (put(client, jane, shared.pk, body), delete(client, jane, shared.pk)):
        assert (answer.status_code, answer.json()) == (403, ERRORS["403"])
    assert AuditEvent.objects.filter(action="update").count() == 0


@pytest.mark.parametrize("is_published", [False, True])
def test_foreign_skills_do_not_exist(client: Client, jane: Tenant, sam: Tenant, is_published: bool) -> None:
    foreign = insert_skill(client_id="99", name="F", slug="f", is_published=is_published)
    before = Skill.objects.values().get()
    calls = [put(client, jane, foreign.pk, b"{"), delete(client, jane, foreign.pk)]
    calls.append(post(client, jane, {"success": True}, f"/{foreign.pk}/usage"))
    for answer in calls:
        assert (answer.status_code, answer.json()) == (404, ERRORS["404"])
    assert Skill.objects.values().get() == before


@pytest.mark.parametrize("skill_id", ["7d9cfa31-9b21-4b06-9f5e-0b1a7c9d8e2f", "not-a-uuid", "%00", "search"])
def test_unknown_ids_are_404(client: Client, jane: Tenant, skill_id: str) -> None:
    for answer in (put(client, jane, skill_id, {}), delete(client, jane, skill_id)):
        if skill_id == "search":
            assert refusal(answer)[0] == 405, "a word of the document, and no id"
        else:
            assert (answer.status_code, answer.json()) == (404, ERRORS["404"])


def test_writes_need_a_key(client: Client, jane: Tenant, example: Skill) -> None:
    def calls(**headers: str) -> list[Any]:
        return [
            client.post(URL, b"{", content_type="application/json", headers=headers),
            client.put(f"{URL}/{example.pk}", b"{", content_type="text/plain", headers=headers),
            client.delete(f"{URL}/{example.pk}", headers=headers),
            client.delete(f"{URL}/not-an-id", headers=headers),
            client.post(f"{URL}/{example.pk}/usage", headers=headers),
        ]

    for answer in [*calls(), *calls(Authorization="Bearer kam_wrong")]:
        assert (answer.status_code, answer.json()) == (401, ERRORS["401"])
    assert Skill.objects.get().status == "active"


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"{", "application/json", 400),
        (b'{"name": "A", "content": "\\u0000"}', "application/json", 400),
        (b'{"name": "A", "content": "\xff"}', "application/json", 400),
        (b'{"name": "A", "content": NaN}', "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b'{"name": "A", "content": "x"}', "text/plain", 415),
        (b"name=A&content=x", "application/x-www-form-urlencoded", 415),
    ],
)  # fmt: skip
def test_unreadable_bodies(
    client: Client, jane: Tenant, example: Skill, body: bytes, content_type: str, status: int
) -> None:
    for call, url in ((client.post, URL), (client.put, f"{URL}/{example.pk}")):
        answer = call(url, body, content_type=content_type, headers=jane.headers)
        assert refusal(answer)[0] == status
    assert Skill.objects.count() == 1


def test_bodies_too_large(client: Client, jane: Tenant, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    assert refusal(post(client, jane, LEAST | {"content": "x" * 1000}))[0] == 413


def test_the_unexpected_tells_nothing(
    client: Client, jane: Tenant, example: Skill, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any, **options: Any) -> Any:
        raise RuntimeError("a secret")

    for name in ("create_skill", "update_skill"):
        monkeypatch.setattr(f"api.agent.views.skills.{name}", fail)
    for answer in (post(client, jane, LEAST), put(client, jane, example.pk, {}), delete(client, jane, example.pk)):
        assert (answer.status_code, answer.json()) == (500, ERRORS["500"])
