"""Last step: the draft, ready to be promoted."""

from __future__ import annotations

from typing import Any

from jobs.models import Draft, Job
from jobs.states import Phase
from jobs.steps.base import Context, Done, Outcome
from jobs.steps.brief import text_of
from jobs.steps.placement import wished_category
from taxonomy.models import Category


class SaveDraft:
    name = "save_draft"
    phase = Phase.VALIDATION
    title = "Draft"

    def run(self, context: Context) -> Outcome:
        text, validation = text_of(context), context.outputs["validate"]
        path = _path(context)
        values: dict[str, Any] = {
            "slug": text.name,
            "description": text.description,
            "taxonomy_path": path,
            "content": context.outputs["generate"]["content"],
            "trigger_keywords": list(text.trigger_keywords),
            "domains": [path.partition("/")[0]] if path else [],
            "tags": list(text.tags),
            "report": dict(validation),
            "passed": validation["passed"],
            "score": validation["score"],
        }

        def keep(job: Job) -> None:
            Draft.objects.create(job=job, client_id=job.client_id, **values)

        output = {
            "slug": text.name,
            "taxonomy_path": path,
            "passed": validation["passed"],
            "score": validation["score"],
        }
        return Done(output, f"Draft of {text.name} saved", effect=keep)


def _path(context: Context) -> str:
    """The planned place, unless somebody asked for another after the plan was made."""
    categories = list(Category.objects.visible_to(context.job.client_id).order_by("path", "client_id"))
    return wished_category(text_of(context).wished_category, categories) or str(context.outputs["placement"]["path"])
