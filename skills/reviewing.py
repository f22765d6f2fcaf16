"""What a tenant makes of content findings: which rules it listens to, and whether somebody must say that they saw them.

Findings never block by themselves. Where a tenant requires review, publishing and promoting wait for an explicit yes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from accounts.models import Client
from core.errors import Conflict
from skills.checks import Finding, check_document
from skills.files import FileEntry
from skills.models import Skill, SkillQuerySet

# A low finding is to know, not to decide about.
_DECIDED: Final = ("high", "medium")
_NAMED = 5


def findings_of(skill: Skill) -> list[Finding]:
    """What the checks find in a stored skill, without the rules its tenant ignores."""
    return findings_in(skill.client_id, skill.content, skill.supporting_files)


def findings_of_many(skills: SkillQuerySet) -> Iterator[tuple[Skill, list[Finding]]]:
    """The same for each of some skills, in two queries."""
    ignored = dict(Client.objects.filter(skills__in=skills).distinct().values_list("pk", "ignored_checks"))
    for skill in skills.defer(None).defer("trigger_embedding"):
        yield skill, check_document(skill.content, skill.supporting_files, ignored=ignored.get(skill.client_id, ()))


def findings_in(client_id: str, content: str, files: Iterable[FileEntry] = ()) -> list[Finding]:
    """The same for a text that a tenant is about to store."""
    ignored = Client.objects.filter(pk=client_id).values_list("ignored_checks", flat=True).first() or ()
    return check_document(content, files, ignored=ignored)


def require_review(
    client_id: str, content: str, files: Iterable[FileEntry] = (), *, acknowledged: bool
) -> list[Finding]:
    """The findings that somebody has to decide about (high and medium), for the audit log.

    Raises Conflict `findings_unacknowledged` where there are any, the tenant requires review, and nobody has
    `acknowledged` them.
    """
    found = [finding for finding in findings_in(client_id, content, files) if finding.severity in _DECIDED]
    if found and not acknowledged and Client.objects.filter(pk=client_id, review_required=True).exists():
        raise Conflict(
            f"Content checks found {_listed(found)}. Look at them, then acknowledge them (acknowledge_findings=true).",
            code="findings_unacknowledged",
        )
    return found


def _listed(found: Sequence[Finding]) -> str:
    named = [f"{one.rule} in {one.path}{f':{one.line}' if one.line else ''}" for one in found[:_NAMED]]
    more = [f"{len(found) - _NAMED} more"] if len(found) > _NAMED else []
    return ", ".join([*named, *more])
