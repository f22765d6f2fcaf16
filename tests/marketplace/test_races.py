"""Many at once, over HTTP and with real connections."""

from __future__ import annotations

import random
from collections import Counter
from itertools import pairwise

import pytest
from django.db.models import Count
from django.test import Client

from accounts.actor import Actor
from accounts.models import AuditEvent
from marketplace.models import Install
from marketplace.services import install_skill, publish_skill
from outbox.models import OutboxEvent
from skills.models import Skill
from skills.versioning import delete_skill
from tests.conftest import Tenant, make_tenant
from tests.marketplace.conftest import at_once, events, make

pytestmark = pytest.mark.django_db(transaction=True)
URL = "/agent/api/skills"


def test_500_installs_of_one_skill_by_one_tenant(jane: Tenant, offer: Skill) -> None:
    threads, each = 25, 20
    answers: list[tuple[int, object]] = []

    def install(_number: int) -> None:
        client = Client(headers=jane.headers)
        for _ in range(each):
            answer = client.post(f"{URL}/{offer.pk}/install")
            answers.append((answer.status_code, answer.json().get("error")))

    at_once(threads, install)
    assert Counter(answers) == {(201, None): 1, (409, "Skill already installed"): threads * each - 1}
    copy = Skill.objects.get(client_id="42")
    assert Install.objects.get().skill_id == copy.pk
    assert copy.versions.count() == 1
    assert AuditEvent.objects.filter(action="install").count() == 1


def test_every_tenant_gets_its_own_copy(jane: Tenant, offer: Skill) -> None:
    tenants = [jane, *(make_tenant(f"c{number}", f"user-{number}", "") for number in range(7))]

    def install(number: int) -> None:
        install_skill(actor=tenants[number].actor, skill_id=offer.pk)

    at_once(len(tenants), install)
    assert Install.objects.filter(source_id=offer.pk).values("client_id").distinct().count() == len(tenants)


def test_400_publishes_and_unpublishes_of_20_skills_by_4_threads(jane: Tenant) -> None:
    skills = [make(jane.actor, f"Skill {number}") for number in range(20)]

    def toggle(number: int) -> None:
        client, dice = Client(headers=jane.headers), random.Random(number)
        for _ in range(100):
            verb = dice.choice(["publish", "unpublish"])
            assert client.post(f"{URL}/{dice.choice(skills).pk}/{verb}").status_code == 200

    at_once(4, toggle)
    told = {"publish": "extension_saved", "unpublish": "extension_deleted"}
    total = 0
    for skill in skills:
        skill.refresh_from_db()
        lines = AuditEvent.objects.filter(subject_id=str(skill.pk), action__in=told).order_by("id")
        heard = events(skill)
        assert heard == [told[action] for action in lines.values_list("action", flat=True)]
        assert (heard[-1:] == ["extension_saved"]) == skill.is_published
        assert ("extension_deleted", "extension_deleted") not in pairwise(heard), "gone twice"
        total += len(heard)
    assert total > 200, "the dice must make real changes"
    assert OutboxEvent.objects.values("event_id").aggregate(n=Count("event_id", distinct=True))["n"] == total


def test_events_follow_the_commits_also_when_a_skill_is_deprecated_meanwhile(jane: Tenant) -> None:
    skill = make(jane.actor)
    publish_skill(actor=jane.actor, skill_id=skill.pk)

    def change(number: int) -> None:
        client = Client(headers=jane.headers)
        for turn in range(15):
            if number % 2:
                client.post(f"{URL}/{skill.pk}/{'publish' if turn % 3 else 'unpublish'}")
            else:
                body = {"enabled": bool(turn % 2)}
                client.put(f"/api/code/v1/skills/{skill.slug}", body, content_type="application/json")

    at_once(4, change)
    skill.refresh_from_db()
    assert (events(skill)[-1] == "extension_saved") == skill.is_on_offer


def test_an_install_and_the_end_of_its_source(jane: Tenant, sam: Tenant) -> None:
    """Either the copy was first, and lives on, or there was nothing to install any more."""
    for number in range(8):
        skill = publish_skill(actor=sam.actor, skill_id=make(sam.actor, f"Race {number}").pk)
        statuses: list[int] = []

        def act(place: int, skill: Skill = skill, statuses: list[int] = statuses) -> None:
            if place:
                delete_skill(actor=sam.actor, skill=skill)
            else:
                statuses.append(Client(headers=jane.headers).post(f"{URL}/{skill.pk}/install").status_code)

        at_once(2, act)
        copies = Skill.objects.filter(client_id="42", name=skill.name)
        assert (statuses, copies.count()) in (([201], 1), ([404], 0))
        assert all(copy.parent_skill_id is None for copy in copies)


def test_a_name_that_another_request_takes_meanwhile(jane: Tenant, offer: Skill) -> None:
    statuses: list[int] = []

    def act(number: int) -> None:
        client = Client(headers=jane.headers)
        if number:
            make(Actor("42", "jane"), offer.name)
        else:
            statuses.append(client.post(f"{URL}/{offer.pk}/install").status_code)

    at_once(4, act)
    assert statuses[0] in (201, 409)
    assert Skill.objects.filter(client_id="42").values("slug", "version").distinct().count() == 3 + (statuses == [201])
