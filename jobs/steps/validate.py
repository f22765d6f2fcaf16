"""Step: the three layers of validation and the quality figures."""

from __future__ import annotations

from dataclasses import asdict

from jobs.states import Phase
from jobs.steps.base import Context, Done, Outcome
from jobs.steps.brief import text_of
from skills.quality import assess, trigger_coverage
from skills.validation import validate_text
from skills.validation.findings import LAYERS

PASS_SCORE = 0.75


class Validate:
    name = "validate"
    phase = Phase.VALIDATION
    title = "Validation"

    def run(self, context: Context) -> Outcome:
        text, content = text_of(context), context.outputs["generate"]["content"]
        report, quality = validate_text(content, text.name), assess(content)
        passed = report.ok and quality.overall_score >= PASS_SCORE
        output = {
            "passed": passed,
            "score": quality.overall_score if report.ok else 0.0,
            "status": "passed" if passed else "failed",
            "errors": report.errors,
            "warnings": report.warnings,
            "findings": [finding.as_dict() for finding in report.findings],
            "checks": report.checks,
            "layers": {layer: report.passed(layer) for layer in LAYERS},
            "quality": asdict(quality),
            "trigger_coverage": trigger_coverage(text.trigger_keywords, [content]),
        }
        verdict = "passed" if passed else f"failed with {len(report.errors)} errors"
        return Done(output, f"Validation {verdict}, score {quality.overall_score:.2f}")
