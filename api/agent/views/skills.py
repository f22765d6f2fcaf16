"""Skills: the caller's tenant's and the shared ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from api.agent.bodies import CreateBody, UpdateBody
from api.agent.documents import page_document, skill_document
from api.agent.serializers import ListQuery, SkillSerializer
from api.agent.views import KamanView, skill_id_of
from api.authentication import actor_of
from skills.addresses import find_parent
from skills.models import Skill
from skills.services import create_skill, update_skill


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

    def post(self, request: Request) -> Response:
        """The address follows from the name; the same name again is the next version of the same address."""
        body = self.read_body(CreateBody)
        skill = create_skill(actor=actor_of(request), **_columns(request, body))
        return Response(SkillSerializer(skill).data, status=201)


class SkillDetail(KamanView):
    def get(self, request: Request, skill_id: str) -> Response:
        visible = Skill.objects.visible_to(actor_of(request).client_id)
        return Response(skill_document(visible, skill_id_of(skill_id)))

    def put(self, request: Request, skill_id: str) -> Response:
        """Changes what the body names. Whose skill it is comes before what the body says."""
        skill = self.find_own_skill(skill_id)
        body = self.read_body(UpdateBody)
        skill = update_skill(actor=actor_of(request), skill=skill, **_columns(request, body, skill))
        return Response(SkillSerializer(skill).data)

    def delete(self, request: Request, skill_id: str) -> Response:
        """The skill stays, deprecated; a second time changes nothing. PUT `status` brings it back."""
        skill = self.find_own_skill(skill_id)
        update_skill(actor=actor_of(request), skill=skill, status=Skill.Status.DEPRECATED)
        return Response({"message": "Skill deprecated"})


def _columns(request: Request, body: Mapping[str, Any], skill: Skill | None = None) -> dict[str, Any]:
    """The body in the words of `skills.services`."""
    columns = {name: value for name, value in body.items() if name != "parent_skill_id"}
    if "parent_skill_id" in body:
        columns["parent_skill"] = find_parent(actor_of(request).client_id, body["parent_skill_id"], skill)
    return columns
