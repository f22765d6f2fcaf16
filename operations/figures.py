"""The figures of the whole, which every process counts alike from the database when it is scraped: a bounded number of
queries over indexes, at most one round each few seconds. docs/reference/metrics.md names them all."""

from __future__ import annotations

import logging
import platform
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import product
from typing import Final

import django
from django.conf import settings
from django.db import DatabaseError
from django.db.models import Count, Q, Sum
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from jobs.models import Job, JobStep, Prompt, WriterCall
from jobs.reports import oldest_due
from jobs.states import ACTIVE, FINISHED, JobType, State
from operations.health import signs_of_life
from outbox.reports import kafka_lag
from skills.reports import without_vector

logger = logging.getLogger(__name__)

KEPT_SECONDS: Final = 5.0
STEP_BUCKETS: Final = (0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300)
UNINDEXED_UP_TO: Final = 10_000


class Figures(Collector):
    """Keeps what it read for a few seconds: several scrapers, or a hasty one, ask the database no more often."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: tuple[float, list[Metric]] = (float("-inf"), [])

    def describe(self) -> Iterable[Metric]:
        return []  # registering asks nothing of the database

    def collect(self) -> Iterator[Metric]:
        with self._lock:
            until, figures = self._kept
            if until < time.monotonic():
                figures = [*read()]
                self._kept = (time.monotonic() + KEPT_SECONDS, figures)
        yield from figures


def read() -> Iterator[Metric]:
    """Without a database, that alone is told."""
    build = GaugeMetricFamily("guildhall_build_info", "1, with what runs.", labels=("version", "python", "django"))
    build.add_metric((settings.VERSION, platform.python_version(), django.__version__), 1)
    yield build
    try:
        counted = [*_of_jobs(), *_of_steps(), *_of_writers(), *_of_events(), *_of_index()]
    except DatabaseError as problem:
        logger.warning("the figures of the database could not be read: %s", problem)
        counted = []
    yield GaugeMetricFamily("guildhall_database_up", "1 while the database answers.", value=1 if counted else 0)
    yield from counted
    yield _of_processes()


def _of_jobs() -> Iterator[Metric]:
    working = Job.objects.filter(state__in=(State.PENDING, State.RUNNING)).order_by()
    waiting = Prompt.objects.open().order_by().values_list("job__type").annotate(n=Count("id"))
    present = {(kind, state): n for kind, state, n in working.values_list("type", "state").annotate(n=Count("id"))}
    present |= {(kind, State.PENDING_HITL): n for kind, n in waiting}
    yield _by_type_and_state(GaugeMetricFamily, "guildhall_jobs", "Jobs that are not finished.", ACTIVE, present)
    ended = Job.objects.filter(finished_at__gte=_today()).order_by().values_list("type", "state")
    today = {(kind, state): n for kind, state, n in ended.annotate(n=Count("id"))}
    yield _by_type_and_state(CounterMetricFamily, "guildhall_jobs_finished", "Jobs that ended today.", FINISHED, today)
    yield GaugeMetricFamily(
        "guildhall_job_queue_age_seconds",
        "Since when the job waits that should have begun longest ago; 0 where none does.",
        value=_age(oldest_due()),
    )


def _by_type_and_state(
    kind: type[GaugeMetricFamily | CounterMetricFamily],
    name: str,
    documentation: str,
    states: Sequence[State],
    counted: Mapping[tuple[str, str], int],
) -> Metric:
    """With the zeros: what is not there cannot be told from what was not asked."""
    figures = kind(name, documentation, labels=("type", "state"))
    for labels in product(JobType.values, states):
        figures.add_metric(labels, counted.get(labels, 0))
    return figures


def _of_steps() -> Iterator[Metric]:
    histogram = HistogramMetricFamily(
        "guildhall_job_step_seconds", "How long the steps took that finished today.", labels=("step",)
    )
    edges = [(f"bucket_{index}", edge) for index, edge in enumerate(STEP_BUCKETS)]
    within = {name: Count("id", filter=Q(duration_ms__lte=edge * 1000)) for name, edge in edges}
    steps = JobStep.objects.filter(created_at__gte=_today()).order_by().values("name")
    for row in steps.annotate(n=Count("id"), total=Sum("duration_ms"), **within):
        buckets = [(str(float(edge)), row[name]) for name, edge in edges]
        histogram.add_metric((row["name"],), [*buckets, ("+Inf", row["n"])], row["total"] / 1000)
    yield histogram


def _of_writers() -> Iterator[Metric]:
    calls = CounterMetricFamily(
        "guildhall_writer_calls", "Calls of writers that ended today.", labels=("writer", "model", "outcome")
    )
    tokens = CounterMetricFamily(
        "guildhall_writer_tokens", "Tokens that writers used today.", labels=("writer", "model", "direction")
    )
    cost = CounterMetricFamily(
        "guildhall_writer_cost", "What that cost, in the currency of GUILDHALL_LLM_PRICES.", labels=("writer", "model")
    )
    used: Counter[tuple[str, str, str]] = Counter()
    paid: Counter[tuple[str, str]] = Counter()
    rows = WriterCall.objects.filter(created_at__gte=_today()).order_by().values("writer", "model", "outcome")
    for row in rows.annotate(n=Count("id"), sent=Sum("input_tokens"), got=Sum("output_tokens"), paid=Sum("cost")):
        who = row["writer"], row["model"]
        calls.add_metric((*who, row["outcome"]), row["n"])
        used.update({(*who, "input"): row["sent"], (*who, "output"): row["got"]})
        paid[who] += row["paid"] or 0
    for labels, number in used.items():
        tokens.add_metric(labels, number)
    for whose, amount in paid.items():
        cost.add_metric(whose, float(amount))
    yield from (calls, tokens, cost)


def _of_events() -> Iterator[Metric]:
    lag = kafka_lag()
    yield GaugeMetricFamily("guildhall_outbox_waiting", "Events that wait to be sent.", value=lag.waiting)
    yield GaugeMetricFamily(
        "guildhall_outbox_age_seconds",
        "Since when the oldest of them waits; 0 where none does.",
        value=_age(lag.oldest_at),
    )
    yield GaugeMetricFamily("guildhall_outbox_set_aside", "Events that Kafka refuses for good.", value=lag.set_aside)


def _of_index() -> Iterator[Metric]:
    yield GaugeMetricFamily(
        "guildhall_skills_without_vector",
        f"Skills that search finds by their words alone, counted up to {UNINDEXED_UP_TO}.",
        value=without_vector(UNINDEXED_UP_TO),
    )


def _of_processes() -> Metric:
    seen = GaugeMetricFamily(
        "guildhall_last_seen_seconds", "Since when a process gave no sign of life.", labels=("process",)
    )
    for name, sign in (signs_of_life() or {}).items():
        seen.add_metric((name,), _age(sign.at))
    return seen


def _today() -> datetime:
    """Where counters of the database begin: at midnight UTC they begin anew, which Prometheus takes for a restart."""
    return datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def _age(moment: datetime | None) -> float:
    return max(0.0, (datetime.now(UTC) - moment).total_seconds()) if moment else 0.0
