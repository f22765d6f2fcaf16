"""/api/v1/skills: create, get, put, validate; and the list of available skills."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import pytest

from accounts.actor import Actor
from jobs.models import Draft, Job
from skills.catalog import CatalogEntry, available_skills_xml
from skills.models import Skill
from skills.services import create_skill, remember_alias
from tests.api.fleet.conftest import GOLDEN, GOOD_SKILL, JOB_ID, Caller, golden, has_shape
from tests.conftest import Tenant


@pytest.mark.parametrize("path", ["skills", "skills/"])
def test_create_is_the_documents_example(caller: Caller, jane: Tenant, path: str) -> None:
    answer = caller.post(path, golden("create_request"))
    assert answer.status_code == 200
    assert has_shape(answer.json(), golden("create"))
    assert answer.json()["status"] == "pending"
    job = Job.objects.get(pk=answer.json()["job_id"])
    assert (job.client_id, job.owner) == ("42", "jane")
    assert job.request == {
        "task_description": golden("create_request")["task_description"],
        "confirm": False,
        "preview": False,
        "review": False,
        "token_streaming": False,
    }


@pytest.mark.parametrize("value", [True, "true", 1, "yes"])
def test_checkpoints_can_be_asked_for(caller: Caller, value: Any) -> None:
    caller.post("skills", golden("create_request") | {"enable_hitl_confirm": value, "enable_hitl_review": value})
    request = Job.objects.get().request
    assert (request["confirm"], request["preview"], request["review"]) == (True, False, True)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"task_description": "too short"},
        {"task_description": None},
        {"task_description": " " * 40},
        {"task_description": 12345678901},
        {"task_description": ["Create a Python skill"]},
        {"user_id": "x"},
        [],
        b"null",
        "Create a Python skill",
    ],
)
def test_descriptions_missing_or_short_are_the_documents_error(caller: Caller, body: Any) -> None:
    answer = caller.post("skills", body)
    assert answer.status_code == 400
    assert answer.json() | golden("create_error") == answer.json()
    assert answer.json()["error"] == answer.json()["detail"]
    assert not Job.objects.exists()


def test_an_empty_body_is_the_documents_error(caller: Caller) -> None:
    answer = caller.client.post("/api/v1/skills", b"", content_type="")
    assert (answer.status_code, answer.json()["detail"]) == (400, golden("create_error")["detail"])


def test_a_description_too_long_is_400(caller: Caller) -> None:
    answer = caller.post("skills", {"task_description": "x" * 100_000})
    assert (answer.status_code, answer.json()["detail"]) == (400, "task_description must be at most 5000 characters")


def test_other_wrong_types_are_422_with_details(caller: Caller) -> None:
    answer = caller.post("skills", golden("create_request") | {"enable_hitl_confirm": "maybe"})
    body = answer.json()
    assert (answer.status_code, body["error"]) == (422, "Validation error")
    assert body["detail"] == "enable_hitl_confirm must be true or false"
    assert body["details"] == [
        {"type": "value_error", "loc": ["body", "enable_hitl_confirm"], "msg": body["detail"]},
    ]
    assert body["request_id"] == answer["X-Request-ID"]


def test_the_same_idempotency_key_answers_the_same_job(caller: Caller) -> None:
    first = caller.post("skills", golden("create_request"), Idempotency_Key="k-1").json()
    assert caller.post("skills", golden("create_request"), Idempotency_Key="k-1").json() == first
    other = caller.post("skills", {"task_description": "Something quite different"}, Idempotency_Key="k-1")
    assert other.status_code == 409
    assert Job.objects.count() == 1


def test_get_is_the_documents_example(caller: Caller, skill: Skill) -> None:
    answer = caller.get("skills/python-async-await")
    expected = golden("skill")
    assert answer.status_code == 200
    body = answer.json()
    assert {name: body[name] for name in expected} | {"metadata": None} == expected | {"metadata": None}
    assert body["metadata"] | expected["metadata"] == body["metadata"]
    assert body["version"] == "1.0.0"


@pytest.mark.parametrize(
    "address",
    [
        "python-async-await/",
        "technical/programming/python/python-async-await",
        "technical/programming/python/python-async-await/",
        "technical%2Fprogramming%2Fpython%2Fpython-async-await",
        "technical/programming/python",
        "python/async",
    ],
)
def test_skills_are_found_by_path_and_alias(caller: Caller, jane: Tenant, skill: Skill, address: str) -> None:
    remember_alias(actor=jane.actor, alias="python/async", slug=skill.slug, reason="renamed")
    assert caller.get(f"skills/{address}").json()["skill_id"] == "python-async-await"


def test_unknown_skills_are_404(caller: Caller, skill: Skill) -> None:
    answer = caller.get("skills/nope")
    assert answer.status_code == 404
    assert answer.json() == {
        "detail": "Skill 'nope' not found",
        "error": "Skill 'nope' not found",
        "request_id": answer["X-Request-ID"],
    }
    assert has_shape(answer.json(), golden("error"))


def test_unchanged_skills_are_304(caller: Caller, jane: Tenant, skill: Skill) -> None:
    etag = caller.get("skills/python-async-await")["ETag"]
    unchanged = caller.get("skills/python-async-await", If_None_Match=etag)
    assert (unchanged.status_code, unchanged.content, unchanged["ETag"]) == (304, b"", etag)
    caller.put("skills/python-async-await", {"metadata": {"note": "only metadata"}})
    changed = caller.get("skills/python-async-await", If_None_Match=etag)
    assert (changed.status_code, changed.json()["metadata"]["note"]) == (200, "only metadata")


def test_put_is_the_documents_example(caller: Caller, skill: Skill, no_model: list[Skill]) -> None:
    no_model.clear()
    answer = caller.put("skills/python-async-await", golden("update_request"))
    assert answer.status_code == 200
    assert answer.json() | golden("update") == answer.json()
    changed = caller.get("skills/python-async-await").json()
    assert (changed["content"], changed["metadata"]["version"]) == ("# Updated skill content...", "1.1.0")
    assert changed["metadata"]["author"] == "user_123"
    assert len(no_model) == 1


def test_what_was_read_can_be_put_back(caller: Caller, skill: Skill) -> None:
    """New content under the old version's number means the next version, not a conflict."""
    read = caller.get("skills/python-async-await").json()
    assert caller.put("skills/python-async-await", read).json()["version"] == "1.0.0"
    answer = caller.put("skills/python-async-await", read | {"content": GOOD_SKILL})
    assert answer.json()["version"] == "1.0.1"
    changed = caller.get("skills/python-async-await").json()
    assert changed["content"] == GOOD_SKILL
    assert changed["description"].startswith("Python async/await programming patterns. Use when")
    assert changed["metadata"] == read["metadata"] | {"version": "1.0.1"}


