"""The marketplace's pages: what is on offer, publishing and installing many at once, updates."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from accounts.actor import Actor
from marketplace.models import Install
from marketplace.services import install_skill, publish_skill
from skills.models import Skill
from skills.services import create_skill, update_skill
from skills.versioning import delete_skill

pytestmark = pytest.mark.usefixtures("no_embedding")

ON_OFFER = reverse("admin:marketplace_listing_changelist")
INSTALLED = reverse("admin:marketplace_install_changelist")
JANE = Actor("42", "jane", "manager")


@pytest.fixture
def foreign(other_tenant: Actor) -> Skill:
    return add(other_tenant, "Their published skill", publish=True)


def add(actor: Actor, name: str, *, publish: bool = False) -> Skill:
    skill = create_skill(actor=actor, name=name, content="A canary.\n")
    return publish_skill(actor=actor, skill_id=skill.pk) if publish else skill


def act(browser: Browser, url: str, action: str, *rows: Any, confirmed: bool = True) -> str:
    data = {"action": action, "_selected_action": [str(row.pk) for row in rows]}
    answer = browser.post(url, data | ({"confirmed": "yes", "reason": "because"} if confirmed else {}), follow=True)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_one_sees_the_own_and_what_others_offer_without_content(
    manager: Browser, other_tenant: Actor, foreign: Skill
) -> None:
    add(JANE, "Our private skill")
    add(other_tenant, "Their private skill")
    page = manager.get(ON_OFFER).content.decode()
    assert "Our private skill" in page
    assert "Their published skill" in page
    assert "Their private skill" not in page
    assert "canary" not in page
    others = manager.get(ON_OFFER, {"origin": "others"}).content.decode()
    assert ("Our private skill" in others, "Their published skill" in others) == (False, True)
    own = manager.get(ON_OFFER, {"origin": "own"}).content.decode()
    assert ("Our private skill" in own, "Their published skill" in own) == (True, False)
    page = manager.get(reverse("admin:marketplace_listing_change", args=[foreign.pk])).content.decode()
    assert "Their published skill" in page
    assert "canary" not in page


def test_publishing_and_taking_back(manager: Browser) -> None:
    skill = add(JANE, "Ours")
    assert "in your name" in act(manager, ON_OFFER, "publish", skill, confirmed=False)
    skill.refresh_from_db()
    assert not skill.is_published
    assert "1 published." in act(manager, ON_OFFER, "publish", skill)
    skill.refresh_from_db()
    assert (skill.is_published, skill.author) == (True, "Jane Doe")
    assert "1 taken back." in act(manager, ON_OFFER, "unpublish", skill)
    skill.refresh_from_db()
    assert not skill.is_published


def test_nobody_publishes_for_others(manager: Browser, foreign: Skill) -> None:
    assert "Skill not found" in act(manager, ON_OFFER, "unpublish", foreign)
    foreign.refresh_from_db()
    assert foreign.is_published


def test_installing(manager: Browser, foreign: Skill) -> None:
    assert "1 installed." in act(manager, ON_OFFER, "install", foreign)
    assert Skill.objects.get(client_id="42").parent_skill_id == foreign.pk
    assert "Skill already installed" in act(manager, ON_OFFER, "install", foreign)


def test_readers_look_only(reader: Browser, foreign: Skill) -> None:
    assert "Their published skill" in reader.get(ON_OFFER).content.decode()
    act(reader, ON_OFFER, "install", foreign)
    assert not Install.objects.exists()


def test_updates_are_counted_and_pulled(manager: Browser, other_tenant: Actor, foreign: Skill) -> None:
    copy = install_skill(actor=JANE, skill_id=foreign.pk)
    assert "up to date" in manager.get(INSTALLED).content.decode()
    update_skill(actor=other_tenant, skill=foreign, content="Better.\n", semver="1.1.0")
    install = Install.objects.get()
    assert "1.1.0 available" in manager.get(INSTALLED).content.decode()
    assert "1 up to date." in act(manager, INSTALLED, "pull", install)
    copy.refresh_from_db()
    assert (copy.content, copy.semver) == ("Better.\n", "1.1.0")
    update_skill(actor=JANE, skill=copy, content="Ours.\n")
    assert "changed here" in manager.get(INSTALLED).content.decode()
    update_skill(actor=other_tenant, skill=foreign, content="Best.\n")
    assert "The installed skill was changed here" in act(manager, INSTALLED, "pull", install)


def test_installs_are_the_tenants_own(manager: Browser, operator: Browser, other_tenant: Actor, foreign: Skill) -> None:
    ours = add(JANE, "Our published skill", publish=True)
    copy = install_skill(actor=other_tenant, skill_id=ours.pk)
    assert copy.slug not in manager.get(INSTALLED).content.decode()
    assert copy.slug in operator.get(INSTALLED).content.decode()
    assert copy.slug in operator.get(INSTALLED, {"q": str(ours.pk)}).content.decode()
    assert copy.slug not in operator.get(INSTALLED, {"q": "no id, no name"}).content.decode()
    assert "Install a copy" not in operator.get(ON_OFFER).content.decode()
    assert "1 taken back." in act(operator, ON_OFFER, "unpublish", foreign)
    delete_skill(actor=other_tenant, skill=copy)
    assert copy.slug not in operator.get(INSTALLED).content.decode()
