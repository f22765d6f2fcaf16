"""Step: the skill's text, written anew with all feedback so far."""

from __future__ import annotations

from inference.writer import get_writer
from jobs.states import Phase
from jobs.steps.base import Context, Done, Outcome
from jobs.steps.brief import intent_of, plan_of, request_of, surroundings_of, understanding_of
from jobs.streaming import cut
from skills.document import compose


class Generate:
    name = "generate"
    phase = Phase.GENERATION
    title = "Writing"

    def run(self, context: Context) -> Outcome:
        previous = str(context.outputs.get(self.name, {}).get("content", ""))
        text = get_writer().write(
            request_of(context),
            understanding_of(context),
            intent_of(context),
            plan_of(context),
            surroundings_of(context),
            previous,
        )
        front_matter = {"name": text.name, "description": text.description, "metadata": text.metadata}
        content = compose(front_matter, text.body)
        if context.emit:
            for piece in cut(content):
                context.emit(piece)
        return Done(text.as_json() | {"content": content}, f"Wrote {text.name}: {len(content.split())} words")
