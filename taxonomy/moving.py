"""What moves when a category moves or becomes part of another: worked out before anything is written, shown to who
asks, and written in one go.

A branch is a category and all below it, whoever's they are: tenants hang categories of their own below shared ones, and
these go where the shared one goes. A tenant's own category in the *place* of a shared one hangs below nothing shared,
so it stays.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.db import connection
from django.db.models import Count, F

from core.errors import Conflict, DomainError, Invalid
from core.text import sha256_hex
from taxonomy.models import MAX_DEPTH, MAX_PATH, Category, CategoryAlias
from taxonomy.tree import normalise_word

_BRANCH = """
WITH RECURSIVE branch AS (
    SELECT id FROM taxonomy_category WHERE id = %s
    UNION SELECT child.id FROM taxonomy_category child JOIN branch ON child.parent_id = branch.id
) SELECT id FROM branch
"""
_MOVE = """
UPDATE taxonomy_category SET path = step.becomes, updated_at = now()
FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS step (id, was, becomes)
WHERE taxonomy_category.id = step.id AND taxonomy_category.path = step.was
"""
_FOLLOW = """
UPDATE user_taxonomy SET
    priorities = ARRAY(
        SELECT CASE WHEN starts_with(word || '/', %(was)s || '/') AND strpos(word, '/') > 0
                    THEN %(becomes)s || substr(word, length(%(was)s) + 1) ELSE word END
        FROM unnest(priorities) WITH ORDINALITY AS entry (word, place) ORDER BY place),
    hidden = ARRAY(
        SELECT CASE WHEN starts_with(word || '/', %(was)s || '/') AND strpos(word, '/') > 0
                    THEN %(becomes)s || substr(word, length(%(was)s) + 1) ELSE word END
        FROM unnest(hidden) WITH ORDINALITY AS entry (word, place) ORDER BY place)
WHERE (%(client)s = %(system)s OR client_id = %(client)s)
  AND EXISTS (SELECT FROM unnest(priorities || hidden) AS entry (word)
              WHERE starts_with(word || '/', %(was)s || '/') AND strpos(word, '/') > 0)
"""


@dataclass(frozen=True)
class Step:
    """One category of the branch. `into` is the one that takes in its skills where two become one; None where it moves.
    `skills` counts those directly in it, by tenant; `taken_by` is what stands at its new path, and in its way."""

    category: Category
    becomes: str
    into: Category | None
    skills: Counter[str]
    taken_by: Category | None

    @property
    def was(self) -> str:
        return self.category.path

    @property
    def skill_count(self) -> int:
        return self.skills.total()


@dataclass(frozen=True)
class Plan:
    """What would happen, the category itself first and parents before their children; and what keeps it from it."""

    steps: tuple[Step, ...]
    parent: Category | None
    slug: str
    obstacle: DomainError | None

    @property
    def top(self) -> Step:
        return self.steps[0]

    @property
    def changes(self) -> bool:
        """Whether any path changes: a category can be asked to move to where it is."""
        return self.top.into is not None or self.top.becomes != self.top.was

    @cached_property
    def skills(self) -> Counter[str]:
        """How many skills of each tenant are in the branch."""
        return sum((step.skills for step in self.steps), Counter())

    @cached_property
    def tenants(self) -> list[str]:
        """Whose categories or skills are in the branch."""
        return sorted({*(step.category.client_id for step in self.steps), *self.skills})

    @cached_property
    def fingerprint(self) -> str:
        """Of what happens to which category. Not of the skills in them, which come and go meanwhile."""
        facts = [(step.category.pk, step.was, step.becomes, step.into and step.into.pk) for step in self.steps]
        return sha256_hex(repr(facts))[:32]

    def tops_of_others(self) -> list[Step]:
        """The categories of other tenants that hang directly below one of the category's own tenant."""
        owners = {step.category.pk: step.category.client_id for step in self.steps}
        return [
            step
            for step in self.steps[1:]
            if step.category.parent_id and owners[step.category.parent_id] != step.category.client_id
        ]


def plan_move(category: Category, parent: Category | None, slug: str) -> Plan:
    """`category` below `parent` (None: at the top) as `slug`, with all that is below it."""
    path = f"{parent.path}/{slug}" if parent else slug
    rows = _branch_of(category)
    places = {row.pk: path + row.path[len(category.path) :] for row in rows}
    taken = _at(places, rows)
    steps = [_step(row, places[row.pk], None, taken) for row in rows]
    return Plan(_counted(steps), parent, slug, _obstacle(category, parent, steps))


def plan_merge(category: Category, into: Category) -> Plan:
    """`category` becomes part of `into`: its skills and what is below it go there, and categories that would meet one
    of the same tenant and path become part of that one."""
    rows = _branch_of(category)
    places = {row.pk: into.path + row.path[len(category.path) :] for row in rows}
    twins = _at(places, rows) | {(category.client_id, into.path): into}
    steps = [_step(row, places[row.pk], twins.get((row.client_id, places[row.pk])), {}) for row in rows]
    return Plan(_counted(steps), into.parent, into.slug, _obstacle(category, into, steps))


