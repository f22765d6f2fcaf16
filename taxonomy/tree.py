"""Reads of the whole tree: the tenant's categories merged over the shared ones, also as one user adapted them."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, Q

from accounts.models import AuditEvent
from taxonomy.models import Category, UserTaxonomy

_FORMAT = 1
_BETWEEN_WORDS = re.compile(r"[\s_]+")


@dataclass(frozen=True)
class Branch:
    """A category as the tenant sees it. `id` is its slug, or its path where several categories have the slug; `parent`
    (None at the top) and `children` are such ids."""

    id: str
    path: str
    name: str
    description: str
    parent: str | None
    children: tuple[str, ...]
    is_shared: bool


@dataclass(frozen=True)
class Tree:
    """`version` has the form of a semantic version and rises with every change of a category that the tenant sees."""

    branches: list[Branch]
    version: str


@dataclass(frozen=True)
class UserTree:
    """What a user adapted, and the tree that follows from it: priorities first, hidden branches left out."""

    user: UserTaxonomy
    tree: Tree


def taxonomy_tree(client_id: str, user: UserTaxonomy | None = None) -> Tree:
    """The categories by path; for a `user` those named by a priority first, in the order of the priorities."""
    merged = _merged(client_id)
    priorities = user.priorities if user else []
    hidden = user.hidden if user else []
    paths = [path for path in merged if not any(names_branch(word, path) for word in hidden)]
    paths.sort(key=lambda path: (_rank(priorities, path), path))
    return Tree(_branches({path: merged[path] for path in paths}, _ids(merged)), _version(client_id))


def user_taxonomy(client_id: str, user_ref: str) -> UserTree:
    user = adaptation_of(client_id, user_ref)
    return UserTree(user, taxonomy_tree(client_id, user))


def adaptation_of(client_id: str, user_ref: str) -> UserTaxonomy:
    """The user's stored adaptation, or an unsaved one that changes nothing."""
    found = UserTaxonomy.objects.filter(client_id=client_id, user_ref=user_ref).first()
    return found or UserTaxonomy(client_id=client_id, user_ref=user_ref)


def normalise_word(word: str) -> str:
    """The form in which words are compared: `Async Programming` and `async_programming` -> `async-programming`."""
    return _BETWEEN_WORDS.sub("-", word.strip().strip("/").lower())


def names_branch(word: str, path: str) -> bool:
    """Whether a normalised word (a slug, or some of a path) names this category or one above it."""
    return f"/{word}/" in f"/{normalise_word(path)}/"


def _rank(priorities: list[str], path: str) -> int:
    return next((rank for rank, word in enumerate(priorities) if names_branch(word, path)), len(priorities))


def _merged(client_id: str) -> dict[str, Category]:
    """By path; the tenant's own category replaces the shared one."""
    rows = sorted(Category.objects.visible_to(client_id), key=lambda category: category.client_id == client_id)
    return {category.path: category for category in rows}


def _ids(categories: dict[str, Category]) -> dict[str, str]:
    owners = Counter(category.slug for category in categories.values())
    return {path: one.slug if owners[one.slug] == 1 else path for path, one in categories.items()}


def _branches(categories: dict[str, Category], ids: dict[str, str]) -> list[Branch]:
    children: dict[str, list[str]] = {}
    for path in categories:
        children.setdefault(path.rpartition("/")[0], []).append(ids[path])
    return [
        Branch(
            id=ids[path],
            path=path,
            name=category.name,
            description=category.description,
            parent=ids.get(path.rpartition("/")[0]),
            children=tuple(children.get(path, ())),
            is_shared=category.client_id == settings.SYSTEM_CLIENT_ID,
        )
        for path, category in categories.items()
    ]


def _version(client_id: str) -> str:
    """The format of the tree, then how often the shared and the tenant's own categories changed.

    Counted in the audit log: nothing can be taken out of it, so that deleting a category raises the version too.
    """
    changes = AuditEvent.objects.filter(subject_type=Category._meta.model_name)
    shared = Count("id", filter=Q(client_id=settings.SYSTEM_CLIENT_ID))
    own = Count("id", filter=Q(client_id=client_id) & ~Q(client_id=settings.SYSTEM_CLIENT_ID))
    counted = changes.aggregate(shared=shared, own=own)
    return f"{_FORMAT}.{counted['shared']}.{counted['own']}"
