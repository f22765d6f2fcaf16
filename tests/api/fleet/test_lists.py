"""/api/v1/skills and /api/v1/jobs as lists, and whose jobs a caller may touch."""

from __future__ import annotations

from typing import Any

import pytest

from jobs.models import Job
from jobs.states import JobType, PromptKind, State
from skills.models import Skill
from skills.services import create_skill, update_skill
from taxonomy.services import save_category
from tests.api.fleet.conftest import (
    JOB_ID,
    Caller,
    ask,
    golden,
    has_shape,
    insert_draft,
    insert_job,
    member_of,
)
from tests.conftest import Tenant


@pytest.fixture
def shelf(jane: Tenant, sam: Tenant, skill: Skill) -> None:
    create_skill(actor=jane.actor, name="zebra-notes", content="# Z\n", description="Asyncio for zebras.")
    old = create_skill(actor=jane.actor, name="a-old", content="# A\n")
    update_skill(actor=jane.actor, skill=old, status="deprecated")
    create_skill(actor=sam.actor, name="secret", content="# S\n")


def ids(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [one["skill_id"] for one in answer.json()]


@pytest.mark.parametrize("path", ["skills", "skills/"])
def test_skills_are_a_bare_array_by_id(caller: Caller, shelf: None, path: str) -> None:
    answer = caller.get(path)
    assert ids(answer) == ["a-old", "python-async-await", "zebra-notes"]
    assert answer["X-Total-Count"] == "3"
    assert answer.json()[1] == {
        "skill_id": "python-async-await",
        "name": "python-async-await",
        "description": "Python async/await programming patterns",
        "version": "1.0.0",
        "status": "active",
        "category": "technical/programming/python",
    }


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("status=active", ["python-async-await", "zebra-notes"]),
        ("status=deprecated", ["a-old"]),
        ("search=ASYNC", ["python-async-await", "zebra-notes"]),
        ("search=zebra&status=active", ["zebra-notes"]),
        ("search=%25", []),
        ("category=technical", ["python-async-await"]),
        ("category=python", ["python-async-await"]),
        ("limit=1&offset=1", ["python-async-await"]),
        ("offset=9", []),
        ("status=&search=&category=&limit=5000", ["a-old", "python-async-await", "zebra-notes"]),
    ],
)
def test_skills_can_be_filtered(caller: Caller, shelf: None, query: str, expected: list[str]) -> None:
    assert ids(caller.get(f"skills?{query}")) == expected


@pytest.mark.parametrize(
    ("query", "status"),
    [("status=draft", 422), ("limit=0", 422), ("limit=x", 422), ("offset=-1", 422), ("category=nowhere", 404)],
)
def test_filters_that_cannot_be(caller: Caller, shelf: None, query: str, status: int) -> None:
    answer = caller.get(f"skills?{query}")
    assert answer.status_code == status
    assert has_shape(answer.json(), golden("error"))


def test_jobs_newest_first_in_pages(caller: Caller, jane: Tenant, sam: Tenant) -> None:
    made = [insert_job(jane) for _ in range(3)]
    insert_job(sam)
    insert_draft(made[0])
    ask(made[1], PromptKind.CONFIRM, {})
    body = caller.get("jobs/").json()
    assert [one["job_id"] for one in body["jobs"]] == [str(job.pk) for job in reversed(made)]
    assert [one["status"] for one in body["jobs"]] == ["running", "pending_hitl", "completed"]
    assert [one["hitl_type"] for one in body["jobs"]] == [None, "confirm", None]
    assert has_shape(body["jobs"][0], golden("job"))
    assert (body["total"], body["limit"], body["offset"]) == (3, 50, 0)
    page = caller.get("jobs?limit=1&offset=1")
    assert [one["job_id"] for one in page.json()["jobs"]] == [str(made[1].pk)]
    assert page["X-Total-Count"] == "3"


def test_jobs_by_status_and_type_in_the_documents_words(caller: Caller, jane: Tenant) -> None:
    columns: dict[str, dict[str, Any]] = {
        "new": {"state": State.PENDING, "fence": 0},
        "between": {"state": State.PENDING, "fence": 1},
        "running": {},
        "failed": {"state": State.FAILED},
        "refining": {"type": JobType.SKILL_REFINEMENT},
    }
    jobs = {str(insert_job(jane, **values).pk): name for name, values in columns.items()}

    def found(query: str) -> set[str]:
        return {jobs[one["job_id"]] for one in caller.get(f"jobs?{query}").json()["jobs"]}

    assert found("status=pending") == {"new"}
    assert found("status=running") == {"between", "running", "refining"}
    assert found("status=failed&type=skill_creation") == {"failed"}
    assert found("type=skill_refinement") == {"refining"}
    assert found("status=cancelled") == set()


