"""What models cost each tenant: every call is written down the moment it ended, and a monthly budget stops new work."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import F, Sum
from django.utils import timezone

from accounts.models import Client
from core.errors import LimitReached
from inference.usage import OK, Call, Sink
from jobs.models import Job, WriterCall


def record_call(client_id: str, call: Call, *, job: Job | None = None, step: str = "") -> None:
    """Calls are written apart from what comes of them: tokens are spent also where a worker dies or a step fails."""
    WriterCall.objects.create(
        client_id=client_id,
        job=job,
        step=step or call.purpose,
        round=job.round if job else 1,
        **{
            name: getattr(call, name)
            for name in (
                "purpose", "writer", "model", "prompt", "prompt_version", "input_tokens", "output_tokens",
                "is_estimated", "cost", "duration_ms", "outcome",
            )
        },
    )  # fmt: skip


def sink_of(job: Job, step: str) -> Sink:
    """For inference.usage.recording while the job runs the step."""
    return lambda call: record_call(job.client_id, call, job=job, step=step)


def tokens_this_month(client_id: str) -> int:
    """Input and output together, in the present calendar month (UTC)."""
    calls = WriterCall.objects.filter(client_id=client_id, created_at__gte=_month_began(timezone.now()))
    return calls.aggregate(total=Sum(F("input_tokens") + F("output_tokens")))["total"] or 0


def budget_of(client_id: str) -> int:
    """Tokens a month; 0: no limit."""
    own = Client.objects.filter(pk=client_id).values_list("monthly_tokens", flat=True).first()
    return settings.MONTHLY_TOKENS if own is None else own


def check_budget(client_id: str) -> None:
    """Raises LimitReached `token_budget_used` where the tenant has used up its month; work under way goes on."""
    budget = budget_of(client_id)
    if not budget or (used := tokens_this_month(client_id)) < budget:
        return
    now = timezone.now()
    begins = _month_began(_month_began(now) + timedelta(days=32))
    message = (
        f"The monthly token budget is used up ({used:,} of {budget:,} tokens); it begins anew on {begins:%Y-%m-%d}."
    )
    raise LimitReached(message, code="token_budget_used", retry_after=(begins - now).total_seconds())


def _month_began(moment: datetime) -> datetime:
    return moment.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def calls_of(job: Job) -> list[WriterCall]:
    """In the order in which they ended."""
    return list(job.calls.order_by("id"))


def totals_of(calls: Sequence[WriterCall]) -> dict[str, Any]:
    """Tokens and cost of a job's calls; the cost is None where no price is known. `writers` says who wrote what: the
    steps of each writer whose word counted, in order."""
    writers: dict[str, list[str]] = {}
    for call in calls:
        if call.outcome == OK and call.step not in (steps := writers.setdefault(call.model or call.writer, [])):
            steps.append(call.step)
    priced = [call.cost for call in calls if call.cost is not None]
    return {
        "input_tokens": sum(call.input_tokens for call in calls),
        "output_tokens": sum(call.output_tokens for call in calls),
        "cost": sum(priced) if priced else None,
        "writers": writers,
    }
