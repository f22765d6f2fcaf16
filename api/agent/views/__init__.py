"""The views of Kaman, one module a subject."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from rest_framework.request import Request

from api.agent.contract import DIALECT
from api.authentication import ApiKeyAuthentication, TokenAuthentication, actor_of
from api.views import ContractView
from core.errors import NotFound
from skills.models import Skill
from skills.services import require_own

_UUID = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}", re.IGNORECASE)


class KamanView(ContractView):
    dialect = DIALECT
    authentication_classes = [ApiKeyAuthentication, TokenAuthentication]

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response

    def find_skill(self, skill_id: str) -> Skill:
        """The skill of this id that the caller sees: their tenant's, or a shared one; raises NotFound."""
        visible = Skill.objects.visible_to(actor_of(self.request).client_id).defer("trigger_embedding")
        skill = visible.filter(pk=skill_id_of(skill_id)).first()
        if skill is None:
            raise NotFound("Skill not found", code="skill_not_found")
        return skill

    def find_own_skill(self, skill_id: str) -> Skill:
        """As `find_skill`; raises Forbidden for a shared one."""
        skill = self.find_skill(skill_id)
        require_own(actor_of(self.request), skill)
        return skill


def skill_id_of(text: str) -> UUID:
    """Upper case and missing hyphens are fine; anything else is the id of no skill."""
    if not _UUID.fullmatch(text):
        raise NotFound("Skill not found", code="skill_not_found")
    return UUID(text)
