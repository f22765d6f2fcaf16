"""Checkpoint: the text, before it is checked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jobs.states import Action, Phase, PromptKind
from jobs.steps.base import Context
from jobs.steps.checkpoint import Checkpoint
from skills.document import outline, parse

_HIGHLIGHTS = 5
_WORDS_A_MINUTE = 200


class Preview(Checkpoint):
    name = "preview"
    phase = Phase.GENERATION
    title = "Preview"
    kind = PromptKind.PREVIEW
    back_to = "generate"

    def question(self, context: Context) -> Mapping[str, Any] | None:
        if _was_sent_back_by_review(context):
            return None
        generated = context.outputs["generate"]
        content = generated["content"]
        shape = outline(parse(content).body)
        sections = [heading.title for heading in shape.headings if heading.level == 2]
        minutes = max(1, round(len(content.split()) / _WORDS_A_MINUTE))
        return {
            "content": content,
            "highlights": highlights(content),
            "notes": list(generated.get("notes", [])),
            "sections_count": len(sections),
            "examples_count": len(shape.code_block_lines),
            "reading_time": f"{minutes} min",
        }


def highlights(content: str) -> list[str]:
    """The first headings but `Instructions`, which every skill has."""
    titles = [heading.title for heading in outline(parse(content).body).headings]
    return [title for title in titles if title != "Instructions"][:_HIGHLIGHTS]


def _was_sent_back_by_review(context: Context) -> bool:
    """Whoever reviews sees the changed text at the review again; no need to approve it twice."""
    last = context.decisions[-1] if context.decisions else None
    return last is not None and last.kind == PromptKind.REVIEW and last.action == Action.REVISE
