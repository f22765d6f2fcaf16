"""What a reviewer needs to know before deciding: the text and its faults, what changed, what is like it, what was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from jobs.admin.decisions import answers_given, in_words
from jobs.admin.words import KIND_LABELS
from jobs.models import JobStep, Prompt
from jobs.states import PromptKind
from skills import document
from skills.differences import Piece, compare_texts
from skills.models import Skill, SkillVersion
from skills.reviewing import findings_in
from skills.validation import validate_text

# What the page has places of its own for; everything else in a prompt's data is shown as it is.
_PLACED = {
    "content", "content_checks", "current_description", "current_skill_name", "examples_count", "findings",
    "highlights", "key_assumptions", "notes", "passed", "path", "questions", "rationale", "reading_time", "report",
    "sections_count", "structure_issues", "structure_warnings", "suggested_fixes", "summary", "validation_score",
}  # fmt: skip
_READ_STEPS = ("dependencies", "plan", "read_skill", "requirements")


@dataclass(frozen=True)
class Comparison:
    """What is new in the text. `pieces` is empty where nothing is."""

    title: str
    pieces: list[Piece]


@dataclass(frozen=True)
class Similar:
    """A skill near to the new one; `pk` is None where it is gone."""

    slug: str
    description: str
    similarity: float
    pk: Any


def briefing(prompt: Prompt) -> dict[str, Any]:
    """For the template: the parts of the page that follow from the prompt's data and the job's steps."""
    data = prompt.data
    text = data.get("content")
    outputs = _newest_outputs(prompt)
    findings, checks = _findings(prompt, outputs), _checks(prompt)
    return {
        "document": document.parse(text) if text else None,
        "source": text,
        "findings": findings,
        "checks": checks,
        "remarks": [*(findings or []), *(checks or [])],
        "summary": [line.partition(": ")[::2] for line in str(data.get("summary", "")).splitlines()],
        "rest": {name: value for name, value in data.items() if name not in _PLACED},
        "comparisons": list(_comparisons(prompt, outputs)),
        "similar": _similar(prompt, outputs),
    }


def _newest_outputs(prompt: Prompt) -> dict[str, Mapping[str, Any]]:
    steps = JobStep.objects.filter(job_id=prompt.job_id, name__in=_READ_STEPS).order_by("id")
    return {step.name: step.output for step in steps}


def _findings(prompt: Prompt, outputs: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]] | None:
    """Those the prompt carries; a preview comes before the validation, so its text is checked here."""
    data: Mapping[str, Any] = prompt.data
    if "findings" in data:
        return list(data["findings"])
    if not data.get("content"):
        return None
    name = outputs.get("plan", {}).get("name")
    return [finding.as_dict() for finding in validate_text(data["content"], name).findings]


def _checks(prompt: Prompt) -> list[dict[str, Any]] | None:
    """What the content checks say of the text: with the prompt, or where it was not asked then, now."""
    if "content_checks" in prompt.data:
        return list(prompt.data["content_checks"])
    text = prompt.data.get("content")
    return [finding.as_dict() for finding in findings_in(prompt.client_id, text)] if text else None


def _comparisons(prompt: Prompt, outputs: Mapping[str, Mapping[str, Any]]) -> Iterator[Comparison]:
    text = _text_of(prompt.data)
    if not text:
        return
    earlier = Prompt.objects.filter(job_id=prompt.job_id, created_at__lt=prompt.created_at).exclude(pk=prompt.pk)
    for before in earlier.order_by("-created_at", "-id")[:10]:
        if old := _text_of(before.data, like=prompt.data):
            round_ = f", round {before.round}" if before.round != prompt.round else ""
            title = f"Since the {before.get_kind_display().lower()}{round_}"
            yield Comparison(title, compare_texts(old, text))
            break
    if prompt.data.get("content") and (current := _current_version(prompt, outputs)):
        yield Comparison(f"Against {current[0]}", compare_texts(current[1], text))


def _text_of(data: Mapping[str, Any], like: Mapping[str, Any] | None = None) -> str:
    """The draft, or the plan where there is no draft yet; of the same sort as `like` has."""
    has_draft = bool((data if like is None else like).get("content"))
    return str(data.get("content" if has_draft else "summary") or "")


def _current_version(prompt: Prompt, outputs: Mapping[str, Mapping[str, Any]]) -> tuple[str, str] | None:
    """Name and text of what the draft would replace: the version the job began with, or the tenant's skill of the name
    that was planned."""
    if read := outputs.get("read_skill"):
        versions = SkillVersion.objects.filter(skill=read["skill_id"], skill__client_id=prompt.client_id)
        begun = versions.filter(version=read["semver"]).values_list("content", flat=True).first()
        return (f"{read['slug']} {read['semver']}", begun) if begun else None
    slug = outputs.get("plan", {}).get("name")
    own = Skill.objects.filter(client_id=prompt.client_id, slug=slug).heads() if slug else Skill.objects.none()
    present = own.values_list("slug", "semver", "content").first()
    return (f"{present[0]} {present[1]}", present[2]) if present else None


def _similar(prompt: Prompt, outputs: Mapping[str, Mapping[str, Any]]) -> list[Similar]:
    related = outputs.get("dependencies", {}).get("related", [])
    slugs = [one["slug"] for one in related]
    found = Skill.objects.visible_to(prompt.client_id).filter(slug__in=slugs).order_by("version")
    keys = dict(found.values_list("slug", "pk")) if slugs else {}
    return [
        Similar(one["slug"], one.get("description", ""), one["similarity"], keys.get(one["slug"])) for one in related
    ]


def history_of(prompt: Prompt) -> list[dict[str, Any]]:
    """The job's other prompts in order, each with what was decided and said."""
    others = Prompt.objects.filter(job_id=prompt.job_id).exclude(pk=prompt.pk).order_by("created_at")[:50]
    return [
        {
            "prompt": other,
            "label": KIND_LABELS[PromptKind(other.kind)],
            "decided": in_words(other) if other.answered_at else "",
            "feedback": (other.response or {}).get("feedback", ""),
            "focus_areas": (other.response or {}).get("focus_areas", []),
            "answers": answers_given(other),
            "fields": (other.response or {}).get("fields", {}),
        }
        for other in others
    ]
