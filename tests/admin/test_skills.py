"""Skills and their versions in the admin: the lists, and what their pages tell."""

from __future__ import annotations

import re

from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from skills.models import SkillAlias, SkillVersion
from tests.admin.conftest import World, change_url


def test_skills_are_found_and_filtered(world: World, manager: Browser) -> None:
    branch = world.category("operations")
    leaf = world.category("operations/logs", parent=branch)
    world.skill(name="In the leaf", slug="leaf-skill", category=leaf)
    world.skill(name="Elsewhere", slug="other-skill", status="deprecated", description="about Quokkas")
    url = reverse("admin:skills_skill_changelist")
    for query, hit, miss in [
        ("?q=quokka", "Elsewhere", "In the leaf"),
        ("?q=leaf-sk", "In the leaf", "Elsewhere"),
        ("?category=operations", "In the leaf", "Elsewhere"),
        ("?category=-", "Elsewhere", "In the leaf"),
        ("?status__exact=deprecated", "Elsewhere", "In the leaf"),
    ]:
        body = manager.get(url + query).content.decode()
        assert hit in body, query
        assert miss not in body, query


def test_pages_of_the_most_used_follow_one_another(world: World, manager: Browser) -> None:
    for uses in range(60):
        world.skill(name=f"Used {uses:02} times", slug=f"used-{uses}", usage_count=uses)
    url = reverse("admin:skills_skill_changelist")
    pages = [manager.get(f"{url}?o=-6&p={page}").content.decode() for page in (1, 2)]
    shown = [[int(uses) for uses in re.findall(r"<strong>Used (\d\d) times", page)] for page in pages]
    assert shown == [list(range(59, 9, -1)), list(range(9, -1, -1))]


def test_a_skills_page_shows_text_files_versions_and_other_addresses(world: World, manager: Browser) -> None:
    skill = world.skill(
        supporting_files=[
            {"path": "scripts/run.sh", "size": 2048, "sha": "ab" * 32, "content": "x", "executable": True}
        ],
        tags=["logs"],
        metadata={"owner": "ops"},
    )
    SkillAlias.objects.create(client_id="42", alias="old/address", slug=skill.slug)
    SkillVersion.objects.create(
        skill=skill, version="0.9.0", sort_key="0", skill_name="x", content="x", document="x", content_sha256="1" * 64,
        description="The first try", deleted_at=timezone.now(), deleted_by="jane",
    )  # fmt: skip
    body = manager.get(change_url(skill)).content.decode()
    for text in (
        "<h1>Tidy logs</h1>",
        "scripts/run.sh",
        "2.0 KB",
        "executable",
        "old/address",
        "The first try",
        "deleted",
    ):
        assert text in body
    version = manager.get(change_url(skill.versions.get(version="1.0.0"))).content.decode()
    assert "<h1>Tidy logs</h1>" in version
    assert "current" in version


def test_shared_skills_are_read_by_every_tenant(world: World, manager: Browser) -> None:
    skill = world.skill("system", name="Shared by all")
    assert "Shared by all" in manager.get(reverse("admin:skills_skill_changelist")).content.decode()
    assert manager.get(change_url(skill)).status_code == 200
    assert manager.post(change_url(skill), {"name": "x"}).status_code == 403