def test_put_merges_metadata(caller: Caller, skill: Skill) -> None:
    body = {"metadata": {"team": {"name": "core"}, "author": "user_9", "dependencies": ["python-basics"], "import": 1}}
    caller.put("skills/python-async-await", {"metadata": {"kept": True, "created_at": "1999-01-01T00:00:00Z"}})
    caller.put("skills/python-async-await", body)
    metadata = caller.get("skills/python-async-await").json()["metadata"]
    assert metadata == {
        "version": "1.0.0",
        "author": "user_9",
        "created_at": "2026-01-31T10:00:00Z",
        "dependencies": ["python-basics"],
        "capabilities": [],
        "kept": True,
        "team": {"name": "core"},
    }


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"content": ""}, 422, "content"),
        ({"content": None}, 422, "content"),
        ({"content": 5}, 422, "content"),
        ({"metadata": "x"}, 422, "metadata"),
        ({"metadata": {"version": 2}}, 422, "metadata.version"),
        ({"metadata": {"version": "1.0"}}, 422, "version"),
        ({"metadata": {"author": "x" * 256}}, 422, "metadata.author"),
        ({"content": "x" * (1024 * 1024 + 1)}, 422, "content"),
        ([], 422, "body"),
        ("text", 422, "body"),
    ],
)
def test_bad_changes_change_nothing(caller: Caller, skill: Skill, body: Any, status: int, field: str) -> None:
    answer = caller.put("skills/python-async-await", body)
    assert answer.status_code == status
    location = [] if field == "body" else field.split(".")
    assert answer.json()["details"][0]["loc"] == ["body", *location]
    assert caller.get("skills/python-async-await").json()["content"] == skill.content


def test_a_version_with_other_content_is_taken_for_good(caller: Caller, skill: Skill) -> None:
    caller.put("skills/python-async-await", golden("update_request"))
    answer = caller.put("skills/python-async-await", {"content": "# Other", "metadata": {"version": "1.0.0"}})
    assert answer.status_code == 409


def test_tenants_change_neither_foreign_nor_shared_skills(
    caller: Caller, sam: Tenant, system: Actor, skill: Skill
) -> None:
    stranger = Caller(**sam.headers)
    for answer in (
        stranger.get("skills/python-async-await"),
        stranger.put("skills/python-async-await", {"content": "mine"}),
        stranger.post("skills/python-async-await/validate"),
        stranger.post("skills/validate", {"skill_path": "python-async-await"}),
    ):
        assert answer.status_code == 404
    create_skill(actor=system, name="shared", content="# Shared")
    assert caller.get("skills/shared").status_code == 200
    assert caller.put("skills/shared", {"content": "mine"}).status_code == 403


@pytest.mark.parametrize("body", [None, {}])
def test_validate_is_the_documents_example(caller: Caller, skill: Skill, body: Any) -> None:
    Skill.objects.filter(pk=skill.pk).update(content=GOOD_SKILL)
    answer = caller.post("skills/python-async-await/validate", body)
    assert answer.status_code == 200
    assert has_shape(answer.json(), golden("validate"))
    assert answer.json().keys() == golden("validate").keys()
    assert (answer.json()["passed"], answer.json()["status"], answer.json()["errors"]) == (True, "passed", [])
    assert 0 < answer.json()["score"] <= 1
    assert [check["check"] for check in answer.json()["checks"]][:2] == ["metadata", "structure"]


