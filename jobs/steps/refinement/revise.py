"""Step: the skill's text with all feedback so far worked in, always from the stored text on."""

from __future__ import annotations

from dataclasses import replace

from inference.writer import Feedback, Text, get_writer
from jobs.models import Job
from jobs.states import Action, Phase, PromptKind
from jobs.steps.base import Context, Done, Outcome
from jobs.steps.existing import skill_of
from jobs.steps.watching import show_whole, showing
from skills.document import parse, with_front_matter
from skills.models import Skill


class Revise:
    name = "revise"
    phase = Phase.GENERATION
    title = "Revising"

    def run(self, context: Context) -> Outcome:
        skill, writer = skill_of(context), get_writer()
        watcher = showing(context.emit, lambda head: _content(skill, replace(head, body="")))
        text = writer.revise(_text_of(skill), _feedback(context), watcher)
        content = _content(skill, text)
        if watcher and not watcher.has_begun:
            show_whole(context.emit, content)
        is_changed = (content, text.description) != (skill.content, skill.description or "")

        def sign(job: Job) -> None:
            Job.objects.filter(pk=job.pk).update(writer=writer.name)

        output = text.as_json() | {"content": content, "is_changed": is_changed}
        return Done(output, f"Revised {skill.slug}: {len(content.split())} words", effect=sign)


def as_written(context: Context) -> Context:
    """The context in which the steps after writing find the revision as they find a new text."""
    outputs = {**context.outputs, "generate": context.outputs[Revise.name]}
    if "check_revision" in outputs:
        outputs["validate"] = outputs["check_revision"]
    return replace(context, outputs=outputs)


def _text_of(skill: Skill) -> Text:
    return Text(
        name=skill.slug,
        description=skill.description or "",
        body=parse(skill.content).body,
        metadata={},
        trigger_keywords=tuple(skill.trigger_keywords or []),
        tags=tuple(skill.tags),
    )


def _feedback(context: Context) -> tuple[Feedback, ...]:
    """The request's and, after it, what reviewers asked for."""
    first = Feedback(text=str(context.request["feedback"]), focus_areas=tuple(context.request.get("focus_areas", [])))
    later = [one for one in context.decisions_of(PromptKind.REVIEW) if one.action == Action.REVISE]
    return (first, *(Feedback(text=one.feedback, focus_areas=tuple(map(str, one.focus_areas))) for one in later))


def _content(skill: Skill, text: Text) -> str:
    """The stored text with the new body and, in its front matter, the new description; the rest of it byte for byte."""
    content = skill.content
    if text.description != (skill.description or "") and parse(content).has_front_matter:
        content = with_front_matter(content, description=text.description)
    body = parse(content).body
    return content[: len(content) - len(body)] + text.body
