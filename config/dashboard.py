"""The first page of the desk: what waits, how the work goes, who uses what, whether everything is alive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.http import HttpRequest
from django.template.defaultfilters import pluralize
from django.utils import timezone

from accounts.admin.desk import actor_of, is_operator
from accounts.models import AuditEvent
from analytics.models import UsageEvent
from analytics.reports import uses_by_day
from core.charts import LINES, STACKED, Chart, chart, day_labels, last_days
from jobs.admin.words import STATE_WORDS
from jobs.models import Job, Prompt
from jobs.reports import failures, jobs_by_day, longest_waiting
from jobs.states import State
from operations.health import health
from skills.models import SearchQuery, Skill
from skills.reports import BANDS, made_by_day, published_by_day, published_count, search_quality

DAYS: Final = 14
FAILED_DAYS: Final = 7
SEARCHED_DAYS: Final = 30
_COLOURS: Final = {
    State.COMPLETED: "#16a34a",
    State.PENDING_HITL: "#ea580c",
    State.RUNNING: "#2563eb",
    State.PENDING: "#94a3b8",
    State.CANCELLED: "#64748b",
    State.FAILED: "#dc2626",
}


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Adds to the context of the index page what its template shows; a tenant's staff see their own figures."""
    if not request.user.is_staff:
        return context
    rows = Rows.of(request)
    days = last_days(DAYS)
    quality = search_quality(rows.searches, timezone.now() - timedelta(days=SEARCHED_DAYS))
    context |= {
        "waiting": longest_waiting(rows.prompts),
        "waiting_count": rows.prompts.open().count(),
        "running_count": rows.jobs.filter(state__in=[State.PENDING, State.RUNNING]).count(),
        "published_count": published_count(rows.skills),
        "failures": failures(rows.jobs, timezone.now() - timedelta(days=FAILED_DAYS)),
        "failed_days": FAILED_DAYS,
        "search": quality,
        "searched_days": SEARCHED_DAYS,
        "charts": [
            jobs_chart(jobs_by_day(rows.jobs, days), days),
            skills_chart(rows, days),
            search_chart(quality.by_band),
        ],
        "health": health(all_of_it=is_operator(request)),
    }
    return context


@dataclass(frozen=True)
class Rows:
    """What the person sees of each kind."""

    prompts: Any
    jobs: Any
    skills: Any
    uses: Any
    searches: Any
    audit: Any

    @classmethod
    def of(cls, request: HttpRequest) -> Rows:
        if is_operator(request):
            return cls(
                Prompt.objects.all(), Job.objects.all(), Skill.objects.all(), UsageEvent.objects.all(),
                SearchQuery.objects.all(), AuditEvent.objects.all(),
            )  # fmt: skip
        actor = actor_of(request)
        own = actor.client_id
        return cls(
            Prompt.objects.visible_to(actor),
            Job.objects.visible_to(actor),
            Skill.objects.filter(client_id=own),
            UsageEvent.objects.visible_to(own),
            SearchQuery.objects.filter(client_id=own),
            AuditEvent.objects.filter(client_id=own),
        )


def jobs_chart(counted: dict[str, list[int]], days: Sequence[datetime]) -> Chart:
    seen = {State(state): figures for state, figures in counted.items() if any(figures)}
    total = sum(map(sum, seen.values()))
    return chart(
        f"Jobs of the last {len(days)} days", "bar", STACKED, day_labels(days),
        {STATE_WORDS.get(state, state.label): (figures, _COLOURS[state]) for state, figures in seen.items()},
        f"{total} job{pluralize(total)}",
    )  # fmt: skip


def skills_chart(rows: Rows, days: Sequence[datetime]) -> Chart:
    made = made_by_day(rows.skills, days)
    published = published_by_day(rows.audit, days)
    used = uses_by_day(rows.uses, days)
    summary = f"{sum(made)} made, {sum(published)} times published, {sum(used)} times used"
    figures = {"Made": (made, "#4f46e5"), "Published": (published, "#16a34a"), "Used": (used, "#ea580c")}
    return chart(f"Skills of the last {len(days)} days", "line", LINES, day_labels(days), figures, summary)


def search_chart(by_band: list[int]) -> Chart:
    labels = [label for _, label in BANDS]
    title = f"Best hit of the searches of the last {SEARCHED_DAYS} days"
    return chart(title, "bar", LINES, labels, {"Searches": (by_band, "#4f46e5")}, f"{sum(by_band)} searches")
