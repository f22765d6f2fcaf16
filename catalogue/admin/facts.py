"""What the page of a skill tells beside its text: use, trigger rate, installs, audit trail."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from django.core.cache import cache
from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone

from accounts.models import AuditEvent
from analytics.models import UsageEventQuerySet
from analytics.reports import outcomes_by_day
from core.charts import STACKED, Chart, chart, day_labels, last_days
from marketplace.models import Install
from skills.models import Skill, SkillVersion
from skills.triggers import TriggerReport, measure

USED_DAYS: Final = 30
SHOWN_LINES: Final = 10
SHOWN_INSTALLS: Final = 20
SHOWN_FAILING: Final = 10
# Fields that follow from others.
_FOLLOWS: Final = {"content_sha256", "content_tokens", "semver"}
_MEASURED_FOR: Final = timedelta(days=30).total_seconds()


def usage_chart(events: UsageEventQuerySet) -> Chart:
    """Uses a day, well and badly, of the last 30 days."""
    days = last_days(USED_DAYS)
    well, badly = outcomes_by_day(events, days)
    total = sum(well) + sum(badly)
    summary = f"{total} uses, {sum(well) / total:.0%} of them well" if total else "Nobody used it."
    series = {"Well": (well, "#16a34a"), "Badly": (badly, "#dc2626")}
    return chart(f"Use in the last {USED_DAYS} days", "bar", STACKED, day_labels(days), series, summary)


class TriggerRate(NamedTuple):
    """The last measurement: `found` of `total` queries, Wilson's interval at 95%, (query, who was first instead)."""

    at: datetime
    found: int
    total: int
    low: float
    high: float
    failing: list[tuple[str, str | None]]

    @property
    def rate(self) -> float | None:
        return self.found / self.total if self.total else None


def trigger_rate(client_id: str, skill: Skill) -> TriggerRate | None:
    """What was measured since the skill last changed; None where nobody did."""
    kept = cache.get(_key(client_id, skill))
    return TriggerRate(*kept) if kept else None


def measure_trigger_rate(client_id: str, skill: Skill) -> None:
    """Asks the tenant's search and keeps the answer for all who open the page. Raises Unavailable."""
    report: TriggerReport = measure(client_id=client_id, skill=skill)
    low, high = report.interval
    failing = [(query.text, query.thief) for query in report.failing[:SHOWN_FAILING]]
    kept = tuple(TriggerRate(timezone.now(), report.found, report.total, low, high, failing))
    cache.set(_key(client_id, skill), kept, _MEASURED_FOR)


def _key(client_id: str, skill: Skill) -> str:
    return f"triggers.{client_id}.{skill.pk}.{skill.updated_at.timestamp()}"


class Spread(NamedTuple):
    """How many tenants have a copy made of this version, and when the newest was made."""

    semver: str
    tenants: int
    newest: datetime


def spread_of(skill: Skill) -> list[Spread]:
    """For the publisher: how far the skill went, not to whom."""
    rows = Install.objects.of_source(skill.pk).order_by().values_list("source_semver")
    return [Spread(*row) for row in rows.annotate(n=Count("pk"), at=Max("installed_at")).order_by("-at")]


def installs_of(skill: Skill) -> QuerySet[Install]:
    """For operators: who has a copy, the newest first."""
    return Install.objects.of_source(skill.pk).select_related("client")[:SHOWN_INSTALLS]


def origin_of(skill: Skill) -> Install | None:
    """For a copy: what it was made of, by whom, and whether that is ahead."""
    return Install.objects.current().with_offer().filter(skill_id=skill.pk).first()


def audit_trail(skill: Skill, versions: Iterable[SkillVersion]) -> list[dict[str, Any]]:
    """The last lines of the audit log about the skill, these versions and the jobs whose drafts it took."""
    # Lists and no subqueries: the index finds each of the three alternatives by itself.
    jobs = [str(pk) for pk in skill.drafts.order_by("-created_at").values_list("job_id", flat=True)[:100]]
    about = (
        Q(subject_type="skill", subject_id=str(skill.pk))
        | Q(subject_type="skillversion", subject_id__in=[str(one.pk) for one in versions])
        | Q(subject_type="job", subject_id__in=jobs, action="promote")
    )
    lines = AuditEvent.objects.filter(about, client_id=skill.client_id)[:SHOWN_LINES]
    return [{"event": line, "said": line.detail.get("reason", ""), "of": _told(line)} for line in lines]


def _told(line: AuditEvent) -> str:
    """The fact that tells most: the version, or the fields that changed."""
    if line.subject_type == "skillversion":
        return line.subject
    fields = [str(field).replace("_", " ") for field in line.detail.get("fields", []) if field not in _FOLLOWS]
    number = str(line.detail.get("version") or line.detail.get("semver") or "")
    return " ".join([", ".join(fields), number]).strip()