def test_validate_tells_what_is_missing(caller: Caller, skill: Skill) -> None:
    body = caller.post("skills/python-async-await/validate").json()
    assert (body["passed"], body["status"]) == (False, "failed")
    assert any("When to Use" in error for error in body["errors"])
    assert not any("front matter" in error for error in body["errors"])  # agents load it with front matter


def test_validate_by_path_is_the_documents_example(caller: Caller, draft: Draft) -> None:
    request = golden("validate_path_request") | {"skill_path": draft.path}
    assert draft.path == f"_drafts/{JOB_ID}/python-async-await"
    answer = caller.post("skills/validate", request)
    assert answer.status_code == 200
    assert has_shape(answer.json(), golden("validate_path"))
    assert answer.json().keys() == golden("validate_path").keys()
    assert answer.json()["passed"] is True


def test_without_judgement_the_score_is_all_or_nothing(caller: Caller, draft: Draft) -> None:
    assert caller.post("skills/validate/", {"skill_path": draft.path, "use_llm": False}).json()["score"] == 1.0


@pytest.mark.parametrize("path", ["technical//programming/./python/", "technical/programming/python/SKILL.md"])
def test_published_skills_validate_by_path(caller: Caller, skill: Skill, path: str) -> None:
    assert caller.post("skills/validate", {"skill_path": path}).json()["status"] == "failed"


@pytest.mark.parametrize(
    ("path", "status", "detail"),
    [
        ("../etc", 400, "Invalid skill path: ../etc"),
        ("/etc/passwd", 400, "Invalid skill path: /etc/passwd"),
        ("a\\b", 400, "Invalid skill path: a\\b"),
        ("a.b", 400, "Invalid skill path: a.b"),
        ("a b", 400, "Invalid skill path: a b"),
        ("./", 400, "Invalid skill path: ./"),
        ("nothing/here", 404, "Skill path not found: nothing/here"),
        ("_drafts/job-123/my-skill", 404, "Skill path not found: _drafts/job-123/my-skill"),
        (f"_drafts/{JOB_ID}/other-skill", 404, f"Skill path not found: _drafts/{JOB_ID}/other-skill"),
        ("ünï/ok", 404, "Skill path not found: ünï/ok"),
        ("", 422, "skill_path is required"),
        (None, 422, "skill_path is required"),
        (7, 422, "skill_path must be a string"),
    ],
)
def test_bad_paths(caller: Caller, draft: Draft, path: Any, status: int, detail: str) -> None:
    answer = caller.post("skills/validate", {"skill_path": path})
    assert (answer.status_code, answer.json()["detail"]) == (status, detail)


def test_drafts_of_other_tenants_do_not_validate(sam: Tenant, draft: Draft) -> None:
    assert Caller(**sam.headers).post("skills/validate", {"skill_path": draft.path}).status_code == 404


def test_xml_is_the_documents_example() -> None:
    entry = CatalogEntry("example-skill", "Use when ...", "/path/to/SKILL.md")
    assert available_skills_xml([entry]) + "\n" == (GOLDEN / "available_skills.xml").read_text()


def test_xml_is_always_well_formed() -> None:
    hostile = "a<b>&\"'\x00\x08\x1f\ufffe\U0001f600\ud800]]><!--é\n\t"
    text = available_skills_xml([CatalogEntry("n", hostile, "/n/SKILL.md")])
    assert "&lt;b&gt;&amp;&quot;&apos;\U0001f600]]&gt;&lt;!--é" in text
    description = ElementTree.fromstring(text)[0][1].text
    assert description == "a<b>&\"'\U0001f600]]><!--é\n\t"


def test_xml_lists_the_active_skills_of_the_tenant_and_the_shared_ones(
    caller: Caller, jane: Tenant, sam: Tenant, system: Actor, skill: Skill, draft: Draft
) -> None:
    create_skill(actor=system, name="Zeta", content="# Zeta", description="shared")
    create_skill(actor=system, name="python-async-await", content="# Hidden by the tenant's own", description="hidden")
    create_skill(actor=jane.actor, name="Alpha", content="# Alpha", status="deprecated")
    create_skill(actor=sam.actor, name="Foreign", content="# Foreign")
    answer = caller.get("taxonomy/xml?user_id=jane")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    found = [[field.text for field in entry] for entry in ElementTree.fromstring(answer.content)]
    assert found == [
        ["python-async-await", skill.description, "/technical/programming/python/python-async-await/SKILL.md"],
        ["zeta", "shared", "/zeta/SKILL.md"],
    ]


def test_xml_without_skills(caller: Caller) -> None:
    assert caller.get("taxonomy/xml/").content == b"<available_skills>\n</available_skills>"


def test_promoted_drafts_are_listed(caller: Caller, jane: Tenant, draft: Draft, python: Any) -> None:
    caller.post(f"drafts/{draft.job_id}/promote", {})
    assert b"<name>python-async-await</name>" in caller.get("taxonomy/xml").content
