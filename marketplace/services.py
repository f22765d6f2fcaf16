"""What people do in the marketplace: show a skill, take it back, find, install and update. ADR 11 says why so."""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models.functions import Now

from accounts.actor import Actor
from accounts.services import record_audit
from core.errors import Conflict, Invalid, NotFound
from marketplace.models import Install
from skills import announcing, search
from skills.models import Skill
from skills.reviewing import require_review
from skills.services import create_skill, lock_name, named, require_own, update_skill

# What a copy takes over beside its name; counters, status and tenant are its own.
_COPIED = ("description", "trigger_keywords", "task_types", "domains", "tools", "marketplace_plugin_id")


# --- Showing skills to other tenants ---------------------------------------------------------------------------------


@transaction.atomic
def publish_skill(*, actor: Actor, skill_id: UUID, acknowledged: bool = False, reason: str = "") -> Skill:
    """Shows the actor's own skill to all tenants, in the actor's name, and announces it.

    Publishing again announces the skill as it is now. Raises NotFound, Forbidden for a shared skill, Invalid for a
    deprecated one, Conflict where the tenant wants its content findings `acknowledged` and they are not.
    """
    skill = _lock_own(actor, skill_id)
    if skill.status != Skill.Status.ACTIVE:
        raise Invalid("Only active skills can be published", code="skill_not_active")
    found = require_review(skill.client_id, skill.content, skill.supporting_files, acknowledged=acknowledged)
    skill.is_published, skill.author = True, actor.display_name or actor.username
    _save(skill, "is_published", "author")
    detail = {"slug": skill.slug, "semver": skill.semver, "findings": sorted({one.rule for one in found})}
    record_audit(actor=actor, action="publish", subject=skill, detail=detail, reason=reason)
    announcing.announce_saved(actor, skill)
    return skill


@transaction.atomic
def unpublish_skill(*, actor: Actor, skill_id: UUID, reason: str = "") -> Skill:
    """Takes the actor's own skill back and announces that; nothing happens to one that is not published, nor to the
    copies that were installed. Raises NotFound, Forbidden for a shared skill."""
    skill = _lock_own(actor, skill_id)
    if skill.is_published:
        skill.is_published = False
        _save(skill, "is_published")
        record_audit(actor=actor, action="unpublish", subject=skill, detail={"slug": skill.slug}, reason=reason)
        announcing.announce_deleted(skill)
    return skill


def _lock_own(actor: Actor, skill_id: UUID) -> Skill:
    """The skill as it is now, locked for the transaction."""
    rows = Skill.objects.visible_to(actor.client_id).defer("trigger_embedding").select_for_update()
    skill = rows.filter(pk=skill_id).first()
    if skill is None:
        raise NotFound("Skill not found", code="skill_not_found")
    require_own(actor, skill)
    return skill


def _save(skill: Skill, *fields: str) -> None:
    skill.updated_at = Now()
    skill.save(update_fields=[*fields, "updated_at"])
    skill.refresh_from_db(fields=["updated_at"])


# --- Finding and installing ------------------------------------------------------------------------------------------


def search_marketplace(*, client_id: str, query: str, limit: int = 10) -> list[search.Hit]:
    """What other tenants offer that answers `query`, best first. Raises what `search_among` raises."""
    offers = Skill.objects.on_offer_to(client_id)
    return search.search_among(offers, query=query, limit=limit, min_similarity=search.MARKETPLACE_CUT_OFF)


def install_skill(*, actor: Actor, skill_id: UUID) -> Skill:
    """Copies another tenant's published skill into the actor's tenant, and records what it was.

    Raises, in this order: NotFound when there is no such skill, Invalid for an own one, NotFound when it is not on
    offer, Conflict `already_installed` when the tenant has an active skill of its name or an active copy of it.
    """
    source = Skill.objects.filter(pk=skill_id).defer("trigger_embedding").first()
    if source is not None and source.client_id == actor.client_id:
        raise Invalid("Cannot install your own skill", code="own_skill")
    if source is None or not source.is_on_offer:
        raise no_offer()
    try:
        with transaction.atomic():
            _only_install(actor.client_id)
            lock_name(actor.client_id, source.name)
            _refuse_second(actor.client_id, source)
            copy = _copy(actor, source)
            Install.objects.create(
                client_id=actor.client_id,
                skill=copy,
                source_id=source.pk,
                installed_by=actor.username,
                **_state(source),
            )
            detail = {"source": str(source.pk), "source_client": source.client_id, "semver": source.semver}
            record_audit(actor=actor, action="install", subject=copy, detail=detail)
    except IntegrityError:
        # Either the source was deleted meanwhile, or somebody took the name at every attempt.
        if not Skill.objects.filter(pk=skill_id).exists():
            raise no_offer() from None
        raise _is_installed() from None
    search.embed_skill(copy)
    return copy


