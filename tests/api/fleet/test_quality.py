"""/api/v1/quality: validate, assess, fix."""

from __future__ import annotations

from typing import Any

import pytest

from skills.models import Skill
from tests.api.fleet.conftest import GOOD_SKILL, Caller, golden, has_shape
from tests.conftest import Tenant


@pytest.mark.parametrize("path", ["quality/validate", "quality/validate/"])
def test_validate_has_the_shape_of_the_documents_example(caller: Caller, path: str) -> None:
    answer = caller.post(path, golden("quality_validate_request") | {"content": GOOD_SKILL})
    assert answer.status_code == 200
    assert has_shape(answer.json(), golden("quality_validate"))
    assert (answer.json()["passed"], answer.json()["status"], answer.json()["issues"]) == (True, "passed", [])


def test_validate_says_what_is_wrong(caller: Caller) -> None:
    body = caller.post("quality/validate", golden("quality_validate_request")).json()
    assert (body["passed"], body["status"], body["score"]) == (False, "failed", body["compliance_score"])
    assert body["issues"]
    assert all(isinstance(text, str) for text in body["issues"] + body["warnings"])
    assert {one["severity"] for one in body["findings"]} == {"error", "warning"}


def test_validate_a_stored_skill(caller: Caller, skill: Skill) -> None:
    by_id = caller.post("quality/validate", {"skill_id": skill.slug, "validation_type": "skill"}).json()
    place = "technical/programming/python"
    assert by_id == caller.post("quality/validate", {"content": skill.content, "taxonomy_path": place}).json()


def test_assess_has_the_shape_of_the_documents_example(caller: Caller) -> None:
    answer = caller.post("quality/assess/", golden("assess_request"))
    assert answer.status_code == 200
    assert has_shape(answer.json(), golden("assess"))


@pytest.mark.parametrize(
    ("content", "words", "verbosity", "size"),
    [
        ("Use asyncio. Await tasks.", 4, 0.0, "optimal"),
        ("word " * 39 + "word.", 40, 0.6, "optimal"),
        ("In order to win. Go.", 5, 0.4, "optimal"),
        ("a " * 2999, 2999, 0.6, "optimal"),
        ("a " * 3000, 3000, 0.6, "acceptable"),
        ("a " * 5000, 5000, 0.6, "too_large"),
    ],
)
def test_assess_by_the_formulas(caller: Caller, content: str, words: int, verbosity: float, size: str) -> None:
    body = caller.post("quality/assess", {"content": content}).json()
    assert (body["word_count"], body["verbosity_score"], body["size_assessment"]) == (words, verbosity, size)


def test_assess_tells_which_criteria_are_covered(caller: Caller) -> None:
    plan = {"success_criteria": ["Await many tasks", "Quantum entanglement"]}
    body = caller.post("quality/assess", {"content": GOOD_SKILL, "plan": plan}).json()
    assert [(one["text"], one["covered"]) for one in body["criteria"]] == [
        ("Await many tasks", True),
        ("Quantum entanglement", False),
    ]
    assert body["criteria_coverage"] == 0.5
    original = caller.post("quality/assess", {"content": GOOD_SKILL, "criteria": plan["success_criteria"]}).json()
    assert original == body
    assert set(body["dimensions"]) == {"completeness", "structure", "clarity", "examples", "conciseness"}
    assert 0 < body["overall_score"] <= 1


@pytest.mark.parametrize("path", ["quality/fix", "quality/fix/"])
def test_fix_is_the_documents_example(caller: Caller, path: str) -> None:
    answer = caller.post(path, golden("fix_request"))
    assert answer.status_code == 200
    body = answer.json()
    assert has_shape(body, golden("fix"))
    assert body["fixed_content"] != golden("fix_request")["content"]
    assert len(body["fixes_applied"]) + len(body["remaining_issues"]) + len(body["absent_issues"]) == 2
    again = caller.post(path, golden("fix_request") | {"content": body["fixed_content"]}).json()
    assert (again["fixed_content"], again["fixes_applied"]) == (body["fixed_content"], [])


def test_fix_answers_objects_for_objects(caller: Caller) -> None:
    issues: list[Any] = [{"type": "missing_examples", "severity": "warning"}, {"message": "no such issue"}]
    body = caller.post("quality/fix", {"content": "# X\n\nUse the tool.\n", "issues": issues}).json()
    assert [one["issue"] for one in body["fixes_applied"]] == ["missing_examples"]
    assert body["remaining_issues"] == ["no such issue"]
    assert body["confidence"] == 0.5


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("quality/validate", {"content": 5}),
        ("quality/validate", {"content": "# X", "taxonomy_path": ["a"]}),
        ("quality/assess", {"content": "# X", "plan": "good"}),
        ("quality/assess", {"content": "# X", "plan": {"success_criteria": [1]}}),
        ("quality/fix", {"content": "# X"}),
        ("quality/fix", {"content": "# X", "issues": "missing_examples"}),
        ("quality/fix", {"content": "# X", "issues": [5]}),
        ("quality/fix", {"content": "# X", "issues": [{}]}),
        ("quality/fix", {"content": "# X", "issues": ["x"] * 101}),
        ("quality/fix", []),
    ],
)
def test_bodies_that_cannot_be(caller: Caller, path: str, body: Any) -> None:
    answer = caller.post(path, body)
    assert (answer.status_code, answer.json()["error"]) == (422, "Validation error")
    assert answer.json()["details"]


@pytest.mark.parametrize("path", ["quality/validate", "quality/assess", "quality/fix"])
def test_there_must_be_something_to_judge(caller: Caller, sam: Tenant, skill: Skill, path: str) -> None:
    for body in ({"issues": []}, {"content": "", "issues": []}, {"content": " \n", "skill_id": None, "issues": []}):
        answer = caller.post(path, body)
        assert (answer.status_code, answer.json()["detail"]) == (400, "Either skill_id or content must be provided")
    assert caller.post(path, {"skill_id": skill.slug, "issues": []}).status_code == 200
    foreign = Caller(**sam.headers).post(path, {"skill_id": skill.slug, "issues": []})
    assert (foreign.status_code, foreign.json()["detail"]) == (404, f"Skill '{skill.slug}' not found")
