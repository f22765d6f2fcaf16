"""What jobs on a skill that exists share: the skill they began with, and the draft that is to be its next version."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from core.errors import Conflict, NotFound
from jobs.models import Draft, Job
from jobs.states import Phase
from jobs.steps.base import Context, Done, Outcome
from skills.document import compose, parse
from skills.models import Skill
from skills.quality import assess
from skills.services import resolve_skill
from skills.validation import validate_text


class ReadSkill:
    """Keeps which version the job began with, so that it never goes on with, or over, another one."""

    name = "read_skill"
    phase = Phase.UNDERSTANDING
    title = "The skill"

    def run(self, context: Context) -> Outcome:
        skill = resolve_skill(context.job.client_id, str(context.request["skill"]))
        output = {
            "skill_id": str(skill.pk),
            "slug": skill.slug,
            "semver": skill.semver,
            "content_sha256": skill.content_sha256,
            "description": skill.description or "",
            "trigger_keywords": list(skill.trigger_keywords or []),
        }
        return Done(output, f"Read {skill.slug} {skill.semver}")


def skill_of(context: Context) -> Skill:
    """The skill as the job read it. Raises NotFound when it is gone, Conflict `skill_changed` when it is another."""
    read = context.outputs[ReadSkill.name]
    skill = Skill.objects.filter(pk=read["skill_id"], client_id=context.job.client_id).first()
    if skill is None:
        raise NotFound("The skill was deleted while the job ran", code="skill_not_found")
    present = (skill.content_sha256, skill.description or "", list(skill.trigger_keywords or []))
    if present != (read["content_sha256"], read["description"], read["trigger_keywords"]):
        raise Conflict("The skill was changed while the job ran; start it again", code="skill_changed")
    return skill


def no_worse(skill: Skill, content: str, description: str) -> bool:
    """Whether a new text meets all the rules that the present one meets, and has as much of what a skill needs: what it
    did wrong before does not keep an improvement out, and being shorter is no fault."""
    before = document_of(skill.slug, skill.description or "", skill.content)
    after = document_of(skill.slug, description, content)
    new_errors = _errors(after, skill.slug) - _errors(before, skill.slug)
    return not new_errors and _substance(after) >= _substance(before)


def document_of(slug: str, description: str, content: str) -> str:
    """The SKILL.md as agents load it: with front matter, also where the stored text has none."""
    if parse(content).has_front_matter:
        return content
    return compose({"name": slug, "description": description or slug}, content)


def _substance(document: str) -> float:
    """Completeness, structure and examples; clarity and conciseness would judge the cutting itself."""
    found = assess(document)
    return found.completeness + found.structure + found.examples


def _errors(content: str, slug: str) -> set[str]:
    return {finding.rule for finding in validate_text(content, slug).findings if finding.severity == "error"}


def next_version(skill: Skill, context: Context, **values: Any) -> Callable[[Job], None]:
    """The effect that stores the draft: the skill as it stands but for `values`. Its report says what it is based on;
    promotion refuses it when the skill is another by then."""
    read = context.outputs[ReadSkill.name]
    base = {name: read[name] for name in ("slug", "semver", "content_sha256")}
    fields: dict[str, Any] = {
        "slug": skill.slug,
        "description": skill.description or "",
        "taxonomy_path": skill.category.path if skill.category else "",
        "content": skill.content,
        "files": skill.supporting_files,
        "trigger_keywords": list(skill.trigger_keywords or []),
        "domains": list(skill.domains or []),
        "tags": list(skill.tags),
    }
    report: Mapping[str, Any] = values.pop("report", {})

    def keep(job: Job) -> None:
        Draft.objects.create(
            job=job, client_id=job.client_id, **{**fields, **values, "report": {**report, "base": base}}
        )

    return keep
