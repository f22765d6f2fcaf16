"""The skill, the job, the prompt and the draft of the document's examples; nothing here needs a worker or a model."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.actor import Actor
from accounts.models import User
from accounts.services import issue_api_key
from jobs.models import Draft, Job, Prompt
from jobs.states import PromptKind, State
from skills import search
from skills.models import Skill
from skills.services import create_skill
from taxonomy.models import Category
from taxonomy.services import save_category
from tests.conftest import Tenant

GOLDEN = Path(__file__).parent / "golden"
JOB_ID = "f47ac10b-58cc-4372-a567-0e02b2c3d479"
GOOD_SKILL = """---
name: python-async-await
description: Python async/await programming patterns. Use when asked to write or review asyncio code.
---
# Python Async/Await

## When to Use

Use this for code that waits for many things at once.

## Quick Start

```python
await asyncio.gather(*tasks)
```

## Instructions

1. Find what blocks.
2. Await it.
"""


def golden(name: str) -> Any:
    """An example body of the document, as it is printed there."""
    return json.loads((GOLDEN / f"{name}.json").read_text())


def has_shape(answer: Any, example: Any) -> bool:
    """Every key of the example is there with a value of its type; clients of the original get more keys beside."""
    if isinstance(example, dict):
        return isinstance(answer, dict) and all(
            name in answer and has_shape(answer[name], value) for name, value in example.items()
        )
    if isinstance(example, float):
        return isinstance(answer, (int, float)) and not isinstance(answer, bool)
    if isinstance(example, list) and example:
        return isinstance(answer, list) and all(any(has_shape(item, one) for one in example) for item in answer)
    return type(answer) is type(example)


class Caller:
    """A client of the API who sends and gets JSON, with the credentials given."""

    def __init__(self, **headers: str) -> None:
        self.client = Client(headers=headers, raise_request_exception=False)

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(f"/api/v1/{path}", headers=headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self._send(self.client.post, path, body, headers)

    def put(self, path: str, body: Any = None, **headers: str) -> Any:
        return self._send(self.client.put, path, body, headers)

    @staticmethod
    def _send(method: Callable[..., Any], path: str, body: Any, headers: dict[str, str]) -> Any:
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body)
        return method(f"/api/v1/{path}", data, content_type="application/json", headers=headers)


def member_of(tenant: Tenant) -> Caller:
    """Somebody of the same tenant who is no manager."""
    user = User.objects.create_user("peer", client=tenant.client, role="user")
    _, key = issue_api_key(actor=tenant.actor, user=user, name="peer")
    return Caller(Authorization=f"Bearer {key}")


@pytest.fixture
def caller(jane: Tenant) -> Caller:
    return Caller(**jane.headers)


@pytest.fixture(autouse=True)
def no_model(monkeypatch: pytest.MonkeyPatch) -> list[Skill]:
    """Embedding is no business of this contract; the skills that would have been embedded."""
    embedded: list[Skill] = []
    monkeypatch.setattr(search, "embed_skill", embedded.append)
    return embedded


@pytest.fixture
def python(system: Actor) -> Category:
    """The category technical/programming/python, shared by all."""
    category = None
    for slug in ("technical", "programming", "python"):
        category = save_category(actor=system, slug=slug, parent=category)
    assert category
    return category


@pytest.fixture
def skill(jane: Tenant, python: Category) -> Skill:
    example = golden("skill")
    skill = create_skill(
        actor=jane.actor,
        name=example["name"],
        slug=example["skill_id"],
        description=example["description"],
        content=example["content"],
        code_author=example["metadata"]["author"],
        category=python,
    )
    Skill.objects.filter(pk=skill.pk).update(created_at=example["metadata"]["created_at"])
    return skill


def insert_job(tenant: Tenant, **columns: Any) -> Job:
    values: dict[str, Any] = {
        "client": tenant.client,
        "owner": tenant.user.username,
        "request": {"task_description": "Create a Python async/await programming skill"},
        "plan": ["clarify"],
        "state": State.RUNNING,
        "fence": 1,
    }
    if columns.get("state") in (State.COMPLETED, State.FAILED, State.CANCELLED):
        values["finished_at"] = timezone.now()
    return Job.objects.create(**{**values, **columns})


@pytest.fixture
def job(jane: Tenant) -> Job:
    example = golden("job")
    times = {name: datetime.fromisoformat(example[name]) for name in ("created_at", "updated_at")}
    return insert_job(jane, id=JOB_ID, progress=example["progress"], **times)


def ask(job: Job, kind: PromptKind, data: dict[str, Any]) -> Prompt:
    Job.objects.filter(pk=job.pk).update(state=State.PENDING_HITL)
    deadline = timezone.now() + timedelta(hours=1)
    return Prompt.objects.create(job=job, client_id=job.client_id, kind=kind, data=data, deadline_at=deadline)


@pytest.fixture
def question(job: Job) -> Prompt:
    return ask(job, PromptKind.CLARIFYING_QUESTIONS, golden("prompt")["data"])


def insert_draft(job: Job, **columns: Any) -> Draft:
    Job.objects.filter(pk=job.pk).update(state=State.COMPLETED, finished_at=timezone.now(), progress=100)
    values: dict[str, Any] = {
        "job": job,
        "client_id": job.client_id,
        "slug": "python-async-await",
        "description": "Python async/await programming patterns",
        "taxonomy_path": "technical/programming/python",
        "content": GOOD_SKILL,
        "passed": True,
        "score": 0.9,
    }
    return Draft.objects.create(**{**values, **columns})


@pytest.fixture
def draft(job: Job) -> Draft:
    return insert_draft(job)
