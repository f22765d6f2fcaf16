"""A row of every kind in tenants 42, 99 and `system`, with the tenant's mark in every text; and who calls.

What tenant 99 shows to others, published skills, says FOR_ALL where the marketplace may show it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.actor import SCOPES, Actor
from accounts.models import AccessToken, ApiKey, Client, User
from accounts.services import issue_api_key, record_audit, revoke_api_key
from accounts.tokens import issue_token
from analytics.models import UsageEvent
from api.tokens import sign
from conversations.models import Message, Session
from jobs.models import Draft, Job, JobEvent, JobStep, Prompt, WriterCall
from jobs.states import EventKind, PromptKind, State
from marketplace.models import Install
from outbox.models import OutboxEvent
from skills import search
from skills.models import DeletedSkill, SearchQuery, Skill, SkillAlias, SkillVersion
from taxonomy.models import Category, CategoryAlias, UserTaxonomy

# Lower-case words with hyphens: fit for slugs, aliases and paths too.
CANARY = "canary-of-tenant-99"
OURS = "mark-of-tenant-42"
SHARED = "mark-of-system"
FOR_ALL = "shown-to-everybody"
MARKS = {"42": OURS, "99": CANARY, "system": SHARED}


@dataclass
class Place:
    """One tenant. `refs` are the names by which requests address its things."""

    client_id: str
    manager: User
    refs: dict[str, str] = field(default_factory=dict)


def text_of(mark: str) -> str:
    return f"---\nname: {mark}\ndescription: Skill {mark}. Use when {mark} is asked for.\n---\n\n# {mark}\n\nText.\n"


def make_place(client_id: str) -> Place:
    mark = MARKS[client_id]
    client, _ = Client.objects.update_or_create(
        pk=client_id,
        defaults={"name": f"Tenant {mark}", "is_system": client_id == "system", "ignored_checks": [mark]},
    )
    manager = User.objects.create_user(
        f"manager-{mark}", email=f"m@{mark}.test", client=client, role="manager", display_name=f"Manager {mark}",
        first_name=mark, last_name=mark,
    )  # fmt: skip
    place = Place(client_id, manager)
    category = Category.objects.create(client=client, slug=mark, path=mark, name=mark, description=mark)
    skill = make_skill(client_id, mark, category=category)
    place.refs |= {"skill": mark, "skill_id": str(skill.pk), "alias": f"old/{mark}", "category": mark, "words": mark}
    CategoryAlias.objects.create(client=client, path=f"once-{mark}", category=category)
    place.refs["old_category"] = f"once-{mark}"
    _make_work(place, mark)
    _make_talk(place, mark, skill)
    _make_accounts(place, mark, skill)
    return place


def make_skill(client_id: str, mark: str, slug: str = "", **columns: Any) -> Skill:
    """A skill with two versions, and one that was deleted, whose every text is the mark, as search finds it."""
    file = {"path": f"{mark}.md", "filename": f"{mark}.md", "content": mark, "size": len(mark), "sha": f"sha-{mark}"}
    values: dict[str, Any] = {
        "name": mark, "slug": slug or mark, "description": f"Skill {mark}", "content": text_of(mark), "semver": "1.0.1",
        "content_tokens": 9, "trigger_keywords": [mark], "task_types": [mark], "domains": [mark], "tools": [mark],
        "source_session_id": mark, "supporting_files": [file], "author": mark, "code_author": mark, "tags": [mark],
        "capabilities": [mark], "source_url": f"https://{mark}.test", "source_branch": mark,
        "execution_environment": mark, "dependencies": [mark], "metadata": {mark: mark}, "content_sha256": f"s-{mark}",
        **columns,
    }  # fmt: skip
    skill = Skill.objects.create(client_id=client_id, **values)
    search.embed_skill(skill)
    for number, key in (("0.9.0", "a"), ("1.0.0", "b"), ("1.0.1", "c")):
        SkillVersion.objects.create(
            skill=skill, version=number, sort_key=key, description=mark, changes=[mark], skill_name=mark,
            skill_description=mark, content=text_of(mark), document=text_of(mark), files=[file],
            content_sha256=f"{number}-{mark}", created_by=mark,
        )  # fmt: skip
    SkillVersion.objects.filter(skill=skill, version="0.9.0").update(deleted_at=timezone.now(), deleted_by=mark)
    return skill


def _make_work(place: Place, mark: str) -> None:
    """A finished job with its draft, one that waits for a person, and one of each tenant's that failed."""
    now, base = timezone.now(), {"client_id": place.client_id, "owner": place.manager.username}
    done = Job.objects.create(
        **base, request={"task_description": f"Write {mark}"}, plan=["plan"], position=1, state=State.COMPLETED,
        progress=100, message=mark, finished_at=now, writer=mark, error=mark, error_code=mark, next_seq=3,
        idempotency_key=mark, phase=mark,
    )  # fmt: skip
    for seq, kind in ((1, EventKind.QUEUED), (2, EventKind.COMPLETED)):
        JobEvent.objects.create(job=done, seq=seq, kind=kind, phase=mark, message=mark, data={"text": mark})
    JobStep.objects.create(job=done, name=mark, output={"content": mark, "rationale": mark})
    WriterCall.objects.create(
        client_id=place.client_id, job=done, step=mark, purpose=mark, writer=mark, model=mark, prompt=mark, outcome=mark
    )
    file = {"path": f"{mark}.md", "content": mark, "size": len(mark), "sha": mark}
    Draft.objects.create(
        job=done, client_id=place.client_id, slug=f"draft-{mark}", description=mark, taxonomy_path=mark,
        content=text_of(f"draft-{mark}"), files=[file], trigger_keywords=[mark], domains=[mark], tags=[mark],
        report={"findings": [{"rule": "r", "severity": "info", "layer": "quality", "message": mark, "hint": mark,
                              "path": None, "line": None}]},
        passed=True, score=0.9, promoted_by=mark,
    )  # fmt: skip
    waiting = Job.objects.create(
        **base, request={"task_description": f"Write more {mark}"}, plan=["plan"], state=State.PENDING_HITL, next_seq=2,
        message=mark,
    )  # fmt: skip
    JobEvent.objects.create(job=waiting, seq=1, kind=EventKind.QUEUED, message=mark, data={"text": mark})
    Prompt.objects.create(
        job=waiting, client_id=place.client_id, kind=PromptKind.CONFIRM, deadline_at=now + timedelta(hours=1),
        assignee=mark,
        data={"summary": mark, "path": mark, "key_assumptions": [mark]},
    )  # fmt: skip
    Prompt.objects.create(
        job=done, client_id=place.client_id, kind=PromptKind.CONFIRM, deadline_at=now, answered_at=now,
        answered_by=mark, assignee=mark, response={"feedback": mark}, data={"summary": mark}, closed_at=now,
    )  # fmt: skip
    place.refs |= {"draft": f"draft-{mark}", "job": str(done.pk), "waiting": str(waiting.pk)}


