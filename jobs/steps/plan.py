"""Step: the plan of the text: name, description, place, outline, what it takes for granted."""

from __future__ import annotations

from inference.writer import get_writer
from jobs.states import Phase
from jobs.steps.base import Context, Done, Outcome
from jobs.steps.brief import intent_of, request_of, surroundings_of, understanding_of


class MakePlan:
    name = "plan"
    phase = Phase.UNDERSTANDING
    title = "Plan"

    def run(self, context: Context) -> Outcome:
        plan = get_writer().plan(
            request_of(context), understanding_of(context), intent_of(context), surroundings_of(context)
        )
        return Done(plan.as_json(), f"Planned {plan.name}")