def carry_out(plan: Plan) -> None:
    """Writes the plan; whoever calls holds the trees locked. Raises what stands in its way; Conflict where a category
    is not where the plan saw it."""
    if plan.obstacle:
        raise plan.obstacle
    if not plan.changes:
        return
    moving = [step for step in plan.steps if step.into is None]
    for step in plan.steps:
        if step.into is not None:
            _empty(step.category, step.into)
    Category.objects.filter(pk__in=[step.category.pk for step in plan.steps if step.into is not None]).delete()
    if plan.top.into is None:
        Category.objects.filter(pk=plan.top.category.pk).update(parent=plan.parent, slug=plan.slug)
    _rewrite_paths(moving)
    _keep_old_paths(plan.steps)
    _rewrite_words(plan)


def _branch_of(category: Category) -> list[Category]:
    with connection.cursor() as cursor:
        cursor.execute(_BRANCH, [category.pk])
        rows = Category.objects.filter(pk__in=[pk for (pk,) in cursor.fetchall()])
    return sorted(rows, key=lambda row: (row.path, row.client_id != category.client_id, row.client_id))


def _at(places: dict[int, str], rows: Sequence[Category]) -> dict[tuple[str, str], Category]:
    """What is at these paths and stays there, by tenant and path."""
    found = Category.objects.filter(path__in=set(places.values())).exclude(pk__in=[row.pk for row in rows])
    return {(row.client_id, row.path): row for row in found}


def _step(row: Category, becomes: str, into: Category | None, taken: dict[tuple[str, str], Category]) -> Step:
    return Step(row, becomes, into, Counter(), taken.get((row.client_id, becomes)))


def _counted(steps: Sequence[Step]) -> tuple[Step, ...]:
    by_category = {step.category.pk: step for step in steps}
    rows = Category.objects.filter(pk__in=by_category, skills__isnull=False)
    for pk, client_id, number in rows.values_list("pk", "skills__client_id").annotate(Count("skills")).order_by():
        by_category[pk].skills[client_id] = number
    return tuple(steps)


def _obstacle(category: Category, target: Category | None, steps: Sequence[Step]) -> DomainError | None:
    if target is not None and target.pk in {step.category.pk for step in steps}:
        message = f"'{target.path}' lies inside '{category.path}': a category cannot move into itself."
        return Invalid(message, code="cycle")
    if any(step.becomes.count("/") >= MAX_DEPTH for step in steps):
        return Invalid(f"The taxonomy is at most {MAX_DEPTH} levels deep.", code="too_deep")
    if any(len(step.becomes) > MAX_PATH for step in steps):
        return Invalid(f"A path is at most {MAX_PATH} characters long.", code="too_long")
    blocked = [step for step in steps if step.taken_by]
    own = next((step for step in blocked if step.category.client_id == category.client_id), None)
    if own:
        return Conflict(f"A category '{own.becomes}' already exists.", code="category_exists")
    if blocked:
        message = f"{len(blocked)} categories of other tenants would come where they have one already."
        return Conflict(message, code="category_exists")
    return None


def _empty(category: Category, into: Category) -> None:
    category.skills.update(category=into)
    category.children.update(parent=into)
    category.aliases.update(category=into)


def _rewrite_paths(steps: Sequence[Step]) -> None:
    columns = [step.category.pk for step in steps], [step.was for step in steps], [step.becomes for step in steps]
    with connection.cursor() as cursor:
        cursor.execute(_MOVE, columns)
        if cursor.rowcount != len(steps):
            raise Conflict("The taxonomy changed meanwhile.", code="taxonomy_changed")


def _keep_old_paths(steps: Sequence[Step]) -> None:
    """The newest to leave a path owns its alias; nothing needs one for the path where it is."""
    aliases = [
        CategoryAlias(client_id=step.category.client_id, path=step.was, category=step.into or step.category)
        for step in steps
    ]
    CategoryAlias.objects.bulk_create(
        aliases, update_conflicts=True, unique_fields=["client", "path"], update_fields=["category"]
    )
    here = CategoryAlias.objects.filter(category__in=[alias.category_id for alias in aliases])
    here.filter(path=F("category__path"), client=F("category__client")).delete()


def _rewrite_words(plan: Plan) -> None:
    """What users adapted by path follows; words without a slash name tags and skills as well, and stay."""
    was, becomes = normalise_word(plan.top.was), normalise_word(plan.top.becomes)
    values = {"was": was, "becomes": becomes, "client": plan.top.category.client_id}
    with connection.cursor() as cursor:
        cursor.execute(_FOLLOW, values | {"system": settings.SYSTEM_CLIENT_ID})
