"""Recording usage: all or nothing, each event once, counters exact also when batches meet."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from accounts.actor import Actor
from accounts.models import Client
from analytics.models import UsageEvent
from analytics.services import Recorded, record_usage
from core.errors import Invalid, NotFound
from skills.models import DeletedSkill, Skill
from skills.services import remember_alias, resolve_skill
from skills.versioning import delete_skill
from tests.analytics.conftest import event, make_skill, two_hundred_events
from tests.conftest import Tenant

JANE = Actor(client_id="42", username="jane", role="user")


def counters(slug: str, client_id: str = "42") -> tuple[int, int, int]:
    skill = Skill.objects.get(slug=slug, client_id=client_id)
    return skill.usage_count, skill.success_count, skill.failure_count


def test_the_counters_of_the_skills_follow_the_events(usage: None) -> None:
    assert counters("fastapi") == (46, 36, 10)
    assert counters("httpx") == (43, 38, 5)
    assert counters("notes") == (16, 16, 0)
    assert counters("uvicorn") == (0, 0, 0)
    assert counters("fastapi", "99") == (2, 0, 2)
    assert counters("review", "system") == (7, 0, 7)


def test_an_event_is_stored_as_it_was_sent(registry: None) -> None:
    sent = {
        "event_id": "e-1", "skill_id": "/technical/httpx/", "user_id": "ann", "success": False, "task_id": "t",
        "session_id": "s", "timestamp": "2026-01-31T10:00:00+02:00", "metadata": {"tokens": 12},
    }  # fmt: skip
    assert record_usage(actor=JANE, events=[sent, {"skill_id": "notes"}]) == (2, 0)
    stored = UsageEvent.objects.get(event_id="e-1")
    assert (stored.skill.slug, stored.user_ref, stored.success) == ("httpx", "ann", False)
    assert (stored.task_ref, stored.session_ref, stored.metadata) == ("t", "s", {"tokens": 12})
    assert stored.at == stored.skill.last_used_at == datetime(2026, 1, 31, 8, tzinfo=UTC)
    bare = UsageEvent.objects.exclude(pk=stored.pk).get()
    assert (bare.user_ref, bare.success, bare.task_ref, bare.metadata) == ("jane", None, "", {})
    assert timezone.now() - bare.at < timedelta(minutes=1)


def test_an_older_event_does_not_turn_back_when_a_skill_was_used(registry: None) -> None:
    for moment in ("2026-01-31T10:00:00Z", "2025-01-31T10:00:00"):
        record_usage(actor=JANE, events=[{"skill_id": "notes", "timestamp": moment}])
    assert Skill.objects.get(slug="notes").last_used_at == datetime(2026, 1, 31, 10, tzinfo=UTC)
    assert counters("notes") == (2, 2, 0)


def test_an_event_counts_once_in_its_tenant(registry: None, sam: Tenant) -> None:
    batch = [{"event_id": f"e{number}", "skill_id": "review"} for number in range(5)]
    assert record_usage(actor=JANE, events=batch) == (5, 0)
    assert record_usage(actor=JANE, events=[*batch, {"event_id": "e5", "skill_id": "review"}]) == (1, 5)
    again = [{"event_id": "twice", "skill_id": "review", "success": success} for success in (True, False)]
    assert record_usage(actor=JANE, events=again) == (1, 1)
    assert UsageEvent.objects.get(event_id="twice").success is True
    assert counters("review", "system") == (7, 7, 0)
    assert record_usage(actor=sam.actor, events=batch) == (5, 0)
    assert counters("review", "system") == (12, 12, 0)


def test_every_address_of_a_skill_will_do(registry: None, jane: Tenant) -> None:
    remember_alias(actor=jane.actor, alias="old/httpx", slug="httpx", reason="test")
    httpx = resolve_skill("42", "httpx")
    addresses = ["httpx", "technical/httpx", "/technical/httpx", "old/httpx", str(httpx.pk)]
    record_usage(actor=JANE, events=[{"skill_id": address} for address in addresses])
    assert counters("httpx") == (5, 5, 0)
    make_skill(jane.actor, "alone", Skill.objects.get(slug="pandas", client_id="42").category, status="deprecated")
    with pytest.raises(NotFound):
        record_usage(actor=JANE, events=[{"skill_id": "data"}])  # a category that holds three


@pytest.mark.parametrize("foreign", ["secret", "not/there", "technical", "e3b0c442-98fc-4c14-9afb-f4c8996fb924"])
def test_a_batch_with_a_skill_that_is_not_there_changes_nothing(registry: None, foreign: str) -> None:
    with pytest.raises(NotFound) as refusal:
        record_usage(actor=JANE, events=[{"skill_id": "notes"}, {"skill_id": foreign}])
    assert refusal.value.fields == {"events.1.skill_id": [f"Skill '{foreign}' not found"]}
    assert not UsageEvent.objects.exists()
    assert counters("notes") == (0, 0, 0)


def test_a_foreign_skill_does_not_exist_by_its_id_either(registry: None) -> None:
    with pytest.raises(NotFound):
        record_usage(actor=JANE, events=[{"skill_id": str(Skill.objects.get(slug="secret").pk)}])


@pytest.mark.parametrize(
    ("fault", "where"),
    [
        ("text", "events.1"), (None, "events.1"), ({}, "events.1.skill_id"), ({"skill_id": " / "}, "events.1.skill_id"),
        ({"skill_id": 7}, "events.1.skill_id"), ({"skill_id": "a\x00"}, "events.1.skill_id"),
        ({"skill_id": "x" * 1025}, "events.1.skill_id"), ({"skill_id": "notes", "success": "yes"}, "events.1.success"),
        ({"skill_id": "notes", "success": 1}, "events.1.success"),
        ({"skill_id": "notes", "user_id": "x" * 256}, "events.1.user_id"),
        ({"skill_id": "notes", "task_id": ["t"]}, "events.1.task_id"),
        ({"skill_id": "notes", "event_id": 5}, "events.1.event_id"),
        ({"skill_id": "notes", "timestamp": "soon"}, "events.1.timestamp"),
        ({"skill_id": "notes", "timestamp": 1700000000}, "events.1.timestamp"),
        ({"skill_id": "notes", "timestamp": "2999-01-01T00:00:00Z"}, "events.1.timestamp"),
        ({"skill_id": "notes", "timestamp": "0001-01-01T00:00:00+14:00"}, "events.1.timestamp"),
        ({"skill_id": "notes", "metadata": [1]}, "events.1.metadata"),
        ({"skill_id": "notes", "metadata": {"x": float("nan")}}, "events.1.metadata"),
        ({"skill_id": "notes", "metadata": {"x": "y" * 9000}}, "events.1.metadata"),
    ],
)  # fmt: skip
def test_a_fault_names_its_event_and_nothing_is_recorded(registry: None, fault: Any, where: str) -> None:
    with pytest.raises(Invalid) as refusal:
        record_usage(actor=JANE, events=[{"skill_id": "notes"}, fault, {"skill_id": "notes", "success": 0}])
    assert set(refusal.value.fields) == {where, "events.2.success"}
    assert refusal.value.message.startswith(f"{where}: ")
    assert not UsageEvent.objects.exists()


@pytest.mark.parametrize("count", [0, 1001])
def test_a_batch_is_one_to_a_thousand_events(registry: None, count: int) -> None:
    with pytest.raises(Invalid):
        record_usage(actor=JANE, events=[{"skill_id": "notes"}] * count)


def test_a_thousand_events_take_few_queries(
    registry: None, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    with django_assert_max_num_queries(8):
        assert record_usage(actor=JANE, events=two_hundred_events() * 5).recorded == 1000
    with django_assert_max_num_queries(8), pytest.raises(NotFound):
        record_usage(actor=JANE, events=[{"skill_id": f"no/{number}"} for number in range(1000)])


def together(*calls: Callable[[], object]) -> list[object]:
    """What calls that start at the same moment return or refuse with."""
    barrier = threading.Barrier(len(calls))
    outcomes: list[object] = []

    def run(call: Callable[[], object]) -> None:
        try:
            barrier.wait()
            outcomes.append(call())
        except Exception as problem:
            outcomes.append(problem)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[call]) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


@pytest.fixture
def three_skills(transactional_db: None) -> list[str]:
    for client_id in ("42", "99"):
        Client.objects.get_or_create(pk=client_id, defaults={"name": client_id})
    slugs = ["one", "two", "three"]
    for slug in slugs:
        make_skill(Actor(client_id="42", username="jane", role="manager"), slug)
    return slugs


def test_the_same_batch_from_six_senders_counts_once(three_skills: list[str]) -> None:
    batch = [event(slug, "ann") | {"event_id": f"{slug}-{n}"} for n in range(50) for slug in three_skills]
    outcomes = together(*[lambda: record_usage(actor=JANE, events=batch)] * 6)
    assert Counter(outcomes) == {(150, 0): 1, (0, 150): 5}
    assert [counters(slug) for slug in three_skills] == [(50, 50, 0)] * 3


def test_batches_with_the_same_ids_in_opposite_order_do_not_block_each_other(three_skills: list[str]) -> None:
    """They share no skill, whose lock would make them take turns; each event counts for the batch that came first."""
    for turn in range(5):
        ids = [f"{turn}-{number}" for number in range(1000)]
        forth = [event("one", "ann") | {"event_id": id} for id in ids]
        back = [event("two", "ann") | {"event_id": id} for id in reversed(ids)]
        outcomes = together(*[lambda b=b: record_usage(actor=JANE, events=b) for b in (forth, back)])
        assert not [outcome for outcome in outcomes if not isinstance(outcome, Recorded)]
        assert sum(outcome.recorded for outcome in outcomes) == 1000  # type: ignore[attr-defined]
    assert counters("one")[0] + counters("two")[0] == UsageEvent.objects.count() == 5000


def test_batches_with_the_same_skills_in_opposite_order_count_all(three_skills: list[str]) -> None:
    batches = [[event(slug, "ann") for slug in order] * 50 for order in (three_skills, three_skills[::-1])]
    outcomes = together(*[lambda b=b: record_usage(actor=JANE, events=b) for b in batches * 4])
    assert outcomes == [(150, 0)] * 8
    assert [counters(slug)[0] for slug in three_skills] == [400] * 3


def test_a_skill_deleted_meanwhile_takes_its_events_along(three_skills: list[str]) -> None:
    record_usage(actor=JANE, events=[{"skill_id": "one"}, {"skill_id": "two"}])
    outcomes = together(
        lambda: record_usage(actor=JANE, events=[{"skill_id": "one"}] * 200),
        lambda: delete_skill(actor=JANE, skill=Skill.objects.get(slug="one")),
    )
    assert all(isinstance(outcome, (tuple, DeletedSkill, NotFound)) for outcome in outcomes), outcomes
    assert not Skill.objects.filter(slug="one").exists()
    assert list(UsageEvent.objects.values_list("skill__slug", flat=True)) == ["two"]
