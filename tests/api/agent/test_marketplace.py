"""Publish, unpublish, install, marketplace search: the document's examples and tables, through HTTP."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.actor import SCOPES, Actor, Scope
from accounts.models import AuditEvent
from accounts.services import issue_api_key
from marketplace.models import Install
from outbox.models import OutboxEvent
from skills.models import Skill
from skills.services import create_skill
from skills.versioning import delete_skill
from tests.api.agent.conftest import golden, insert_skill
from tests.conftest import Tenant

URL = "/agent/api/skills"
EXAMPLE_ID = golden("detail")["id"]
UNKNOWN = "7d9cfa31-9b21-4b06-9f5e-0b1a7c9d8e2f"


def post(client: Client, tenant: Tenant | None, path: str) -> Any:
    """As the document's TypeScript calls it: no body and no Content-Type."""
    return client.generic("POST", f"{URL}/{path}", b"", content_type="", headers=tenant.headers if tenant else {})


def make(actor: Actor, **fields: Any) -> Skill:
    """The skill of the document's examples, through the services."""
    manifest = golden("extension_saved")
    skill_manifest = manifest["skill_manifest"]
    values = {
        "name": manifest["name"],
        "description": manifest["description"],
        "content": skill_manifest["content"],
        "trigger_keywords": skill_manifest["triggerKeywords"],
        "task_types": skill_manifest["taskTypes"],
        "domains": skill_manifest["domains"],
        "tools": skill_manifest["tools"],
    }
    return create_skill(actor=actor, **{**values, **fields})


def events(skill: Skill | None = None) -> list[str]:
    rows = OutboxEvent.objects.filter(key=str(skill.pk)) if skill else OutboxEvent.objects.all()
    return list(rows.order_by("id").values_list("topic", flat=True))


@pytest.fixture
def offer(client: Client, sam: Tenant) -> Skill:
    """A skill that tenant 99 has published."""
    skill = make(sam.actor)
    assert post(client, sam, f"{skill.pk}/publish").status_code == 200
    skill.refresh_from_db()
    return skill


# --- Publish and unpublish -------------------------------------------------------------------------------------------


def test_publish_is_the_documents_example(client: Client, jane: Tenant, example: Skill) -> None:
    answer = post(client, jane, f"{example.pk}/publish")
    assert (answer.status_code, answer.json()) == (200, golden("publish"))
    assert answer["Cache-Control"] == "no-store"
    example.refresh_from_db()
    assert (example.is_published, example.author) == (True, "Jane Doe")
    assert AuditEvent.objects.get(action="publish").subject_id == EXAMPLE_ID


def test_unpublish_is_the_documents_example(client: Client, jane: Tenant, example: Skill) -> None:
    post(client, jane, f"{example.pk}/publish")
    answer = post(client, jane, f"{example.pk}/unpublish")
    assert (answer.status_code, answer.json()) == (200, golden("unpublish"))
    example.refresh_from_db()
    assert (example.is_published, example.author) == (False, "Jane Doe")
    assert events(example) == ["extension_saved", "extension_deleted"]


def test_the_events_are_the_documents_examples(client: Client, jane: Tenant) -> None:
    skill = make(jane.actor)
    post(client, jane, f"{skill.pk}/publish")
    post(client, jane, f"{skill.pk}/unpublish")
    saved, deleted = OutboxEvent.objects.order_by("id")
    manifest = golden("extension_saved")["skill_manifest"]
    changed = {"userId": str(jane.user.pk), "manifest": {"skill_manifest": manifest}}
    assert saved.payload == golden("extension_saved") | changed
    assert list(saved.payload) == list(golden("extension_saved")), "in the document's order"
    assert list(saved.payload["skill_manifest"]) == list(manifest)
    assert len(saved.payload) == 13
    assert deleted.payload == golden("extension_deleted") | {"id": str(skill.pk)}
    for event, kind in ((saved, "extension_saved"), (deleted, "extension_deleted")):
        assert (event.topic, event.key, event.headers["event_type"]) == (kind, str(skill.pk), kind)


