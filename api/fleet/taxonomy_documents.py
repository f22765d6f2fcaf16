"""The taxonomy as Fleet shows it: the document's keys, and beside them those of the original."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Max

from api.rendering import whole_seconds
from skills.addresses import agent_skills
from skills.catalog import BY_SLUG
from skills.personal import apply_to
from taxonomy.models import Category, UserTaxonomy
from taxonomy.tree import Branch, Tree, taxonomy_tree, user_taxonomy


def taxonomy_document(client_id: str) -> dict[str, Any]:
    """`skills` is what the original's client lists; `taxonomy` is the original's tree."""
    tree = taxonomy_tree(client_id)
    slugs = list(agent_skills(client_id).order_by(BY_SLUG).values_list("slug", flat=True))
    changed = Category.objects.visible_to(client_id).aggregate(at=Max("updated_at"))["at"]
    return {
        "categories": [_category(branch) for branch in tree.branches],
        "skills_count": len(slugs),
        "version": tree.version,
        "skills": [{"skill_id": slug, "name": slug} for slug in slugs],
        "taxonomy": {
            "structure": _structure(tree.branches),
            "domains": [branch.id for branch in tree.branches if branch.parent is None],
            "categories": [branch.id for branch in tree.branches],
        },
        "total_skills": len(slugs),
        "last_updated": whole_seconds(changed) if changed else None,
    }


def user_taxonomy_document(client_id: str, user_id: str) -> dict[str, Any]:
    """A user's skills and categories, priorities first, hidden ones left out."""
    adapted = user_taxonomy(client_id, user_id)
    mounted = _mounted(client_id, adapted.user)
    top = list(dict.fromkeys(path.split("/")[0] for _, path in mounted if path))
    return {
        "user_id": user_id,
        "adapted_taxonomy": _adapted(adapted.user),
        "categories": [_category(branch) for branch in adapted.tree.branches],
        "version": adapted.tree.version,
        "taxonomy": {
            "global_structure": _structure(adapted.tree.branches),
            "mounted_skills": [slug for slug, _ in mounted],
            "user_id": user_id,
        },
        "adapted_categories": top,
        "usage_stats": {
            "total_mounted": len(mounted),
            "categories_mounted": len(top),
            "last_updated": _when(adapted.user),
        },
    }


def adaptation_document(user: UserTaxonomy, *, queries: Sequence[str], domains: Sequence[str]) -> dict[str, Any]:
    """What was stored. The original's confidences are not given: it made them up."""
    tree: Tree = taxonomy_tree(user.client_id, user)
    named = [branch for branch in tree.branches if branch.id in user.priorities or branch.path in user.priorities]
    return {
        "status": "adapted",
        "user_id": user.user_ref,
        "adapted_taxonomy": {
            **_adapted(user),
            "relevant_branches": _structure(named),
            "mounted_skills": [slug for slug, _ in _mounted(user.client_id, user)],
            "query_context": " ".join(queries[-5:]),
        },
        "experience_level": user.experience_level,
        "suggestions": [f"Explore more skills in {domain}" for domain in domains],
        "confidence_scores": {},
    }


def _adapted(user: UserTaxonomy) -> dict[str, Any]:
    return {"priorities": user.priorities, "hidden": user.hidden, "experience_level": user.experience_level}


def _when(user: UserTaxonomy) -> str | None:
    return whole_seconds(user.updated_at) if user.pk else None


def _mounted(client_id: str, user: UserTaxonomy) -> list[tuple[str, str | None]]:
    """(slug, category path) of the skills the user's agents are shown."""
    skills = apply_to(agent_skills(client_id), user)
    return list(skills.values_list("slug", "category__path"))


def _category(branch: Branch) -> dict[str, Any]:
    return {
        "id": branch.id,
        "name": branch.name,
        "children": list(branch.children),
        "parent": branch.parent,
        "path": branch.path,
        "description": branch.description,
    }


def _structure(branches: Iterable[Branch]) -> dict[str, Any]:
    """The paths as nested objects."""
    root: dict[str, Any] = {}
    for branch in branches:
        level = root
        for slug in branch.path.split("/"):
            level = level.setdefault(slug, {})
    return root
