"""Skills: list, create, read, change, delete."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from api.authentication import actor_of
from api.code.conditions import answer, matches
from api.code.contract import FIELDS, success
from api.code.documents import skill_document, skill_etag, summary_document
from api.code.serializers import CreateSkillBody, Include, SkillQuery, UpdateSkillBody
from api.code.views import CodeView
from core.errors import Invalid
from skills.addresses import named_skills
from skills.models import Skill
from skills.services import create_skill, update_skill
from skills.versioning import delete_skill

_COLUMNS = {ours: column for column, ours in FIELDS.items()}


class SkillList(CodeView):
    def get(self, request: Request) -> Response:
        """The newest first: one row for each id, the tenant's own before a shared one."""
        query = self.read_query(SkillQuery)
        rows = named_skills(actor_of(request).client_id).order_by("-created_at", "id")
        if "enabled" in query:
            rows = rows.filter(status=_status(query["enabled"]))
        return self.page(rows, summary_document)

    def post(self, request: Request) -> Response:
        """Without `content` the skill gets a body of its name and description, for agents to have something to read."""
        body = self.read_body(CreateSkillBody)
        content = body.pop("content", None) or f"# {body['name']}\n\n{body['description']}\n"
        skill = create_skill(actor=actor_of(request), content=content, created_via="code", **_columns(body))
        return Response(success(skill_document(skill)), status=201, headers={"ETag": skill_etag(skill)})


class SkillDetail(CodeView):
    def get(self, request: Request, skill_id: str) -> Response:
        skill = self.find_skill(skill_id)
        query = self.read_query(Include)
        return answer(request, skill_etag(skill), lambda: skill_document(skill) | _extension(skill, query))

    def put(self, request: Request, skill_id: str) -> Response:
        """Changes what the body names. A new `version` is cut; a known one is gone back to."""
        skill = self.find_own_skill(skill_id)
        body = self.read_body(UpdateSkillBody)
        if body.pop("id", skill.slug) != skill.slug:
            raise Invalid("An id never changes", code="invalid_id", fields={"id": ["id must be the id of the URL"]})
        skill = update_skill(actor=actor_of(request), skill=skill, precondition=matches(request), **_columns(body))
        return Response(success(skill_document(skill)), headers={"ETag": skill_etag(skill)})

    def delete(self, request: Request, skill_id: str) -> Response:
        skill = self.find_own_skill(skill_id)
        delete_skill(actor=actor_of(request), skill=skill)
        return Response(success({"id": skill.slug, "message": "Skill deleted successfully"}))


def _status(enabled: bool) -> str:
    return Skill.Status.ACTIVE if enabled else Skill.Status.DEPRECATED


def _columns(body: Mapping[str, Any]) -> dict[str, Any]:
    """The body in the words of `skills.services`."""
    columns = {_COLUMNS.get(name, name): value for name, value in body.items() if name != "enabled"}
    return columns | ({"status": _status(body["enabled"])} if "enabled" in body else {})


def _extension(skill: Skill, query: Mapping[str, Any]) -> dict[str, Any]:
    if query.get("include") != "content":
        return {}
    return {"content": skill.content, "files": skill.supporting_files}