@pytest.mark.parametrize("query", ["status=sleeping", "type=poem", "limit=none"])
def test_job_filters_that_cannot_be(caller: Caller, query: str) -> None:
    assert caller.get(f"jobs?{query}").status_code == 422


def test_members_list_their_own_jobs(jane: Tenant) -> None:
    insert_job(jane)
    own = insert_job(jane, owner="peer")
    assert [one["job_id"] for one in member_of(jane).get("jobs").json()["jobs"]] == [str(own.pk)]


# --- In development mode ----------------------------------------------------------------------------------------------

ROUTES = [
    ("get", f"jobs/{JOB_ID}", None),
    ("get", f"hitl/{JOB_ID}/prompt", None),
    ("post", f"hitl/{JOB_ID}/response", {"action": "proceed"}),
    ("post", f"jobs/{JOB_ID}/cancel", None),
    ("post", f"drafts/{JOB_ID}/promote", {}),
]


def call(caller: Caller, method: str, path: str, body: Any, **headers: str) -> Any:
    return caller.get(path, **headers) if method == "get" else caller.post(path, body, **headers)


@pytest.mark.parametrize(("method", "path", "body"), ROUTES)
def test_who_says_to_be_another_is_refused(development: None, job: Job, method: str, path: str, body: Any) -> None:
    answer = call(Caller(), method, path, body, **{"X-User-Id": "bob"})
    assert (answer.status_code, answer.json()["detail"]) == (403, f"User 'bob' is not the owner of job '{JOB_ID}'")
    assert answer.json()["error"] == answer.json()["detail"]


@pytest.mark.parametrize("headers", [{}, {"X-User-Id": "jane"}])
def test_the_owner_and_who_says_nothing_are_not(development: None, job: Job, headers: dict[str, str]) -> None:
    for path in (f"jobs/{JOB_ID}", f"hitl/{JOB_ID}/prompt"):
        assert Caller().get(path, **headers).status_code == 200
    assert len(Caller().get("jobs", **headers).json()["jobs"]) == 1
    assert Caller().get("jobs", **{"X-User-Id": "bob"}).json()["jobs"] == []


def test_jobs_of_default_are_for_all_who_do_not_say_otherwise(development: None, jane: Tenant) -> None:
    job_id = Caller().post("skills", {"task_description": "Create a skill about tides"}).json()["job_id"]
    assert Job.objects.get(pk=job_id).owner == "default"
    assert Caller().get(f"jobs/{job_id}").status_code == 200
    assert Caller().get(f"jobs/{job_id}", **{"X-User-Id": "default"}).status_code == 200
    assert Caller().get(f"jobs/{job_id}", **{"X-User-Id": "bob"}).status_code == 403


def test_a_credential_outweighs_the_header(development: None, caller: Caller, job: Job) -> None:
    assert caller.get(f"jobs/{JOB_ID}", **{"X-User-Id": "bob"}).status_code == 200


def test_the_header_is_nothing_elsewhere(caller: Caller, job: Job) -> None:
    assert caller.get(f"jobs/{JOB_ID}", **{"X-User-Id": "bob"}).status_code == 200
    assert Caller().get(f"jobs/{JOB_ID}", **{"X-User-Id": "jane"}).status_code == 401


def test_members_do_not_create_for_others(jane: Tenant) -> None:
    peer = member_of(jane)
    body = golden("create_request")
    assert peer.post("skills", body).status_code == 403
    assert peer.post("skills", body | {"user_id": "peer"}).status_code == 200
    assert peer.post("skills", body | {"user_id": "default"}).status_code == 200
    assert set(Job.objects.values_list("owner", flat=True)) == {"peer"}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", "skills"),
        ("get", "jobs"),
        ("get", "taxonomy"),
        ("post", "taxonomy"),
        ("get", "taxonomy/user/jane"),
        ("post", "taxonomy/user/jane/adapt"),
        ("get", "analytics"),
        ("get", "analytics/recommendations?user_id=jane"),
        ("post", "analytics/events"),
        ("post", "quality/validate"),
        ("post", "quality/assess"),
        ("post", "quality/fix"),
        ("post", "optimization/analyze"),
        ("post", "optimization/improve"),
        ("post", "optimization/compare"),
        ("post", "skills/x/refine"),
    ],
)
def test_nobody_gets_in_without_a_credential(db: None, method: str, path: str) -> None:
    answer = call(Caller(), method, path, {})
    assert answer.status_code == 401
    assert has_shape(answer.json(), golden("error"))
    assert answer["X-Request-ID"] == answer.json()["request_id"]


def test_the_category_filter_sees_the_tenants_own(caller: Caller, sam: Tenant) -> None:
    save_category(actor=sam.actor, slug="hidden")
    assert caller.get("skills?category=hidden").status_code == 404