def _make_talk(place: Place, mark: str, skill: Skill) -> None:
    """What people say, look for, use and adapt."""
    owner = place.manager.username
    session = Session.objects.create(
        client_id=place.client_id, owner=owner, key=mark, asked=mark, asked_data={"text": mark}, next_seq=2
    )
    Message.objects.create(session=session, seq=1, role="user", content=mark, client_key=mark, data={"text": mark})
    SearchQuery.objects.create(client_id=place.client_id, query=f"how to {mark}")
    UsageEvent.objects.create(
        client_id=place.client_id, event_id=mark, skill=skill, user_ref=mark, session_ref=mark, task_ref=mark,
        success=True, metadata={"text": mark},
    )  # fmt: skip
    UserTaxonomy.objects.create(client_id=place.client_id, user_ref=mark, priorities=[mark], hidden=[f"no-{mark}"])
    SkillAlias.objects.create(client_id=place.client_id, alias=f"old/{mark}", slug=mark, reason=mark)
    DeletedSkill.objects.create(
        client_id=place.client_id, slug=f"gone-{mark}", snapshot={"rows": mark}, deleted_by=mark
    )
    place.refs |= {"session": mark, "user": mark}


def _make_accounts(place: Place, mark: str, skill: Skill) -> None:
    actor = Actor.for_user(place.manager, "command")
    issue_api_key(actor=actor, user=place.manager, name=f"key {mark}")
    record_audit(actor=actor, action=mark, subject=skill, label=mark, detail={"text": mark})
    OutboxEvent.objects.create(topic=mark, key=mark, payload={"text": mark}, headers={"h": mark}, last_error=mark)


