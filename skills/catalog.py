"""What agents are shown: the <available_skills> list of a tenant, and a stored skill as the folder they would load."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Q
from django.db.models.functions import Collate

from core.errors import Invalid
from skills.addresses import agent_skills, named_skills
from skills.document import DOCUMENT_PATH, parse
from skills.exporting import folder_files
from skills.models import Skill, SkillQuerySet
from skills.personal import apply_to
from skills.validation import Report, validate_folder
from taxonomy.models import Category, UserTaxonomy

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Byte by byte, as clients sort.
BY_SLUG = Collate("slug", "C")
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;"})


class CatalogEntry(NamedTuple):
    """`location` is a virtual path of the SKILL.md: `/category/path/slug/SKILL.md`."""

    name: str
    description: str
    location: str


def folder_path(category_path: str | None, slug: str) -> str:
    """Where a skill lives in the taxonomy; no file of this name exists."""
    return f"/{category_path}/{slug}" if category_path else f"/{slug}"


def catalog_of(client_id: str, user: UserTaxonomy | None = None) -> list[CatalogEntry]:
    """The active skills a tenant's agents may use, by slug; for a `user` as they adapted the taxonomy (ADR 6)."""
    skills = agent_skills(client_id)
    rows = apply_to(skills, user) if user else skills.order_by(BY_SLUG)
    return [
        CatalogEntry(slug, description or "", f"{folder_path(path, slug)}/{DOCUMENT_PATH}")
        for slug, description, path in rows.values_list("slug", "description", "category__path")
    ]


def list_skills(
    client_id: str, *, status: str = "", words: str = "", category: Category | None = None
) -> SkillQuerySet:
    """One row for each skill a tenant sees, by slug: with this status, with `words` in name, slug or description
    (whatever their case), in the category or below it. Raises Invalid."""
    if status and status not in Skill.Status.values:
        message = f"status must be one of: {', '.join(Skill.Status.values)}"
        raise Invalid(message, code="invalid_status", fields={"status": [message]})
    rows = agent_skills(client_id) if status == Skill.Status.ACTIVE else named_skills(client_id)
    if status:
        rows = rows.filter(status=status)
    if words:
        rows = rows.filter(Q(slug__icontains=words) | Q(name__icontains=words) | Q(description__icontains=words))
    if category:
        rows = rows.filter(Q(category__path=category.path) | Q(category__path__startswith=f"{category.path}/"))
    return rows.order_by(BY_SLUG)


def available_skills_xml(entries: Iterable[CatalogEntry]) -> str:
    """For a system prompt: entries in the order given, without declaration or last newline, always well-formed."""
    lines = ["<available_skills>"]
    for entry in entries:
        fields = (f"    <{name}>{_escaped(text)}</{name}>" for name, text in entry._asdict().items())
        lines += ["  <skill>", *fields, "  </skill>"]
    return "\n".join([*lines, "</available_skills>"])


def _escaped(text: str) -> str:
    return _NOT_XML.sub("", text).translate(_ESCAPES)


def validate_skill(skill: Skill) -> Report:
    """Checks a stored skill as agents load it: with its files, and with the front matter made for it if it has none."""
    files = {file.path: file.data for file in folder_files(skill)}
    if not parse(skill.content).has_front_matter:
        version = skill.versions.filter(version=skill.semver).first()
        files[DOCUMENT_PATH] = (version.document if version else skill.content).encode()
    address = folder_path(skill.category.path if skill.category else None, skill.slug)
    return validate_folder(files, skill.slug, skill_id=address.strip("/"))
