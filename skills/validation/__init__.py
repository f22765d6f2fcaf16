"""What is wrong with a skill, in three layers: can we keep it, does it meet the specification, is it any good."""

from __future__ import annotations

from collections.abc import Mapping

from skills.validation import importable, quality, specification
from skills.validation.findings import CHECKS, Check, Finding, Layer, Report, Severity
from skills.validation.paths import check_path, check_paths, path_problem, path_problems
from skills.validation.subject import Subject

__all__ = [
    "CHECKS",
    "Check",
    "Finding",
    "Layer",
    "Report",
    "Severity",
    "Subject",
    "check_path",
    "check_paths",
    "path_problem",
    "path_problems",
    "validate_folder",
    "validate_text",
]


def validate_folder(
    files: Mapping[str, bytes], folder_name: str | None = None, *, skill_id: str | None = None
) -> Report:
    """Checks a whole skill: paths relative to its folder -> bytes, SKILL.md among them.

    `folder_name`, where given, is compared with the name; `skill_id` (`category/path/slug`) is checked as an address.
    """
    return _report(Subject.of_folder(files, folder_name, skill_id))


def validate_text(text: str, folder_name: str | None = None, *, skill_id: str | None = None) -> Report:
    """Checks a SKILL.md alone: rules about the files beside it are left out, not failed."""
    return _report(Subject.of_text(text, folder_name, skill_id))


def _report(subject: Subject) -> Report:
    findings = list(importable.check(subject))
    if subject.is_readable:
        findings += specification.check(subject)
        findings += quality.check(subject)
    return Report(tuple(findings), subject.document)
