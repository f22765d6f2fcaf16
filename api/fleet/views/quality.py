"""The quality of a text: checked against the rules, judged in figures, mended."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from api.authentication import actor_of
from api.fleet.serializers import AssessBody, FixBody, ValidateContentBody
from api.fleet.views import FleetView
from core.errors import Invalid
from skills.assessing import Judgement, assess, validate
from skills.fixing import Fixed, fix
from skills.models import Skill
from skills.services import resolve_skill
from skills.validation import Finding

_NAMES_OF_AN_ISSUE = ("issue", "type", "rule", "name", "code", "message")


class ContentValidation(FleetView):
    scopes = {"POST": "read"}

    def post(self, request: Request) -> Response:
        """Texts of issues and warnings as in the document; `findings` tells of each its rule, line and hint."""
        body = self.read_body(ValidateContentBody)
        content, skill = _content(request, body)
        place = body["taxonomy_path"] or (skill.category.path if skill and skill.category else "")
        compliance = validate(content, place)
        found = [*compliance.issues, *compliance.warnings]
        return Response(
            {
                "passed": compliance.passed,
                "compliance_score": compliance.compliance_score,
                "issues": [one.message for one in compliance.issues],
                "warnings": [one.message for one in compliance.warnings],
                "status": "passed" if compliance.passed else "failed",
                "score": compliance.compliance_score,
                "recommendations": [one.hint for one in found if one.hint],
                "findings": [_finding(one) for one in found],
            }
        )


class Assessment(FleetView):
    scopes = {"POST": "read"}

    def post(self, request: Request) -> Response:
        body = self.read_body(AssessBody)
        content, _ = _content(request, body)
        criteria = [*(body.get("plan") or {}).get("success_criteria", []), *body["criteria"]]
        return Response(_judgement(assess(content, {"success_criteria": list(dict.fromkeys(criteria))})))


class Fix(FleetView):
    scopes = {"POST": "read"}

    def post(self, request: Request) -> Response:
        """Texts of fixes where all issues are texts, as in the document; else objects, as in the original."""
        body = self.read_body(FixBody)
        content, _ = _content(request, body)
        issues = [_issue(number, issue) for number, issue in enumerate(body["issues"])]
        return Response(_fixed(fix(content, issues), are_texts=all(isinstance(one, str) for one in body["issues"])))


def _content(request: Request, body: dict[str, Any]) -> tuple[str, Skill | None]:
    content = body.get("content")
    if content and content.strip():
        return content, None
    if not body["skill_id"]:
        raise Invalid("Either skill_id or content must be provided", code="no_content")
    skill = resolve_skill(actor_of(request).client_id, body["skill_id"])
    return skill.content, skill


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "message": finding.message,
        "location": f"line {finding.line}" if finding.line else finding.path,
        "hint": finding.hint,
    }


def _judgement(judgement: Judgement) -> dict[str, Any]:
    """The document's six figures; from `dimensions` to `suggestions` the original's keys, then what the plan asked."""
    quality = judgement.quality
    return {
        "overall_score": quality.overall_score,
        "completeness": quality.completeness,
        "clarity": quality.clarity,
        "word_count": quality.word_count,
        "size_assessment": quality.size_assessment,
        "verbosity_score": quality.verbosity_score,
        "dimensions": {
            "completeness": quality.completeness,
            "structure": quality.structure,
            "clarity": quality.clarity,
            "examples": quality.examples,
            "conciseness": quality.conciseness,
        },
        "strengths": list(quality.strengths),
        "weaknesses": list(quality.weaknesses),
        "suggestions": list(quality.recommendations),
        "criteria": [{"text": one.text, "covered": one.is_covered, "share": one.share} for one in judgement.criteria],
        "criteria_coverage": judgement.coverage,
    }


def _issue(number: int, issue: Any) -> str:
    """The name of an issue: the text itself, or the first name an object gives it."""
    if isinstance(issue, dict):
        issue = next((issue[name] for name in _NAMES_OF_AN_ISSUE if isinstance(issue.get(name), str)), None)
    if not isinstance(issue, str) or not issue.strip() or len(issue) > 200:
        message = "must be a text of at most 200 characters, or an object that names the issue"
        raise Invalid(message, code="invalid_issues", fields={f"issues.{number}": [message]})
    return issue


def _fixed(fixed: Fixed, *, are_texts: bool) -> dict[str, Any]:
    """`confidence` is the share of the issues that the text does not have any more."""
    done, left = len(fixed.applied) + len(fixed.absent), len(fixed.remaining)
    return {
        "fixed_content": fixed.content,
        "fixes_applied": [one.text if are_texts else {"issue": one.issue, "fix": one.text} for one in fixed.applied],
        "remaining_issues": list(fixed.remaining),
        "absent_issues": list(fixed.absent),
        "confidence": round(done / (done + left), 2) if done + left else 1.0,
    }
