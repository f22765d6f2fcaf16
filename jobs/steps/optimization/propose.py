"""Step: variants that may do better. A reviewer's own wording is one; what was refused is not proposed again."""

from __future__ import annotations

from dataclasses import asdict

from jobs.states import Action, Phase, PromptKind
from jobs.steps.base import Context, Done, Outcome
from jobs.steps.existing import skill_of
from jobs.steps.optimization.figures import TOKEN_USAGE
from skills.models import Skill
from skills.triggers import Measured
from skills.variants import Variant, propose, propose_shorter, proposed_by

_THIEVES = 5


class ProposeVariants:
    name = "propose_variants"
    phase = Phase.GENERATION
    title = "Proposals"

    def run(self, context: Context) -> Outcome:
        skill, baseline = skill_of(context), context.outputs["measure_baseline"]
        if baseline["target_reached"]:
            return Done({"variants": [], "rejected": []}, "The target is reached already")
        if context.request["target_metric"] == TOKEN_USAGE:
            found = propose_shorter(skill)
        else:
            found = [*_of_reviewers(context, skill), *_proposals(context, skill)]
        rejected = _rejected(context)
        variants = [asdict(one) for one in found if [one.description, list(one.keywords), one.content] not in rejected]
        return Done({"variants": variants, "rejected": rejected}, f"{len(variants)} variants to measure")


def _proposals(context: Context, skill: Skill) -> list[Variant]:
    """From the failing queries that are not held back; from all where nothing else fails."""
    baseline = context.outputs["measure_baseline"]
    failing = [Measured(**one) for one in baseline["asked"] if not one["found"]]
    seen = [one for one in failing if one.text not in baseline["held_back"]]
    slugs = list(dict.fromkeys(one.thief for one in failing if one.thief))[:_THIEVES]
    thieves = (
        Skill.objects.visible_to(context.job.client_id).filter(slug__in=slugs).values_list("description", "content")
    )
    return propose(skill, seen or failing, [f"{description}\n{content}" for description, content in thieves])


def _of_reviewers(context: Context, skill: Skill) -> list[Variant]:
    """What reviewers wrote under `revise` is read as the description they want."""
    asked = [one for one in context.decisions_of(PromptKind.REVIEW) if one.action == Action.REVISE]
    wishes = [(one.answered_by, str(one.fields.get("description") or one.feedback)) for one in asked]
    found = [proposed_by(person, skill, text) for person, text in wishes if text.strip()]
    return [one for one in found if one]


def _rejected(context: Context) -> list[list[object]]:
    """All that reviewers sent back so far, as [description, keywords, content]."""
    before = list(context.outputs.get(ProposeVariants.name, {}).get("rejected", []))
    approval = context.outputs.get("approve", {})
    shown = approval.get("rejected")
    return [*before, shown] if shown and shown not in before else before
