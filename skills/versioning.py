"""What people do with versions: cut, delete, compare; which one is current; and how a skill goes and comes back."""

from __future__ import annotations

import difflib
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core import serializers
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from accounts.actor import Actor
from accounts.services import record_audit
from core import versions
from core.errors import Conflict, NotFound
from skills import announcing, search
from skills.fields import clean
from skills.files import FileEntry
from skills.models import DeletedSkill, Skill, SkillAlias, SkillVersion
from skills.services import cut_version, lock_skill, measure, point_at, require_own

LATEST = "latest"
# Above so many lines in both texts together a diff says "all of this went, all of that came": finding the smallest one
# takes time that grows with the square.
MAX_DIFF_LINES = 4_000


def live_versions(skill: Skill) -> QuerySet[SkillVersion]:
    """The versions that are not deleted, newest first."""
    return skill.versions.filter(deleted_at=None).order_by("-created_at", "-sort_key")


def get_version(skill: Skill, number: str) -> SkillVersion:
    """The version of this number, or the current one as `latest`; raises NotFound for a deleted one too."""
    number = skill.semver if number == LATEST else number
    version = live_versions(skill).filter(version=number).first() if versions.is_valid(number) else None
    if version is None:
        raise NotFound(f"Version '{number[:100]}' of skill '{skill.slug}' not found", code="version_not_found")
    return version


def precedence(number: str) -> tuple[bool, str]:
    """What makes a version the current one: every release is above every prerelease, then SemVer precedence."""
    return versions.parse(number).is_release, versions.sort_key(number)


def create_version(
    *,
    actor: Actor,
    skill: Skill,
    semver: str,
    description: str = "",
    changes: Sequence[str] = (),
    embed: bool = True,
    **snapshot: Any,
) -> SkillVersion:
    """Cuts a version of the actor's own skill: of what it says now, or of the `content` and `supporting_files` given.

    It becomes the current one only when it is ahead of the present one by `precedence`; a backport does not, and its
    content is then its own alone. A number once used is Conflict `version_exists`, also when that version was deleted.
    """
    require_own(actor, skill)
    versions.parse(semver)
    values = clean(snapshot)
    with transaction.atomic():
        skill = lock_skill(actor, skill)
        is_ahead = precedence(semver) > precedence(skill.semver)
        before = skill.content
        for name, value in values.items():
            setattr(skill, name, value)
        measured = measure(skill) if values else set()
        version = cut_version(skill, semver, actor=actor, description=description, changes=changes)
        version.refresh_from_db(fields=["created_at"])
        record_audit(actor=actor, action="create", subject=version, detail={"current": is_ahead})
        if is_ahead:
            skill.semver = semver
            _save(skill, {"semver", *values, *measured})
    if embed and is_ahead and skill.content != before:
        search.embed_skill(skill)
    return version


def delete_version(*, actor: Actor, skill: Skill, number: str, embed: bool = True) -> None:
    """Leaves a tombstone; the number stays taken. When it was the current one, the highest that is left becomes it.

    Raises NotFound, and Conflict `only_version` for the last one: a skill has at least one version.
    """
    with transaction.atomic():
        skill = lock_skill(actor, skill)
        version = get_version(skill, number)
        rest = live_versions(skill).exclude(pk=version.pk)
        heir = max(rest.only("version", "created_at"), key=lambda row: precedence(row.version), default=None)
        if heir is None:
            message = f"'{version.version}' is the only version of skill '{skill.slug}'; delete the skill instead"
            raise Conflict(message, code="only_version")
        SkillVersion.objects.filter(pk=version.pk).update(deleted_at=timezone.now(), deleted_by=actor.username)
        record_audit(actor=actor, action="delete", subject=version)
        was_current = version.version == skill.semver
        if was_current:
            _save(skill, point_at(skill, heir))
    if embed and was_current:
        search.embed_skill(skill)


def _save(skill: Skill, names: Iterable[str]) -> None:
    skill.updated_at = Now()
    skill.save(update_fields=[*names, "updated_at"])
    skill.refresh_from_db(fields=["updated_at"])


# --- Two versions side by side ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Diff:
    """From one version to another. `content` is a unified diff of SKILL.md, empty where nothing changed; `files` are
    (path, added|removed|changed), by path; `fields` are (name, before, after)."""

    content: str
    files: list[tuple[str, str]]
    fields: list[tuple[str, Any, Any]]


def diff_versions(old: SkillVersion, new: SkillVersion) -> Diff:
    return Diff(
        content=unified_diff(old.content, new.content, f"SKILL.md {old.version}", f"SKILL.md {new.version}"),
        files=changed_files(old.files, new.files),
        fields=changed_fields(old, new),
    )


