"""T5. Many installs of one skill by one tenant at once make one copy."""

from __future__ import annotations

from collections import Counter

import pytest
from django.test import Client

from accounts.models import AuditEvent
from marketplace.models import Install
from skills.models import Skill
from tests.chaos.plan import Measured, trials
from tests.conftest import Tenant
from tests.marketplace.conftest import at_once, offer

pytestmark = [pytest.mark.plan("T5"), pytest.mark.django_db(transaction=True)]
__all__ = ["offer"]

THREADS, EACH = trials(20, full=50), trials(5, full=10)


def test_one_of_many_installs_makes_the_copy(jane: Tenant, offer: Skill, measured: Measured) -> None:
    answers: list[tuple[int, object]] = []

    def install(_number: int) -> None:
        client = Client(headers=jane.headers)
        for _ in range(EACH):
            answer = client.post(f"/agent/api/skills/{offer.pk}/install")
            answers.append((answer.status_code, answer.json().get("error")))

    at_once(THREADS, install)
    refused = THREADS * EACH - 1
    assert Counter(answers) == {(201, None): 1, (409, "Skill already installed"): refused}
    copy = Skill.objects.get(client_id=jane.id)
    assert Install.objects.get().skill_id == copy.pk
    assert copy.versions.count() == 1
    assert AuditEvent.objects.filter(action="install").count() == 1
    measured(f"{refused + 1} installs, {THREADS} threads", f"1 x 201, {refused} x 409, 1 copy")
