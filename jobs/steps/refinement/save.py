"""Last step: the draft of the skill's next version, or word that the feedback changed nothing."""

from __future__ import annotations

from jobs.states import Phase
from jobs.steps.base import Context, Done, Outcome
from jobs.steps.existing import next_version, skill_of
from jobs.steps.placement import wished_category
from jobs.steps.refinement.check import CheckRevision
from jobs.steps.refinement.revise import Revise
from taxonomy.models import Category


class SaveRevision:
    name = "save_revision"
    phase = Phase.VALIDATION
    title = "Draft"

    def run(self, context: Context) -> Outcome:
        skill, revised, check = skill_of(context), context.outputs[Revise.name], context.outputs[CheckRevision.name]
        if not revised["is_changed"]:
            notes = " ".join(revised["notes"])
            message = f"The feedback led to no change of {skill.slug}. {notes}".strip()
            return Done({"slug": skill.slug, "is_changed": False}, message, ending=message)
        categories = list(Category.objects.visible_to(context.job.client_id).order_by("path", "client_id"))
        values = {
            "description": revised["description"],
            "content": revised["content"],
            "report": {**check, "notes": list(revised["notes"])},
            "passed": check["passed"],
            "score": check["score"],
        }
        if path := wished_category(revised.get("wished_category", ""), categories):
            values["taxonomy_path"] = path
        output = {"slug": skill.slug, "is_changed": True, "passed": check["passed"], "score": check["score"]}
        return Done(output, f"Draft of the next {skill.slug} saved", effect=next_version(skill, context, **values))
