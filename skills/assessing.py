"""Quality of a text in the documented figures: assessed, with a plan's criteria, and validated for a place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.errors import Invalid
from skills import quality
from skills.document import parse
from skills.validation import Finding, validate_text
from skills.words import content_words

# A criterion counts as covered when at least half of its words are in the text.
COVERED = 0.5
ERROR_COST, WARNING_COST = 0.2, 0.05
MAX_CRITERIA = 100


@dataclass(frozen=True, slots=True)
class Criterion:
    """A success criterion, and the share (0..1) of its words that occur in the text, in any form."""

    text: str
    share: float

    @property
    def is_covered(self) -> bool:
        return self.share >= COVERED


@dataclass(frozen=True, slots=True)
class Judgement:
    """The figures of skills/quality.py, which no plan changes. `coverage` is the share of criteria that the text
    covers, None without criteria."""

    quality: quality.Assessment
    criteria: tuple[Criterion, ...]

    @property
    def coverage(self) -> float | None:
        return round(sum(one.is_covered for one in self.criteria) / len(self.criteria), 2) if self.criteria else None


@dataclass(frozen=True, slots=True)
class Compliance:
    """`compliance_score` is 1.0 less 0.2 an error and 0.05 a warning, at least 0; passed means no error."""

    passed: bool
    compliance_score: float
    issues: tuple[Finding, ...]
    warnings: tuple[Finding, ...]


def assess(content: str, plan: Mapping[str, Any] | None = None) -> Judgement:
    """Judges a SKILL.md; `plan` may have `success_criteria`, a list of texts. Raises Invalid for another list."""
    criteria = (plan or {}).get("success_criteria") or []
    if not isinstance(criteria, list) or len(criteria) > MAX_CRITERIA or any(not isinstance(x, str) for x in criteria):
        message = f"success_criteria must be a list of at most {MAX_CRITERIA} texts"
        raise Invalid(message, code="invalid_plan", fields={"plan.success_criteria": [message]})
    said = {_stem(word) for word in content_words(content)}
    return Judgement(quality.assess(content), tuple(_criterion(text, said) for text in criteria))


def validate(content: str, taxonomy_path: str = "") -> Compliance:
    """The findings about a SKILL.md that is to live at `taxonomy_path` (a category's path, or '' for anywhere)."""
    name = parse(content).front_matter.get("name")
    path = taxonomy_path.strip("/")
    skill_id = f"{path}/{name}" if path and isinstance(name, str) and name else path or None
    findings = validate_text(content, skill_id=skill_id).findings
    issues = tuple(one for one in findings if one.severity == "error")
    warnings = tuple(one for one in findings if one.severity == "warning")
    score = max(0.0, 1 - ERROR_COST * len(issues) - WARNING_COST * len(warnings))
    return Compliance(not issues, round(score, 2), issues, warnings)


def _criterion(text: str, said: set[str]) -> Criterion:
    words = list(dict.fromkeys(_stem(word) for word in content_words(text)))
    return Criterion(text, round(sum(word in said for word in words) / len(words), 2) if words else 0.0)


def _stem(word: str) -> str:
    """`examples` and `example`, `reviewing` and `reviewed` are one word here."""
    for ending in ("ing", "ies", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)].rstrip("e")
    return word.rstrip("e") if len(word) > 4 else word
