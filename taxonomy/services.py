"""What people do with the category tree: make, rename and move branches, find one, and adapt the tree for a user."""

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
from taxonomy.models import MAX_DEPTH, Category, UserTaxonomy

DEFAULT_TREE = Path(__file__).parent / "default_tree.json"
_SLUG = re.compile(r"[a-z0-9]+(?:[_-][a-z0-9]+)*")


def resolve_path(client_id: str, path: str) -> Category | None:
    """The category at `path` that the tenant sees, its own before the shared one."""
    found = Category.objects.visible_to(client_id).filter(path=path.strip("/"))
    return min(found, key=lambda category: category.client_id == settings.SYSTEM_CLIENT_ID, default=None)


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
    clean_text([slug, name, description], "category")
    if not _SLUG.fullmatch(slug):
        hint = f"'{slug}' is not a category id: use lower-case letters and digits joined by - or _"
        raise Invalid(hint, code="invalid_slug", fields={"id": [hint]})
    _lock_tree(actor.client_id)
    if parent is not None:
        parent.refresh_from_db()
        if parent.client_id not in (actor.client_id, settings.SYSTEM_CLIENT_ID):
            raise NotFound("Parent category not found", code="category_not_found")
    if category is None:
        category, action, old_path = Category(client_id=actor.client_id), "create", ""
    else:
        category.refresh_from_db()
        if category.client_id != actor.client_id:
            raise NotFound("Category not found", code="category_not_found")
        action, old_path = "update", category.path
    category.path = _path_below(parent, slug, moved=old_path)
    category.slug, category.parent, category.sort_order = slug, parent, sort_order
    category.name = name.strip() or slug.replace("-", " ").replace("_", " ").title()
    category.description = description
    category.updated_at = timezone.now()
    taken = Category.objects.filter(client_id=actor.client_id, path=category.path).exclude(pk=category.pk)
    if taken.exists():
        raise Conflict(f"A category '{category.path}' already exists.", code="category_exists")
    category.save()
    if old_path and old_path != category.path:
        _move_branch(actor.client_id, old_path, category.path)
    record_audit(actor=actor, action=action, subject=category, detail={"path": category.path, "was": old_path})
    return category


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
    path = id.strip("/")
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
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('taxonomy:' || %s, 0))", [client_id])


def _path_below(parent: Category | None, slug: str, *, moved: str) -> str:
    if parent is None:
        return slug
    if moved and (parent.path == moved or parent.path.startswith(f"{moved}/")):
        raise Invalid(f"'{parent.path}' lies inside '{moved}': a category cannot move into itself.", code="cycle")
    path = f"{parent.path}/{slug}"
    if path.count("/") >= MAX_DEPTH:
        raise Invalid(f"The taxonomy is at most {MAX_DEPTH} levels deep.", code="too_deep")
    return path


def _move_branch(client_id: str, old_path: str, new_path: str) -> None:
    """Rewrites the paths below a moved category in one statement; refuses when they would go too deep."""
    below = Category.objects.filter(client_id=client_id, path__startswith=f"{old_path}/")
    deepest = max((path.count("/") for path in below.values_list("path", flat=True)), default=0)
    if deepest - old_path.count("/") + new_path.count("/") >= MAX_DEPTH:
        raise Invalid(f"The taxonomy is at most {MAX_DEPTH} levels deep.", code="too_deep")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE taxonomy_category SET path = %s || substr(path, %s), updated_at = now()"
            " WHERE client_id = %s AND starts_with(path, %s)",
            [new_path, len(old_path) + 1, client_id, f"{old_path}/"],
        )


@transaction.atomic
def delete_category(*, actor: Actor, category: Category) -> None:
    """Removes an empty branch; its skills stay and have no category. Raises Conflict while it has children."""
    actor.require_role("manager")
    if category.client_id != actor.client_id:
        raise NotFound("Category not found", code="category_not_found")
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
    given = {"priorities": priorities, "hidden": hidden, "experience_level": experience_level}
    fields = [name for name, value in given.items() if value is not None]
    record_audit(actor=actor, action="adapt", subject=user, detail={"fields": fields})
    return user


def load_default_tree(*, actor: Actor) -> int:
    """Gives the actor's tenant the categories of default_tree.json that it lacks; returns how many were made."""
    return _load_level(actor, json.loads(DEFAULT_TREE.read_text()), None)


def _load_level(actor: Actor, level: dict[str, Any], parent: Category | None) -> int:
    made = 0
    for position, (name, entry) in enumerate(level.items()):
        slug = entry.get("slug") or slugify(name)
        path = f"{parent.path}/{slug}" if parent else slug
        category = Category.objects.filter(client_id=actor.client_id, path=path).first()
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
