"""What people do with skills: create, change, version and find them. Every way in calls these functions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Max, Q, Value
from django.db.models.functions import Lower, Now, Trim

from accounts.actor import Actor
from accounts.services import record_audit
from core import versions
from core.errors import Conflict, Forbidden, NotFound
from core.text import clean_text, estimate_tokens, slugify
from skills import announcing, document, search
from skills.fields import clean
from skills.files import skill_digest
from skills.models import Skill, SkillAlias, SkillQuerySet, SkillVersion
from taxonomy.models import CategoryAlias, own_first

_SLUG_ATTEMPTS = 5
_EMBEDDED = {"name", "description", "content"}
_SNAPSHOT = {"content", "supporting_files"}


def create_skill(
    *,
    actor: Actor,
    name: str,
    content: str,
    slug: str | None = None,
    slug_near: str = "",
    semver: str = "1.0.0",
    version_description: str = "Initial release",
    changes: Sequence[str] = (),
    created_via: str = "kaman",
    embed: bool = True,
    audited: bool = True,
    **fields: Any,
) -> Skill:
    """Adds a skill to the actor's tenant, with its first version, and makes it findable.

    Without `slug` the address follows from the name: the same name again is the next integer version at the same
    address, another name with the same slug gets `-2`, `-3`…; `slug_near` is then where to begin instead of the name. A
    given slug must be free (Conflict `skill_exists`).
    `embed=False` leaves the embedding to the caller's batch, `audited=False` the line in the audit log to a caller who
    does more than this. Raises Invalid, naming the field.
    """
    values = clean({"name": name, "content": content, **fields})
    versions.parse(semver)
    for attempt in range(_SLUG_ATTEMPTS):
        try:
            with transaction.atomic():
                skill = _insert(actor, slug, slug_near, {**values, "semver": semver, "created_via": created_via})
                cut_version(skill, semver, actor=actor, description=version_description, changes=changes)
                if audited:
                    detail = {"slug": skill.slug, "semver": semver}
                    record_audit(actor=actor, action="create", subject=skill, detail=detail)
            break
        except IntegrityError:
            if attempt == _SLUG_ATTEMPTS - 1:
                raise
    if embed:
        search.embed_skill(skill)
    return skill


def _insert(actor: Actor, slug: str | None, slug_near: str, values: dict[str, Any]) -> Skill:
    if slug is None:
        lock_name(actor.client_id, values["name"])
        base = slug_near or slugify(values["name"])
        slug, version = _free_address(actor.client_id, values["name"], base, values.get("parent_skill"))
    else:
        version = 1
        if Skill.objects.filter(client_id=actor.client_id, slug=slug).exists():
            raise Conflict(f"Skill '{slug}' already exists", code="skill_exists")
    skill = Skill(client_id=actor.client_id, slug=slug, version=version, **values)
    measure(skill)
    skill.save(force_insert=True)
    skill.refresh_from_db(fields=["created_at", "updated_at"])
    return skill


def lock_name(client_id: str, name: str) -> None:
    """Holds back others of the tenant who make a skill of this name, or of one with the same slug, to the end of the
    transaction: however many they are, each gets an address, where a unique key alone would have most of them fail."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"skill:{client_id}:{slugify(name)}"])


def named(rows: SkillQuerySet, name: str) -> SkillQuerySet:
    """Those of this name, whatever its case."""
    return rows.annotate(key=Lower(Trim("name"))).filter(key=Lower(Trim(Value(name))))


def _free_address(client_id: str, name: str, base: str, parent: Skill | None) -> tuple[str, int]:
    """The slug and integer version for a new row of this name: the next version where the name is known already, or
    where the parent, another name, has the slug; else `base`, or near it."""
    rows = Skill.objects.filter(client_id=client_id)
    same_name = named(rows, name).order_by("created_at").first()
    if parent is not None and (parent.client_id, parent.slug) == (client_id, base):
        same_name = same_name or parent
    if same_name:
        newest = rows.filter(slug=same_name.slug).aggregate(newest=Max("version"))["newest"]
        return same_name.slug, newest + 1
    taken = set(rows.filter(Q(slug=base) | Q(slug__startswith=f"{base}-")).values_list("slug", flat=True))
    candidates = (base if number == 1 else f"{base}-{number}" for number in range(1, len(taken) + 2))
    return next(slug for slug in candidates if slug not in taken), 1


def update_skill(
    *,
    actor: Actor,
    skill: Skill,
    semver: str | None = None,
    version_description: str = "",
    changes: Sequence[str] = (),
    embed: bool = True,
    audited: bool = True,
    precondition: Callable[[Skill], bool] = lambda skill: True,
    action: str = "update",
    reason: str = "",
    **fields: Any,
) -> Skill:
    """Changes the named fields of the actor's own skill.

    New content or files cut a version: `semver`, or the next patch. A `semver` that the history already has points the
    skill back at that version and restores its content (rollback), unless new content comes with it (Conflict).
    A `precondition` that the skill, locked, does not meet is Conflict `precondition_failed`, and nothing was changed.
    `embed` and `audited` as for `create_skill`; `action` and `reason` are what the audit log says of it.
    """
    require_own(actor, skill)
    values = clean(fields)
    with transaction.atomic():
        skill = lock_skill(actor, skill)
        if not precondition(skill):
            raise Conflict(f"Skill '{skill.slug}' is not what it was when it was read", code="precondition_failed")
        changed = {name for name, value in values.items() if getattr(skill, name) != value}
        for name in changed:
            setattr(skill, name, values[name])
        if changed & _SNAPSHOT:
            changed |= measure(skill)
        changed |= _move_version(skill, actor, semver, changed, version_description, changes)
        if changed:
            skill.updated_at = Now()
            skill.save(update_fields=[*changed, "updated_at"])
            skill.refresh_from_db(fields=["updated_at"])
            if audited:
                detail = {"fields": sorted(changed), "semver": skill.semver}
                record_audit(actor=actor, action=action, subject=skill, detail=detail, reason=reason)
        if "status" in changed:
            announcing.announce_status(actor, skill)
    if embed and changed & _EMBEDDED:
        search.embed_skill(skill)
    return skill


