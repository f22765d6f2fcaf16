"""What people do with the category tree: make, move and merge branches, find one, and adapt the tree for a user.

Moving is planned and written in taxonomy/moving.py; the functions here say who may, lock, and tell the audit log.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.actor import Actor
from accounts.services import record_audit
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.text import clean_text, slugify
from taxonomy.adapting import check_level, check_no_conflict, check_user_ref, check_words
from taxonomy.models import MAX_DEPTH, MAX_PATH, Category, CategoryAlias, UserTaxonomy, own_first
from taxonomy.moving import Plan, carry_out, plan_merge, plan_move

DEFAULT_TREE = Path(__file__).parent / "default_tree.json"
_SLUG = re.compile(r"[a-z0-9]+(?:[_-][a-z0-9]+)*")


def resolve_path(client_id: str, path: str) -> Category | None:
    """The category at `path` that the tenant sees, its own before the shared one; or else the one that was there."""
    path = path.strip("/")
    here = Category.objects.visible_to(client_id).filter(path=path).order_by(own_first(client_id)).first()
    return here or _once_at(CategoryAlias.objects.of_path(client_id, path))


def _once_at(aliases: QuerySet[CategoryAlias]) -> Category | None:
    alias = aliases.select_related("category").first()
    return alias.category if alias else None


def get_category(client_id: str, path: str) -> Category:
    category = resolve_path(client_id, path)
    if category is None:
        raise NotFound(f"Category '{path}' not found", code="category_not_found")
    return category


@transaction.atomic
def save_category(
    *,
    actor: Actor,
    slug: str,
    name: str = "",
    parent: Category | None = None,
    description: str = "",
    sort_order: int = 0,
    category: Category | None = None,
) -> Category:
    """Creates the category, or changes `category`: a new slug or parent moves it with its whole branch.

    The tenant's tree is locked, so that two moves at once cannot make a circle. Raises Invalid for a bad slug, a circle
    or a tree deeper than eight; Conflict where the path is taken.
    """
    actor.require_role("manager")
    clean_text([name, description], "category")
    _check_slug(slug)
    _lock_tree(actor.client_id)
    parent = _seen(actor, parent) if parent else None
    if category is None:
        action, was = "create", ""
        category = Category(client_id=actor.client_id, slug=slug, parent=parent, path=_free_path(actor, parent, slug))
    else:
        category = _own(actor, category)
        action, was = "update", category.path
        category = _carried_out(actor, plan_move(category, parent, slug))
    category.sort_order = sort_order
    category.name = name.strip() or slug.replace("-", " ").replace("_", " ").title()
    category.description = description
    category.updated_at = timezone.now()
    category.save()
    record_audit(actor=actor, action=action, subject=category, detail={"path": category.path, "was": was})
    return category


def _check_slug(slug: str) -> None:
    if not _SLUG.fullmatch(clean_text(slug, "category")):
        hint = f"'{slug}' is not a category id: use lower-case letters and digits joined by - or _"
        raise Invalid(hint, code="invalid_slug", fields={"id": [hint]})


def _free_path(actor: Actor, parent: Category | None, slug: str) -> str:
    """Where a new category comes; raises Invalid where the tree ends there, Conflict where there is one."""
    path = f"{parent.path}/{slug}" if parent else slug
    if path.count("/") >= MAX_DEPTH:
        raise Invalid(f"The taxonomy is at most {MAX_DEPTH} levels deep.", code="too_deep")
    if len(path) > MAX_PATH:
        raise Invalid(f"A path is at most {MAX_PATH} characters long.", code="too_long")
    if Category.objects.filter(client_id=actor.client_id, path=path).exists():
        raise Conflict(f"A category '{path}' already exists.", code="category_exists")
    return path


@transaction.atomic
def describe_category(
    *, actor: Actor, category: Category, name: str, description: str = "", sort_order: int = 0
) -> Category:
    """Changes what a category says of itself, and not where it is. Raises NotFound for what is not the actor's."""
    actor.require_role("manager")
    clean_text([name, description], "category")
    said = {"name": name.strip() or category.name, "description": description, "sort_order": sort_order}
    own = Category.objects.filter(pk=category.pk, client_id=actor.client_id)
    if not own.update(**said, updated_at=timezone.now()):
        raise NotFound("Category not found", code="category_not_found")
    changed = own.get()
    record_audit(actor=actor, action="update", subject=changed, detail={"path": changed.path, "fields": sorted(said)})
    return changed


def preview_move(*, actor: Actor, category: Category, parent: Category | None, slug: str) -> Plan:
    """What `move_category` would do; nothing is written. Raises Invalid for a bad slug and NotFound for what is not the
    actor's; other reasons why it cannot be are the plan's `obstacle`."""
    actor.require_role("manager")
    _check_slug(slug)
    category = _own(actor, category)
    return plan_move(category, _seen(actor, parent) if parent else None, slug)


