"""Optimization that measures: how a skill does, how two compare, and a job that looks for better words."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from api.authentication import actor_of
from api.fleet.serializers import AnalyzeBody, CompareBody, ImproveBody
from api.fleet.views import FleetView
from jobs.services import start_optimization
from skills.optimization import Regression, analyze, compare
from skills.services import resolve_skill
from skills.triggers import Measured, TriggerReport


class Analysis(FleetView):
    scopes = {"POST": "read"}
    rate = "searches"

    def post(self, request: Request) -> Response:
        """The figures asked for (all without `metrics`); beside the document's three what they rest on."""
        body = self.read_body(AnalyzeBody)
        client_id = actor_of(request).client_id
        skill = resolve_skill(client_id, body["skill_id"])
        found = analyze(client_id=client_id, skill=skill, metrics=body["metrics"], queries=body["queries"])
        analysis = {
            "trigger_rate": found.trigger_rate,
            "token_efficiency": found.token_efficiency,
            "recommendations": list(found.recommendations),
            "trigger_rate_interval": list(found.interval) if found.interval else None,
            "queries": found.queries,
            "failing_queries": [_query(query) for query in found.failing],
            "tokens": found.tokens,
            "sections": [
                {"title": one.title, "tokens": one.tokens, "efficiency": one.efficiency} for one in found.sections
            ],
            "regression": _regression(found.regression),
        }
        return Response({"analysis": analysis, "skill_id": skill.slug, "version": skill.semver})


class Improvement(FleetView):
    rate = "jobs"

    def post(self, request: Request) -> Response:
        """Starts a job that measures variants and has the best approved."""
        body = self.read_body(ImproveBody)
        job = start_optimization(
            actor=actor_of(request),
            address=body["skill_id"],
            target_metric=body["target_metric"],
            target_value=body["target_value"],
            queries=body["queries"],
            idempotency_key=request.headers.get("Idempotency-Key"),
        )
        return Response({"job_id": str(job.pk), "status": "accepted"}, status=202)


class Comparison(FleetView):
    scopes = {"POST": "read"}
    rate = "searches"

    def post(self, request: Request) -> Response:
        body = self.read_body(CompareBody)
        client_id = actor_of(request).client_id
        baseline, improved = (resolve_skill(client_id, body[f"{name}_skill_id"]) for name in ("baseline", "improved"))
        found = compare(client_id=client_id, baseline=baseline, improved=improved, queries=body["queries"])
        comparison = {
            "trigger_rate_improvement": found.trigger_rate_improvement,
            "token_reduction": found.token_reduction,
            "overall_better": found.overall_better,
            "reason": found.reason,
            "baseline": _figures(found.baseline, found.baseline_tokens),
            "improved": _figures(found.improved, found.improved_tokens),
        }
        return Response({"comparison": comparison})


def _query(query: Measured) -> dict[str, Any]:
    """`stolen_by` is the skill that is on top instead."""
    return {"query": query.text, "source": query.source, "place": query.place, "stolen_by": query.thief}


def _regression(regression: Regression | None) -> dict[str, Any] | None:
    if regression is None:
        return None
    return {
        "since_version": regression.version,
        "trigger_rate_before": regression.before,
        "trigger_rate_now": regression.now,
        "lost_queries": list(regression.lost),
    }


def _figures(report: TriggerReport, tokens: int) -> dict[str, Any]:
    low, high = report.interval
    return {
        "skill_id": report.skill,
        "trigger_rate": round(report.rate, 2),
        "trigger_rate_interval": [round(low, 3), round(high, 3)],
        "queries": report.total,
        "tokens": tokens,
    }
