"""How a tenant or one user used skills, counted by the database.

A skill here is what its slug names to the tenant: the rows of its versions, and an own skill that took a shared one's
place, count as one. It is shown by its address, as skills/addresses.py forms it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import connection
from django.db.models import Count, F, Min, Q
from django.db.models.functions import TruncDate

from analytics.models import UsageEvent, UsageEventQuerySet
from skills.addresses import ADDRESS, agent_skills, named_skills

MOST_USED = 10
COMBINATIONS = 5
MAX_COLD = 1000
_TIMES_TOGETHER = """
    SELECT skills, count(*) FROM ({tasks}) AS task
    GROUP BY skills ORDER BY count(*) DESC, min(began), skills LIMIT {limit}
"""


class Combination(NamedTuple):
    """Skills that were together all the skills of a task, and in how many tasks."""

    skills: list[str]
    tasks: int


@dataclass(frozen=True)
class UsageReport:
    """`success_rate` is 0 to 1 (0.0 without events). Skills are addresses: `most_used` at most 10, most often first,
    equals by first use; `common_combinations` at most 5, likewise; `cold_skills`, used never or once, in order, at most
    1,000 of them."""

    total_events: int
    unique_skills_used: int
    success_rate: float
    most_used: list[tuple[str, int]]
    common_combinations: list[Combination]
    cold_skills: list[str]


def usage_report(*, client_id: str, user_ref: str | None = None) -> UsageReport:
    """The figures of the tenant, or of its one user, in five queries."""
    events = UsageEvent.objects.visible_to(client_id).of_user(user_ref)
    totals = events.aggregate(
        events=Count("id"), skills=Count("skill__slug", distinct=True), failures=Count("id", filter=Q(success=False))
    )
    used = most_used_slugs(events)
    together = common_combinations(events)
    slugs = {slug for slug, _ in used} | {slug for combination in together for slug in combination.skills}
    named = named_skills(client_id).filter(slug__in=slugs)
    address: dict[str, str] = dict(named.annotate(address=ADDRESS).values_list("slug", "address"))
    return UsageReport(
        total_events=totals["events"],
        unique_skills_used=totals["skills"],
        success_rate=(totals["events"] - totals["failures"]) / max(totals["events"], 1),
        most_used=[(address[slug], times) for slug, times in used],
        common_combinations=[
            Combination(sorted(address[slug] for slug in combination.skills), combination.tasks)
            for combination in together
        ],
        cold_skills=_cold_skills(client_id, events),
    )


def uses_by_day(events: UsageEventQuerySet, days: Sequence[datetime]) -> list[int]:
    """How many of the events happened on each of the days (midnights, in order)."""
    recent = events.filter(at__gte=days[0]).order_by().annotate(day=TruncDate("at"))
    counted = dict(recent.values_list("day").annotate(n=Count("id")))
    return [counted.get(day.date(), 0) for day in days]


def outcomes_by_day(events: UsageEventQuerySet, days: Sequence[datetime]) -> tuple[list[int], list[int]]:
    """How many of the events went well and how many badly on each of the days (midnights, in order)."""
    recent = events.filter(at__gte=days[0]).order_by().annotate(day=TruncDate("at")).values_list("day")
    failed = Q(success=False)
    counted = recent.annotate(well=Count("id") - Count("id", filter=failed), badly=Count("id", filter=failed))
    by_day = {day: (well, badly) for day, well, badly in counted}
    pairs = [by_day.get(day.date(), (0, 0)) for day in days]
    return [well for well, _ in pairs], [badly for _, badly in pairs]


def most_used_slugs(events: UsageEventQuerySet, limit: int = MOST_USED) -> list[tuple[str, int]]:
    """(slug, uses), most often used first, equals by first use, then by slug."""
    counted = events.order_by().values(slug=F("skill__slug")).annotate(uses=Count("id"), first=Min("at"))
    return list(counted.order_by("-uses", "first", "slug").values_list("slug", "uses")[:limit])


def common_combinations(events: UsageEventQuerySet) -> list[Combination]:
    """The sets of two or more slugs that most tasks have in common, equals by the first such task."""
    tasks = (
        events.exclude(task_ref="")
        .order_by()
        .values("task_ref")
        .annotate(skills=ArrayAgg("skill__slug", distinct=True, order_by="skill__slug"), began=Min("at"))
        .filter(skills__len__gte=2)
    )
    sql, parameters = tasks.values("skills", "began").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(_TIMES_TOGETHER.format(tasks=sql, limit=COMBINATIONS), parameters)
        return [Combination(*row) for row in cursor.fetchall()]


def _cold_skills(client_id: str, events: UsageEventQuerySet) -> list[str]:
    """Skills ready for use that these events have never or once, by address."""
    warm = events.order_by().values("skill__slug").annotate(uses=Count("id")).filter(uses__gt=1)
    cold = agent_skills(client_id).exclude(slug__in=warm.values("skill__slug"))
    addresses = cold.annotate(address=ADDRESS).order_by("address").values_list("address", flat=True)
    return list(addresses[:MAX_COLD])
