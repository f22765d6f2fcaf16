"""The views of Claude Code v1, one module a subject."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from rest_framework.exceptions import ValidationError
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actor import Role
from api.authentication import AnyApiKeyAuthentication, HasActor, TokenAuthentication, actor_of
from api.code.contract import DIALECT, INVALID_REQUEST, success
from api.code.serializers import Page
from api.inputs import InputSerializer
from api.problems import problem_of
from api.views import ContractView
from core.errors import Invalid, NotFound
from core.text import MAX_SLUG_LENGTH
from skills.addresses import named_skills
from skills.models import Skill
from skills.services import require_own


class HasRole(BasePermission):
    """The caller has the role that the view names for this method. Before anything is looked up: no oracle."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        assert isinstance(view, CodeView)
        return actor_of(request).has_role(view.roles.get(request.method or "", "user"))


class CodeView(ContractView):
    dialect = DIALECT
    authentication_classes = [AnyApiKeyAuthentication, TokenAuthentication]
    permission_classes = [HasActor, HasRole]
    # Readers may read; everything else needs a manager.
    roles: ClassVar[Mapping[str, Role]] = {"POST": "manager", "PUT": "manager", "DELETE": "manager"}

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    def read_query(self, serializer: type[InputSerializer]) -> dict[str, Any]:
        return as_request(lambda: super(CodeView, self).read_query(serializer))

    def page(self, rows: Any, document: Any) -> Response:
        """One page of a query, with the limit that was in effect."""
        page = self.read_query(Page)
        limit, offset = page["limit"], page["offset"]
        data = [document(row) for row in rows[offset : offset + limit]]
        return Response(success(data, pagination={"total": rows.count(), "limit": limit, "offset": offset}))

    def find_skill(self, skill_id: str) -> Skill:
        """The skill that this id names to the caller: their own, or a shared one; raises NotFound."""
        is_possible = len(skill_id) <= MAX_SLUG_LENGTH and "\x00" not in skill_id
        rows = named_skills(actor_of(self.request).client_id)
        skill = rows.filter(slug=skill_id).first() if is_possible else None
        if skill is None:
            raise NotFound(f"Skill '{skill_id[:MAX_SLUG_LENGTH]}' not found", code="skill_not_found")
        return skill

    def find_own_skill(self, skill_id: str) -> Skill:
        """As `find_skill`; raises Forbidden for a shared one."""
        skill = self.find_skill(skill_id)
        require_own(actor_of(self.request), skill)
        return skill


def as_request(read: Any) -> dict[str, Any]:
    """What is wrong with a request, and not with a skill, is said so."""
    try:
        return read()  # type: ignore[no-any-return]
    except ValidationError as error:
        problem = problem_of(error)
        raise Invalid(problem.message, code=INVALID_REQUEST, fields=problem.fields) from None
