"""Step: the skill as it is, on the queries that all variants will be asked."""

from __future__ import annotations

from jobs.states import Phase
from jobs.steps.base import Context, Done, Outcome
from jobs.steps.existing import skill_of
from jobs.steps.optimization.figures import TOKEN_USAGE, asked_of, figures
from skills.triggers import queries_for
from skills.variants import Trial, held_back


class MeasureBaseline:
    name = "measure_baseline"
    phase = Phase.UNDERSTANDING
    title = "Baseline"

    def run(self, context: Context) -> Outcome:
        skill = skill_of(context)
        queries = queries_for(
            client_id=context.job.client_id, skill=skill, queries=list(context.request.get("queries", []))
        )
        report = Trial(context.job.client_id, skill, queries).baseline()
        target = float(context.request["target_value"])
        reached = context.request["target_metric"] != TOKEN_USAGE and report.total > 0 and report.rate >= target
        output = {
            "figures": figures(skill, report),
            "asked": asked_of(report),
            "held_back": sorted(held_back(queries)),
            "target_reached": reached,
        }
        return Done(output, f"Found by {report.found} of {report.total} queries, {skill.content_tokens} tokens")
