"""What other systems hear when a published skill changes, whichever contract changes it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.actor import Actor
from accounts.models import Client as TenantRow
from jobs.models import Draft, Job
from jobs.services import promote_draft
from jobs.states import State
from marketplace.services import publish_skill, unpublish_skill
from outbox.models import OutboxEvent
from skills.models import DeletedSkill, Skill
from skills.services import update_skill
from skills.versioning import delete_skill, restore_skill
from tests.conftest import Tenant
from tests.marketplace.conftest import events, make

SAVED, DELETED = "extension_saved", "extension_deleted"


@pytest.fixture
def published(jane: Tenant) -> Skill:
    skill = publish_skill(actor=jane.actor, skill_id=make(jane.actor, domains=["data"]).pk)
    OutboxEvent.objects.all().delete()
    return skill


def call(tenant: Tenant, method: str, path: str, body: Any = None) -> Any:
    client = Client(headers=tenant.headers)
    answer = client.generic(method, path, b"" if body is None else body, content_type="application/json")
    assert answer.status_code == 200, answer.content
    return answer


def promote(actor: Actor, skill: Skill, *, make_active: bool) -> None:
    done = {"state": State.COMPLETED, "finished_at": timezone.now(), "request": {}, "plan": ["plan"]}
    job = Job.objects.create(client_id="42", owner="jane", **done)
    Draft.objects.create(
        job=job,
        client_id="42",
        slug=skill.slug,
        content=f"# {job.pk}\n",
        taxonomy_path="",
        report={"base": {"semver": skill.semver, "content_sha256": skill.content_sha256}},
        passed=True,
        score=1,
    )
    promote_draft(actor=actor, job_id=job.pk, make_active=make_active)


DEPRECATING: dict[str, Callable[[Tenant, Skill], Any]] = {
    "Kaman DELETE": lambda jane, skill: call(jane, "DELETE", f"/agent/api/skills/{skill.pk}"),
    "Kaman PUT": lambda jane, skill: call(jane, "PUT", f"/agent/api/skills/{skill.pk}", b'{"status": "deprecated"}'),
    "Code PUT": lambda jane, skill: call(jane, "PUT", f"/api/code/v1/skills/{skill.slug}", b'{"enabled": false}'),
    "Fleet promote": lambda jane, skill: promote(jane.actor, skill, make_active=False),
    "service": lambda jane, skill: update_skill(actor=jane.actor, skill=skill, status="deprecated", embed=False),
}


@pytest.mark.parametrize("way", DEPRECATING)
def test_deprecating_takes_a_published_skill_off_the_market(jane: Tenant, published: Skill, way: str) -> None:
    DEPRECATING[way](jane, published)
    published.refresh_from_db()
    assert (published.status, published.is_published) == ("deprecated", True)
    event = OutboxEvent.objects.get()
    assert (event.topic, event.key, event.payload["id"]) == (DELETED, str(published.pk), str(published.pk))
    assert event.payload.keys() == {"id", "name", "type", "clientId", "skill_manifest"}


REVIVING: dict[str, Callable[[Tenant, Skill], Any]] = {
    "Kaman PUT": lambda jane, skill: call(jane, "PUT", f"/agent/api/skills/{skill.pk}", b'{"status": "active"}'),
    "Code PUT": lambda jane, skill: call(jane, "PUT", f"/api/code/v1/skills/{skill.slug}", b'{"enabled": true}'),
    "Fleet promote": lambda jane, skill: promote(jane.actor, skill, make_active=True),
}


@pytest.mark.parametrize("way", REVIVING)
def test_back_to_active_announces_it_again(jane: Tenant, published: Skill, way: str) -> None:
    skill = update_skill(actor=jane.actor, skill=published, status="deprecated", embed=False)
    REVIVING[way](jane, skill)
    skill.refresh_from_db()
    assert events(skill) == [DELETED, SAVED]
    payload = OutboxEvent.objects.order_by("-id")[0].payload
    assert len(payload) == 13
    assert payload["skill_manifest"]["content"] == skill.content


def test_deleting_for_good_and_bringing_back(jane: Tenant, published: Skill) -> None:
    call(jane, "DELETE", f"/api/code/v1/skills/{published.slug}")
    assert not Skill.objects.filter(pk=published.pk).exists()
    assert events(published) == [DELETED]
    admin = Actor("42", "jane", "admin")
    restore_skill(actor=admin, deleted=DeletedSkill.objects.get())
    assert events(published) == [DELETED, SAVED]
    assert Skill.objects.get(pk=published.pk).is_on_offer


def test_deleting_tells_of_every_published_row_at_the_address(jane: Tenant, published: Skill) -> None:
    second = make(jane.actor, published.name)
    third = publish_skill(actor=jane.actor, skill_id=make(jane.actor, published.name).pk)
    delete_skill(actor=jane.actor, skill=second)
    assert (events(published), events(second), events(third)) == ([DELETED], [], [SAVED, DELETED])


def test_what_is_not_on_offer_changes_in_silence(jane: Tenant, published: Skill) -> None:
    unpublish_skill(actor=jane.actor, skill_id=published.pk)
    OutboxEvent.objects.all().delete()
    for status in ("deprecated", "active", "deprecated"):
        update_skill(actor=jane.actor, skill=published, status=status, embed=False)
    delete_skill(actor=jane.actor, skill=published)
    restore_skill(actor=Actor("42", "jane", "admin"), deleted=DeletedSkill.objects.get())
    assert not OutboxEvent.objects.exists()


def test_new_content_is_told_by_the_next_publish_alone(jane: Tenant, published: Skill) -> None:
    update_skill(actor=jane.actor, skill=published, content="New.", domains=[], embed=False)
    assert events(published) == []
    publish_skill(actor=jane.actor, skill_id=published.pk)
    payload = OutboxEvent.objects.get().payload
    assert (payload["skill_manifest"]["content"], payload["version"], payload["category"]) == (
        "New.",
        "1.0.1",
        "general",
    )


def test_an_event_goes_with_its_change(jane: Tenant, published: Skill) -> None:
    with transaction.atomic():
        unpublish_skill(actor=jane.actor, skill_id=published.pk)
        transaction.set_rollback(True)
    published.refresh_from_db()
    assert published.is_published
    assert not OutboxEvent.objects.exists()


def test_topics_may_have_other_names(jane: Tenant, published: Skill, settings: Settings) -> None:
    settings.KAFKA_TOPICS = {SAVED: "catalog.skills", DELETED: "catalog.skills"}
    publish_skill(actor=jane.actor, skill_id=published.pk)
    unpublish_skill(actor=jane.actor, skill_id=published.pk)
    assert set(OutboxEvent.objects.values_list("topic", flat=True)) == {"catalog.skills"}
    assert events(published) == [SAVED, DELETED]


@pytest.mark.parametrize(
    ("client_id", "shown"),
    [
        ("7", 7), ("0", 0), ("007", "007"), ("acme", "acme"), ("٣", "٣"), ("-1", "-1"), ("9" * 15, 10**15 - 1),
        ("9" * 50, "9" * 50),
    ],
)  # fmt: skip
def test_the_tenants_number(db: None, client_id: str, shown: int | str) -> None:
    TenantRow.objects.create(pk=client_id, name="T")
    actor = Actor(client_id, "robot")
    publish_skill(actor=actor, skill_id=make(actor).pk)
    payload = OutboxEvent.objects.get().payload
    assert (payload["clientId"], payload["userId"], payload["author"]) == (shown, "robot", "robot")