@transaction.atomic
def move_category(
    *,
    actor: Actor,
    category: Category,
    parent: Category | None,
    slug: str,
    name: str = "",
    reason: str = "",
    seen: str = "",
) -> Category:
    """Moves the category with all below it, of all tenants, below `parent` (None: to the top) as `slug`; old paths go
    on working. A `name` renames it too.

    With `seen`, the fingerprint of the plan somebody agreed to, no other plan is carried out (Conflict `plan_changed`).
    Raises what `preview_move` raises, and the plan's obstacle.
    """
    actor.require_role("manager")
    _lock_tree(actor.client_id)
    plan = preview_move(actor=actor, category=category, parent=parent, slug=slug)
    moved = _carried_out(actor, plan, seen=seen)
    if clean_text(name, "category").strip():
        moved.name = name.strip()
        moved.save(update_fields=["name"])
    _tell(actor, "move", moved, plan, reason)
    return moved


def preview_merge(*, actor: Actor, category: Category, into: Category) -> Plan:
    """What `merge_category` would do; as `preview_move`."""
    actor.require_role("manager")
    return plan_merge(_own(actor, category), _seen(actor, into))


@transaction.atomic
def merge_category(*, actor: Actor, category: Category, into: Category, reason: str = "", seen: str = "") -> Category:
    """Makes the category a part of `into`, which the tenant sees: skills and categories below go there, the path goes
    on working, and the category is no more. Otherwise as `move_category`."""
    actor.require_role("manager")
    _lock_tree(actor.client_id)
    plan = preview_merge(actor=actor, category=category, into=into)
    taken_in_by = _carried_out(actor, plan, seen=seen)
    _tell(actor, "merge", plan.top.category, plan, reason)
    return taken_in_by


def _carried_out(actor: Actor, plan: Plan, *, seen: str = "") -> Category:
    """The category as it is after the plan, or the one that took it in."""
    if seen and seen != plan.fingerprint:
        raise Conflict("The taxonomy changed since you looked; look again.", code="plan_changed")
    carry_out(plan)
    for step in plan.tops_of_others() if plan.changes else ():
        place = {"path": step.becomes, "was": step.was, "with": plan.top.was}
        record_audit(actor=actor, action="move", subject=step.category, label=step.was, detail=place)
    return Category.objects.get(pk=(plan.top.into or plan.top.category).pk)


def _tell(actor: Actor, action: str, subject: Category, plan: Plan, reason: str) -> None:
    facts: dict[str, Any] = {"path": plan.top.becomes, "was": plan.top.was, "name": subject.name}
    facts |= {
        "categories": len(plan.steps),
        "skills": plan.skills.total(),
        "reason": clean_text(reason, "reason").strip(),
    }
    record_audit(actor=actor, action=action, subject=subject, label=plan.top.was, detail=facts)


@transaction.atomic
def save_category_by_id(
    *, actor: Actor, id: str, name: str | None = None, parent: str | None = None, description: str | None = None
) -> Category:
    """Creates or changes the tenant's category with this id, as callers know it: by its slug or path.

    None keeps what is stored; a `parent` (an id or path, "" for the top) moves an existing category. For an id that
    only the shared tree has, the tenant gets its own category in the shared one's place. Raises NotFound for an unknown
    parent, Invalid `ambiguous_id` for a slug that several categories have, and what `save_category` raises.
    """
    actor.require_role("manager")
    clean_text([id, name or "", parent or "", description or ""], "category")
    _lock_tree(actor.client_id)
    path = _path_now(actor.client_id, id.strip("/"))
    prefix, _, slug = path.rpartition("/")
    parent = parent if parent is not None else prefix or None
    above = find_category(actor.client_id, parent) if parent else None
    known = _own_category(actor.client_id, path, above)
    before = known or (_place_of_shared(path) if parent in (None, prefix) else None)
    if parent is None and before is not None:
        above = before.parent
    return save_category(
        actor=actor,
        slug=slug,
        name=name if name is not None else before.name if before else "",
        parent=above,
        description=description if description is not None else before.description if before else "",
        sort_order=before.sort_order if before else 0,
        category=known,
    )


def find_category(client_id: str, id: str) -> Category:
    """The category with this path, or else with this slug, that the tenant sees. Raises NotFound, or Invalid
    `ambiguous_id` where several paths end in the slug."""
    found = resolve_path(client_id, clean_text(id, "category"))
    if found is not None:
        return found
    rows = Category.objects.visible_to(client_id).filter(slug=id.strip("/"))
    paths = sorted(set(rows.values_list("path", flat=True)))
    if len(paths) > 1:
        message = f"Several categories are called '{id}'; give the path: {', '.join(paths)}"
        raise Invalid(message, code="ambiguous_id")
    return get_category(client_id, paths[0] if paths else id)


