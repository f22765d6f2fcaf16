"""Who looks at the catalogue, and what of the store that is theirs to see."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest

from accounts.actor import Actor
from accounts.models import User
from core.limits import address_of
from skills.addresses import agent_skills
from skills.models import Skill, SkillQuerySet


@dataclass(frozen=True, slots=True)
class Visitor:
    """A person with a tenant, an operator (who reads the shared skills), or a stranger (no tenant)."""

    client_id: str
    actor: Actor | None = None
    # Whose calls are counted (core/limits.py): a person's, or those of a stranger's address.
    subject: str = ""

    @property
    def may_install(self) -> bool:
        return self.actor is not None and self.actor.role in ("manager", "admin")

    @property
    def searched(self) -> SkillQuerySet:
        """The rows search looks through: of each address all, which is what search is fast on."""
        return Skill.objects.visible_to(self.client_id).active()

    @property
    def listed(self) -> SkillQuerySet:
        """One row for each address."""
        return agent_skills(self.client_id)

    @property
    def offered(self) -> SkillQuerySet:
        """What is on offer to the visitor; to a stranger all that is."""
        return Skill.objects.on_offer_to(self.client_id).light()


def visitor_of(request: HttpRequest) -> Visitor:
    user = request.user
    if not isinstance(user, User):
        return Visitor("", subject=f"address:{address_of(request)}")
    actor = Actor.for_user(user, "catalogue")
    if user.client_id is None:
        return Visitor(settings.SYSTEM_CLIENT_ID, subject=actor.subject)
    return Visitor(user.client_id, actor, actor.subject)
