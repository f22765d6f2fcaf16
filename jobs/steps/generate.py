"""Step: the skill's text, written anew with all feedback so far; or, for its quality, revised."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from inference.writer import Feedback, Text, get_writer
from jobs.states import Phase
from jobs.steps.base import Context, Done, Outcome
from jobs.steps.brief import intent_of, plan_of, request_of, surroundings_of, text_of, understanding_of
from jobs.steps.watching import Showing, show_whole, showing
from skills.document import compose


class Generate:
    name = "generate"
    phase = Phase.GENERATION
    title = "Writing"

    def run(self, context: Context) -> Outcome:
        quality: Mapping[str, Any] = context.outputs.get("quality", {})
        if quality.get("action") == "restore":
            show_whole(context.emit, quality["best"]["content"])
            return Done(quality["best"], f"Kept the text of round {quality['chosen']}")
        watcher = showing(context.emit, lambda head: _document(replace(head, body="")))
        text = _revised(context, quality, watcher) if quality.get("action") == "again" else _written(context, watcher)
        content = _document(text)
        if watcher and not watcher.has_begun:
            show_whole(context.emit, content)
        return Done(text.as_json() | {"content": content}, f"Wrote {text.name}: {len(content.split())} words")


def _written(context: Context, watcher: Showing | None) -> Text:
    return get_writer().write(
        request_of(context),
        understanding_of(context),
        intent_of(context),
        plan_of(context),
        surroundings_of(context),
        str(context.outputs.get(Generate.name, {}).get("content", "")),
        watcher,
    )


def _revised(context: Context, quality: Mapping[str, Any], watcher: Showing | None) -> Text:
    """What the check found is the feedback; what people were told about their own stays."""
    current = text_of(context)
    revised = get_writer().revise(current, (Feedback(text="\n".join(quality["wanted"])),), watcher)
    return replace(revised, notes=current.notes, wished_category=current.wished_category)


def _document(text: Text) -> str:
    """With an empty body it ends where the body begins."""
    content = compose({"name": text.name, "description": text.description, "metadata": text.metadata}, text.body or "-")
    return content if text.body else content[:-1]
