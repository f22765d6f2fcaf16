"""Versions of a skill: list, cut, read, delete, compare."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from api.authentication import actor_of
from api.code.conditions import answer
from api.code.contract import FIELDS, success
from api.code.documents import diff_document, version_document, version_etag, version_summary
from api.code.serializers import CreateVersionBody, Include
from api.code.views import CodeView
from skills.models import SkillVersion
from skills.versioning import create_version, delete_version, diff_versions, get_version, live_versions

_COLUMNS = {ours: column for column, ours in FIELDS.items()}


class VersionList(CodeView):
    def get(self, request: Request, skill_id: str) -> Response:
        skill = self.find_skill(skill_id)
        rows = live_versions(skill).only("version", "description", "created_at")
        return self.page(rows, lambda version: version_summary(skill, version))

    def post(self, request: Request, skill_id: str) -> Response:
        """Becomes the current version only when it is ahead of it."""
        skill = self.find_own_skill(skill_id)
        body = {_COLUMNS.get(name, name): value for name, value in self.read_body(CreateVersionBody).items()}
        version = create_version(actor=actor_of(request), skill=skill, **body)
        document = version_document(skill, version)
        return Response(success(document), status=201, headers={"ETag": version_etag(version)})


class VersionDetail(CodeView):
    def get(self, request: Request, skill_id: str, number: str) -> Response:
        skill = self.find_skill(skill_id)
        version = get_version(skill, number)
        query = self.read_query(Include)
        extension = _extension(version) if query.get("include") == "content" else {}
        return answer(request, version_etag(version), lambda: version_document(skill, version) | extension)

    def delete(self, request: Request, skill_id: str, number: str) -> Response:
        skill = self.find_own_skill(skill_id)
        version = get_version(skill, number).version
        delete_version(actor=actor_of(request), skill=skill, number=version)
        message = "Skill version deleted successfully"
        return Response(success({"skill_id": skill.slug, "version": version, "message": message}))


class VersionDiff(CodeView):
    def get(self, request: Request, skill_id: str, number: str, other: str) -> Response:
        """What changed from one version to the other, in that direction."""
        skill = self.find_skill(skill_id)
        old, new = get_version(skill, number), get_version(skill, other)
        return Response(success(diff_document(skill, old, new, diff_versions(old, new))))


def _extension(version: SkillVersion) -> dict[str, Any]:
    return {"content": version.content, "files": version.files}
