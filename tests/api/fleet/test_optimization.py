"""/api/v1/optimization and refining: skills measured in the real search, and jobs that look for better ones."""

from __future__ import annotations

from typing import Any

import pytest

from jobs.models import Job
from jobs.runner import run_job
from skills import search
from skills.models import Skill
from skills.services import create_skill
from tests.api.fleet.conftest import GOOD_SKILL, Caller, golden, has_shape, member_of
from tests.conftest import Tenant

IMPROVE, REFINE = "optimization/improve", "skills/python-async-await/refine"


@pytest.fixture
def two_versions(jane: Tenant, skill: Skill) -> None:
    """The skills of the document's examples, findable."""
    create_skill(
        actor=jane.actor,
        name="python-async-await-v2",
        description="Python async/await patterns. Use when asked to write or review asyncio code.",
        content=GOOD_SKILL,
        trigger_keywords=["asyncio", "await many tasks"],
    )
    search.embed_skills(list(Skill.objects.all()))


@pytest.mark.parametrize("path", ["optimization/analyze", "optimization/analyze/"])
def test_analyze_has_the_shape_of_the_documents_example(caller: Caller, two_versions: None, path: str) -> None:
    answer = caller.post(path, golden("analyze_request"))
    assert answer.status_code == 200
    analysis = answer.json()["analysis"]
    assert has_shape(answer.json(), golden("analyze"))
    assert 0 <= analysis["trigger_rate"] <= 1
    low, high = analysis["trigger_rate_interval"]
    assert low <= analysis["trigger_rate"] <= high
    assert analysis["queries"] >= len(analysis["failing_queries"])


def test_analyze_what_is_asked_for_only(caller: Caller, two_versions: None) -> None:
    tokens = caller.post("optimization/analyze", {"skill_id": "python-async-await-v2", "metrics": ["token_usage"]})
    assert tokens.json()["analysis"]["trigger_rate"] is None
    assert tokens.json()["analysis"]["token_efficiency"] == 1.0


def test_analyze_names_the_thief_of_a_query(caller: Caller, jane: Tenant, two_versions: None) -> None:
    make: dict[str, Any] = {"actor": jane.actor, "content": "# T\n"}
    for number in range(4):
        create_skill(name=f"tides-{number}", description="Tells the tides. Use when sailing in the tide.", **make)
    search.embed_skills(list(Skill.objects.filter(slug__startswith="tides")))
    body = {"skill_id": "python-async-await", "queries": ["when is high tide for sailing"]}
    failing = caller.post("optimization/analyze", body).json()["analysis"]["failing_queries"]
    (lost,) = (one for one in failing if one["source"] == "caller")
    assert lost["stolen_by"].startswith("tides")


def test_compare_has_the_shape_of_the_documents_example(caller: Caller, two_versions: None) -> None:
    answer = caller.post("optimization/compare/", golden("compare_request"))
    assert answer.status_code == 200
    assert has_shape(answer.json(), golden("compare"))
    comparison = answer.json()["comparison"]
    rates = [comparison[name]["trigger_rate"] for name in ("baseline", "improved")]
    assert comparison["trigger_rate_improvement"] == pytest.approx(rates[1] - rates[0], abs=0.011)
    assert comparison["baseline"]["queries"] == comparison["improved"]["queries"]


def test_improve_is_the_documents_example(caller: Caller, two_versions: None) -> None:
    answer = caller.post(IMPROVE, golden("improve_request"))
    assert (answer.status_code, answer.json()["status"]) == (202, "accepted")
    assert has_shape(answer.json(), golden("improve"))
    job = caller.get(f"jobs/{answer.json()['job_id']}").json()
    assert (job["type"], job["status"], job["result"]) == ("skill_optimization", "pending", None)


@pytest.mark.parametrize("path", [REFINE, REFINE + "/", "skills/technical/programming/python/refine"])
def test_refine_is_the_documents_example(caller: Caller, skill: Skill, path: str) -> None:
    answer = caller.post(path, golden("refine_request"))
    assert (answer.status_code, answer.json()["status"]) == (202, "accepted")
    assert has_shape(answer.json(), golden("refine"))
    assert caller.get(f"jobs/{answer.json()['job_id']}").json()["type"] == "skill_refinement"