def test_publishing_twice_announces_the_skill_as_it_is_now(client: Client, jane: Tenant) -> None:
    skill = make(jane.actor)
    post(client, jane, f"{skill.pk}/publish")
    Skill.objects.filter(pk=skill.pk).update(domains=None, semver="2.1.0")
    assert post(client, jane, f"{skill.pk}/publish").status_code == 200
    payload = OutboxEvent.objects.order_by("-id").first().payload
    assert (payload["version"], payload["category"], payload["skill_manifest"]["domains"]) == ("2.1.0", "general", [])


def test_unpublishing_what_is_not_published_changes_nothing(client: Client, jane: Tenant, example: Skill) -> None:
    before = Skill.objects.values().get(pk=example.pk)
    assert post(client, jane, f"{example.pk}/unpublish").json() == golden("unpublish")
    assert Skill.objects.values().get(pk=example.pk) == before
    assert not OutboxEvent.objects.exists()
    assert not AuditEvent.objects.filter(action="unpublish").exists()


@pytest.mark.parametrize("verb", ["publish", "unpublish"])
def test_who_may_not_publish(client: Client, jane: Tenant, sam: Tenant, system: Actor, verb: str) -> None:
    shared = insert_skill(client_id="system", name="Shared", slug="shared")
    foreign = insert_skill(client_id="99", name="Foreign", slug="foreign", is_published=True)
    not_found = (404, {"error": "Skill not found"})
    expected = {
        foreign.pk: not_found,
        UNKNOWN: not_found,
        "not-a-uuid": not_found,
        shared.pk: (403, {"error": "System skills cannot be modified"}),
    }
    for skill_id, wanted in expected.items():
        answer = post(client, jane, f"{skill_id}/{verb}")
        assert (answer.status_code, answer.json()) == wanted
    answer = post(client, None, f"{foreign.pk}/{verb}")
    assert (answer.status_code, answer.json()) == (401, {"error": "Unauthorized"})
    assert not OutboxEvent.objects.exists()


@pytest.mark.parametrize(
    ("path", "method", "scope"),
    [
        ("{own}/publish", "POST", "publish"),
        ("{own}/unpublish", "POST", "publish"),
        ("{offer}/install", "POST", "write"),
        ("{own}/pull", "POST", "write"),
        ("{own}/updates", "GET", "read"),
        ("updates", "GET", "read"),
        ("marketplace/search", "POST", "read"),
    ],
)
def test_what_each_scope_is_for(
    client: Client, jane: Tenant, offer: Skill, path: str, method: str, scope: Scope
) -> None:
    others = [other for other in SCOPES if other != scope]
    url = f"{URL}/{path.format(own=make(jane.actor, name='Own').pk, offer=offer.pk)}"
    for scopes, refused in ((others, True), ([scope], False)):
        _, key = issue_api_key(actor=jane.actor, user=jane.user, name="narrow", scopes=scopes)
        answer = client.generic(method, url, b"{}", headers={"Authorization": f"Bearer {key}"})
        assert (answer.status_code == 403) == refused, answer.content
        if refused:
            assert answer.json() == {"error": f"This needs a credential with the scope {scope}."}


def test_deprecated_skills_cannot_be_published(client: Client, jane: Tenant, example: Skill) -> None:
    Skill.objects.filter(pk=example.pk).update(status="deprecated")
    answer = post(client, jane, f"{example.pk}/publish")
    assert (answer.status_code, answer.json()) == (400, {"error": "Only active skills can be published"})
    assert not events()


@pytest.mark.parametrize("verb", ["publish", "unpublish", "install"])
def test_any_body_will_do(client: Client, jane: Tenant, offer: Skill, verb: str) -> None:
    skill_id = offer.pk if verb == "install" else make(jane.actor, name="Own").pk
    url = f"{URL}/{skill_id}/{verb}"
    for body, content_type in [(b"{}", "application/json"), (b"", ""), (b"\xff", "text/plain"), (b"[", "x/y")]:
        for path in (url, f"{url}/"):
            answer = client.generic("POST", path, body, content_type=content_type, headers=jane.headers)
            assert answer.status_code in ({201, 409} if verb == "install" else {200})


# --- Marketplace search ----------------------------------------------------------------------------------------------


def find(client: Client, tenant: Tenant, body: Any) -> Any:
    return client.post(f"{URL}/marketplace/search", body, content_type="application/json", headers=tenant.headers)


