"""A finding, and the report that gathers them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from skills.document import Document

Severity: TypeAlias = Literal["error", "warning", "info"]
Layer: TypeAlias = Literal["importable", "specification", "quality"]
Check: TypeAlias = Literal[
    "metadata", "structure", "documentation", "frontmatter", "subdirectories", "examples", "naming"
]
LAYERS: Final[tuple[Layer, ...]] = ("importable", "specification", "quality")
CHECKS: Final[tuple[Check, ...]] = (
    "metadata",
    "structure",
    "documentation",
    "frontmatter",
    "subdirectories",
    "examples",
    "naming",
)
_PREFIXES: Final[dict[str, Layer]] = {"importable": "importable", "spec": "specification", "quality": "quality"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to know about a skill. `rule` is stable (`spec.name-format`); people suppress and count by it.

    `message` says what is wrong, `hint` what to do; `path` is relative to the skill's folder, `line` 1-based within it.
    `check` is the group that reports in seven parts show it under.
    """

    rule: str
    severity: Severity
    check: Check
    message: str
    hint: str = ""
    path: str | None = None
    line: int | None = None

    @property
    def layer(self) -> Layer:
        return _PREFIXES[self.rule.partition(".")[0]]

    def as_dict(self) -> dict[str, str | int | None]:
        return {
            "rule": self.rule,
            "severity": self.severity,
            "layer": self.layer,
            "path": self.path,
            "line": self.line,
            "message": self.message,
            "hint": self.hint,
        }


@dataclass(frozen=True, slots=True)
class Report:
    """All findings about one skill. A layer is passed when it holds no error; warnings never fail anything."""

    findings: tuple[Finding, ...]
    document: Document | None = None

    def passed(self, layer: Layer) -> bool:
        return not any(finding.severity == "error" and finding.layer == layer for finding in self.findings)

    @property
    def ok(self) -> bool:
        return not self.errors

    @property
    def errors(self) -> list[str]:
        return [finding.message for finding in self.findings if finding.severity == "error"]

    @property
    def warnings(self) -> list[str]:
        return [finding.message for finding in self.findings if finding.severity == "warning"]

    @property
    def score(self) -> float:
        """1.0 or 0.0: rules are met or not. How good a skill is says skills/quality.py."""
        return 1.0 if self.ok else 0.0

    @property
    def status(self) -> str:
        return "passed" if self.ok else "failed"

    @property
    def checks(self) -> list[dict[str, str | bool]]:
        """The seven groups, always all of them, in their fixed order: {check, passed, message}."""
        return [self._check(check) for check in CHECKS]

    def _check(self, check: Check) -> dict[str, str | bool]:
        findings = [finding for finding in self.findings if finding.check == check and finding.severity != "info"]
        passed = not any(finding.severity == "error" for finding in findings)
        return {"check": check, "passed": passed, "message": "; ".join(finding.message for finding in findings)}