def no_offer() -> NotFound:
    return NotFound("Published skill not found", code="offer_not_found")


def _is_installed() -> Conflict:
    return Conflict("Skill already installed", code="already_installed")


def _only_install(client_id: str) -> None:
    """One install of a tenant at a time, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"install:{client_id}"])


def _refuse_second(client_id: str, source: Skill) -> None:
    """Raises Conflict; ends the install whose copy was given up."""
    same_name = named(Skill.objects.filter(client_id=client_id).active(), source.name)
    installs = Install.objects.filter(client_id=client_id, source_id=source.pk)
    if same_name.exists() or installs.current().exists():
        raise _is_installed()
    installs.filter(ended_at=None).exclude(pk__in=installs.current()).update(ended_at=Now())


def _copy(actor: Actor, source: Skill) -> Skill:
    return create_skill(
        actor=actor,
        name=source.name,
        slug_near=source.slug,
        content=source.content,
        supporting_files=source.supporting_files,
        semver=source.semver,
        version_description=f"Installed from the marketplace: {source.name} {source.semver}",
        source_type=Skill.SourceType.MARKETPLACE,
        is_marketplace=True,
        parent_skill=source,
        author=source.author,
        embed=False,
        audited=False,
        **{name: getattr(source, name) for name in _COPIED},
    )


def _state(source: Skill) -> dict[str, str]:
    """What an install remembers of its source."""
    return {
        "source_client_id": source.client_id,
        "source_semver": source.semver,
        "source_sha256": source.content_sha256,
    }


# --- New versions of what was installed ------------------------------------------------------------------------------


def install_of(*, actor: Actor, skill_id: UUID) -> Install:
    """How an installed copy of the actor's tenant stands to its source; raises NotFound for any other skill."""
    install = Install.objects.visible_to(actor.client_id).current().with_offer().filter(skill_id=skill_id).first()
    if install is None:
        raise NotFound("Installed skill not found", code="install_not_found")
    return install


def available_updates(*, actor: Actor) -> list[Install]:
    """The tenant's active copies of which the source says something newer, by the copy's name."""
    return list(Install.objects.behind(actor.client_id).order_by("skill__name", "pk"))


def pull_update(*, actor: Actor, skill_id: UUID, force: bool = False) -> Skill:
    """Makes an installed copy say what its source says now: content, files and description, as the source's version.

    Name, keywords and all else stay the tenant's. Nothing happens when the copy is up to date. Raises NotFound, also
    when the source is not on offer any more, and Conflict `changed_here` when the tenant changed the copy's content or
    files (`force` replaces them; they stay in the copy's versions).
    """
    with transaction.atomic():
        _only_install(actor.client_id)
        install = install_of(actor=actor, skill_id=skill_id)
        copy = Skill.objects.defer("trigger_embedding").select_for_update().get(pk=skill_id)
        source = Skill.objects.on_offer_to(actor.client_id).filter(pk=install.source_id).first()
        if source is None:
            raise no_offer()
        if (install.source_semver, install.source_sha256) == (source.semver, source.content_sha256):
            return copy
        if copy.content_sha256 != install.source_sha256 and not force:
            raise Conflict("The installed skill was changed here; pull with force to replace it", code="changed_here")
        copy = _follow(actor, copy, source)
        Install.objects.filter(pk=install.pk).update(pulled_at=Now(), **_state(source))
        detail = {"source": str(source.pk), "source_client": source.client_id, "semver": source.semver}
        record_audit(actor=actor, action="pull", subject=copy, detail=detail)
    search.embed_skill(copy)
    return copy


def _follow(actor: Actor, copy: Skill, source: Skill) -> Skill:
    """The copy with the source's content, under the source's number where the copy's history has room for it."""
    text = {"content": source.content, "supporting_files": source.supporting_files}
    taken = copy.versions.filter(version=source.semver).first()
    is_known = taken is not None and taken.deleted_at is None and taken.content_sha256 == source.content_sha256
    return update_skill(
        actor=actor,
        skill=copy,
        semver=source.semver if taken is None or is_known else None,
        version_description=f"Pulled from the marketplace: {source.name} {source.semver}",
        embed=False,
        audited=False,
        description=source.description,
        **({} if is_known else text),
    )