def trade(own: Place, foreign: Place, shared: Place) -> None:
    """Both tenants publish and install. Each shows one skill of which the summary alone is for everybody."""
    offered = {}
    for place in (own, foreign):
        texts = {"description": FOR_ALL, "trigger_keywords": [FOR_ALL], "domains": [FOR_ALL], "author": FOR_ALL}
        mark = MARKS[place.client_id]
        make_skill(place.client_id, mark, slug=f"shown-{mark}", is_published=True, name=FOR_ALL, **texts)
        for name in ("installable", "followed"):
            slug = f"{name}-of-{place.client_id}"
            offered[slug] = make_skill(place.client_id, FOR_ALL, slug=slug, is_published=True, name=slug, **texts)
    for place, source in ((own, offered["followed-of-99"]), (foreign, offered["followed-of-42"])):
        mark = MARKS[place.client_id]
        copy = make_skill(place.client_id, mark, slug=f"copy-{mark}", name=f"copy {mark}", is_marketplace=True)
        Install.objects.create(
            client_id=place.client_id, skill=copy, source_id=source.pk, source_client_id=source.client_id,
            source_semver="1.0.0", source_sha256="older", installed_by=mark,
        )  # fmt: skip
        place.refs["copy"] = str(copy.pk)
    own.refs["offer"] = str(offered["installable-of-99"].pk)
    for place in (foreign, shared):
        place.refs["offer"] = place.refs["skill_id"]
    shared.refs["copy"] = shared.refs["skill_id"]


@dataclass
class Callers:
    """Credentials as headers: of tenant 99's manager; and of 42's by role, by what is wrong with them, by scope."""

    stranger: dict[str, str]
    roles: dict[str, dict[str, str]]
    bad: dict[str, dict[str, str]]
    only: dict[str, dict[str, str]]
    without: dict[str, dict[str, str]]
    token: dict[str, str]
    readers_token: dict[str, str]


def make_callers(place: Place, foreign: Place) -> Callers:
    actor = Actor.for_user(place.manager, "command")

    def bearer(user: User, **options: Any) -> tuple[ApiKey, dict[str, str]]:
        key, raw = issue_api_key(actor=actor, user=user, name="matrix", **options)
        return key, {"Authorization": f"Bearer {raw}"}

    def bought(key: ApiKey) -> tuple[AccessToken, dict[str, str]]:
        soon = timezone.now() + timedelta(hours=1)
        token = issue_token(actor=actor, user=key.user, api_key=key, expires_at=soon)
        return token, {"Authorization": f"Bearer {sign(token, key.user.username)}"}

    people = {"manager": place.manager}
    for role in ("user", "admin"):
        people[role] = User.objects.create_user(f"{role}-of-42", client_id="42", role=role)
    roles = {role: bearer(user) for role, user in people.items()}
    readers, _ = bearer(place.manager, scopes=["read"])
    revoked, of_revoked = bearer(place.manager)
    _, by_revoked = bought(revoked)
    revoke_api_key(actor=actor, key=revoked)
    bad = {
        "none": {},
        "unknown": {"Authorization": "Bearer kam_" + "0" * 38},
        "revoked": of_revoked,
        "expired": bearer(place.manager, expires_at=timezone.now())[1],
        "token of a revoked key": by_revoked,
    }
    return Callers(
        stranger=bearer(foreign.manager)[1],
        roles={role: headers for role, (_, headers) in roles.items()},
        bad=bad,
        only={scope: bearer(place.manager, scopes=[scope])[1] for scope in SCOPES},
        without={scope: bearer(place.manager, scopes=set(SCOPES) - {scope})[1] for scope in SCOPES},
        token=bought(roles["manager"][0])[1],
        readers_token=bought(readers)[1],
    )
