"""What the lists of the catalogue show: skills found or listed, why they were found, and what to narrow them by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final
from urllib.parse import urlencode

from django.core.cache import cache
from django.db.models import Count, F, Func, Q, TextField
from django.http import QueryDict

from catalogue.visitors import Visitor
from core.errors import Invalid
from skills.addresses import agent_skill_ids
from skills.models import Skill, SkillQuerySet
from skills.search import MARKETPLACE_CUT_OFF, MAX_QUERY_LENGTH, OWN_CUT_OFF, Hit, search_among
from taxonomy.models import Category
from taxonomy.services import resolve_path

PAGE: Final = 24
FOUND: Final = 50
MAX_PAGE: Final = 500
_FACETS: Final = 12
_FACET_SECONDS: Final = 60
_LONGEST: Final = 200
REASONS: Final = {"name": "name", "keyword": "keyword", "text": "words", "meaning": "meaning"}


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asks for, as the address bar holds it."""

    query: str = ""
    category: str = ""
    domain: str = ""
    tag: str = ""
    page: int = 1

    @classmethod
    def read(cls, given: QueryDict, **fixed: str) -> Wish:
        """Raises Invalid for what no page asks for."""
        texts = {name: given.get(key, "").strip() for name, key in _KEYS.items()}
        if "\x00" in "".join(texts.values()) or len(texts["query"]) > MAX_QUERY_LENGTH:
            raise Invalid("This is no search", code="invalid_search")
        page = given.get("page", "1")
        number = int(page) if page.isascii() and page.isdigit() and len(page) < 5 else 1
        return cls(**{name: text if name == "query" else text[:_LONGEST] for name, text in texts.items()} | fixed, page=min(max(number, 1), MAX_PAGE))  # fmt: skip # noqa: E501

    def now(self, visitor: Visitor) -> Wish:
        """The same with the path of today, where the category has moved or was merged."""
        category = resolve_path(visitor.client_id, self.category) if self.category else None
        return replace(self, category=category.path) if category else self

    @property
    def is_narrowed(self) -> bool:
        return bool(self.category or self.domain or self.tag)

    def url(self, **changes: str | int) -> str:
        """The query string of this wish with some of it changed; another choice begins at the first page."""
        values: dict[str, str | int] = {key: getattr(self, name) for name, key in _KEYS.items()}
        values |= {_KEYS.get(name, name): value for name, value in changes.items()}
        kept = {key: value for key, value in values.items() if value and (key, value) != ("page", 1)}
        return f"?{urlencode(kept)}"


_KEYS: Final = {"query": "q", "category": "category", "domain": "domain", "tag": "tag"}


@dataclass(frozen=True, slots=True)
class Card:
    skill: Skill
    reasons: tuple[str, ...] = ()
    percent: int = 0


@dataclass(frozen=True, slots=True)
class Facet:
    """One way to narrow the list: its values with how many skills each has, and which is chosen."""

    title: str
    name: str
    values: list[tuple[str, int]]
    chosen: str


@dataclass(frozen=True, slots=True)
class Listing:
    cards: list[Card]
    has_more: bool = False
    corrected: str | None = None
    hits: list[Hit] = field(default_factory=list)


def list_skills(visitor: Visitor, wish: Wish, *, marketplace: bool = False) -> Listing:
    """The skills found for the query, best first, or all by name, a page at a time. Raises Invalid."""
    if wish.query:
        return _found(visitor, wish, marketplace)
    start = (wish.page - 1) * PAGE
    shown = slice(start, start + PAGE + 1)
    if marketplace or wish.is_narrowed:
        rows = _narrowed(visitor.offered if marketplace else visitor.listed, wish)
        page = list(rows.select_related("category").order_by("slug", "pk")[shown])
    else:
        ids = list(agent_skill_ids(visitor.client_id)[shown])
        found = Skill.objects.light().select_related("category").in_bulk(ids)
        page = [found[pk] for pk in ids if pk in found]
    return Listing([Card(skill) for skill in page[:PAGE]], has_more=len(page) > PAGE)


