"""Figures: how skills are used and found, and what follows from that."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from api.schema.operations import Shown


class Combination(Shown):
    """Skills that were used for the same task."""

    skills: list[str]
    count: int
    """How many tasks."""


class Usage(Shown):
    """How skills are used."""

    total_events: int
    unique_skills_used: int
    success_rate: float = Field(ge=0, le=1)
    most_used_skills: list[tuple[str, int]]
    """Pairs of skill and uses, the most used first."""
    common_combinations: list[Combination]
    cold_skills: list[str]
    """Skills that nobody uses."""


class Recommendation(Shown):
    """A skill to look at."""

    skill_id: str
    reason: str
    priority: Literal["high", "medium", "low"]


class Advice(Shown):
    """Skills to look at, the most urgent first."""

    user_id: str
    recommendations: list[Recommendation]
    total_recommendations: int


class Recorded(Shown):
    """How many events were new."""

    recorded: int
    duplicates: int
    """Events whose `event_id` was known."""


class FailingQuery(Shown):
    """A query that should find the skill and does not."""

    query: str
    source: str
    """Who says that it should."""
    place: int | None
    """Where the skill comes, from 1; null beyond the tenth place."""
    stolen_by: str | None
    """The skill that is on top instead."""


class Section(Shown):
    """A part of the text and what it costs."""

    title: str
    tokens: int
    efficiency: float


class Regression(Shown):
    """An earlier description found what the present one does not."""

    since_version: str
    trigger_rate_before: float
    trigger_rate_now: float
    lost_queries: list[str]


class AnalysisFigures(Shown):
    """How a skill does; figures that were not asked for are null."""

    trigger_rate: float | None
    """The share of the queries that find it."""
    token_efficiency: float | None
    recommendations: list[str]
    trigger_rate_interval: list[float] | None
    """Low and high, at 95%."""
    queries: int
    failing_queries: list[FailingQuery]
    tokens: int | None
    sections: list[Section]
    regression: Regression | None


class AnalysisReport(Shown):
    """How a skill does."""

    analysis: AnalysisFigures
    skill_id: str
    version: str


class SkillFigures(Shown):
    """One of two skills that are compared."""

    skill_id: str
    trigger_rate: float
    trigger_rate_interval: list[float]
    queries: int
    tokens: int


class ComparisonFigures(Shown):
    """How two skills compare."""

    trigger_rate_improvement: float
    token_reduction: float
    overall_better: bool
    reason: str
    baseline: SkillFigures
    improved: SkillFigures


class ComparisonReport(Shown):
    """How two skills compare."""

    comparison: ComparisonFigures
