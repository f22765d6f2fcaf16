"""Rows whose every text would run in a page that took it for HTML, a script or an address."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db.models import CharField, Field, JSONField, Model, TextField
from django.db.models.functions import Cast
from django.utils import timezone

from accounts.models import ApiKey, AuditEvent, Client, User
from analytics.models import UsageEvent
from conversations.models import Message, Session
from jobs.models import Draft, Job, JobEvent, JobStep, Prompt, WriterCall
from jobs.states import EventKind, State
from marketplace.models import Install
from outbox.models import OutboxEvent
from skills.models import DeletedSkill, SearchQuery, Skill, SkillAlias, SkillVersion
from taxonomy.models import Category, CategoryAlias, UserTaxonomy
from tests.admin.conftest import DATA

LONG = (
    "'\"></textarea></title></pre></script><script>alert(1)</script><img src=x onerror=alert(2)>"
    "<svg onload=alert(3)>{{ constructor.constructor('alert(4)')() }}"
    "[a](javascript:alert(5))<a href=javascript:alert(6)>"
)
# Fits into the shortest columns.
SHORT = "<svg onload=alert()>"
ADDRESS = "javascript:alert(7)"
DOCUMENT = (
    f"---\nname: {LONG!r}\ndescription: {LONG!r}\n---\n\n# {LONG}\n\n{LONG}\n\n`{LONG}`\n\n[{LONG}](<{ADDRESS}>)\n"
)
OUR_APPS = ("accounts", "analytics", "conversations", "jobs", "marketplace", "outbox", "skills", "taxonomy")
# Kept in a form by the database or by Django, or made of nothing a person writes.
FORMED = {
    "accounts.accesstoken.password_mark", "accounts.apikey.key_sha256", "accounts.apikey.scopes", "accounts.client.id",
    "accounts.user.password", "conversations.session.status", "jobs.job.plan", "skills.skill.semver",
    "skills.skill.slug", "skills.skillalias.alias", "skills.skillversion.version", "taxonomy.category.path",
    "taxonomy.category.slug", "taxonomy.categoryalias.path",
}  # fmt: skip


def text_for(field: Any) -> str | None:
    """None where nothing that runs fits in."""
    room = field.max_length or len(LONG)
    return LONG if room >= len(LONG) else SHORT if room >= len(SHORT) else None


def attack_on(field: Field[Any, Any]) -> Any:
    """A value for the column; None where it takes no text."""
    if field.is_relation or field.primary_key or field.choices:
        return None
    if isinstance(field, ArrayField):
        text = text_for(field.base_field)
        return [text] if text else None
    if isinstance(field, JSONField):
        return [LONG] if isinstance(field.get_default(), list) else {SHORT: LONG}
    return text_for(field) if isinstance(field, CharField | TextField) else None


def plant(model: type[Model], **given: Any) -> Any:
    """A row with an attack in every text that is not given."""
    attacks = {field.name: attack_on(field) for field in model._meta.concrete_fields if field.attname not in given}
    values = {name: value for name, value in attacks.items() if value is not None and name not in given}
    return model._default_manager.create(**values, **given)


def hostile(value: Any) -> Any:
    """The same shape with an attack in every text that is not a type or an id."""
    if isinstance(value, dict):
        kept = {"type", "id", "field", "severity"}
        return {name: one if name in kept else hostile(one) for name, one in value.items()}
    if isinstance(value, list):
        return [hostile(one) for one in value]
    return LONG + value if isinstance(value, str) else value


def plant_everything(manager: User) -> None:
    """In tenant 42, of which `manager` is one, and what tenant 99 shows to it."""
    own = {"client_id": "42"}
    plant(Client, id="99", is_system=False)
    Client.objects.filter(pk="42").update(name=LONG[:255], ignored_checks=[SHORT])
    User.objects.filter(pk=manager.pk).update(display_name=LONG, first_name=SHORT, last_name=SHORT, email=SHORT)
    User.objects.create_user(SHORT, client_id="42", display_name=LONG, is_staff=True)
    plant(ApiKey, **own, user=manager, role="manager", scopes=["read"], key_sha256="0" * 64, prefix="kam_0000")
    category = plant(Category, **own, slug="evil", path="evil")
    plant(CategoryAlias, **own, path="once-evil", category=category)
    skill = _plant_skills(category)
    _plant_use(skill)
    _plant_jobs()
    session = plant(Session, **own, owner=manager.username, status="active", next_seq=3)
    for seq, role in ((1, "user"), (2, "assistant")):
        plant(Message, session=session, seq=seq, role=role, client_key=f"{SHORT}{seq}")
    plant(Session, **own, status="active")
    plant(OutboxEvent, payload={LONG: LONG}, set_aside_at=timezone.now())
    for tenant in (own, {}):
        plant(AuditEvent, surface="admin", **tenant)


def _plant_skills(category: Category) -> Skill:
    file = {"path": f"{SHORT}.md", "filename": LONG, "content": LONG, "size": 9, "sha": "ab" * 32}
    texts = {"content": DOCUMENT, "semver": "1.1.0", "supporting_files": [file], "source_url": ADDRESS}
    skill: Skill = plant(Skill, client_id="42", slug="evil", category=category, is_published=True, **texts)
    for number, content in (("1.0.0", LONG), ("1.1.0", DOCUMENT)):
        plant(
            SkillVersion, skill=skill, version=number, sort_key=f"{number}{LONG}"[:200], content=content, files=[file]
        )
    plant(SkillAlias, client_id="42", alias="old/evil", slug="evil")
    plant(SkillAlias, client_id="42", alias="old/worse")
    plant(DeletedSkill, client_id="42", snapshot={LONG: LONG})
    offer = plant(Skill, client_id="99", slug="offer", is_published=True, **texts)
    copy = plant(Skill, client_id="42", slug="copy", is_marketplace=True, **texts)
    plant(Install, client_id="42", skill=copy, source_id=offer.pk)
    return skill


def _plant_use(skill: Skill) -> None:
    plant(UsageEvent, client_id="42", skill=skill, success=True)
    plant(SearchQuery, client_id="42")
    plant(UserTaxonomy, client_id="42")


def _plant_jobs() -> None:
    now = timezone.now()
    common = {"client_id": "42", "plan": ["plan"], "request": {"task_description": LONG, LONG: LONG}, "next_seq": 3}
    for kind, data in DATA.items():
        job = plant(Job, **common, state=State.PENDING_HITL, idempotency_key=f"{SHORT}{kind}")
        more = {"data": hostile(data), "deadline_at": now + timedelta(hours=1)}
        past = {"action": "revise", "feedback": LONG, "answers": {"q1": LONG}, "fields": {"skill_name": LONG}}
        plant(Prompt, client_id="42", job=job, kind=kind, round=1, response=past, answered_at=now, **more)
        plant(Prompt, client_id="42", job=job, kind=kind, round=2, response=None, **more)
    for state in (State.RUNNING, State.FAILED, State.COMPLETED):
        ended = None if state == State.RUNNING else now
        job = plant(Job, **common, state=state, finished_at=ended, idempotency_key=f"{SHORT}{state}")
        for seq, event in enumerate((EventKind.QUEUED, EventKind.STEP_FINISHED), 1):
            plant(JobEvent, job=job, seq=seq, kind=event, data={"step": LONG, "round": 1, "duration_ms": 5})
        plant(JobStep, job=job, output={"rounds": [], LONG: LONG})
        plant(WriterCall, client_id="42", job=job)
        report = {"findings": [hostile({"rule": "r", "message": "m", "severity": "error", "line": 2})]}
        files = [{"path": LONG, "content": LONG, "size": 1, "sha": LONG}]
        plant(Draft, client_id="42", job=job, content=DOCUMENT, passed=True, score=0.5, report=report, files=files)


def spared() -> list[str]:
    """The text columns in which no attack stands."""
    missing = []
    for app in OUR_APPS:
        for model in apps.get_app_config(app).get_models():
            for field in model._meta.concrete_fields:
                name = f"{app}.{model._meta.model_name}.{field.name}"
                if name in FORMED or model._meta.proxy or attack_on(field) is None:
                    continue
                shown = model._default_manager.annotate(shown=Cast(field.name, TextField()))
                if not shown.filter(shown__contains="alert(").exists():
                    missing.append(name)
    return missing