def test_marketplace_search_is_the_documents_example(client: Client, jane: Tenant, offer: Skill) -> None:
    answer = find(client, jane, golden("marketplace_request"))
    assert answer.status_code == 200
    [found] = answer.json()
    expected = golden("marketplace")[0]
    assert list(found) == list(expected)
    fixed = {"name", "description", "domains", "trigger_keywords", "sourceClientId", "pluginId"}
    assert {name: found[name] for name in fixed} == {name: expected[name] for name in fixed}
    assert (found["skillId"], found["author"]) == (str(offer.pk), "Sam Roe")
    assert found["content_tokens"] == offer.content_tokens
    assert 0.15 <= found["similarity"] <= 1


def test_the_marketplace_shows_nothing_that_is_not_on_offer(
    client: Client, jane: Tenant, sam: Tenant, system: Actor, offer: Skill
) -> None:
    query = {"query": offer.name}
    make(system, name="Shared SQL")
    Skill.objects.filter(client_id="system").update(is_published=True)
    own = make(jane.actor)
    post(client, jane, f"{own.pk}/publish")
    assert [found["skillId"] for found in find(client, jane, query).json()] == [str(offer.pk)]
    assert [found["skillId"] for found in find(client, sam, query).json()] == [str(own.pk)]
    client.post(f"{URL}/{offer.pk}/install", headers=jane.headers)
    assert [found["skillId"] for found in find(client, jane, query).json()] == [str(offer.pk)], "installed ones stay"
    post(client, sam, f"{offer.pk}/unpublish")
    assert find(client, jane, query).json() == []
    post(client, sam, f"{offer.pk}/publish")
    Skill.objects.filter(pk=offer.pk).update(status="deprecated")
    assert find(client, jane, query).json() == []


def test_content_is_found_but_never_shown(client: Client, jane: Tenant, sam: Tenant) -> None:
    skill = make(sam.actor, content="The canary sings of zymurgy. " * 20, supporting_files=[{"path": "canary.txt"}])
    post(client, sam, f"{skill.pk}/publish")
    answer = find(client, jane, {"query": "zymurgy"})
    assert len(answer.json()) == 1
    assert b"canary" not in answer.content


@pytest.mark.parametrize("body", [{}, {"limit": 5}, {"query": ""}, {"query": "  "}, {"query": None}, [], None])
def test_marketplace_search_needs_a_query(client: Client, jane: Tenant, body: Any) -> None:
    answer = find(client, jane, body)
    assert (answer.status_code, answer.json()) == (400, {"error": "query is required"})


@pytest.mark.parametrize(("limit", "error"), [(0, 1), (-1, 1), ("x", 1), ("1", 0), (1000, 0)])
def test_marketplace_search_limits(client: Client, jane: Tenant, offer: Skill, limit: Any, error: int) -> None:
    answer = find(client, jane, {"query": "sql", "limit": limit})
    if error:
        assert (answer.status_code, answer.json()) == (400, {"error": "limit must be a positive integer"})
    else:
        assert len(answer.json()) == 1


# --- Install ---------------------------------------------------------------------------------------------------------


def test_install_is_the_documents_example(client: Client, jane: Tenant, offer: Skill) -> None:
    answer = post(client, jane, f"{offer.pk}/install")
    assert answer.status_code == 201
    copy, expected = answer.json(), golden("install")
    assert copy.keys() == golden("detail").keys()
    fixed = expected.keys() - {"id", "created_at"}
    assert {name: copy[name] for name in fixed} == {name: expected[name] for name in fixed}
    taken = ("description", "trigger_keywords", "task_types", "domains", "tools", "content_tokens", "author")
    assert {name: copy[name] for name in taken} == {name: getattr(offer, name) for name in taken}
    assert (copy["is_published"], copy["usage_count"], copy["version"]) == (False, 0, 1)
    assert copy["parent_skill_id"] == str(offer.pk)
    assert copy == client.get(f"{URL}/{copy['id']}", headers=jane.headers).json()


