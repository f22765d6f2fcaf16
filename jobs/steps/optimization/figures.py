"""Reports and variants as the steps of an optimization hand them on, in JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from core.text import estimate_tokens
from jobs.steps.base import Context
from skills.models import Skill
from skills.triggers import Query, TriggerReport
from skills.variants import Variant

TRIGGER_RATE, TOKEN_USAGE = "trigger_rate", "token_usage"


def figures(skill: Skill, report: TriggerReport, content: str | None = None) -> dict[str, Any]:
    """{"trigger_rate": 0..1, "interval": [low, high], "found", "queries", "tokens"}"""
    low, high = report.interval
    return {
        "trigger_rate": round(report.rate, 4),
        "interval": [round(low, 4), round(high, 4)],
        "found": report.found,
        "queries": report.total,
        "tokens": estimate_tokens(skill.content if content is None else content, skill.supporting_files),
    }


def queries_of(context: Context) -> list[Query]:
    """The queries of the baseline, which every variant is asked as well."""
    return [Query(one["text"], one["source"]) for one in context.outputs["measure_baseline"]["asked"]]


def asked_of(report: TriggerReport) -> list[dict[str, Any]]:
    return [asdict(query) for query in report.queries]


def variant_of(data: Mapping[str, Any]) -> Variant:
    return Variant(data["origin"], data["description"], tuple(data["keywords"]), data["content"])
