"""Kaman: the skills of the caller's tenant and the shared ones."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from api.agent.contract import DIALECT
from api.agent.documents import page_document, skill_document
from api.agent.serializers import ListQuery, SearchBody, SkillSerializer
from api.authentication import ApiKeyAuthentication, actor_of
from api.views import ContractView
from core.errors import NotFound
from skills.models import Skill
from skills.search import search_skills
from skills.searches import record_search

_UUID = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}", re.IGNORECASE)


class KamanView(ContractView):
    dialect = DIALECT
    authentication_classes = [ApiKeyAuthentication]

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response


def skill_id_of(text: str) -> UUID:
    """Upper case and missing hyphens are fine; anything else is the id of no skill."""
    if not _UUID.fullmatch(text):
        raise NotFound("Skill not found", code="skill_not_found")
    return UUID(text)


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


class SkillSearch(KamanView):
    def post(self, request: Request) -> Response:
        body = self.read_body(SearchBody)
        client_id = actor_of(request).client_id
        hits = search_skills(client_id=client_id, **body)
        record_search(client_id=client_id, query=body["query"], hits=hits)
        similarity = {hit.skill_id: round(hit.similarity, 4) for hit in hits}
        skills = Skill.objects.visible_to(client_id).defer("trigger_embedding").in_bulk(list(similarity))
        found = [skills[skill_id] for skill_id in similarity if skill_id in skills]
        return Response([{**SkillSerializer(skill).data, "similarity": similarity[skill.pk]} for skill in found])


class SkillDetail(KamanView):
    def get(self, request: Request, skill_id: str) -> Response:
        visible = Skill.objects.visible_to(actor_of(request).client_id)
        return Response(skill_document(visible, skill_id_of(skill_id)))