def _move_version(
    skill: Skill, actor: Actor, semver: str | None, changed: set[str], description: str, changes: Sequence[str]
) -> set[str]:
    """Makes the skill's version follow its content; returns the names of the fields that this set."""
    has_new_content = bool(changed & _SNAPSHOT)
    if semver in (None, skill.semver) and not has_new_content:
        return set()
    if semver is not None:
        versions.parse(semver)
    known = skill.versions.filter(version=semver, deleted_at=None).first() if semver else None
    if known is None:
        skill.semver = semver or next_free_patch(skill)
        cut_version(skill, skill.semver, actor=actor, description=description, changes=changes)
        return {"semver"}
    if has_new_content:
        raise Conflict(f"Version '{semver}' of skill '{skill.slug}' already exists", code="version_exists")
    return point_at(skill, known)


def next_free_patch(skill: Skill) -> str:
    """The number of the skill's next version where nobody names one."""
    taken = set(skill.versions.values_list("version", flat=True))
    candidate = versions.next_patch(skill.semver)
    while candidate in taken:
        candidate = versions.next_patch(candidate)
    return candidate


def point_at(skill: Skill, version: SkillVersion) -> set[str]:
    """Makes the skill say what `version` says; returns the names of the fields set, for the caller to save."""
    skill.semver, skill.content, skill.supporting_files = version.version, version.content, version.files
    return {"semver", "content", "supporting_files", *measure(skill)}


def measure(skill: Skill) -> set[str]:
    """Sets what follows from content and files: the digest and the token estimate. Returns their names."""
    skill.content_sha256 = skill_digest(skill.content, skill.supporting_files)
    skill.content_tokens = estimate_tokens(skill.content, skill.supporting_files)
    return {"content_sha256", "content_tokens"}


def cut_version(
    skill: Skill, semver: str, *, actor: Actor, description: str = "", changes: Sequence[str] = ()
) -> SkillVersion:
    """Takes an immutable snapshot of the skill as `semver`. A number once used, even if deleted, is Conflict."""
    clean_text([description, *changes], "description")
    if skill.versions.filter(version=semver).exists():
        raise Conflict(f"Version '{semver}' of skill '{skill.slug}' already exists", code="version_exists")
    return SkillVersion.objects.create(
        skill=skill,
        version=semver,
        sort_key=versions.sort_key(semver),
        description=description,
        changes=list(changes),
        skill_name=skill.name,
        skill_description=skill.description,
        content=skill.content,
        document=_document(skill),
        files=skill.supporting_files,
        content_sha256=skill.content_sha256,
        created_by=actor.username,
    )


def lock_skill(actor: Actor, skill: Skill) -> Skill:
    """The actor's own skill as it is now, locked for the transaction; raises NotFound, also when it just went."""
    require_own(actor, skill)
    locked = Skill.objects.select_for_update().filter(pk=skill.pk).first()
    if locked is None:
        raise NotFound(f"Skill '{skill.slug}' not found", code="skill_not_found")
    return locked


def require_own(actor: Actor, skill: Skill) -> None:
    """Raises NotFound for another tenant's skill and Forbidden for a shared one."""
    if skill.is_system and actor.client_id != skill.client_id:
        raise Forbidden("System skills cannot be modified", code="system_skill")
    if skill.client_id != actor.client_id:
        raise NotFound("Skill not found", code="skill_not_found")


def _document(skill: Skill) -> str:
    """The SKILL.md that agents load: the content itself, below front matter made from the columns where it has none."""
    if document.parse(skill.content).has_front_matter:
        return skill.content
    return document.compose({"name": skill.slug, "description": skill.description or skill.name}, skill.content)


def resolve_skill(client_id: str, address: str) -> Skill:
    """The skill at an address that the tenant sees: slug, alias, `category/slug`, or a category that holds one skill.

    The tenant's own come before the shared ones, addresses of today before those of old. Raises NotFound.
    """
    address = address.strip("/")
    rows = Skill.objects.visible_to(client_id).heads().defer("trigger_embedding")
    path, _, last = address.rpartition("/")
    aliases = SkillAlias.objects.visible_to(client_id).filter(alias=address).order_by(own_first(client_id))
    old_places = CategoryAlias.objects.of_path
    for condition in (
        Q(slug=address),
        Q(slug__in=aliases.values("slug")[:1]),
        Q(slug=last, category__path=path),
        Q(slug=last, category__in=old_places(client_id, path).values("category")),
        Q(category__path=address),
        Q(category__in=old_places(client_id, address).values("category")),
    ):
        found = sorted(rows.filter(condition)[:2], key=lambda skill: skill.client_id != client_id)
        if found and (len(found) == 1 or found[0].client_id != found[1].client_id):
            return found[0]
    raise NotFound(f"Skill '{address}' not found", code="skill_not_found")


@transaction.atomic
def remember_alias(*, actor: Actor, alias: str, slug: str, reason: str) -> None:
    """Keeps an old address of a skill working; the newest owner of an alias wins."""
    SkillAlias.objects.update_or_create(
        client_id=actor.client_id, alias=alias, defaults={"slug": slug, "reason": reason}
    )
