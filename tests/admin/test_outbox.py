"""The outbox in the admin: what waits and for how long, and the way back of what was set aside."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent
from outbox.models import OutboxEvent


@pytest.fixture
def events(db: None) -> dict[str, OutboxEvent]:
    def create(key: str, **fields: object) -> OutboxEvent:
        return OutboxEvent.objects.create(topic="extension_saved", key=key, payload={"name": key}, **fields)

    now = timezone.now()
    return {
        "poison": create("one", set_aside_at=now, last_error="too large"),
        "overtaken": create("two", set_aside_at=now, last_error="too large"),
        "later": create("two", published_at=now),
        "waiting": create("three", created_at=now - timedelta(minutes=5)),
    }


def send_once_more(browser: Browser, rows: list[OutboxEvent], **more: str) -> str:
    chosen = {ACTION_CHECKBOX_NAME: [row.pk for row in rows], "action": "requeue_selected", **more}
    return browser.post(reverse("admin:outbox_outboxevent_changelist"), chosen, follow=True).content.decode()


def test_the_list_says_what_waits_and_for_how_long(operator: Browser, events: dict[str, OutboxEvent]) -> None:
    page = operator.get(reverse("admin:outbox_outboxevent_changelist")).content.decode()
    assert "Outbox: 1 waiting, the oldest for 5 min" in page
    assert "2 set aside, Kafka is off" in page
    only = operator.get(reverse("admin:outbox_outboxevent_changelist") + "?state=set_aside")
    assert {row.pk for row in only.context["cl"].queryset} == {events["poison"].pk, events["overtaken"].pk}


def test_an_event_is_read_only(operator: Browser, events: dict[str, OutboxEvent]) -> None:
    page = operator.get(reverse("admin:outbox_outboxevent_change", args=[events["poison"].pk]))
    assert page.status_code == 200
    assert "too large" in page.content.decode()
    assert 'name="_save"' not in page.content.decode()


def test_what_was_set_aside_goes_once_more_after_a_question(operator: Browser, events: dict[str, OutboxEvent]) -> None:
    chosen = [events["poison"], events["overtaken"], events["later"]]
    assert "Send these events once more?" in send_once_more(operator, chosen)
    assert OutboxEvent.objects.set_aside().count() == 2
    told = send_once_more(operator, chosen, confirmed="yes")
    assert "1 wait to be sent." in told
    assert "A later event of this subject has been sent" in told
    assert list(OutboxEvent.objects.set_aside()) == [events["overtaken"]]
    assert AuditEvent.objects.get(action="requeue").actor == "olga"


def test_nobody_else_requeues(tenant_admin: Browser, events: dict[str, OutboxEvent]) -> None:
    send_once_more(tenant_admin, [events["poison"]], confirmed="yes")
    assert OutboxEvent.objects.set_aside().count() == 2
