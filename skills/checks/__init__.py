"""Content checks: what a human should look at before trusting a skill. Deterministic, and warnings, never a verdict.

A skill without findings is not thereby safe. Rules and limits: docs/adr/0015-content-checks.md.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import islice

from skills.checks.characters import hidden_characters, hidden_comments
from skills.checks.commands import risky_commands
from skills.checks.contents import binary_findings, mode_findings, size_findings
from skills.checks.findings import RULES, SEVERITIES, Finding, Hit, Severity
from skills.checks.links import link_hosts, risky_links
from skills.checks.secrets import leaked_secrets
from skills.document import DOCUMENT_PATH
from skills.files import FileEntry, file_bytes
from skills.models import Skill

__all__ = ["RULES", "SEVERITIES", "Finding", "Severity", "check_document", "check_skill", "hosts_of"]

# A rule that fires everywhere says so often enough.
MAX_A_RULE = 20
# Longer texts are checked up to here, and said to be longer (`file.oversized`).
_READ = 2 * 1024 * 1024
_MARKDOWN = (".md", ".markdown", ".mdx")


def check_skill(skill: Skill, *, ignored: Collection[str] = ()) -> list[Finding]:
    """What the checks find in a stored skill, the gravest first."""
    return check_document(skill.content, skill.supporting_files, ignored=ignored)


def check_document(content: str, files: Iterable[FileEntry] = (), *, ignored: Collection[str] = ()) -> list[Finding]:
    """What the checks find in a SKILL.md and its files (as `supporting_files` stores them), without the rules
    `ignored`: the gravest first, then by path and line."""
    found = [*_text_findings(DOCUMENT_PATH, content)]
    for file in files:
        found += _file_findings(file)
    order = {severity: place for place, severity in enumerate(SEVERITIES)}
    kept = [finding for finding in found if finding.rule not in ignored]
    return sorted(kept, key=lambda one: (order[one.severity], one.path, one.line or 0, one.rule))


def hosts_of(content: str, files: Iterable[FileEntry] = ()) -> list[str]:
    """The hosts that a skill's texts link to."""
    return link_hosts([content, *(str(file["content"]) for file in files if file.get("encoding") != "base64")])


def _file_findings(file: FileEntry) -> Iterator[Finding]:
    path, executable = str(file["path"]), bool(file.get("executable"))
    if file.get("encoding") == "base64":
        data = file_bytes(file)
        try:
            text = data.decode()
        except UnicodeDecodeError:
            text = ""
        if not text or "\x00" in text:
            yield from size_findings(path, len(data))
            yield from mode_findings(path, executable, is_script=False)
            yield from binary_findings(path, data)
            return
    else:
        text = str(file.get("content") or "")
    yield from mode_findings(path, executable, is_script=text.startswith("#!"))
    yield from _text_findings(path, text)


def _text_findings(path: str, text: str) -> Iterator[Finding]:
    yield from size_findings(path, len(text))
    text = text[:_READ]
    checks = [hidden_characters, leaked_secrets, risky_commands, risky_links]
    if path.lower().endswith(_MARKDOWN):
        checks.append(hidden_comments)
    for check in checks:
        by_rule: dict[str, list[Hit]] = {}
        for hit in check(text):
            by_rule.setdefault(hit.rule, []).append(hit)
        for hits in by_rule.values():
            yield from (
                Finding(hit.rule, hit.severity, path, text.count("\n", 0, hit.at) + 1, hit.message, hit.excerpt)
                for hit in islice(hits, MAX_A_RULE)
            )
