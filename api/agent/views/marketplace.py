"""The marketplace: showing skills to other tenants, finding and installing theirs. Bodies of POSTs without input are
not read, so that they may be anything or nothing."""

from __future__ import annotations

from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from api.agent.serializers import (
    MarketplaceSearchBody,
    OfferSerializer,
    PublishQuery,
    PullBody,
    SkillSerializer,
    UpdateSerializer,
)
from api.agent.views import KamanView, skill_id_of
from api.authentication import actor_of
from core.errors import NotFound
from marketplace import services
from skills.models import Skill


class Publication(KamanView):
    scopes = {"POST": "publish"}

    def post(self, request: Request, skill_id: str) -> Response:
        """`?acknowledge_findings=true` says that the caller saw what the content checks found (ADR 15)."""
        acknowledged = self.read_query(PublishQuery)["acknowledge_findings"]
        skill = services.publish_skill(
            actor=actor_of(request), skill_id=skill_id_of(skill_id), acknowledged=acknowledged
        )
        return Response({"message": "Skill published to marketplace", "skillId": str(skill.pk)})


class Withdrawal(KamanView):
    scopes = {"POST": "publish"}

    def post(self, request: Request, skill_id: str) -> Response:
        skill = services.unpublish_skill(actor=actor_of(request), skill_id=skill_id_of(skill_id))
        return Response({"message": "Skill unpublished from marketplace", "skillId": str(skill.pk)})


class Installation(KamanView):
    def post(self, request: Request, skill_id: str) -> Response:
        skill = services.install_skill(actor=actor_of(request), skill_id=_offer_id_of(skill_id))
        return Response(SkillSerializer(skill).data, status=201)


class MarketplaceSearch(KamanView):
    scopes = {"POST": "read"}
    rate = "searches"

    def post(self, request: Request) -> Response:
        body = self.read_body(MarketplaceSearchBody)
        client_id = actor_of(request).client_id
        hits = services.search_marketplace(client_id=client_id, **body)
        offers = Skill.objects.on_offer_to(client_id).light().in_bulk([hit.skill_id for hit in hits])
        found = [(offers[hit.skill_id], hit) for hit in hits if hit.skill_id in offers]
        return Response(
            [{**OfferSerializer(skill).data, "similarity": round(hit.similarity, 4)} for skill, hit in found]
        )


class UpdateList(KamanView):
    def get(self, request: Request) -> Response:
        """The installed skills of which the source says something newer."""
        updates = services.available_updates(actor=actor_of(request))
        return Response({"updates": [UpdateSerializer(update).data for update in updates], "totalCount": len(updates)})


class UpdateDetail(KamanView):
    def get(self, request: Request, skill_id: str) -> Response:
        install = services.install_of(actor=actor_of(request), skill_id=skill_id_of(skill_id))
        return Response(UpdateSerializer(install).data)


class Pull(KamanView):
    def post(self, request: Request, skill_id: str) -> Response:
        body = self.read_body(PullBody)
        skill = services.pull_update(actor=actor_of(request), skill_id=skill_id_of(skill_id), **body)
        return Response(SkillSerializer(skill).data)


def _offer_id_of(text: str) -> UUID:
    try:
        return skill_id_of(text)
    except NotFound:
        raise services.no_offer() from None
