"""Skills: the caller's tenant's and the shared ones."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from api.agent.documents import page_document, skill_document
from api.agent.serializers import ListQuery
from api.agent.views import KamanView, skill_id_of
from api.authentication import actor_of
from skills.models import Skill


class SkillList(KamanView):
    def get(self, request: Request) -> Response:
        """The newest first; filters narrow, an unknown status or source finds nothing."""
        query = self.read_query(ListQuery)
        client_id = actor_of(request).client_id
        wanted = {
            "status": query.get("status"),
            "source_type": query.get("source_type"),
            "domains__overlap": query["domains"],
        }
        matching = Skill.objects.visible_to(client_id).filter(
            **{name: value for name, value in wanted.items() if value}
        )
        return Response(page_document(client_id, matching, limit=query["limit"], offset=query["offset"]))


class SkillDetail(KamanView):
    def get(self, request: Request, skill_id: str) -> Response:
        visible = Skill.objects.visible_to(actor_of(request).client_id)
        return Response(skill_document(visible, skill_id_of(skill_id)))
