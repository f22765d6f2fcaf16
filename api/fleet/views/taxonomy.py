"""The taxonomy: the tree, its categories, each user's adaptation, and the list of skills that agents are shown."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actor import Actor
from api.authentication import actor_of
from api.fleet.ownership import check_user
from api.fleet.serializers import AdaptBody, CategoryBody, CategoryUpdatesBody, UserQuery
from api.fleet.taxonomy_documents import adaptation_document, taxonomy_document, user_taxonomy_document
from api.fleet.views import FleetView
from core.errors import Conflict, Invalid, NotFound
from skills.catalog import available_skills_xml, catalog_of
from taxonomy.adapting import priorities_from_history
from taxonomy.services import adapt_taxonomy, save_category_by_id
from taxonomy.tree import adaptation_of


class TaxonomyTree(FleetView):
    def get(self, request: Request) -> Response:
        return Response(taxonomy_document(actor_of(request).client_id))

    def post(self, request: Request) -> Response:
        """One category as the document sends it, or several by path as the original does."""
        actor = actor_of(request)
        body: Any = request.data
        if isinstance(body, dict) and "updates" in body:
            return Response(_save_all(actor, self.read_body(CategoryUpdatesBody)["updates"]))
        category = save_category_by_id(actor=actor, **self.read_body(CategoryBody))
        return Response(
            {
                "status": "updated",
                "id": category.slug,
                "name": category.name,
                "parent": category.parent.slug if category.parent else None,
                "description": category.description,
                "path": category.path,
            }
        )


def _save_all(actor: Actor, updates: dict[str, Any]) -> dict[str, Any]:
    """Each path by itself: those that cannot be saved are told, the others are."""
    applied, errors = [], []
    for path, change in updates.items():
        try:
            body = CategoryBody.read({**_object(change), "id": path})
            applied.append(save_category_by_id(actor=actor, **body | {"parent": None}).path)
        except (Invalid, NotFound, Conflict) as refusal:
            errors.append(f"{path[:200]}: {refusal.message}")
    return {
        "status": "partial" if errors else "updated",
        "message": f"Taxonomy update: {len(applied)} applied, {len(errors)} errors",
        "updates_applied": applied,
        "errors": errors or None,
    }


def _object(change: Any) -> dict[str, Any]:
    if not isinstance(change, dict):
        raise Invalid("must be an object", code="invalid_update")
    return change


class UserTaxonomyDetail(FleetView):
    def get(self, request: Request, user_id: str) -> Response:
        actor = actor_of(request)
        return Response(user_taxonomy_document(actor.client_id, check_user(actor, user_id)))


class UserAdaptation(FleetView):
    def post(self, request: Request, user_id: str) -> Response:
        """What the document names is stored as it is; the original's history becomes priorities."""
        actor = actor_of(request)
        body = self.read_body(AdaptBody)
        if body["user_id"] not in ("", user_id):
            message = "user_id must be the user of the path"
            raise Invalid(message, code="invalid_user_id", fields={"user_id": [message]})
        domains = (body.get("interaction_data") or {}).get("frequent_domains", [])
        priorities = body["priorities"]
        if priorities is None and (body["query_history"] or domains):
            priorities = priorities_from_history(
                actor.client_id, query_history=body["query_history"], frequent_domains=domains
            )
        user = adapt_taxonomy(
            actor=actor,
            user_ref=user_id,
            priorities=priorities,
            hidden=body["hidden"],
            experience_level=body.get("experience_level"),
        )
        return Response(adaptation_document(user, queries=body["query_history"], domains=domains))


class TaxonomyXml(FleetView):
    def get(self, request: Request) -> HttpResponse:
        """With `user_id` as this user adapted the taxonomy."""
        actor = actor_of(request)
        user_id = check_user(actor, self.read_query(UserQuery)["user_id"])
        user = adaptation_of(actor.client_id, user_id) if user_id else None
        xml = available_skills_xml(catalog_of(actor.client_id, user))
        return HttpResponse(xml, content_type="text/plain; charset=utf-8")
