"""One skill behind three contracts: made through any of them, changed through all of them, it stays one."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.actor import Actor
from core.text import sha256_hex
from skills import search
from skills.models import Skill
from skills.services import remember_alias
from taxonomy.services import save_category
from tests.api.fleet.conftest import GOOD_SKILL, insert_draft, insert_job
from tests.conftest import Tenant

SLUG = "web-scraper"
FLEET, CODE, KAMAN = f"/api/v1/skills/{SLUG}", f"/api/code/v1/skills/{SLUG}", "/agent/api/skills"


@pytest.fixture(autouse=True)
def no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "embed_skill", lambda skill: None)


class Surfaces:
    """The skill as each contract shows it to tenant 42, and calls of each."""

    def __init__(self, tenant: Tenant) -> None:
        self.tenant = tenant
        self.http = Client(headers=tenant.headers)

    def call(self, method: str, url: str, body: Any = None, status: int = 200, **headers: str) -> Any:
        data = b"" if body is None else json.dumps(body).encode()
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = self.http.generic(method, url, data, "application/json", headers=headers)
        assert answer.status_code == status, answer.content
        return answer

    def fleet(self) -> Any:
        return self.call("GET", FLEET).json()

    def code(self) -> Any:
        return self.call("GET", f"{CODE}?include=content").json()["data"]

    def kaman(self) -> Any:
        listed = self.call("GET", KAMAN).json()["skills"]
        [head] = [skill for skill in listed if skill["id"] == str(Skill.objects.heads().get(slug=SLUG).pk)]
        return head

    @property
    def kaman_url(self) -> str:
        return f"{KAMAN}/{self.kaman()['id']}"

    def etags(self) -> tuple[str, str]:
        return self.call("GET", FLEET)["ETag"], self.call("GET", CODE)["ETag"]

    def versions(self) -> list[str]:
        rows = self.call("GET", f"{CODE}/versions").json()["data"]
        return [row["version"] for row in rows]

    def agree(self) -> Any:
        """Fails where two contracts tell different things; what they tell."""
        fleet, code, kaman = self.fleet(), self.code(), self.kaman()
        assert fleet["skill_id"] == code["id"] == kaman["slug"] == SLUG
        assert fleet["content"] == code["content"] == kaman["content"]
        assert (fleet["description"] or "") == code["description"] == (kaman["description"] or "")
        assert fleet["metadata"]["version"] == code["version"]
        assert fleet["metadata"]["author"] == code["author"]
        assert code["name"] == kaman["name"]
        assert code["enabled"] == (kaman["status"] == "active")
        assert code["files"] == kaman["supporting_files"]
        assert code["updated_at"] == kaman["updated_at"][:19] + "Z"
        return {"code": code, "kaman": kaman}


@pytest.fixture
def surfaces(jane: Tenant) -> Surfaces:
    return Surfaces(jane)


def make_by_kaman(surfaces: Surfaces) -> None:
    body = {"name": "Web Scraper", "content": "# Scraper\n", "description": "Scrapes"}
    surfaces.call("POST", KAMAN, body, status=201)


def make_by_code(surfaces: Surfaces) -> None:
    body = {"id": SLUG, "name": "Web Scraper", "description": "Scrapes", "version": "1.0.0", "content": "# Scraper\n"}
    surfaces.call("POST", "/api/code/v1/skills", body | {"author": "Dev Team"}, status=201)


def make_by_fleet(surfaces: Surfaces) -> None:
    job = insert_job(surfaces.tenant)
    content = GOOD_SKILL.replace("python-async-await", SLUG)
    insert_draft(job, slug=SLUG, description="Scrapes", content=content, taxonomy_path="web")
    save_category(actor=surfaces.tenant.actor, slug="web", parent=None)
    surfaces.call("POST", f"/api/v1/drafts/{job.pk}/promote", {})


WAYS = [make_by_kaman, make_by_code, make_by_fleet]
ways = pytest.mark.parametrize("make", WAYS, ids=lambda make: make.__name__)
Make = Callable[[Surfaces], None]


@ways
def test_every_contract_changes_it_for_all(surfaces: Surfaces, make: Make) -> None:
    make(surfaces)
    assert surfaces.agree()["code"]["version"] == "1.0.0"
    skill = Skill.objects.get()

    surfaces.call("PUT", surfaces.kaman_url, {"content": "# By Kaman\n", "name": "Renamed"})
    assert surfaces.agree()["code"]["version"] == "1.0.1", "new content is the next patch"
    surfaces.call("PUT", FLEET, {"content": "# By Fleet\n"})
    assert surfaces.agree()["code"]["version"] == "1.0.2"
    surfaces.call("PUT", FLEET, {"content": "# By Fleet again\n", "metadata": {"version": "1.5.0", "author": "Ann"}})
    assert (surfaces.agree()["code"]["version"], surfaces.code()["author"]) == ("1.5.0", "Ann")
    surfaces.call("PUT", CODE, {"content": "# By Code\n", "files": [{"path": "a.txt", "content": "abc"}]})
    told = surfaces.agree()
    assert (told["code"]["version"], told["kaman"]["content"]) == ("1.5.1", "# By Code\n")
    digest = sha256_hex("abc")
    assert told["kaman"]["supporting_files"] == [
        {"path": "a.txt", "filename": "a.txt", "content": "abc", "size": 3, "sha": digest}
    ]
    surfaces.call("POST", f"{CODE}/versions", {"version": "2.0.0", "content": "# Two\n"}, status=201)
    assert surfaces.agree()["kaman"]["content"] == "# Two\n"
    surfaces.call("PUT", CODE, {"version": "1.0.1"})
    assert surfaces.agree()["kaman"]["content"] == "# By Kaman\n", "rolled back for all"
    surfaces.call("PUT", surfaces.kaman_url, {"content": "# Mended\n"})
    assert surfaces.agree()["code"]["version"] == "1.0.3", "numbers once used are taken"
    surfaces.call("DELETE", f"{CODE}/versions/1.0.3")
    assert surfaces.agree()["kaman"]["content"] == "# Two\n", "the highest version left"

    assert surfaces.versions() == ["2.0.0", "1.5.1", "1.5.0", "1.0.2", "1.0.1", "1.0.0"]
    head = Skill.objects.get()
    assert (head.pk, head.version, head.slug) == (skill.pk, 1, SLUG)


@ways
def test_what_is_no_content_cuts_no_version(surfaces: Surfaces, make: Make) -> None:
    make(surfaces)
    surfaces.call("PUT", surfaces.kaman_url, {"description": "Other", "domains": ["web"], "trigger_keywords": ["x"]})
    surfaces.call("PUT", CODE, {"tags": ["t"], "name": "Other", "author": "Ann"})
    surfaces.call("PUT", FLEET, {"metadata": {"note": "n", "author": "Bob"}})
    told = surfaces.agree()
    assert (told["code"]["version"], told["code"]["author"], told["kaman"]["domains"]) == ("1.0.0", "Bob", ["web"])
    assert (surfaces.versions(), surfaces.fleet()["metadata"]["note"]) == (["1.0.0"], "n")


@ways
def test_enabled_is_the_status(surfaces: Surfaces, make: Make) -> None:
    make(surfaces)
    surfaces.call("DELETE", surfaces.kaman_url)
    assert surfaces.agree()["code"]["enabled"] is False, "still listed, still readable"
    assert SLUG in {skill["id"] for skill in surfaces.call("GET", "/api/code/v1/skills").json()["data"]}
    surfaces.call("PUT", CODE, {"enabled": True})
    assert surfaces.agree()["kaman"]["status"] == "active"
    surfaces.call("PUT", CODE, {"enabled": False})
    assert surfaces.agree()["kaman"]["status"] == "deprecated"
    surfaces.call("PUT", surfaces.kaman_url, {"status": "active"})
    assert surfaces.agree()["code"]["enabled"] is True


@ways
def test_etags_follow_every_contract(surfaces: Surfaces, make: Make) -> None:
    make(surfaces)
    changes: list[tuple[str, str, Any]] = [
        ("PUT", surfaces.kaman_url, {"content": "# New\n"}),
        ("PUT", surfaces.kaman_url, {"name": "New"}),
        ("DELETE", surfaces.kaman_url, None),
        ("PUT", FLEET, {"content": "# Newer\n"}),
        ("PUT", CODE, {"enabled": True}),
    ]
    for method, url, body in changes:
        fleet, code = surfaces.etags()
        surfaces.call(method, url, body)
        assert not {fleet, code} & set(surfaces.etags())
        surfaces.call("GET", FLEET, If_None_Match=fleet)
        surfaces.call("GET", CODE, If_None_Match=code)
        surfaces.call("PUT", CODE, {"tags": ["late"]}, status=412, If_Match=code)
    fleet, code = surfaces.etags()
    surfaces.call("PUT", surfaces.kaman_url, {})
    surfaces.call("GET", FLEET, status=304, If_None_Match=fleet)
    surfaces.call("GET", CODE, status=304, If_None_Match=code)


@ways
def test_addresses_stay(surfaces: Surfaces, make: Make) -> None:
    """The slug never changes; Fleet's other addresses lead to what Kaman and Code changed."""
    make(surfaces)
    category = save_category(actor=surfaces.tenant.actor, slug="tools", parent=None)
    Skill.objects.update(category=category)
    remember_alias(actor=surfaces.tenant.actor, alias="old/scraper", slug=SLUG, reason="moved")
    surfaces.call("PUT", surfaces.kaman_url, {"name": "Quite Another", "content": "# Other\n"})
    surfaces.agree()
    for address in ("old/scraper", f"tools/{SLUG}", "tools"):
        assert surfaces.call("GET", f"/api/v1/skills/{address}").json()["content"] == "# Other\n"


