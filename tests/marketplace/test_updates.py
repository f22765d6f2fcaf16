"""New versions of what was installed: seen, pulled, and never forced on anybody."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.actor import Actor
from accounts.models import AuditEvent
from marketplace.models import Install
from marketplace.services import install_skill, publish_skill, unpublish_skill
from skills.models import DeletedSkill, Skill
from skills.services import update_skill
from skills.versioning import delete_skill, restore_skill
from tests.conftest import Tenant
from tests.marketplace.conftest import make

URL = "/agent/api/skills"


class Caller:
    def __init__(self, tenant: Tenant) -> None:
        self.client = Client(headers=tenant.headers)

    def updates(self, skill: Skill | None = None) -> Any:
        answer = self.client.get(f"{URL}/{skill.pk}/updates" if skill else f"{URL}/updates")
        assert answer.status_code == 200, answer.content
        return answer.json()

    def pull(self, skill: Skill, body: Any = None) -> Any:
        url = f"{URL}/{skill.pk}/pull"
        if body is None:
            return self.client.generic("POST", url)
        return self.client.post(url, body, content_type="application/json")


@pytest.fixture
def caller(jane: Tenant) -> Caller:
    return Caller(jane)


@pytest.fixture
def copy(jane: Tenant, offer: Skill) -> Skill:
    return install_skill(actor=jane.actor, skill_id=offer.pk)


def improve(sam: Tenant, offer: Skill, content: str = "Use parameters and limits.", **fields: Any) -> Skill:
    return update_skill(actor=sam.actor, skill=offer, content=content, embed=False, **fields)


def test_nothing_new(caller: Caller, copy: Skill, offer: Skill) -> None:
    assert caller.updates() == {"updates": [], "totalCount": 0}
    assert caller.updates(copy) == {
        "skillId": str(copy.pk),
        "name": "Safe SQL",
        "sourceSkillId": str(offer.pk),
        "sourceClientId": "99",
        "installedVersion": "1.0.0",
        "installedSha256": offer.content_sha256,
        "availableVersion": "1.0.0",
        "availableSha256": offer.content_sha256,
        "updateAvailable": False,
        "changedLocally": False,
    }
    answer = caller.pull(copy)
    assert (answer.status_code, answer.json()["content"]) == (200, copy.content)
    assert copy.versions.count() == 1
    assert not AuditEvent.objects.filter(action="pull").exists()


def test_a_new_version_is_seen_and_pulled(caller: Caller, sam: Tenant, copy: Skill, offer: Skill) -> None:
    files = [{"path": "a.sql", "content": "SELECT 1"}]
    offer = improve(sam, offer, description="Better", semver="1.2.0", supporting_files=files, name="Safer SQL")
    [update] = caller.updates()["updates"]
    assert update == caller.updates(copy)
    assert (update["updateAvailable"], update["installedVersion"], update["availableVersion"]) == (
        True,
        "1.0.0",
        "1.2.0",
    )
    answer = caller.pull(copy)
    assert answer.status_code == 200
    copy.refresh_from_db()
    assert answer.json()["content"] == copy.content == offer.content
    assert (copy.semver, copy.content_sha256) == ("1.2.0", offer.content_sha256)
    assert (copy.description, copy.name, copy.slug) == ("Better", "Safe SQL", "safe-sql")
    assert [version.version for version in copy.versions.order_by("sort_key")] == ["1.0.0", "1.2.0"]
    install = Install.objects.get()
    assert (install.source_semver, install.source_sha256) == ("1.2.0", offer.content_sha256)
    assert install.pulled_at is not None
    assert caller.updates() == {"updates": [], "totalCount": 0}
    assert AuditEvent.objects.get(action="pull").detail["semver"] == "1.2.0"


def test_what_the_tenant_changed_is_replaced_by_force_only(
    caller: Caller, jane: Tenant, sam: Tenant, copy: Skill, offer: Skill
) -> None:
    update_skill(actor=jane.actor, skill=copy, content="Ours.", trigger_keywords=["ours"], embed=False)
    improve(sam, offer)
    assert caller.updates(copy)["changedLocally"]
    answer = caller.pull(copy, {})
    refusal = {"error": "The installed skill was changed here; pull with force to replace it"}
    assert (answer.status_code, answer.json()) == (409, refusal)
    assert caller.pull(copy, {"force": "maybe"}).status_code == 400
    copy.refresh_from_db()
    assert (copy.content, copy.semver) == ("Ours.", "1.0.1")
    assert caller.pull(copy, {"force": True}).status_code == 200
    copy.refresh_from_db()
    # The source's 1.0.1 is another than the copy's own.
    assert (copy.content, copy.semver) == ("Use parameters and limits.", "1.0.2")
    assert copy.trigger_keywords == ["ours"]
    assert "Ours." in copy.versions.values_list("content", flat=True)
    assert caller.updates() == {"updates": [], "totalCount": 0}


def test_a_source_that_goes_back_is_followed_back(caller: Caller, sam: Tenant, copy: Skill, offer: Skill) -> None:
    improve(sam, offer)
    caller.pull(copy)
    update_skill(actor=sam.actor, skill=offer, semver="1.0.0", embed=False)
    assert caller.updates(copy)["availableVersion"] == "1.0.0"
    assert caller.pull(copy).status_code == 200
    copy.refresh_from_db()
    assert (copy.semver, copy.content) == ("1.0.0", "Use parameters.")
    assert copy.versions.count() == 2


def test_nothing_comes_from_a_source_that_is_not_on_offer(
    caller: Caller, sam: Tenant, copy: Skill, offer: Skill
) -> None:
    improve(sam, offer)
    unpublish_skill(actor=sam.actor, skill_id=offer.pk)
    state = caller.updates(copy)
    assert (state["updateAvailable"], state["availableVersion"], state["availableSha256"]) == (False, None, None)
    assert caller.updates()["totalCount"] == 0
    answer = caller.pull(copy)
    assert (answer.status_code, answer.json()) == (404, {"error": "Published skill not found"})
    publish_skill(actor=sam.actor, skill_id=offer.pk)
    assert caller.updates()["totalCount"] == 1
    delete_skill(actor=sam.actor, skill=offer)
    assert caller.updates()["totalCount"] == 0
    assert caller.pull(copy).status_code == 404
    restore_skill(actor=Actor("99", "sam", "admin"), deleted=DeletedSkill.objects.get())
    assert caller.updates()["totalCount"] == 1, "a source that is back is followed again"


def test_a_copy_that_was_deleted_and_restored_follows_again(
    caller: Caller, jane: Tenant, sam: Tenant, copy: Skill, offer: Skill
) -> None:
    improve(sam, offer)
    delete_skill(actor=jane.actor, skill=copy)
    assert caller.updates()["totalCount"] == 0
    restore_skill(actor=Actor("42", "jane", "admin"), deleted=DeletedSkill.objects.get())
    assert caller.updates()["totalCount"] == 1
    assert caller.pull(copy).status_code == 200


def test_after_a_copy_was_deleted_the_source_can_be_installed_again(jane: Tenant, copy: Skill, offer: Skill) -> None:
    delete_skill(actor=jane.actor, skill=copy)
    again = install_skill(actor=jane.actor, skill_id=offer.pk)
    assert Install.objects.current().get().skill_id == again.pk


def test_the_database_allows_one_install_that_follows(jane: Tenant, copy: Skill, offer: Skill) -> None:
    install = Install.objects.get()
    install.pk, install.skill, install._state.adding = None, make(jane.actor, "Other"), True
    with pytest.raises(IntegrityError, match="skill_install_once"), transaction.atomic():
        install.save()


@pytest.mark.parametrize("verb", ["updates", "pull"])
def test_only_own_installed_copies_have_updates(
    jane: Tenant, sam: Tenant, copy: Skill, offer: Skill, verb: str
) -> None:
    own = make(jane.actor, "Own")
    method = {"updates": "GET", "pull": "POST"}[verb]
    for tenant, skill_id, message in [
        (jane, own.pk, "Installed skill not found"),
        (jane, offer.pk, "Installed skill not found"),
        (sam, copy.pk, "Installed skill not found"),
        (sam, offer.pk, "Installed skill not found"),
        (jane, "not-a-uuid", "Skill not found"),
    ]:
        answer = Client(headers=tenant.headers).generic(method, f"{URL}/{skill_id}/{verb}")
        assert (answer.status_code, answer.json()) == (404, {"error": message})
    assert Client().generic(method, f"{URL}/{copy.pk}/{verb}").status_code == 401
    assert Client().get(f"{URL}/updates").status_code == 401
    assert Caller(sam).updates() == {"updates": [], "totalCount": 0}