def test_an_install_remembers_its_source(client: Client, jane: Tenant, offer: Skill) -> None:
    copy = post(client, jane, f"{offer.pk}/install").json()
    install = Install.objects.get()
    assert (str(install.skill_id), install.source_id) == (copy["id"], offer.pk)
    assert (install.client_id, install.source_client_id) == ("42", "99")
    assert (install.source_semver, install.source_sha256) == (offer.semver, offer.content_sha256)
    assert install.skill.content_sha256 == offer.content_sha256
    assert AuditEvent.objects.get(action="install").client_id == "42"


def test_a_copy_is_found_by_the_very_next_search(client: Client, jane: Tenant, offer: Skill) -> None:
    copy = post(client, jane, f"{offer.pk}/install").json()
    body = {"query": "how to write safe SQL queries"}
    found = client.post(f"{URL}/search", body, content_type="application/json", headers=jane.headers).json()
    assert [skill["id"] for skill in found] == [copy["id"]]


def test_install_refusals_in_their_order(client: Client, jane: Tenant, sam: Tenant, system: Actor) -> None:
    not_found = (404, {"error": "Published skill not found"})
    own = (400, {"error": "Cannot install your own skill"})
    installed = (409, {"error": "Skill already installed"})

    def row(slug: str, **columns: Any) -> Skill:
        return insert_skill(**{"client_id": "99", "name": slug, "slug": slug, "is_published": True, **columns})

    row("namesake", client_id="42", name=" Taken ", is_published=False)
    cases = [
        (UNKNOWN, not_found),
        ("not-a-uuid", not_found),
        (row("own", client_id="42").pk, own),
        (row("own-private", client_id="42", is_published=False).pk, own),
        (row("own-gone", client_id="42", status="deprecated").pk, own),
        (row("private", is_published=False).pk, not_found),
        (row("gone", status="deprecated").pk, not_found),
        (row("shared", client_id="system").pk, not_found),
        (row("private-and-taken", name="taken", is_published=False).pk, not_found),
        (row("taken", name="taken").pk, installed),
    ]
    for skill_id, wanted in cases:
        answer = post(client, jane, f"{skill_id}/install")
        assert (answer.status_code, answer.json()) == wanted, skill_id
    assert post(client, None, f"{UNKNOWN}/install").status_code == 401
    assert not Install.objects.exists()


def test_installing_twice_is_409(client: Client, jane: Tenant, offer: Skill) -> None:
    copy = post(client, jane, f"{offer.pk}/install").json()
    answer = post(client, jane, f"{offer.pk}/install")
    assert (answer.status_code, answer.json()) == (409, golden("errors")["409"])
    Skill.objects.filter(pk=copy["id"]).update(name="Renamed here")
    assert post(client, jane, f"{offer.pk}/install").status_code == 409, "a copy of it is active under another name"


def test_what_was_given_up_can_be_installed_again(client: Client, jane: Tenant, offer: Skill) -> None:
    first = post(client, jane, f"{offer.pk}/install").json()
    Skill.objects.filter(pk=first["id"]).update(status="deprecated")
    answer = post(client, jane, f"{offer.pk}/install")
    assert answer.status_code == 201
    second = answer.json()
    assert (second["slug"], second["version"]) == (first["slug"], 2)
    ended, current = Install.objects.order_by("installed_at")
    assert (ended.ended_at is None, current.ended_at) == (False, None)
    assert Install.objects.current().get() == current


def test_a_slug_that_is_taken_gets_a_number(client: Client, jane: Tenant, offer: Skill) -> None:
    insert_skill(client_id="42", name="Another", slug=offer.slug)
    assert post(client, jane, f"{offer.pk}/install").json()["slug"] == f"{offer.slug}-2"


def test_a_copy_is_independent_of_its_source(client: Client, jane: Tenant, sam: Tenant, offer: Skill) -> None:
    copy = post(client, jane, f"{offer.pk}/install").json()
    post(client, sam, f"{offer.pk}/unpublish")
    Skill.objects.filter(pk=offer.pk).update(content="Other", name="Other")
    assert client.get(f"{URL}/{copy['id']}", headers=jane.headers).json() == copy
    delete_skill(actor=sam.actor, skill=Skill.objects.get(pk=offer.pk))
    answer = client.get(f"{URL}/{copy['id']}", headers=jane.headers).json()
    assert answer == copy | {"parent_skill_id": None}