def _path_now(client_id: str, path: str) -> str:
    """The path of the tenant's own category that was at `path` and moved; else `path` itself."""
    if Category.objects.filter(client_id=client_id, path=path).exists():
        return path
    moved = _once_at(CategoryAlias.objects.filter(client_id=client_id, category__client_id=client_id, path=path))
    return moved.path if moved else path


def _own_category(client_id: str, path: str, above: Category | None) -> Category | None:
    """The one at its place below `above`, at its path, or (for a bare slug) the only one with the slug."""
    own = Category.objects.filter(client_id=client_id)
    below = f"{above.path}/{path.rpartition('/')[2]}" if above else path
    found = own.filter(path=below).first() or own.filter(path=path).first()
    return found or _only(own.filter(slug=path))


def _place_of_shared(path: str) -> Category | None:
    shared = Category.objects.filter(client_id=settings.SYSTEM_CLIENT_ID)
    return shared.filter(path=path).first() or _only(shared.filter(slug=path))


def _only(rows: QuerySet[Category]) -> Category | None:
    found = list(rows[:2])
    return found[0] if len(found) == 1 else None


def _lock_tree(client_id: str) -> None:
    """Holds the tenant's tree to the end of the transaction: the shared tree first, together with the other tenants, or
    alone to change it, for that moves categories of all; then the tenant's own."""
    shared = client_id != settings.SYSTEM_CLIENT_ID
    key = "hashtextextended('taxonomy:' || %s, 0)"
    with connection.cursor() as cursor:
        if shared:
            cursor.execute(f"SELECT pg_advisory_xact_lock_shared({key})", [settings.SYSTEM_CLIENT_ID])
        cursor.execute(f"SELECT pg_advisory_xact_lock({key})", [client_id])


def _own(actor: Actor, category: Category) -> Category:
    """The category as it is now; raises NotFound for another tenant's, or when it just went."""
    found = Category.objects.filter(pk=category.pk, client_id=actor.client_id).first()
    if found is None:
        raise NotFound("Category not found", code="category_not_found")
    return found


def _seen(actor: Actor, parent: Category) -> Category:
    found = Category.objects.visible_to(actor.client_id).filter(pk=parent.pk).first()
    if found is None:
        raise NotFound("Parent category not found", code="category_not_found")
    return found


@transaction.atomic
def delete_category(*, actor: Actor, category: Category) -> None:
    """Removes an empty branch; its skills stay and have no category. Raises Conflict while it has children."""
    actor.require_role("manager")
    _lock_tree(actor.client_id)
    category = _own(actor, category)
    if category.children.exists():
        raise Conflict(f"'{category.path}' has categories below it; move or delete them first.", code="has_children")
    record_audit(actor=actor, action="delete", subject=category, detail={"path": category.path})
    category.delete()


@transaction.atomic
def adapt_taxonomy(
    *,
    actor: Actor,
    user_ref: str,
    priorities: Sequence[str] | None = None,
    hidden: Sequence[str] | None = None,
    experience_level: str | None = None,
) -> UserTaxonomy:
    """Stores what a user of the tenant wants to see; None keeps what is stored. Lists are at most 50 words.

    Users adapt their own taxonomy, managers anybody's in their tenant (else Forbidden). Invalid names the field.
    """
    if check_user_ref(user_ref) != actor.username and not actor.has_role("manager"):
        raise Forbidden("You can adapt your own taxonomy only.", code="not_your_taxonomy")
    UserTaxonomy.objects.get_or_create(client_id=actor.client_id, user_ref=user_ref)
    user = UserTaxonomy.objects.select_for_update().get(client_id=actor.client_id, user_ref=user_ref)
    if priorities is not None:
        user.priorities = check_words("priorities", priorities)
    if hidden is not None:
        user.hidden = check_words("hidden", hidden)
    if experience_level is not None:
        user.experience_level = check_level(experience_level)
    check_no_conflict(user)
    user.save()
    return user


def load_default_tree(*, actor: Actor) -> int:
    """Gives the actor's tenant the categories of default_tree.json that it lacks; returns how many were made."""
    return _load_level(actor, json.loads(DEFAULT_TREE.read_text()), None)


def _load_level(actor: Actor, level: dict[str, Any], parent: Category | None) -> int:
    made = 0
    for position, (name, entry) in enumerate(level.items()):
        slug = entry.get("slug") or slugify(name)
        path = f"{parent.path}/{slug}" if parent else slug
        category = Category.objects.filter(client_id=actor.client_id, path=_path_now(actor.client_id, path)).first()
        if category is None:
            made += 1
            category = save_category(
                actor=actor,
                slug=slug,
                name=name,
                parent=parent,
                description=entry.get("description", ""),
                sort_order=position,
            )
        made += _load_level(actor, entry.get("children", {}), category)
    return made
