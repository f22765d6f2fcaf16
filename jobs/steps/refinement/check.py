"""Step: the revision is validated like a new skill; what was wrong before does not fail it."""

from __future__ import annotations

from dataclasses import replace

from jobs.states import Phase
from jobs.steps.base import Context, Done, Outcome
from jobs.steps.existing import document_of, no_worse, skill_of
from jobs.steps.refinement.revise import Revise, as_written
from jobs.steps.validate import Validate


class CheckRevision:
    name = "check_revision"
    phase = Phase.VALIDATION
    title = "Validation"

    def run(self, context: Context) -> Outcome:
        skill, revised = skill_of(context), context.outputs[Revise.name]
        document = document_of(skill.slug, revised["description"], revised["content"])
        shown = replace(context, outputs={**context.outputs, Revise.name: {**revised, "content": document}})
        outcome = Validate().run(as_written(shown))
        if not isinstance(outcome, Done):
            return outcome
        passed = outcome.output["passed"] or no_worse(skill, revised["content"], revised["description"])
        return replace(outcome, output={**outcome.output, "passed": passed, "status": "passed" if passed else "failed"})
