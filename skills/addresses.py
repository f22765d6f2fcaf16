"""What addresses and ids name to a tenant: each slug of a list, many addresses at once, the parent of a skill."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any
from uuid import UUID

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Concat

from core.errors import Invalid, NotFound
from skills.models import Skill, SkillAlias, SkillQuerySet
from skills.services import resolve_skill
from taxonomy.models import Category, CategoryAlias

# How a skill is addressed in reports: `category/path/slug`, or the slug without a category.
ADDRESS = Case(When(category=None, then=F("slug")), default=Concat("category__path", Value("/"), F("slug")))


def named_skills(client_id: str) -> SkillQuerySet:
    """One row for each slug: the head of the tenant's own skill, or else of the shared one."""
    return _one_a_slug(Skill.objects.all(), client_id)


def agent_skills(client_id: str) -> SkillQuerySet:
    """The skills that the tenant's agents may use: as `named_skills`, of active skills alone."""
    return _one_a_slug(Skill.objects.active(), client_id)


def agent_skill_ids(client_id: str) -> QuerySet[Skill, UUID]:
    """The ids of `agent_skills` in the order of their slugs, for pages of the whole list: one walk along an index. Of
    whole rows PostgreSQL would make all for each page."""
    rows = Skill.objects.visible_to(client_id).active()
    own_first = Case(When(client_id=client_id, then=0), default=1)
    return rows.order_by("slug", own_first, "-version").distinct("slug").values_list("pk", flat=True)


def _one_a_slug(skills: SkillQuerySet, client_id: str) -> SkillQuerySet:
    own = skills.filter(client_id=client_id, slug=OuterRef("slug"))
    rows = skills.visible_to(client_id).heads().filter(Q(client_id=client_id) | ~Exists(own))
    return rows.light()


def resolve_skills(client_id: str, addresses: Iterable[str]) -> dict[str, Skill]:
    """The skill with this id, or else what `resolve_skill` finds for each address, in at most six queries and one more
    for each address that is only a category. Addresses that name nothing are absent."""
    wanted = {address: address.strip("/") for address in addresses}
    aliases = SkillAlias.objects.visible_to(client_id).filter(alias__in=wanted.values())
    slug_of = _own_last(client_id, aliases.values_list("alias", "slug", "client_id"))
    paths = {place.rpartition("/")[0] for place in wanted.values()} | {*wanted.values()}
    moved = CategoryAlias.objects.visible_to(client_id).filter(path__in=paths)
    category_of = _own_last(client_id, moved.values_list("path", "category_id", "client_id"))
    heads = _Heads(
        client_id, {*wanted.values(), *slug_of.values(), *(place.rpartition("/")[2] for place in wanted.values())}
    )
    found = {
        address: skill
        for address, place in wanted.items()
        if (skill := heads.named(place) or heads.named(slug_of.get(place, "")) or heads.placed(place, category_of))
    }
    found |= _by_id(client_id, wanted)
    unknown = {address: place for address, place in wanted.items() if address not in found}
    return found | _by_category(client_id, unknown, set(category_of))


def _own_last(client_id: str, rows: Iterable[tuple[str, Any, str]]) -> dict[str, Any]:
    """What each old address names; `rows` are (address, what it names, whose it is), and the tenant's own win."""
    return {old: named for old, named, owner in sorted(rows, key=lambda row: row[2] == client_id)}


class _Heads:
    """The heads of these slugs that a tenant sees; its own come before the shared."""

    def __init__(self, client_id: str, slugs: set[str]) -> None:
        rows = Skill.objects.visible_to(client_id).heads().filter(slug__in=slugs).light().select_related("category")
        own_last = sorted(rows, key=lambda skill: skill.client_id == client_id)
        self.by_slug = {skill.slug: skill for skill in own_last}
        self.by_place = {(skill.category.path, skill.slug): skill for skill in own_last if skill.category}
        self.by_category = {(skill.category_id, skill.slug): skill for skill in own_last}

    def named(self, slug: str) -> Skill | None:
        return self.by_slug.get(slug)

    def placed(self, place: str, category_of: Mapping[str, int]) -> Skill | None:
        """At `category/slug`, by the path that the category has or had (`category_of`)."""
        path, _, slug = place.rpartition("/")
        return self.by_place.get((path, slug)) or self.by_category.get((category_of.get(path, 0), slug))


def _by_id(client_id: str, wanted: dict[str, str]) -> dict[str, Skill]:
    ids = {address: key for address, place in wanted.items() if (key := _uuid(place))}
    rows = Skill.objects.visible_to(client_id).light().in_bulk(set(ids.values())) if ids else {}
    return {address: rows[key] for address, key in ids.items() if key in rows}


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _by_category(client_id: str, wanted: dict[str, str], old_paths: set[str]) -> dict[str, Skill]:
    """Of the categories among the addresses, by the paths they have or had, those that hold one skill."""
    if not wanted:
        return {}
    categories = Category.objects.visible_to(client_id).filter(path__in=wanted.values())
    paths = set(categories.values_list("path", flat=True)) | old_paths
    found: dict[str, Skill] = {}
    for address, place in wanted.items():
        if place in paths:
            with suppress(NotFound):
                found[address] = resolve_skill(client_id, place)
    return found


def find_parent(client_id: str, parent_id: UUID | None, child: Skill | None = None) -> Skill | None:
    """The skill that another, `child`, is made of: one the tenant sees, or anybody's published one, and not itself.
    Raises Invalid."""
    if parent_id is None:
        return None
    published = Q(is_published=True, status=Skill.Status.ACTIVE)
    readable = Skill.objects.visible_to(client_id) | Skill.objects.filter(published)
    parent = readable.filter(pk=parent_id).light().first()
    if parent is None or parent == child:
        message = "Parent skill not found"
        raise Invalid(message, code="parent_not_found", fields={"parent_skill": [message]})
    return parent
