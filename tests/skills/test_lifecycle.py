"""Out of use, into use again, back to an earlier version: what each leaves, who may, and who was first."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from functools import partial

import pytest
from django.db import connections

from accounts.actor import Actor
from accounts.models import AuditEvent
from accounts.services import MAX_REASON
from core.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from skills.lifecycle import activate_skill, deprecate_skill, restore_version
from skills.models import Skill
from skills.services import create_skill, update_skill
from skills.versioning import delete_version

pytestmark = pytest.mark.usefixtures("tenants", "without_a_model")

JANE = Actor(client_id="42", username="jane", role="manager")
SAM = Actor(client_id="99", username="sam", role="manager")
SYSTEM = Actor(client_id="system", username="s", role="admin")
EVERY: dict[str, Callable[..., Skill]] = {
    "deprecate": deprecate_skill,
    "activate": activate_skill,
    "restore": partial(restore_version, number="1.0.0"),
}


@pytest.fixture
def without_a_model(monkeypatch: pytest.MonkeyPatch) -> list[Skill]:
    """The skills that got a new vector."""
    embedded: list[Skill] = []
    monkeypatch.setattr("skills.search.embed_skill", embedded.append)
    return embedded


def make(actor: Actor = JANE) -> Skill:
    """1.0.0 and 1.1.0, which is current."""
    first = create_skill(
        actor=actor, name="Tidy logs", content="# One\n", supporting_files=[{"path": "a", "content": "1"}]
    )
    return update_skill(actor=actor, skill=first, semver="1.1.0", content="# Two\n", supporting_files=[])


def test_out_of_use_and_into_use_again() -> None:
    skill = make()
    assert deprecate_skill(actor=JANE, skill=skill, reason=" too old ").status == "deprecated"
    assert activate_skill(actor=JANE, skill=skill).status == "active"
    lines = AuditEvent.objects.filter(action__in=["deprecate", "activate"]).order_by("id")
    assert [(line.action, line.detail.get("reason")) for line in lines] == [
        ("deprecate", "too old"),
        ("activate", None),
    ]


def test_an_earlier_version_with_its_files_becomes_current(without_a_model: list[Skill]) -> None:
    skill = make()
    without_a_model.clear()
    back = restore_version(actor=JANE, skill=skill, number="1.0.0", reason="1.1.0 lost the file")
    skill.refresh_from_db()
    assert (skill.semver, skill.content, [file["path"] for file in skill.supporting_files]) == (
        "1.0.0",
        "# One\n",
        ["a"],
    )
    assert skill.content_sha256 == skill.versions.get(version="1.0.0").content_sha256
    assert without_a_model == [back], "search must know what it says now"
    assert sorted(skill.versions.values_list("version", flat=True)) == ["1.0.0", "1.1.0"]
    line = AuditEvent.objects.get(action="restore")
    assert (line.detail["semver"], line.detail["reason"]) == ("1.0.0", "1.1.0 lost the file")


def test_what_does_not_fit_is_refused_and_changes_nothing() -> None:
    skill = make()
    delete_version(actor=JANE, skill=skill, number="1.0.0")
    lines = AuditEvent.objects.count()
    for change, refusal, code in (
        (partial(activate_skill, skill=skill), Conflict, "already_active"),
        (partial(restore_version, skill=skill, number="1.1.0"), Conflict, "already_current"),
        (partial(restore_version, skill=skill, number="latest"), Conflict, "already_current"),
        (partial(restore_version, skill=skill, number="1.0.0"), NotFound, "version_not_found"),
        (partial(deprecate_skill, skill=skill, reason="a\x00b"), Invalid, "unstorable_text"),
    ):
        with pytest.raises(refusal) as caught:
            change(actor=JANE)
        assert caught.value.code == code
    skill.refresh_from_db()
    assert (skill.semver, skill.status, AuditEvent.objects.count()) == ("1.1.0", "active", lines)


@pytest.mark.parametrize("name", EVERY)
def test_nobody_changes_what_is_not_theirs(name: str) -> None:
    for owner, actor, refusal in ((JANE, SAM, NotFound), (SYSTEM, JANE, Forbidden)):
        with pytest.raises(refusal):
            EVERY[name](actor=actor, skill=make(owner))


def test_a_reason_has_room_for_a_sentence() -> None:
    deprecate_skill(actor=JANE, skill=make(), reason="x" * 2000)
    assert AuditEvent.objects.get(action="deprecate").detail["reason"] == "x" * MAX_REASON


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ["deprecate", "restore"])
def test_of_many_at_once_one_does_it(name: str) -> None:
    skill, answers, barrier = make(), Counter[str](), threading.Barrier(8)

    def change() -> None:
        barrier.wait(30)
        try:
            EVERY[name](actor=JANE, skill=Skill.objects.get(pk=skill.pk))
            answers["done"] += 1
        except DomainError as problem:
            answers[problem.code] += 1
        finally:
            connections.close_all()

    threads = [threading.Thread(target=change) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert answers == {"done": 1, {"deprecate": "already_deprecated", "restore": "already_current"}[name]: 7}
    assert AuditEvent.objects.filter(action=name).count() == 1
