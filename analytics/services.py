"""What agents report: that they used skills. Each event counts exactly once, however often it is sent."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from accounts.actor import Actor
from analytics.events import Event, read_events
from core.errors import NotFound
from skills.addresses import resolve_skills
from skills.models import Skill

_INSERT = """
    WITH recorded AS (
        INSERT INTO usage_event
            (client_id, event_id, skill_id, user_ref, session_ref, task_ref, success, at, metadata)
        SELECT %s, event.event_id, event.skill_id, event.user_ref, event.session_ref, event.task_ref, event.success,
            event.at, event.metadata::jsonb
        FROM unnest(
            %s::text[], %s::uuid[], %s::text[], %s::text[], %s::text[], %s::boolean[], %s::timestamptz[], %s::text[]
        ) AS event (event_id, skill_id, user_ref, session_ref, task_ref, success, at, metadata)
        ON CONFLICT (client_id, event_id) DO NOTHING
        RETURNING skill_id, coalesce(success, true) AS success, at
    )
    SELECT skill_id, count(*) FILTER (WHERE success), count(*) FILTER (WHERE NOT success), max(at)
    FROM recorded GROUP BY skill_id
"""
_COUNT = """
    UPDATE kaman_skills AS skill
    SET usage_count = usage_count + fresh.successes + fresh.failures,
        success_count = success_count + fresh.successes,
        failure_count = failure_count + fresh.failures,
        last_used_at = greatest(last_used_at, fresh.newest)
    FROM unnest(%s::uuid[], %s::int[], %s::int[], %s::timestamptz[]) AS fresh (skill_id, successes, failures, newest)
    WHERE skill.id = fresh.skill_id
"""


class Recorded(NamedTuple):
    """How many events were new, and how many the tenant had sent before (or twice at once)."""

    recorded: int
    duplicates: int


@transaction.atomic
def record_usage(*, actor: Actor, events: Sequence[Any]) -> Recorded:
    """Records 1 to 1,000 events in the actor's tenant, all or none, and adds them to their skills' counters.

    An event is {skill_id: any address of a skill or its UUID, event_id?, user_id? (else the actor), success?, task_id?,
    session_id?, timestamp? (ISO 8601), metadata?}; null counts as missing. Shared skills are counted too, for all
    tenants together. Raises Invalid, or NotFound for skills the tenant does not see; `fields` names each event.
    """
    checked = read_events(events, user_ref=actor.username, now=timezone.now())
    skills = _lock_skills(actor.client_id, checked)
    fresh = _insert(actor.client_id, checked, skills)
    _count(fresh)
    recorded = sum(successes + failures for _, successes, failures, _ in fresh)
    return Recorded(recorded, len(checked) - recorded)


def _lock_skills(client_id: str, events: Sequence[Event]) -> dict[str, UUID]:
    """Skill ids by address. Two batches meet at the skill with the lowest id, so that neither waits for the other in a
    circle, and no skill is deleted under its event."""
    found = resolve_skills(client_id, [event.skill for event in events])
    locked = set(
        Skill.objects.select_for_update(no_key=True)
        .filter(pk__in=[skill.pk for skill in found.values()])
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    ids = {address: skill.pk for address, skill in found.items() if skill.pk in locked}
    unknown = {
        f"events.{index}.skill_id": [f"Skill '{event.skill}' not found"]
        for index, event in enumerate(events)
        if event.skill not in ids
    }
    if unknown:
        raise NotFound(next(iter(unknown.values()))[0], code="skill_not_found", fields=unknown)
    return ids


def _insert(client_id: str, events: Sequence[Event], skills: dict[str, UUID]) -> list[tuple[UUID, int, int, datetime]]:
    """Stores the events that are new. Returns (skill, successes, failures, newest time) of those.

    In the order of their ids: two batches that share events wait for each other in one direction only.
    """
    ordered = sorted(events, key=lambda event: event.event_id)
    columns: list[list[Any]] = [
        [event.event_id for event in ordered],
        [skills[event.skill] for event in ordered],
        [event.user_ref for event in ordered],
        [event.session_ref for event in ordered],
        [event.task_ref for event in ordered],
        [event.success for event in ordered],
        [event.at for event in ordered],
        [json.dumps(event.metadata) for event in ordered],
    ]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [client_id, *columns])
        fresh: list[tuple[UUID, int, int, datetime]] = cursor.fetchall()
    return fresh


def _count(fresh: Sequence[tuple[UUID, int, int, datetime]]) -> None:
    if fresh:
        with connection.cursor() as cursor:
            cursor.execute(_COUNT, [list(column) for column in zip(*fresh, strict=True)])
