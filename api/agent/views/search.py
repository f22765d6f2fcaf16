"""Search: the best first, each with its similarity."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from api.agent.serializers import SearchBody, SkillSerializer
from api.agent.views import KamanView
from api.authentication import actor_of
from skills.models import Skill
from skills.search import search_skills
from skills.searches import record_search


class SkillSearch(KamanView):
    scopes = {"POST": "read"}
    rate = "searches"

    def post(self, request: Request) -> Response:
        body = self.read_body(SearchBody)
        client_id = actor_of(request).client_id
        hits = search_skills(client_id=client_id, **body)
        record_search(client_id=client_id, query=body["query"], hits=hits)
        similarity = {hit.skill_id: round(hit.similarity, 4) for hit in hits}
        skills = Skill.objects.visible_to(client_id).defer("trigger_embedding").in_bulk(list(similarity))
        found = [skills[skill_id] for skill_id in similarity if skill_id in skills]
        return Response([{**SkillSerializer(skill).data, "similarity": similarity[skill.pk]} for skill in found])
