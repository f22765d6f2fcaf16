"""What people decide about a skill as a whole, and say why: out of use, into use again, back to an earlier version."""

from __future__ import annotations

from django.db import transaction

from accounts.actor import Actor
from core.errors import Conflict
from skills import search
from skills.models import Skill
from skills.reviewing import require_review
from skills.services import lock_skill, update_skill
from skills.versioning import get_version


def deprecate_skill(*, actor: Actor, skill: Skill, reason: str = "") -> Skill:
    """Takes the actor's own skill out of use: agents find and load it no more, and the marketplace hears so.

    Raises NotFound, Forbidden for a shared skill, Conflict `already_deprecated`.
    """
    return _set_status(actor, skill, Skill.Status.DEPRECATED, "deprecate", reason)


def activate_skill(*, actor: Actor, skill: Skill, reason: str = "") -> Skill:
    """Puts the actor's own skill into use again. Raises NotFound, Forbidden, Conflict `already_active`."""
    return _set_status(actor, skill, Skill.Status.ACTIVE, "activate", reason)


@transaction.atomic
def _set_status(actor: Actor, skill: Skill, status: Skill.Status, action: str, reason: str) -> Skill:
    skill = lock_skill(actor, skill)
    if skill.status == status:
        raise Conflict(f"Skill '{skill.slug}' is {status} already", code=f"already_{status}")
    return update_skill(actor=actor, skill=skill, status=status, action=action, reason=reason)


def restore_version(*, actor: Actor, skill: Skill, number: str, acknowledged: bool = False, reason: str = "") -> Skill:
    """Makes an earlier version of the actor's own skill the current one: its number, content and files.

    The versions after it stay. Raises NotFound for a version that is deleted or never was, Forbidden for a shared
    skill, Conflict `already_current`, and Conflict where the skill is published and the tenant wants the version's
    content findings `acknowledged` and they are not.
    """
    with transaction.atomic():
        skill = lock_skill(actor, skill)
        version = get_version(skill, number)
        if version.version == skill.semver:
            raise Conflict(
                f"Version {version.version} of skill '{skill.slug}' is current already", code="already_current"
            )
        if skill.is_published:
            require_review(skill.client_id, version.content, version.files, acknowledged=acknowledged)
        skill = update_skill(
            actor=actor, skill=skill, semver=version.version, action="restore", reason=reason, embed=False
        )
    search.embed_skill(skill)
    return skill
