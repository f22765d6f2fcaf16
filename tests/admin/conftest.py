"""Two tenants with rows of every kind, made straight in the database, and people who look at them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.actor import Actor
from accounts.models import Client, User
from conversations.models import Message, Session
from jobs.models import Draft, Job, JobEvent, JobStep, Prompt
from jobs.states import EventKind, PromptKind, State
from skills.models import Skill, SkillVersion
from taxonomy.models import Category

TEXT = """---
name: tidy-logs
description: Tidy logs. Use when logs are long.
---

# Tidy logs

## When to Use

Often.
"""
QUESTIONS = [
    {
        "id": "q1",
        "text": "Which database?",
        "type": "single_choice",
        "options": ["PostgreSQL", "SQLite"],
        "allows_other": True,
    },
    {"id": "q2", "text": "Which outputs?", "type": "multiple_choice", "options": ["CSV", "JSON"]},
    {"id": "q3", "text": "May it write?", "type": "boolean"},
    {"id": "q4", "text": "Who reads it?", "type": "text"},
]
DATA: dict[str, dict[str, Any]] = {
    PromptKind.CLARIFYING_QUESTIONS: {"questions": QUESTIONS, "rationale": "The request names no database."},
    PromptKind.STRUCTURE_FIX: {
        "structure_issues": ["name must be lower case"],
        "structure_warnings": ["The name is long."],
        "suggested_fixes": [
            {
                "field": "skill_name",
                "issue": "name must be lower case",
                "current": "Tidy Logs!",
                "suggested": "tidy-logs",
                "explanation": "Use a-z.",
            }
        ],
        "current_skill_name": "Tidy Logs!",
        "current_description": "Tidy logs.",
    },
    PromptKind.CONFIRM: {
        "summary": "Skill: tidy-logs\nDescription: Tidy logs: fast.\nOutline: When to Use, Examples",
        "path": "operations/tidy-logs",
        "key_assumptions": ["Logs are text."],
    },
    PromptKind.PREVIEW: {
        "content": TEXT,
        "highlights": ["Tidy logs"],
        "notes": ["Added a section."],
        "sections_count": 1,
        "examples_count": 0,
        "reading_time": "1 min",
    },
    PromptKind.REVIEW: {
        "content": TEXT,
        "report": "Validation: quality failed",
        "passed": False,
        "validation_score": 0.5,
        "highlights": [],
        "findings": [
            {
                "rule": "quality.examples",
                "severity": "warning",
                "layer": "quality",
                "path": "SKILL.md",
                "line": 6,
                "message": "no example",
                "hint": "show one",
            }
        ],
        "unknown_key": {"deep": "later writers may say more"},
    },
}


def list_url(of: Any, query: str = "") -> str:
    """The address of the list of a model, or of the model of a row."""
    return reverse(f"admin:{of._meta.app_label}_{of._meta.model_name}_changelist") + query


def change_url(obj: Any) -> str:
    return reverse(f"admin:{obj._meta.app_label}_{obj._meta.model_name}_change", args=[obj.pk])


class World:
    """What a test puts into the database, in one tenant or another."""

    def client(self, client_id: str) -> Client:
        return Client.objects.get_or_create(
            pk=client_id, defaults={"name": f"Tenant {client_id}", "is_system": client_id == "system"}
        )[0]

    def user(self, name: str, client_id: str | None, role: str, **fields: Any) -> User:
        if client_id:
            self.client(client_id)
        return User.objects.create_user(name, client_id=client_id, role=role, is_staff=True, **fields)

    def job(self, client_id: str = "42", text: str = "Write a skill that tidies logs", **fields: Any) -> Job:
        self.client(client_id)
        fields = {
            "owner": "jane",
            "request": {"task_description": text},
            "plan": ["requirements", "plan"],
            "next_seq": 2,
            **fields,
        }
        job = Job.objects.create(client_id=client_id, **fields)
        JobEvent.objects.create(job=job, seq=1, kind=EventKind.QUEUED, message=f"Queued {client_id}")
        return job

    def prompt(
        self, kind: str = PromptKind.CONFIRM, client_id: str = "42", text: str = "Tidy", **fields: Any
    ) -> Prompt:
        job = fields.pop("job", None) or self.job(client_id, text, state=State.PENDING_HITL)
        fields.setdefault("data", DATA[kind])
        fields.setdefault("deadline_at", timezone.now() + timedelta(hours=1))
        return Prompt.objects.create(job=job, client_id=job.client_id, kind=kind, **fields)

    def draft(self, client_id: str = "42", content: str = TEXT, **fields: Any) -> Draft:
        job = self.job(client_id, state=State.COMPLETED, finished_at=timezone.now(), progress=100)
        JobStep.objects.create(job=job, name="plan", output={"name": "tidy-logs"}, duration_ms=1500)
        values = {
            "slug": "tidy-logs",
            "description": "Tidy logs. Use when logs are long.",
            "taxonomy_path": "operations",
        }
        values |= {"content": content, "passed": True, "score": 0.9, **fields}
        return Draft.objects.create(job=job, client_id=client_id, **values)

    def skill(self, client_id: str = "42", name: str = "Tidy logs", slug: str = "tidy-logs", **fields: Any) -> Skill:
        self.client(client_id)
        skill = Skill.objects.create(client_id=client_id, name=name, slug=slug, **{"content": TEXT, **fields})
        SkillVersion.objects.create(
            skill=skill,
            version=skill.semver,
            sort_key="1",
            skill_name=name,
            content=skill.content,
            document=skill.content,
            content_sha256="0" * 64,
        )
        return skill

    def conversation(self, client_id: str, owner: str, mark: str) -> Session:
        self.client(client_id)
        session = Session.objects.create(client_id=client_id, owner=owner, key=mark, next_seq=3)
        Message.objects.create(session=session, seq=1, role="user", content=f"I say {mark}")
        used = {"model": "scripted", "input_tokens": 10, "output_tokens": 2, "duration_ms": 5}
        data = {"action": {"type": "confirm_promotion", "data": {}}, "usage": [used]}
        Message.objects.create(session=session, seq=2, role="assistant", content=f"You say {mark}", data=data)
        return session

    def category(self, path: str = "operations", client_id: str = "42", **fields: Any) -> Category:
        self.client(client_id)
        slug = path.rpartition("/")[2]
        return Category.objects.create(client_id=client_id, path=path, slug=slug, **{"name": slug.title(), **fields})


@pytest.fixture(autouse=True)
def static_files(settings: Settings, tmp_path: Path) -> None:
    """WhiteNoise warns where `collectstatic` has not run."""
    settings.STATIC_ROOT = str(tmp_path)


@pytest.fixture
def world(db: None) -> World:
    return World()


@pytest.fixture
def sign_in() -> Callable[[User], Browser]:
    def browser_of(user: User) -> Browser:
        browser = Browser()
        browser.force_login(user)
        return browser

    return browser_of


@pytest.fixture
def manager(world: World, sign_in: Callable[[User], Browser]) -> Browser:
    return sign_in(world.user("jane", "42", "manager", display_name="Jane Doe"))


@pytest.fixture
def reader(world: World, sign_in: Callable[[User], Browser]) -> Browser:
    return sign_in(world.user("ursula", "42", "user"))


@pytest.fixture
def tenant_admin(world: World, sign_in: Callable[[User], Browser]) -> Browser:
    return sign_in(world.user("adam", "42", "admin"))


@pytest.fixture
def operator(world: World, sign_in: Callable[[User], Browser]) -> Browser:
    return sign_in(world.user("olga", None, "user", is_superuser=True))


@pytest.fixture
def other_tenant(world: World) -> Actor:
    """Somebody of tenant 99, for what services must write there."""
    user = world.user("sam", "99", "admin")
    return Actor.for_user(user, "command")


@pytest.fixture
def no_embedding(monkeypatch: pytest.MonkeyPatch) -> None:
    """Skills are stored without their vectors: no model is loaded for tests of the admin."""
    monkeypatch.setattr("skills.services.search.embed_skill", lambda skill: None)
