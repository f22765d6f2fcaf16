"""What operators see of streams: how many are open, one line for each, their place in a trace."""

from __future__ import annotations

import asyncio
import logging

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from prometheus_client import REGISTRY

from config.asgi import application
from core import tracing
from jobs import services
from jobs.models import Job
from tests.api.fleet.streams.conftest import headers_of, path_of, refused, until, viewer_of, work
from tests.config.asgi_client import Client
from tests.conftest import Tenant

pytestmark = pytest.mark.django_db(transaction=True)


def viewers() -> float:
    return REGISTRY.get_sample_value("guildhall_stream_viewers") or 0


def requests(route: str, method: str, status: int) -> float:
    labels = {"contract": "fleet", "route": route, "method": method, "status": str(status)}
    return REGISTRY.get_sample_value("guildhall_requests_total", labels) or 0


def lines(caplog: pytest.LogCaptureFixture) -> list[tuple[str, str, int]]:
    return [
        (record.method, record.route, record.status)  # type: ignore[attr-defined]
        for record in caplog.records
        if record.name == "guildhall.access"
    ]


def test_viewers_are_counted_while_they_watch(job: Job, jane: Tenant, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "guildhall.access")
    before = requests("fleet:job-stream", "GET", 200)

    async def scenario() -> float:
        watching = [asyncio.create_task(viewer_of(job, jane).watch()) for _ in range(3)]
        await until(lambda: requests("fleet:job-stream", "GET", 200) == before + 3)
        seen = viewers()
        await work(lambda: services.cancel_job(actor=jane.actor, job_id=job.pk))
        await asyncio.gather(*watching)
        return seen

    assert asyncio.run(scenario()) == 3
    assert viewers() == 0
    assert lines(caplog) == [("GET", "fleet:job-stream", 200)] * 3


def test_a_refused_stream_is_told_too(job: Job, jane: Tenant, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "guildhall.access")
    refused(Client("GET", path_of(job) + "?token=kam_secret"))
    assert lines(caplog) == [("GET", "fleet:job-stream", 401)]
    assert "kam_secret" not in caplog.text


def test_a_job_that_a_stream_makes_is_in_its_trace(jane: Tenant, job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(tracing, "tracer", provider.get_tracer("guildhall"))
    body = b'{"task_description": "Write a skill about watching what is made"}'
    client = Client("POST", "/api/v1/skills/stream", (body,), content_type="application/json", **headers_of(jane))

    async def scenario() -> None:
        calling = asyncio.create_task(client.call(application))
        await until(lambda: bool(client.reply.chunks))
        client.disconnect()
        await calling

    asyncio.run(scenario())
    (span,) = exporter.get_finished_spans()
    made = Job.objects.exclude(pk=job.pk).get()
    assert span.name == "POST fleet:new-job-stream"
    assert span.context
    assert made.trace.split("-")[1:3] == [f"{span.context.trace_id:032x}", f"{span.context.span_id:016x}"]


def test_what_the_bridge_refuses_is_counted() -> None:
    before = REGISTRY.get_sample_value(*_refused()) or 0
    asked = Client("POST", "/api/v1/skills", (b"",), content_length=str(1 << 40))
    assert asyncio.run(asked.call(application)).status == 413
    assert (REGISTRY.get_sample_value(*_refused()) or 0) == before + 1


def _refused() -> tuple[str, dict[str, str]]:
    labels = {"contract": "fleet", "route": "unmatched", "method": "other", "status": "413"}
    return "guildhall_requests_total", labels
