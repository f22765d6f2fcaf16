"""The taxonomy, and how users adapt it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Literal

from pydantic import Field, RootModel

from api.schema.operations import Shown


class Structure(RootModel[dict[str, "Structure"]]):
    """Categories as nested objects: the path `technical/programming` is `{"technical": {"programming": {}}}`."""


class ExperienceLevel(StrEnum):
    """What a user knows; skills far above it come last."""

    BEGINNER = "beginner"
    INTERMEDIATE = "intermediate"
    ADVANCED = "advanced"
    EXPERT = "expert"


class Category(Shown):
    """A category of the taxonomy."""

    id: str
    """Its name in addresses, or its path where another has that name."""
    name: str
    children: list[str]
    """Ids."""
    parent: str | None
    path: str
    description: str


class SkillName(Shown):
    """A skill by its id."""

    skill_id: str
    name: str


class Tree(Shown):
    """The taxonomy in the original's form."""

    structure: Structure
    domains: list[str]
    """The ids of the categories on top."""
    categories: list[str]


class WholeTaxonomy(Shown):
    """All categories the tenant sees."""

    categories: list[Category]
    skills_count: int
    version: str
    """Changes with the categories."""
    skills: list[SkillName]
    taxonomy: Tree
    total_skills: int
    last_updated: datetime | None


class SavedCategory(Shown):
    """The category as it is now."""

    status: Literal["updated"]
    id: str
    name: str
    parent: str | None
    description: str
    path: str


class SavedCategories(Shown):
    """What became of several categories."""

    status: Literal["updated", "partial"]
    message: str
    updates_applied: list[str]
    """Paths."""
    errors: list[str] | None


class SavedTaxonomy(RootModel[SavedCategory | SavedCategories]):
    """One category, or what became of several, as they were sent."""


class Adaptation(Shown):
    """What comes first and what is left out for a user."""

    priorities: list[str]
    hidden: list[str]
    experience_level: ExperienceLevel


class MountedTaxonomy(Shown):
    """A user's taxonomy in the original's form."""

    global_structure: Structure
    mounted_skills: list[str]
    """The skills the user's agents are shown."""
    user_id: str


class MountedStats(Shown):
    """A user's taxonomy in figures."""

    total_mounted: int
    categories_mounted: int
    last_updated: datetime | None


class UserTaxonomy(Shown):
    """The taxonomy as a user adapted it."""

    user_id: str
    adapted_taxonomy: Adaptation
    categories: list[Category]
    version: str
    taxonomy: MountedTaxonomy
    adapted_categories: list[str]
    usage_stats: MountedStats


class StoredAdaptation(Adaptation):
    """An adaptation with what it shows."""

    relevant_branches: Structure
    mounted_skills: list[str]
    query_context: str


class AdaptationReport(Shown):
    """An adaptation was stored."""

    status: Literal["adapted"]
    user_id: str
    adapted_taxonomy: StoredAdaptation
    experience_level: ExperienceLevel
    suggestions: list[str]
    confidence_scores: dict[str, float] = Field(description="Always empty: the original made its confidences up.")