def changed_fields(old: SkillVersion, new: SkillVersion) -> list[tuple[str, Any, Any]]:
    """(name, before, after) of what is neither text nor file."""
    names = ("skill_name", "skill_description", "description", "changes")
    pairs = [(name, getattr(old, name), getattr(new, name)) for name in names]
    return [pair for pair in pairs if pair[1] != pair[2]]


def unified_diff(old: str, new: str, old_label: str, new_label: str) -> str:
    """A diff that `patch` applies; texts without a line's end at their end are marked as git marks them."""
    before, after = (list(io.StringIO(text, newline="\n")) for text in (old, new))
    if len(before) + len(after) > MAX_DIFF_LINES and old != new:
        lines = [f"--- {old_label}\n", f"+++ {new_label}\n", f"@@ -1,{len(before)} +1,{len(after)} @@\n"]
        lines += [f"-{line}" for line in before] + [f"+{line}" for line in after]
    else:
        lines = list(difflib.unified_diff(before, after, old_label, new_label))
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def changed_files(old: Sequence[FileEntry], new: Sequence[FileEntry]) -> list[tuple[str, str]]:
    """(path, added|removed|changed) of the files that are not the same in both, by path."""
    before, after = ({file["path"]: _identity(file) for file in files} for files in (old, new))
    words = {path: "changed" if path in before and path in after else "added" for path in after}
    words |= {path: "removed" for path in before if path not in after}
    return sorted((path, word) for path, word in words.items() if before.get(path) != after.get(path))


def _identity(file: FileEntry) -> tuple[Any, ...]:
    return file["content"], file.get("encoding"), bool(file.get("executable"))


# --- A skill goes and comes back -------------------------------------------------------------------------------------


def delete_skill(*, actor: Actor, skill: Skill) -> DeletedSkill:
    """Removes everything at the address of the actor's own skill, and keeps a snapshot for `restore_skill`.

    What was published is announced as gone. Skills that other tenants made of it stay; they no longer name a parent.
    """
    with transaction.atomic():
        skill = lock_skill(actor, skill)
        rows = Skill.objects.select_for_update().filter(client_id=skill.client_id, slug=skill.slug)
        aliases = SkillAlias.objects.filter(client_id=skill.client_id, slug=skill.slug)
        doomed = [*rows, *SkillVersion.objects.filter(skill__in=rows), *aliases]
        kept = DeletedSkill.objects.create(
            client_id=skill.client_id, slug=skill.slug, snapshot=_snapshot(doomed), deleted_by=actor.username
        )
        record_audit(actor=actor, action="delete", subject=skill, detail={"slug": skill.slug, "snapshot": str(kept.pk)})
        for row in rows:
            if row.is_published:
                announcing.announce_deleted(row)
        aliases.delete()
        rows.delete()
    return kept


def _snapshot(rows: list[Any]) -> list[Mapping[str, Any]]:
    """Rows as JSON, without vectors; times keep their microseconds."""
    fields = {field.name for row in rows for field in row._meta.fields} - {"trigger_embedding", "embedding_model"}
    return json.loads(json.dumps(serializers.serialize("python", rows, fields=fields), default=str))  # type: ignore[no-any-return]


def restore_skill(*, actor: Actor, deleted: DeletedSkill) -> Skill:
    """Makes a deleted skill anew, with its versions and ids. For admins of its tenant; Conflict when the address is
    taken again or the snapshot was restored before."""
    actor.require_role("admin")
    if deleted.client_id != actor.client_id:
        raise NotFound("No such deleted skill", code="deleted_skill_not_found")
    with transaction.atomic():
        if Skill.objects.filter(client_id=deleted.client_id, slug=deleted.slug).exists():
            raise Conflict(f"Skill '{deleted.slug}' already exists", code="skill_exists")
        for row in serializers.deserialize("python", deleted.snapshot, handle_forward_references=True):
            if not _is_taken(row.object):
                _drop_lost_references(row.object)
                row.save(force_insert=True)
                if isinstance(row.object, Skill) and row.object.is_on_offer:
                    announcing.announce_saved(actor, row.object)
        head = Skill.objects.heads().get(client_id=deleted.client_id, slug=deleted.slug)
        record_audit(actor=actor, action="restore", subject=head, detail={"snapshot": str(deleted.pk)})
    search.embed_skills(list(Skill.objects.active().filter(client_id=head.client_id, slug=head.slug)))
    return head


def _is_taken(row: Any) -> bool:
    """An alias that leads elsewhere by now."""
    return isinstance(row, SkillAlias) and SkillAlias.objects.filter(client_id=row.client_id, alias=row.alias).exists()


def _drop_lost_references(row: Any) -> None:
    """What the row named and is no more: its category, or the skill it was made of."""
    if isinstance(row, Skill):
        for name in ("category", "parent_skill"):
            model = Skill._meta.get_field(name).related_model
            key = getattr(row, f"{name}_id")
            if key is not None and not model._default_manager.filter(pk=key).exists():  # type: ignore[union-attr]
                setattr(row, f"{name}_id", None)
