"""The taxonomy per user: what is stored, and what it means for the tree and for skills."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connections

from accounts.actor import Actor
from core.errors import Forbidden, Invalid
from skills.addresses import agent_skills
from skills.personal import apply_to
from skills.services import create_skill
from taxonomy.adapting import MAX_ENTRIES, priorities_from_history
from taxonomy.models import UserTaxonomy
from taxonomy.services import adapt_taxonomy, load_default_tree, save_category
from taxonomy.tree import adaptation_of, user_taxonomy

pytestmark = pytest.mark.usefixtures("tenants")

JANE = Actor(client_id="42", username="jane", role="manager")
BOB = Actor(client_id="42", username="bob", role="user")
SAM = Actor(client_id="99", username="sam", role="manager")


def stored(user_ref: str, client_id: str = "42") -> tuple[list[str], list[str], str]:
    user = adaptation_of(client_id, user_ref)
    return user.priorities, user.hidden, user.experience_level


def test_an_adaptation_is_stored_and_what_is_not_named_stays() -> None:
    adapt_taxonomy(actor=JANE, user_ref="ann", priorities=["python", "web-development"], experience_level="advanced")
    assert stored("ann") == (["python", "web-development"], [], "advanced")
    adapt_taxonomy(actor=JANE, user_ref="ann", hidden=["cobol", "fortran"])
    assert stored("ann") == (["python", "web-development"], ["cobol", "fortran"], "advanced")
    adapt_taxonomy(actor=JANE, user_ref="ann", priorities=[])
    assert stored("ann") == ([], ["cobol", "fortran"], "advanced")


def test_users_are_apart_by_name_and_tenant() -> None:
    adapt_taxonomy(actor=JANE, user_ref="ann", priorities=["python"])
    adapt_taxonomy(actor=SAM, user_ref="ann", priorities=["rust"])
    assert stored("ann") == (["python"], [], "intermediate")
    assert stored("ann", "99") == (["rust"], [], "intermediate")
    assert stored("Ann") == ([], [], "intermediate")
    assert UserTaxonomy.objects.count() == 2


def test_users_adapt_their_own_taxonomy_only() -> None:
    adapt_taxonomy(actor=BOB, user_ref="bob", priorities=["python"])
    with pytest.raises(Forbidden):
        adapt_taxonomy(actor=BOB, user_ref="ann", priorities=["python"])
    assert not UserTaxonomy.objects.filter(user_ref="ann").exists()


def test_words_are_kept_in_one_form_and_once() -> None:
    words = ["Async Programming", "async_programming", "/Technical/Web/", " ", "C++", "ünïcode", "C++"]
    adapt_taxonomy(actor=JANE, user_ref="ann", priorities=words)
    assert stored("ann")[0] == ["async-programming", "technical/web", "c++", "ünïcode"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"priorities": ["a\x00"]}, "priorities"), ({"priorities": [5]}, "priorities"), ({"hidden": [None]}, "hidden"),
        ({"priorities": ["x" * 201]}, "priorities"),
        ({"hidden": [f"w{number}" for number in range(MAX_ENTRIES + 1)]}, "hidden"),
        ({"experience_level": "guru"}, "experience_level"), ({"priorities": ["a"], "hidden": ["A"]}, "hidden"),
        ({"user_ref": ""}, "user_id"), ({"user_ref": "x" * 256}, "user_id"), ({"user_ref": "a\x00"}, "user_id"),
    ],
)  # fmt: skip
def test_bad_input_names_its_field_and_changes_nothing(change: dict[str, Any], field: str) -> None:
    adapt_taxonomy(actor=JANE, user_ref="ann", priorities=["python"])
    with pytest.raises(Invalid) as refusal:
        adapt_taxonomy(**{"actor": JANE, "user_ref": "ann", **change})
    assert list(refusal.value.fields) == [field]
    assert stored("ann") == (["python"], [], "intermediate")


def test_adapting_at_once_leaves_one_row_with_both_changes(transactional_db: None) -> None:
    changes: list[dict[str, Any]] = [{"priorities": ["python"]}, {"hidden": ["cobol"]}] * 4
    barrier = threading.Barrier(len(changes))

    def adapt(change: dict[str, Any]) -> None:
        barrier.wait()
        adapt_taxonomy(actor=JANE, user_ref="ann", **change)
        connections.close_all()

    threads = [threading.Thread(target=adapt, args=[change]) for change in changes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert stored("ann") == (["python"], ["cobol"], "intermediate")
    assert UserTaxonomy.objects.count() == 1


def test_the_users_tree_has_priorities_first_and_no_hidden_branch() -> None:
    technical = save_category(actor=JANE, slug="technical")
    for slug in ("cobol", "python"):
        branch = save_category(actor=JANE, slug=slug, parent=technical)
        save_category(actor=JANE, slug=f"{slug}-tests", parent=branch)
    save_category(actor=JANE, slug="creative")
    adapt_taxonomy(actor=JANE, user_ref="ann", priorities=["python-tests", "technical/python"], hidden=["cobol"])
    tree = user_taxonomy("42", "ann").tree
    assert [branch.path for branch in tree.branches] == [
        "technical/python/python-tests", "technical/python", "creative", "technical",
    ]  # fmt: skip
    assert {branch.id: branch.children for branch in tree.branches}["technical"] == ("python",)
    assert len(user_taxonomy("42", "bob").tree.branches) == 6


def test_priorities_follow_from_what_a_user_did() -> None:
    load_default_tree(actor=Actor(client_id="system", username="s", role="admin"))
    queries = ["cook a dinner", "1", "2", "3", "4", "deploy containers to Kubernetes with pipelines"]
    found = priorities_from_history("42", query_history=queries, frequent_domains=["Python", "python"])
    assert found[:2] == ["python", "technical/devops"]
    assert "life/home" not in found  # cooking was six queries ago
    assert priorities_from_history("42", query_history=["", "the & of | ! ( ' :*"]) == []
    assert priorities_from_history("42") == []
    assert len(priorities_from_history("42", query_history=["writing data code design plans"])) == 5


# --- What it means for skills ----------------------------------------------------------------------------------------


def make(slug: str, **fields: Any) -> None:
    create_skill(actor=JANE, name=slug, slug=slug, content="# S\n", embed=False, **fields)


def seen(user_ref: str = "ann", **changes: Any) -> list[str]:
    if changes:
        adapt_taxonomy(actor=JANE, user_ref=user_ref, **changes)
    return [skill.slug for skill in apply_to(agent_skills("42"), adaptation_of("42", user_ref))]


@pytest.fixture
def labelled() -> None:
    technical = save_category(actor=JANE, slug="technical")
    make("in-category", category=save_category(actor=JANE, slug="web_dev", parent=technical))
    make("with-tag", tags=["Web Dev"])
    make("with-domain", domains=["WEB_DEV"])
    make("with-keyword", trigger_keywords=["web  dev"])
    make("some-web-dev-skill")
    make("near-miss", tags=["web development"], domains=["web"], trigger_keywords=["my web dev"])
    make("webdev")


@pytest.mark.parametrize("word", ["web-dev", "Web Dev", "WEB_DEV"])
def test_a_word_names_categories_tags_domains_keywords_and_names(labelled: None, word: str) -> None:
    named = ["in-category", "some-web-dev-skill", "with-domain", "with-keyword", "with-tag"]
    assert seen(priorities=[word]) == [*named, "near-miss", "webdev"]
    assert seen(priorities=[], hidden=[word]) == ["near-miss", "webdev"]


def test_priorities_come_in_their_order_and_hidden_wins(labelled: None) -> None:
    assert seen(priorities=["webdev", "technical", "with-tag"])[:3] == ["webdev", "in-category", "with-tag"]
    assert seen(priorities=["technical"], hidden=["web-dev"]) == ["near-miss", "webdev"]
    assert seen(priorities=[], hidden=["technical/web_dev"])[0] == "near-miss"


@pytest.mark.parametrize("word", [".*", "web.dev", "web|dev", "(", "c++", "a\\b", "%", "'"])
def test_words_are_words_and_no_patterns(labelled: None, word: str) -> None:
    assert len(seen(hidden=[word])) == 7
    make("punctuated", tags=[word])
    assert seen(priorities=[word], hidden=[])[0] == "punctuated"


def test_without_an_adaptation_nothing_is_left_out(labelled: None) -> None:
    make("hardest", metadata={"level": "expert"})
    assert len(seen("newcomer")) == 8


@pytest.mark.parametrize(
    ("level", "left_out"),
    [
        ("beginner", {"advanced", "expert", "tag-advanced", "tag-expert", "two-hard-tags"}),
        ("intermediate", {"expert", "tag-expert"}),
        ("advanced", set()),
        ("expert", set()),
    ],
)
def test_what_is_more_than_a_step_too_hard_is_left_out(level: str, left_out: set[str]) -> None:
    everything = {"odd-level", "easy-says-metadata", "easy-too", "unlabelled"}
    for stated in UserTaxonomy.Level.values:
        make(stated, metadata={"level": stated.title()})
        make(f"tag-{stated}", tags=["x", stated.replace("expert", "Expert")])
        everything |= {stated, f"tag-{stated}"}
    make("two-hard-tags", tags=["advanced", "expert"])
    make("easy-too", tags=["expert", "beginner"])
    make("easy-says-metadata", tags=["expert"], metadata={"level": "beginner"})
    make("odd-level", metadata={"level": 9})
    make("unlabelled", metadata={"level": None}, tags=["experts", "not-expert"])
    assert set(seen(experience_level=level)) == (everything | {"two-hard-tags"}) - left_out