def _found(visitor: Visitor, wish: Wish, marketplace: bool) -> Listing:
    searched = visitor.offered if marketplace else visitor.searched
    cut_off = MARKETPLACE_CUT_OFF if marketplace else OWN_CUT_OFF
    hits = search_among(_narrowed(searched, wish), query=wish.query, limit=FOUND, min_similarity=cut_off)
    shown = visitor.offered if marketplace else visitor.listed
    rows = shown.select_related("category").in_bulk([hit.skill_id for hit in hits])
    cards = [
        Card(rows[hit.skill_id], tuple(REASONS[reason] for reason in hit.reasons), round(hit.similarity * 100))
        for hit in hits
        if hit.skill_id in rows
    ]
    corrected = next((hit.corrected_query for hit in hits if hit.corrected_query), None)
    return Listing(cards, corrected=corrected, hits=hits)


def _narrowed(rows: SkillQuerySet, wish: Wish) -> SkillQuerySet:
    if wish.category:
        # A subquery and no join: search puts these rows into a statement where `name` must mean one thing.
        below = Category.objects.filter(Q(path=wish.category) | Q(path__startswith=f"{wish.category}/"))
        rows = rows.filter(category__in=below.order_by().values("pk"))
    if wish.domain:
        rows = rows.filter(domains__contains=[wish.domain])
    if wish.tag:
        rows = rows.filter(tags__contains=[wish.tag])
    return rows


def facets_of(visitor: Visitor, wish: Wish, *, marketplace: bool = False) -> list[Facet]:
    """Categories at the top of the tree, domains and tags, the most used first; counted once a minute."""
    key = f"catalogue:facets:{visitor.client_id}:{marketplace}"
    rows = (visitor.offered if marketplace else visitor.searched).order_by()
    counted = cache.get_or_set(key, lambda: _counted(rows), _FACET_SECONDS) or {}
    facets = []
    for title, name in (("Category", "category"), ("Domain", "domain"), ("Tag", "tag")):
        values, chosen = counted.get(name, []), getattr(wish, name)
        if chosen and chosen not in dict(values):
            values = [(chosen, 0), *values]
        if values:
            facets.append(Facet(title, name, values, chosen))
    return facets


def _counted(rows: SkillQuerySet) -> dict[str, list[tuple[str, int]]]:
    found = {}
    for name, column in (("domain", "domains"), ("tag", "tags")):
        each = rows.annotate(value=Func(F(column), function="unnest", output_field=TextField())).values("value")
        found[name] = _most_used(each)
    top = Func(F("category__path"), template="split_part(%(expressions)s, '/', 1)", output_field=TextField())
    found["category"] = _most_used(rows.exclude(category=None).annotate(value=top).values("value"))
    return found


def _most_used(values: object) -> list[tuple[str, int]]:
    counted = values.annotate(n=Count("pk")).order_by("-n", "value")  # type: ignore[attr-defined]
    return [(str(value), int(n)) for value, n in counted.values_list("value", "n")[:_FACETS] if value]


@dataclass(frozen=True, slots=True)
class Branch:
    category: Category
    skills: int
    depth: int

    @property
    def indent(self) -> str:
        return f"depth-{min(self.depth, 6)}"


def branches_of(visitor: Visitor, below: str = "") -> list[Branch]:
    """The categories a visitor sees, in the order of the tree, each with the skills in it and below it."""
    rows = Category.objects.visible_to(visitor.client_id).order_by("path", "client_id")
    if below:
        rows = rows.filter(path__startswith=f"{below}/")
    categories = {category.path: category for category in rows}
    counted = visitor.searched.order_by().exclude(category=None).values_list("category__path").annotate(Count("pk"))
    totals: dict[str, int] = dict.fromkeys(categories, 0)
    for path, number in counted:
        for above in _ancestors(path):
            if above in totals:
                totals[above] += number
    start = below.count("/") + 1 if below else 0
    return [Branch(category, totals[path], path.count("/") - start) for path, category in sorted(categories.items())]


def _ancestors(path: str) -> Sequence[str]:
    parts = path.split("/")
    return ["/".join(parts[:end]) for end in range(1, len(parts) + 1)]
