"""One trace from the request through the steps of its job to the calls of its model, told to a collector without a word
of what people wrote; and nothing at all while it is off."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.test import Client as Http
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from core import tracing
from jobs import runner
from jobs.models import Job
from jobs.services import answer_prompt, start_job
from jobs.states import Action, State
from tests.conftest import Tenant
from tests.inference.fixtures import KEY
from tests.inference.provider import Fail, Provider
from tests.operations.processes import instance

pytestmark = pytest.mark.django_db(transaction=True)
TASK = "Review PostgreSQL migrations before a release, for project Nightingale"
CALLER = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@pytest.fixture(autouse=True)
def _no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jobs.tasks.run_job.apply_async", lambda *args, **options: None)


class Spans:
    def __init__(self, exporter: InMemorySpanExporter) -> None:
        self._exporter = exporter

    def named(self, beginning: str) -> list[ReadableSpan]:
        return [span for span in self._exporter.get_finished_spans() if span.name.startswith(beginning)]

    def traces(self) -> set[int]:
        return {span.context.trace_id for span in self._exporter.get_finished_spans() if span.context}

    @property
    def text(self) -> str:
        return "".join(span.to_json() for span in self._exporter.get_finished_spans())


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> Spans:
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(tracing, "tracer", provider.get_tracer("guildhall"))
    return Spans(exporter)


def start(jane: Tenant, **headers: str) -> Job:
    body = {"task_description": TASK}
    answer = Http(headers=jane.headers | headers).post("/api/v1/skills", body, "application/json")
    assert answer.status_code in (200, 201, 202), answer.content
    return Job.objects.get()


def test_one_trace_from_request_to_provider(jane: Tenant, model: Provider, spans: Spans) -> None:
    job = start(jane, traceparent=CALLER)
    runner.run_job(job.pk)  # in a worker: nothing of the request is left but the row
    (request,) = spans.named("POST fleet:skills")
    assert spans.traces() == {int(CALLER.split("-")[1], 16)}, "the caller's own trace goes on"
    assert request.kind == SpanKind.SERVER
    assert request.attributes
    assert request.attributes["http.response.status_code"] in (200, 201, 202)
    steps = {span.context.span_id: span for span in spans.named("step ") if span.context}
    assert {"step requirements", "step generate"} <= {span.name for span in steps.values()}
    assert all(span.parent and span.parent.span_id == request.context.span_id for span in steps.values())
    calls = spans.named("chat scripted-1")
    assert len(calls) == len(model.requests) > 0
    assert all(span.kind == SpanKind.CLIENT and span.parent and span.parent.span_id in steps for span in calls)


def test_who_lets_a_job_go_on_has_its_work_in_their_trace(jane: Tenant, model: Provider, spans: Spans) -> None:
    with tracing.span("the wish"):
        job = start_job(actor=jane.actor, request={"task_description": TASK, "confirm": True})
    runner.run_job(job.pk)
    assert Job.objects.get().state == State.PENDING_HITL
    before = spans.traces()
    with tracing.span("the decision"):
        answer_prompt(actor=jane.actor, job_id=job.pk, action=Action.PROCEED)
    runner.run_job(job.pk)
    (decision,) = spans.named("the decision")
    assert decision.context
    later = [span for span in spans.named("step ") if span.context and span.context.trace_id not in before]
    assert later
    assert {span.context.trace_id for span in later if span.context} == {decision.context.trace_id}


def test_a_failure_is_told_by_its_kind(jane: Tenant, model: Provider, spans: Spans) -> None:
    model.script(Fail(401, body=f'{{"error": {{"message": "{KEY}: {TASK}"}}}}'))
    runner.run_job(start(jane).pk)
    failed = [span for span in spans.named("") if span.status.status_code == StatusCode.ERROR]
    assert {span.name.split()[0] for span in failed} == {"step", "chat"}
    assert all(not span.events for span in failed), "exceptions and their messages are no part of a span"


def test_spans_hold_nothing_that_people_wrote(jane: Tenant, model: Provider, spans: Spans) -> None:
    runner.run_job(start(jane).pk)
    Http(headers=jane.headers).get("/api/v1/skills?query=Nightingale")
    assert "GET fleet:skills" in spans.text
    for canary in ("Nightingale", jane.key, KEY, "Bearer"):
        assert canary not in spans.text


def test_off_is_nothing(jane: Tenant, model: Provider) -> None:
    with tracing.span("anything") as span:
        assert not span.is_recording()
        assert tracing.traceparent() == ""
    job = start(jane)
    assert job.trace == ""
    began = time.perf_counter()
    for _ in range(1_000):
        with tracing.span("anything"):
            pass
    assert time.perf_counter() - began < 1, "a thousandth of this is what each request, step and call pays"


# --- As the processes do it -------------------------------------------------------------------------------------------


@pytest.fixture
def collector() -> Iterator[tuple[str, list[Any]]]:
    """The address of a collector for OTLP over HTTP, and the spans it got."""
    got: list[Any] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = ExportTraceServiceRequest()
            asked.ParseFromString(self.rfile.read(int(self.headers["Content-Length"])))
            got.extend(
                span for resource in asked.resource_spans for scope in resource.scope_spans for span in scope.spans
            )
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", got
    server.shutdown()
    server.server_close()
    thread.join(5)


@pytest.mark.slow
@pytest.mark.xdist_group("processes")
def test_the_processes_send_their_spans_to_the_collector(
    jane: Tenant, model: Provider, collector: tuple[str, list[Any]], tmp_path: Path
) -> None:
    """The web and a real worker: the trace goes from one to the other through the row of the job."""
    url, got = collector
    house = instance(
        tmp_path, 13,
        OTEL_EXPORTER_OTLP_ENDPOINT=url, OTEL_BSP_SCHEDULE_DELAY="600000",
        GUILDHALL_LLM_MODEL="scripted-1", GUILDHALL_LLM_BASE_URL=model.url, GUILDHALL_LLM_API_KEY=KEY,
    )  # fmt: skip
    with house.worker(), house.web():
        headers = {**jane.headers, "traceparent": CALLER}
        told = httpx.post(f"{house.url}/api/v1/skills", headers=headers, json={"task_description": TASK}, timeout=30)
        assert told.status_code == 200, told.text
        house.wait_for("worker", lambda: Job.objects.get().is_finished)
        assert not got, "their time has not come"
    assert {span.name.split()[0] for span in got} == {"POST", "step", "chat"}, (
        "the last ones are sent when a process ends"
    )
    assert {span.trace_id.hex() for span in got} == {CALLER.split("-")[1]}
    assert KEY not in house.said
    assert "Nightingale" not in house.said + str(got)
