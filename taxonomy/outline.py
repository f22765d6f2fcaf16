"""The tree as a person looks at it: one line for each place, in order, with how many skills are there and below."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import Count, Q

from taxonomy.models import Category


@dataclass
class Place:
    """A path at which the tenant sees a category: its own, or else the shared one.

    `note` says whose it is where that is not plain. `skills` are those at this path, `in_branch` these and all below;
    `position` of `siblings` counts from one.
    """

    category: Category
    note: str
    skills: int
    in_branch: int
    children: list[Place] = field(default_factory=list)
    position: int = 1
    siblings: int = 1

    @property
    def counts(self) -> str:
        here = f"{self.skills} skill{'' if self.skills == 1 else 's'}"
        return here if self.in_branch == self.skills else f"{here}, {self.in_branch} in the branch"

    @property
    def level(self) -> int:
        return self.category.path.count("/") + 1


def outline(client_id: str, *, all_skills: bool = False, words: str = "") -> list[Place]:
    """The places of a tenant's tree, parents before their children and siblings in the order people gave them.

    Counts the tenant's skills and the shared ones, or with `all_skills` everybody's. With `words` only the places with
    these in path, name or description, and those above them.
    """
    counted = Q() if all_skills else Q(skills__client_id__in=[client_id, settings.SYSTEM_CLIENT_ID])
    # Of the skill nothing but its category and client: an index holds both.
    rows = Category.objects.visible_to(client_id).annotate(here=Count("skills__category", filter=counted))
    own_last = sorted(rows, key=lambda row: row.client_id == client_id)
    places: dict[str, Place] = {}
    for row in own_last:
        below = places.get(row.path)
        here = row.here + (below.skills if below else 0)  # type: ignore[attr-defined]
        note = "own, over a shared one" if below else "" if row.client_id == client_id else "shared"
        places[row.path] = Place(row, note, here, here)
    tops = _nested(places)
    return list(_in_order(tops, _kept(places, words)))


def _nested(places: dict[str, Place]) -> list[Place]:
    """Hangs every place below the one at the path above, and adds up; returns those at the top."""
    tops: list[Place] = []
    for path in sorted(places, key=lambda path: path.count("/"), reverse=True):
        above = places.get(path.rpartition("/")[0])
        (above.children if above else tops).append(places[path])
        if above:
            above.in_branch += places[path].in_branch
    return tops


def _kept(places: dict[str, Place], words: str) -> set[str]:
    wanted = words.strip().lower()
    kept: set[str] = set()
    for path, place in places.items():
        if wanted in f"{path}\n{place.category.name}\n{place.category.description}".lower():
            steps = path.split("/")
            kept.update("/".join(steps[:end]) for end in range(1, len(steps) + 1))
    return kept


def _in_order(siblings: list[Place], kept: set[str]) -> Iterable[Place]:
    shown = [place for place in siblings if place.category.path in kept]
    shown.sort(key=lambda place: (place.category.sort_order, place.category.path))
    for position, place in enumerate(shown, 1):
        place.position, place.siblings = position, len(shown)
        yield place
        yield from _in_order(place.children, kept)
