"""What other systems hear of published skills: events that follow the marketplace (docs/adr/0011-marketplace.md).

Whoever shows, hides, deprecates, revives or removes a published skill calls one of these in the same transaction, with
the skill's row locked: the events of one skill are then in the order of its changes.
"""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings

from accounts.actor import Actor
from outbox.models import OutboxEvent
from outbox.services import publish
from skills.models import Skill

SAVED = "extension_saved"
DELETED = "extension_deleted"
NO_CATEGORY = "general"
_EXACT_NUMBER = re.compile(r"0|[1-9][0-9]{0,14}")


def announce_saved(actor: Actor, skill: Skill) -> OutboxEvent:
    """Tells that the skill is on offer, as it is now."""
    return _publish(SAVED, skill, saved_payload(actor, skill))


def announce_deleted(skill: Skill) -> OutboxEvent:
    """Tells that the skill is on offer no more."""
    return _publish(DELETED, skill, deleted_payload(skill))


def announce_status(actor: Actor, skill: Skill) -> None:
    """After a change of status: a published skill is on offer while it is active."""
    if not skill.is_published:
        return
    if skill.status == Skill.Status.ACTIVE:
        announce_saved(actor, skill)
    else:
        announce_deleted(skill)


def _publish(event: str, skill: Skill, payload: dict[str, Any]) -> OutboxEvent:
    return publish(topic=settings.KAFKA_TOPICS[event], event_type=event, key=str(skill.pk), payload=payload)


def saved_payload(actor: Actor, skill: Skill) -> dict[str, Any]:
    """The 13 documented keys. `userId` is who caused the event, `author` who published the skill first."""
    manifest = {
        "content": skill.content,
        "triggerKeywords": skill.trigger_keywords or [],
        "taskTypes": skill.task_types or [],
        "domains": skill.domains or [],
        "tools": skill.tools or [],
        "supporting_files": skill.supporting_files,
    }
    return {
        "name": skill.name,
        "description": skill.description,
        "type": "skill",
        "published": True,
        "isDraft": False,
        "status": "published",
        "version": skill.semver,
        "clientId": _client_number(skill.client_id),
        "userId": str(actor.user_id or actor.username),
        "author": skill.author,
        "category": next(iter(skill.domains or []), NO_CATEGORY),
        "skill_manifest": manifest,
        "manifest": {"skill_manifest": manifest},
    }


def deleted_payload(skill: Skill) -> dict[str, Any]:
    return {
        "id": str(skill.pk),
        "name": skill.name,
        "type": "skill",
        "clientId": _client_number(skill.client_id),
        "skill_manifest": {"content": skill.content},
    }


def _client_number(client_id: str) -> int | str:
    """A number where the tenant's id is one that every reader of JSON takes exactly; "007" and fifty 9s stay text."""
    return int(client_id) if _EXACT_NUMBER.fullmatch(client_id) else client_id
