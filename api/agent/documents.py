"""Skills as Kaman shows them, rendered by PostgreSQL: the hot reads make no Python object of a row.

Which rows a tenant sees is the QuerySet's rule; here is only their form, which is SkillSerializer's.
"""

from __future__ import annotations

from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Func, IntegerField, Subquery, TextField
from django.db.models.expressions import RawSQL

from accounts.models import Client
from api.rendering import RawJSON
from core.errors import NotFound
from skills.models import SkillQuerySet

_COLUMNS = (
    "id", "client_id", "name", "slug", "description", "version", "content", "content_tokens", "source_type",
    "source_session_id", "parent_skill_id", "usage_count", "success_count", "failure_count", "status",
    "supporting_files", "marketplace_plugin_id", "is_marketplace", "is_published", "author",
)  # fmt: skip
_ARRAYS = ("trigger_keywords", "task_types", "domains", "tools")
_TIMES = ("created_at", "updated_at", "last_used_at")


def _object() -> str:
    """SQL of the full skill object. Arrays are never null; times are UTC, cut to milliseconds."""
    form = """'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'"""
    values = {name: name for name in _COLUMNS}
    values |= {name: f"coalesce({name}, '{{}}')" for name in _ARRAYS}
    values |= {name: f"to_char({name} AT TIME ZONE 'UTC', {form})" for name in _TIMES}
    pairs = ", ".join(f"'{name}', {value}" for name, value in values.items())
    return f"json_build_object({pairs})"


class _Object(RawSQL):
    """One skill as JSON, or as JSON text where it is all that is asked."""

    def __init__(self, cast: str = "") -> None:
        super().__init__(_object() + cast, (), TextField())


class _Page(Func):
    """{"skills": the first expression, "totalCount": the second} as JSON text."""

    arg_joiner = ", 'totalCount', "
    template = "json_build_object('skills', %(expressions)s)::text"
    output_field = TextField()


class _Count(Subquery):
    template = "(SELECT count(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


def skill_document(visible: SkillQuerySet, skill_id: UUID) -> RawJSON:
    """The full object of one of the `visible` skills; raises NotFound."""
    for text in visible.filter(pk=skill_id).order_by().values_list(_Object("::text"), flat=True)[:1]:
        return RawJSON(text.encode())
    raise NotFound("Skill not found", code="skill_not_found")


def page_document(client_id: str, matching: SkillQuerySet, *, limit: int, offset: int) -> RawJSON:
    """{"skills", "totalCount"}, newest first. One statement, hung on the row of the tenant who asks."""
    if limit == 0:
        return RawJSON(b'{"skills": [], "totalCount": %d}' % matching.count())
    page = matching.order_by("-created_at", "-id").values_list(_Object())[offset : offset + limit]
    answer = _Page(ArraySubquery(page), _Count(matching.order_by().values("pk")))
    text = Client.objects.filter(pk=client_id).values_list(answer, flat=True).get()
    return RawJSON(text.encode())
