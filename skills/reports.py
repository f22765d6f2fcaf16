"""How the registry and its search fare, counted by the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

from django.db.models import Case, Count, F, FloatField, QuerySet, Sum, Value, When
from django.db.models.functions import TruncDate

from accounts.models import AuditEvent
from inference import embedder
from skills.models import SearchQuery, Skill, SkillQuerySet

SHOWN = 8
# Upper edges of the similarity of a search's best hit; the first is for searches that found nothing.
BANDS: Final = ((0.0, "nothing"), (0.4, "below 40%"), (0.6, "40-60%"), (0.8, "60-80%"), (1.01, "above 80%"))
WEAK: Final = 0.4


class SearchQuality(NamedTuple):
    """`wordings` different queries, asked `times` in all; `by_band` counts `times` by the similarity of the best hit,
    in the order of BANDS; `poor` are the most frequent that found nothing or little: (query, times, similarity)."""

    wordings: int
    times: int
    by_band: list[int]
    poor: list[tuple[str, int, float | None]]

    @property
    def answered(self) -> float | None:
        """The share that found something; None where nobody searched."""
        return (self.times - self.by_band[0]) / self.times if self.times else None


def search_quality(queries: QuerySet[SearchQuery], since: datetime) -> SearchQuality:
    recent = queries.filter(at__gte=since).order_by()
    found = [When(top_similarity__lt=edge, then=Value(number)) for number, (edge, _) in enumerate(BANDS) if number]
    band = Case(When(hits=0, then=Value(0)), *found, default=Value(len(BANDS) - 1))
    rows = recent.values_list(band.copy()).annotate(wordings=Count("id"), asked=Sum("times"))
    counted = {number: (wordings, asked) for number, wordings, asked in rows}
    similarity = Case(When(hits=0, then=None), default=F("top_similarity"), output_field=FloatField())
    poor = recent.filter(hits=0) | recent.filter(top_similarity__lt=WEAK)
    return SearchQuality(
        wordings=sum(wordings for wordings, _ in counted.values()),
        times=sum(asked for _, asked in counted.values()),
        by_band=[counted.get(number, (0, 0))[1] for number in range(len(BANDS))],
        poor=list(poor.order_by("-times", "-at").values_list("query", "times", similarity)[:SHOWN]),
    )


def made_by_day(skills: SkillQuerySet, days: Sequence[datetime]) -> list[int]:
    """How many of the skills were made on each of the days (midnights, in order)."""
    rows = skills.filter(created_at__gte=days[0]).order_by().annotate(day=TruncDate("created_at"))
    counted = dict(rows.values_list("day").annotate(n=Count("id")))
    return [counted.get(day.date(), 0) for day in days]


def published_by_day(audit: QuerySet[AuditEvent], days: Sequence[datetime]) -> list[int]:
    """How many times somebody published a skill on each of the days, as the audit log tells."""
    lines = audit.filter(action="publish", subject_type="skill", at__gte=days[0]).order_by()
    counted = dict(lines.annotate(day=TruncDate("at")).values_list("day").annotate(n=Count("id")))
    return [counted.get(day.date(), 0) for day in days]


def published_count(skills: SkillQuerySet) -> int:
    return skills.filter(is_published=True).order_by().count()


def without_vector(limit: int) -> int:
    """How many skills search leaves out because their vector is missing or another model's; at most `limit`."""
    vectors = Skill.objects.order_by()
    model = embedder.model_name()
    parts = [vectors.filter(embedding_model=None), vectors.filter(embedding_model__lt=model)]
    parts.append(vectors.filter(embedding_model__gt=model))
    return min(limit, sum(len(part.values_list("pk")[:limit]) for part in parts))
