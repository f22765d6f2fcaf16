"""Many at once, over HTTP and with real connections."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.actor import Actor
from marketplace.models import Install
from marketplace.services import install_skill, publish_skill
from skills.models import Skill
from skills.versioning import delete_skill
from tests.conftest import Tenant, make_tenant
from tests.marketplace.conftest import at_once, events, make

pytestmark = pytest.mark.django_db(transaction=True)
URL = "/agent/api/skills"


def test_every_tenant_gets_its_own_copy(jane: Tenant, offer: Skill) -> None:
    tenants = [jane, *(make_tenant(f"c{number}", f"user-{number}", "") for number in range(7))]

    def install(number: int) -> None:
        install_skill(actor=tenants[number].actor, skill_id=offer.pk)

    at_once(len(tenants), install)
    assert Install.objects.filter(source_id=offer.pk).values("client_id").distinct().count() == len(tenants)


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
