"""A conversation over HTTP, whose jobs run as soon as they are rung for."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from pytest_django import Settings

from jobs import runner, tasks
from tests.conftest import Tenant
from tests.inference.provider import Provider


@dataclass
class Talk:
    """One person's session."""

    tenant: Tenant
    key: str = "sess_123"
    answers: list[Any] = field(default_factory=list)

    def say(self, text: str, **more: Any) -> Any:
        body = {"session_id": self.key, "message": text, **more}
        response = Client(headers=self.tenant.headers).post(
            "/api/v1/conversational/message", body, content_type="application/json"
        )
        assert response.status_code == 200, response.content
        self.answers.append(response.json())
        return self.answers[-1]

    def history(self) -> list[Any]:
        path = f"/api/v1/conversational/session/{self.key}/history"
        found: list[Any] = Client(headers=self.tenant.headers).get(path).json()["messages"]
        return found


@pytest.fixture
def talk(jane: Tenant) -> Talk:
    return Talk(jane)


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Iterator[None]:
    """A worker in this process: a thread for each ring."""
    settings.ASSISTANT_PATIENCE_SECONDS = 60
    running: list[threading.Thread] = []

    def run(job_id: UUID) -> None:
        try:
            runner.run_job(job_id)
        finally:
            connection.close()

    def ring(job_id: UUID, *, queue: str = "jobs") -> None:
        running.append(threading.Thread(target=run, args=[job_id]))
        running[-1].start()

    monkeypatch.setattr(tasks, "ring", ring)
    yield
    for thread in running:
        thread.join(60)


@pytest.fixture
def model(model: Provider, settings: Settings) -> Provider:
    """A scripted model behind the real client; what jobs write, rules write."""
    settings.WRITER = "inference.offline_writer.OfflineWriter"
    return model