@pytest.mark.django_db(transaction=True)
def test_refining_changes_the_content_and_is_promoted_as_the_next_version(
    caller: Caller, jane: Tenant, two_versions: None
) -> None:
    skill = Skill.objects.get(slug="python-async-await-v2")
    body = {"feedback": "Add a section about error handling", "focus_areas": ["examples"]}
    job_id = caller.post(f"skills/{skill.slug}/refine", body).json()["job_id"]
    run_job(Job.objects.get(pk=job_id).pk)
    job = caller.get(f"jobs/{job_id}").json()
    assert (job["status"], job["progress"], job["error"]) == ("completed", 100, None)
    assert job["result"]["skill_content"] != skill.content
    promoted = caller.post(f"drafts/{job_id}/promote", {"force": True})
    assert (promoted.status_code, promoted.json()["version"]) == (200, "1.0.1")
    assert caller.get(f"skills/{skill.slug}").json()["content"] == job["result"]["skill_content"]


@pytest.mark.django_db(transaction=True)
def test_an_optimization_tells_its_figures(caller: Caller, two_versions: None) -> None:
    job_id = caller.post(IMPROVE, golden("improve_request")).json()["job_id"]
    run_job(Job.objects.get(pk=job_id).pk)
    job = caller.get(f"jobs/{job_id}").json()
    if job["status"] == "pending_hitl":
        prompt = caller.get(f"hitl/{job_id}/prompt").json()
        assert (prompt["prompt_type"], prompt["type"]) == ("review", "validate")
        caller.post(f"hitl/{job_id}/response", {"action": "proceed"})
        run_job(Job.objects.get(pk=job_id).pk)
        job = caller.get(f"jobs/{job_id}").json()
    assert job["status"] == "completed"
    optimization = job["result"]["optimization"]
    assert optimization["target_metric"] == "trigger_rate"
    assert 0 <= optimization["before"]["trigger_rate"] <= 1
    assert optimization["improved"] == (job["draft_path"] is not None)


@pytest.mark.parametrize(
    ("path", "body", "word"),
    [
        ("optimization/analyze", {"signature_name": "X", "failure_examples": []}, "skill_id"),
        (IMPROVE, {"signature_name": "X", "current_version": "1"}, "skill_id"),
        ("optimization/compare", {"signature_a_name": "X", "signature_b_name": "Y"}, "baseline_skill_id"),
        ("optimization/analyze", {"skill_id": "python-async-await", "metrics": ["charm"]}, "metrics"),
        ("optimization/analyze", {"skill_id": ["python-async-await"]}, "skill_id"),
        ("optimization/analyze", [], "skill_id"),
        (IMPROVE, {"skill_id": "python-async-await", "target_metric": "charm"}, "target_metric"),
        (IMPROVE, {"skill_id": "python-async-await", "target_value": 2}, "target_value"),
        (IMPROVE, {"skill_id": "python-async-await", "target_value": "0.9"}, "target_value"),
        (IMPROVE, {"skill_id": "python-async-await", "target_value": True}, "target_value"),
        ("optimization/compare", {"baseline_skill_id": "python-async-await"}, "improved_skill_id"),
        (
            "optimization/compare",
            {"baseline_skill_id": "python-async-await", "improved_skill_id": "python-async-await"},
            "improved_skill_id",
        ),
        (REFINE, {}, "feedback"),
        (REFINE, {"feedback": "  "}, "feedback"),
        (REFINE, {"feedback": 5}, "feedback"),
        (REFINE, {"feedback": "x" * 10_001}, "feedback"),
        (REFINE, {"feedback": "Shorter", "focus_areas": [1]}, "focus_areas"),
        (REFINE, [], "feedback"),
    ],
)
def test_bodies_that_cannot_be(caller: Caller, skill: Skill, path: str, body: Any, word: str) -> None:
    answer = caller.post(path, body)
    assert (answer.status_code, answer.json()["error"]) == (422, "Validation error")
    assert answer.json()["details"][0]["loc"] == ["body", word]
    assert not Job.objects.exists()


def test_bodies_of_the_original_are_told_what_to_send(caller: Caller) -> None:
    detail = caller.post("optimization/analyze", {"signature_name": "X"}).json()["detail"]
    assert "skill_id" in detail
    assert "signature_name" in detail


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("optimization/analyze", golden("analyze_request")),
        (IMPROVE, golden("improve_request")),
        ("optimization/compare", golden("compare_request")),
        (REFINE, golden("refine_request")),
    ],
)
def test_skills_of_others_are_404(sam: Tenant, skill: Skill, path: str, body: Any) -> None:
    answer = Caller(**sam.headers).post(path, body)
    assert (answer.status_code, answer.json()["detail"]) == (404, "Skill 'python-async-await' not found")
    assert not Job.objects.exists()


def test_users_start_their_own_improvements(jane: Tenant, skill: Skill) -> None:
    peer = member_of(jane)
    job_id = peer.post(REFINE, golden("refine_request")).json()["job_id"]
    assert Job.objects.get(pk=job_id).owner == "peer"
    assert peer.post(REFINE, golden("refine_request") | {"user_id": "jane"}).status_code == 403
