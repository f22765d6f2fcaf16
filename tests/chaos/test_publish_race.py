"""T6. Skills are published and unpublished from all sides: what other systems hear ends with what the database says."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from django.db.models import Count
from django.test import Client

from accounts.models import AuditEvent
from outbox.models import OutboxEvent
from tests.chaos.plan import Measured, trials
from tests.conftest import Tenant
from tests.marketplace.conftest import at_once, events, make

pytestmark = [pytest.mark.plan("T6"), pytest.mark.django_db(transaction=True)]

SKILLS, THREADS, CALLS = trials(5, full=20), 4, trials(80, full=400)


def test_publishing_from_all_sides(jane: Tenant, measured: Measured) -> None:
    skills = [make(jane.actor, f"Skill {number}") for number in range(SKILLS)]

    def toggle(number: int) -> None:
        client, dice = Client(headers=jane.headers), random.Random(number)
        for _ in range(CALLS // THREADS):
            verb = dice.choice(["publish", "unpublish"])
            assert client.post(f"/agent/api/skills/{dice.choice(skills).pk}/{verb}").status_code == 200

    at_once(THREADS, toggle)
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
    assert total > CALLS // 2, "the dice must make real changes"
    assert OutboxEvent.objects.values("event_id").aggregate(n=Count("event_id", distinct=True))["n"] == total
    measured(f"{CALLS} calls, {SKILLS} skills, {THREADS} threads", f"{total} events, each key ends as its skill does")