@ways
def test_the_next_integer_version_is_the_one_addressed(surfaces: Surfaces, make: Make) -> None:
    make(surfaces)
    first = surfaces.kaman()
    body = {"name": first["name"], "content": "# Second\n"}
    second = surfaces.call("POST", KAMAN, body, status=201).json()
    assert (second["slug"], second["version"]) == (SLUG, 2)
    assert surfaces.agree()["kaman"]["id"] == second["id"]
    surfaces.call("PUT", CODE, {"content": "# Second by Code\n"})
    assert surfaces.call("GET", f"{KAMAN}/{first['id']}").json()["content"] == first["content"]
    surfaces.call("DELETE", f"{KAMAN}/{second['id']}")
    assert surfaces.agree()["kaman"]["id"] == first["id"], "an active one comes first"
    surfaces.call("DELETE", f"{KAMAN}/{first['id']}")
    assert surfaces.agree()["kaman"]["id"] == second["id"]


@ways
def test_an_address_belongs_to_all(surfaces: Surfaces, make: Make) -> None:
    make(surfaces)
    surfaces.call("DELETE", surfaces.kaman_url)
    body = {"id": SLUG, "name": "X", "description": "X", "version": "1.0.0"}
    surfaces.call("POST", "/api/code/v1/skills", body, status=409)
    made = surfaces.call("POST", KAMAN, {"name": "Web.Scraper", "content": "x"}, status=201).json()
    assert made["slug"] == f"{SLUG}-2"


