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
from django.utils import timezone

from accounts.actor import Actor
from accounts.services import record_audit
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.text import clean_text, slugify
from taxonomy.adapting import check_level, check_no_conflict, check_user_ref, check_words
from taxonomy.finding import find_category as find_category
from taxonomy.finding import get_category as get_category
from taxonomy.finding import own_category, path_now, path_of_id, place_of_shared
from taxonomy.finding import resolve_path as resolve_path
from taxonomy.models import MAX_DEPTH, MAX_PATH, Category, UserTaxonomy
from taxonomy.moving import Plan, carry_out, plan_merge, plan_move

DEFAULT_TREE = Path(__file__).parent / "default_tree.json"
_SLUG = re.compile(r"[a-z0-9]+(?:[_-][a-z0-9]+)*")


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
    path = path_of_id(actor.client_id, id)
    prefix, _, slug = path.rpartition("/")
    parent = parent if parent is not None else prefix or None
    above = find_category(actor.client_id, parent) if parent else None
    known = own_category(actor.client_id, path, above)
    before = known or (place_of_shared(path) if parent in (None, prefix) else None)
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
    """Removes an empty category. Raises Conflict while there are categories below it or skills of anybody in it."""
    actor.require_role("manager")
    _lock_tree(actor.client_id)
    category = _own(actor, category)
    if category.children.exists():
        raise Conflict(f"'{category.path}' has categories below it; move or delete them first.", code="has_children")
    if category.skills.exists():
        raise Conflict(f"'{category.path}' has skills in it; merge it into another category.", code="has_skills")
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
    given = {"priorities": priorities, "hidden": hidden, "experience_level": experience_level}
    fields = [name for name, value in given.items() if value is not None]
    record_audit(actor=actor, action="adapt", subject=user, detail={"fields": fields})
    return user


def load_default_tree(*, actor: Actor) -> int:
    """Gives the actor's tenant the categories of default_tree.json that it lacks; returns how many were made."""
    return _load_level(actor, json.loads(DEFAULT_TREE.read_text()), None)


def _load_level(actor: Actor, level: dict[str, Any], parent: Category | None, above: str = "") -> int:
    """The categories of one level below `parent`, which the default tree has at `above`. Those that moved stay where
    they are now."""
    made = 0
    own = Category.objects.filter(client_id=actor.client_id)
    for position, (name, entry) in enumerate(level.items()):
        slug = entry.get("slug") or slugify(name)
        here = f"{parent.path}/{slug}" if parent else slug
        category = own.filter(path=path_now(actor.client_id, above + slug)).first() or own.filter(path=here).first()
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
        made += _load_level(actor, entry.get("children", {}), category, f"{above}{slug}/")
    return made
