"""What waits, what is forgotten, and the way back of what was set aside."""

from __future__ import annotations

import io
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone
from pytest_django import Settings

from accounts.actor import Actor
from accounts.models import AuditEvent
from core.errors import Conflict, Forbidden, NotFound, Unavailable
from outbox import relay, services, tasks
from outbox.models import OutboxEvent
from outbox.services import backlog, oldest_unsent_seconds, requeue
from tests.outbox.events import write

pytestmark = pytest.mark.django_db(transaction=True)

OPERATOR = Actor(client_id="system", username="olga", role="admin", surface="admin")


def aside(event: OutboxEvent, error: str = "too large") -> OutboxEvent:
    OutboxEvent.objects.filter(pk=event.pk).update(set_aside_at=timezone.now(), last_error=error)
    return event


def sent(event: OutboxEvent, days_ago: float = 0) -> OutboxEvent:
    OutboxEvent.objects.filter(pk=event.pk).update(published_at=timezone.now() - timedelta(days=days_ago))
    return event


def aged(event: OutboxEvent, **ago: float) -> OutboxEvent:
    OutboxEvent.objects.filter(pk=event.pk).update(created_at=timezone.now() - timedelta(**ago))
    return event


def test_the_age_is_that_of_the_oldest_that_waits() -> None:
    assert oldest_unsent_seconds() == 0
    aged(sent(write("a", 1)), hours=3)
    aged(aside(write("a", 2)), hours=2)
    aged(write("a", 3), hours=1)
    write("a", 4)
    now = backlog()
    assert 3600 <= now.oldest_seconds < 3700
    assert (now.waiting, now.set_aside) == (2, 1)


def test_what_is_published_is_kept_a_week_and_what_is_set_aside_for_good(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "TIDY_BATCH", 2)
    for number in range(5):
        sent(write("old", number), days_ago=8)
    kept = [sent(write("a", 1), days_ago=6), aged(aside(write("a", 2)), days=90), write("a", 3)]
    tasks.tidy()
    assert list(OutboxEvent.objects.values_list("pk", flat=True)) == [event.pk for event in kept]


@pytest.mark.parametrize(
    ("servers", "days", "left"), [("", 30, 1), ("", 0, 2), ("127.0.0.1:9092", 30, 2)], ids=["off", "for-ever", "on"]
)
def test_without_kafka_events_wait_a_month(settings: Settings, servers: str, days: int, left: int) -> None:
    settings.KAFKA_BOOTSTRAP_SERVERS = servers
    settings.OUTBOX_DAYS_WITHOUT_KAFKA = days
    aged(write("a", 1), days=31)
    aged(write("a", 2), days=29)
    services.tidy()
    assert OutboxEvent.objects.count() == left


def test_a_tidying_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "TIDY_BATCH", 2)
    monkeypatch.setattr(services, "TIDY_BATCHES", 2)
    for number in range(5):
        sent(write("old", number), days_ago=8)
    assert services.tidy() == 4


def test_what_was_set_aside_goes_once_more_and_the_log_says_who_did_it() -> None:
    event = aside(write("a", 1))
    requeue(actor=OPERATOR, event_pk=event.pk)
    assert list(OutboxEvent.objects.waiting()) == [event]
    line = AuditEvent.objects.get(action="requeue")
    assert (line.actor, line.subject_id, line.detail["error"]) == ("olga", str(event.pk), "too large")
    with pytest.raises(Conflict, match="not set aside"):
        requeue(actor=OPERATOR, event_pk=event.pk)
    assert AuditEvent.objects.filter(action="requeue").count() == 1


def test_an_overtaken_event_stays_unless_somebody_insists() -> None:
    event = aside(write("a", 1))
    sent(write("a", 2))
    with pytest.raises(Conflict) as refusal:
        requeue(actor=OPERATOR, event_pk=event.pk)
    assert refusal.value.code == "overtaken"
    assert OutboxEvent.objects.set_aside().exists()
    requeue(actor=OPERATOR, event_pk=event.pk, even_if_overtaken=True)
    assert list(OutboxEvent.objects.waiting()) == [event]


def test_only_admins_requeue_and_only_what_exists() -> None:
    with pytest.raises(NotFound):
        requeue(actor=OPERATOR, event_pk=1)
    with pytest.raises(Forbidden):
        requeue(actor=Actor(client_id="42", username="jane", role="manager"), event_pk=1)


def test_nothing_is_requeued_while_the_relay_sends(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the relay has in its hands may be a later event of the same subject, sent and not yet marked."""
    monkeypatch.setattr(services, "LOCK_PATIENCE", "100ms")
    event = aside(write("a", 1))

    def try_it() -> None:
        try:
            with pytest.raises(Unavailable):
                requeue(actor=OPERATOR, event_pk=event.pk)
        finally:
            connection.close()

    with transaction.atomic(), ThreadPoolExecutor() as pool:
        assert relay._lock()
        pool.submit(try_it).result(30)


def command(*words: str, **options: object) -> str:
    out = io.StringIO()
    call_command("outbox", *words, stdout=out, **options)
    return out.getvalue()


def test_the_command_tells_lists_and_requeues() -> None:
    event, overtaken = aside(write("a", 1)), aside(write("b", 1))
    sent(write("b", 2))
    facts = json.loads(command())
    assert (facts["waiting"], facts["set_aside"], facts["kafka"]) == (0, 2, False)
    lines = [json.loads(line) for line in command("--set-aside").splitlines()]
    assert [(line["id"], line["last_error"]) for line in lines] == [
        (event.pk, "too large"),
        (overtaken.pk, "too large"),
    ]
    with pytest.raises(CommandError, match="later event"):
        command("--requeue", str(event.pk), str(overtaken.pk))
    assert list(OutboxEvent.objects.waiting()) == [event]
    command("--requeue", str(overtaken.pk), "--even-if-overtaken")
    assert json.loads(command())["waiting"] == 2