@ways
def test_code_deletes_it_for_all(surfaces: Surfaces, make: Make) -> None:
    make(surfaces)
    kaman_url = surfaces.kaman_url
    surfaces.call("DELETE", CODE)
    surfaces.call("GET", kaman_url, status=404)
    surfaces.call("PUT", kaman_url, {"content": "x"}, status=404)
    surfaces.call("GET", FLEET, status=404)
    assert surfaces.call("GET", KAMAN).json() == {"skills": [], "totalCount": 0}
    make_by_kaman(surfaces)
    assert surfaces.agree()["code"]["version"] == "1.0.0", "its address is free again"


@ways
def test_use_is_counted_once_for_all(surfaces: Surfaces, make: Make) -> None:
    make(surfaces)
    surfaces.call("POST", f"{surfaces.kaman_url}/usage", {"success": False, "event_id": "e-1"})
    body = {"skill_id": SLUG, "success": True, "event_id": "e-2"}
    surfaces.call("POST", "/api/v1/analytics/events", body, status=201)
    surfaces.call("POST", "/api/v1/analytics/events", {**body, "event_id": "e-1"}, status=201)
    told = surfaces.agree()["kaman"]
    assert [told[name] for name in ("usage_count", "success_count", "failure_count")] == [2, 1, 1]
    assert surfaces.call("GET", "/api/v1/analytics").json()["success_rate"] == 0.5


def test_shared_skills_are_refused_alike(surfaces: Surfaces, system: Actor) -> None:
    make_by_kaman(surfaces)
    Skill.objects.update(client_id="system")
    for method, url in (("PUT", surfaces.kaman_url), ("DELETE", surfaces.kaman_url), ("PUT", CODE), ("DELETE", CODE)):
        surfaces.call(method, url, {"content": "x"}, status=403)
    surfaces.call("PUT", FLEET, {"content": "x"}, status=403)
    surfaces.agree()
