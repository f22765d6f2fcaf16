"""Moving and merging branches: whoever's categories are below go along, and every old path goes on working."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, connections, transaction

from accounts.actor import Actor
from accounts.models import AuditEvent
from core.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from skills.addresses import resolve_skills
from skills.models import Skill
from skills.services import create_skill, remember_alias, resolve_skill
from taxonomy.models import MAX_DEPTH, Category, CategoryAlias
from taxonomy.services import (
    adapt_taxonomy,
    find_category,
    get_category,
    load_default_tree,
    merge_category,
    move_category,
    preview_merge,
    preview_move,
    save_category,
    save_category_by_id,
)
from taxonomy.tree import adaptation_of, taxonomy_tree

pytestmark = pytest.mark.usefixtures("tenants")

JANE = Actor(client_id="42", username="jane", role="manager")
SAM = Actor(client_id="99", username="sam", role="manager")
SYSTEM = Actor(client_id="system", username="s", role="admin")


def make(path: str, actor: Actor = JANE) -> Category:
    """The category at the path, and those above it that the actor does not see yet."""
    parent = None
    steps = path.split("/")
    for end, slug in enumerate(steps, 1):
        here = "/".join(steps[:end])
        last = end == len(steps)
        own = Category.objects.filter(client_id=actor.client_id, path=here).first()
        found = own or (None if last else Category.objects.visible_to(actor.client_id).filter(path=here).first())
        parent = found or save_category(actor=actor, slug=slug, parent=parent)
    assert parent is not None
    return parent


def skill(slug: str, category: Category, actor: Actor = JANE) -> Skill:
    return create_skill(actor=actor, name=slug, slug=slug, content="# x", category=category, embed=False)


def paths(client_id: str = "42") -> list[str]:
    return list(Category.objects.filter(client_id=client_id).values_list("path", flat=True))


def settle() -> None:
    """What the database looks at when a transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def at_once(*calls: Callable[[], object]) -> list[str]:
    """The outcomes of calls that start together: ok, or the code of the refusal."""
    barrier = threading.Barrier(len(calls))
    outcomes: list[str] = []

    def run(call: Callable[[], object]) -> None:
        barrier.wait()
        try:
            call()
            outcomes.append("ok")
        except DomainError as refusal:
            outcomes.append(refusal.code)
        connections.close_all()

    threads = [threading.Thread(target=run, args=[call]) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


# --- Moving ----------------------------------------------------------------------------------------------------------


def test_old_paths_of_categories_and_skills_go_on_working() -> None:
    python, leaf = make("technical/python"), make("technical/python/web")
    scraper = skill("scraper", leaf)
    move_category(actor=JANE, category=python, parent=make("languages"), slug="py", reason="clearer")
    settle()
    assert paths() == ["languages", "languages/py", "languages/py/web", "technical"]
    for path in ("technical/python/web", "/technical/python/web/", "languages/py/web"):
        assert get_category("42", path) == leaf
    for address in ("technical/python/web/scraper", "technical/python/web", "languages/py/web/scraper"):
        assert resolve_skill("42", address) == scraper
        assert resolve_skills("42", [address]) == {address: scraper}
    with pytest.raises(NotFound):
        get_category("99", "technical/python")


def test_moved_twice_and_back_each_path_still_works_and_none_names_itself() -> None:
    branch, leaf = make("a"), make("a/x")
    for slug in ("b", "c", "a"):
        move_category(actor=JANE, category=branch, parent=None, slug=slug)
    for path in ("a/x", "b/x", "c/x"):
        assert get_category("42", path) == leaf
    assert set(CategoryAlias.objects.values_list("path", flat=True)) == {"b", "b/x", "c", "c/x"}


def test_what_is_at_a_path_comes_before_what_was_there() -> None:
    old = make("a")
    kept = skill("kept", old)
    move_category(actor=JANE, category=old, parent=None, slug="b")
    new = make("a")
    assert get_category("42", "a") == new
    assert resolve_skill("42", "a/kept") == kept
    move_category(actor=JANE, category=new, parent=None, slug="c")
    assert get_category("42", "a") == new


def test_a_branch_can_come_where_a_part_of_it_was() -> None:
    """Own categories below a shared one move up into the place of the shared one."""
    make("a", SYSTEM)
    inner, deep = make("a/b"), make("a/b/b")
    move_category(actor=JANE, category=inner, parent=None, slug="a")
    settle()
    assert paths() == ["a", "a/b"]
    assert get_category("42", "a/b") == deep


def test_a_shared_branch_takes_along_what_tenants_hung_below_it() -> None:
    shared, target = make("technical/python", SYSTEM), make("languages", SYSTEM)
    own, theirs = make("technical/python/ours"), make("technical/python/theirs", SAM)
    override = make("technical", SAM)
    deep, tool = make("technical/python/ours/deep"), skill("tool", own)
    versions = {client: taxonomy_tree(client).version for client in ("42", "99")}
    move_category(actor=SYSTEM, category=shared, parent=target, slug="python", reason="one home for languages")
    settle()
    assert paths("42") == ["languages/python/ours", "languages/python/ours/deep"]
    assert paths("99") == ["languages/python/theirs", "technical"]
    assert get_category("42", "technical/python/ours/deep") == deep
    assert get_category("99", "technical/python") == shared
    assert get_category("99", "technical") == override
    assert resolve_skill("42", "technical/python/ours/tool") == tool
    lines = AuditEvent.objects.filter(action="move").order_by("client_id")
    assert [(line.client_id, line.subject_id) for line in lines] == [
        ("42", str(own.pk)),
        ("99", str(theirs.pk)),
        ("system", str(shared.pk)),
    ]
    assert lines[2].detail == {
        "path": "languages/python", "was": "technical/python", "name": "Python", "categories": 4, "skills": 1,
        "reason": "one home for languages",
    }  # fmt: skip
    assert all(taxonomy_tree(client).version > before for client, before in versions.items())


def test_saving_a_shared_category_elsewhere_moves_tenants_too() -> None:
    shared = make("a", SYSTEM)
    make("a/ours")
    save_category(actor=SYSTEM, slug="b", category=shared)
    settle()
    assert paths() == ["b/ours"]


def test_old_addresses_of_shared_skills_work_for_every_tenant() -> None:
    shared = make("thinking", SYSTEM)
    chosen = skill("choose", shared, SYSTEM)
    remember_alias(actor=SYSTEM, alias="old/choose", slug="choose", reason="moved")
    move_category(actor=SYSTEM, category=shared, parent=None, slug="minds")
    for address in ("old/choose", "thinking/choose", "thinking", "minds/choose"):
        for tenant in ("42", "99", "system"):
            assert resolve_skill(tenant, address) == chosen
            assert resolve_skills(tenant, [address]) == {address: chosen}
    own = skill("mine", make("elsewhere"))
    remember_alias(actor=JANE, alias="old/choose", slug="mine", reason="moved")
    assert resolve_skill("42", "old/choose") == own
    assert resolve_skills("42", ["old/choose"]) == {"old/choose": own}
    assert resolve_skill("99", "old/choose") == chosen


def test_a_tenants_old_paths_are_no_ones_but_its_own() -> None:
    tool = skill("tool", make("a"))
    move_category(actor=JANE, category=get_category("42", "a"), parent=None, slug="b")
    assert resolve_skill("42", "a/tool") == tool
    with pytest.raises(NotFound):
        resolve_skill("99", "a/tool")
    assert resolve_skills("99", ["a/tool", "a"]) == {}


def test_words_of_users_that_are_paths_follow() -> None:
    make("technical/python", SYSTEM)
    for client in ("42", "99"):
        actor = Actor(client_id=client, username="u", role="user")
        hidden = ["technical/python", "technical/python-tools"]
        adapt_taxonomy(actor=actor, user_ref="u", priorities=["go", "technical/python/web"], hidden=hidden)
    move_category(actor=SYSTEM, category=get_category("42", "technical/python"), parent=None, slug="py_lang")
    for client in ("42", "99"):
        user = adaptation_of(client, "u")
        assert (user.priorities, user.hidden) == (["go", "py-lang/web"], ["py-lang", "technical/python-tools"])


def test_an_id_of_today_comes_before_an_old_path() -> None:
    old, today = make("web"), make("tools/web")
    move_category(actor=JANE, category=old, parent=None, slug="browser")
    assert get_category("42", "web") == old
    assert find_category("42", "web") == today
    assert save_category_by_id(actor=JANE, id="web", description="Changed").pk == today.pk
    assert save_category_by_id(actor=JANE, id="new", parent="web").path == "tools/web/new"


def test_the_old_id_changes_the_moved_category_and_loading_the_tree_again_leaves_it() -> None:
    load_default_tree(actor=JANE)
    python = get_category("42", "technical/programming/python")
    move_category(actor=JANE, category=python, parent=None, slug="snakes")
    again = save_category_by_id(actor=JANE, id="technical/programming/python", description="Moved")
    assert (again.pk, again.path, again.description) == (python.pk, "snakes", "Moved")
    move_category(actor=JANE, category=get_category("42", "technical/programming"), parent=None, slug="code")
    assert load_default_tree(actor=JANE) == 0


# --- What cannot be --------------------------------------------------------------------------------------------------


def refused(category: Category, parent: Category | None, slug: str, actor: Actor = JANE) -> str:
    """The code of the refusal, which the preview and the move share; nothing may have changed."""
    before = list(Category.objects.values_list("pk", "path"))
    plan = preview_move(actor=actor, category=category, parent=parent, slug=slug)
    assert plan.obstacle is not None
    with pytest.raises(DomainError) as refusal:
        move_category(actor=actor, category=category, parent=parent, slug=slug)
    assert refusal.value.code == plan.obstacle.code
    assert list(Category.objects.values_list("pk", "path")) == before
    return refusal.value.code


def test_circles_depth_length_and_taken_paths_are_told_before_and_refused() -> None:
    top, below = make("top"), make("top/below")
    assert refused(top, below, "top") == "cycle"
    assert refused(below, None, "top") == "category_exists"
    deep = make("/".join(f"l{level}" for level in range(MAX_DEPTH - 1)))
    assert refused(top, deep, "top") == "too_deep"
    long = make("/".join([f"{letter}" * 120 for letter in "abcd"]))
    assert refused(below, long, "below-" + "x" * 30) == "too_long"
    with pytest.raises(Invalid):
        save_category(actor=JANE, slug="below-" + "x" * 30, parent=long)


def test_a_tenants_own_depth_and_paths_stand_in_the_way_of_a_shared_move() -> None:
    shared, target = make("a", SYSTEM), make("b", SYSTEM)
    make("a/ours")
    make("b/a/ours")
    assert refused(shared, target, "a", SYSTEM) == "category_exists"
    deep = make("a/" + "/".join(f"l{level}" for level in range(MAX_DEPTH - 1)))
    assert deep.path.count("/") == MAX_DEPTH - 1
    assert refused(shared, target, "free", SYSTEM) == "too_deep"


def test_who_may_not() -> None:
    shared, own = make("shared", SYSTEM), make("own")
    for actor, category, parent in ((JANE, shared, None), (SAM, own, None), (SYSTEM, shared, own)):
        with pytest.raises(NotFound):
            move_category(actor=actor, category=category, parent=parent, slug="x")
        with pytest.raises(NotFound):
            merge_category(actor=actor, category=category, into=parent or shared if actor != JANE else own)
    reader = Actor(client_id="42", username="bob")
    calls: list[Callable[..., Any]] = [move_category, preview_move]
    for call in calls:
        with pytest.raises(Forbidden):
            call(actor=reader, category=own, parent=None, slug="x")


def test_a_plan_that_changed_since_is_not_carried_out() -> None:
    branch, target = make("a"), make("b")
    seen = preview_move(actor=JANE, category=branch, parent=target, slug="a").fingerprint
    make("a/new")
    with pytest.raises(Conflict) as refusal:
        move_category(actor=JANE, category=branch, parent=target, slug="a", seen=seen)
    assert refusal.value.code == "plan_changed"
    seen = preview_move(actor=JANE, category=branch, parent=target, slug="a").fingerprint
    assert move_category(actor=JANE, category=branch, parent=target, slug="a", seen=seen).path == "b/a"


@pytest.mark.parametrize("change", ["path = 'elsewhere'", "parent_id = NULL", "slug = 'other'", "client_id = '99'"])
def test_the_database_keeps_categories_below_their_parents(change: str) -> None:
    make("a/b")
    statement = f"UPDATE taxonomy_category SET {change} WHERE path = 'a/b'; SET CONSTRAINTS ALL IMMEDIATE"
    with pytest.raises(IntegrityError, match="below its parent"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


# --- Merging ---------------------------------------------------------------------------------------------------------


def test_merging_moves_skills_and_children_and_joins_those_that_meet() -> None:
    source, target = make("js"), make("javascript")
    make("js/web/forms")
    met = make("javascript/web")
    only = make("js/node")
    moved, stayed = skill("forms", get_category("42", "js/web/forms")), skill("closures", source)
    plan = preview_merge(actor=JANE, category=source, into=target)
    assert [(step.was, step.becomes, step.into) for step in plan.steps] == [
        ("js", "javascript", target),
        ("js/node", "javascript/node", None),
        ("js/web", "javascript/web", met),
        ("js/web/forms", "javascript/web/forms", None),
    ]
    assert merge_category(actor=JANE, category=source, into=target, seen=plan.fingerprint) == target
    settle()
    assert paths() == ["javascript", "javascript/node", "javascript/web", "javascript/web/forms"]
    moved.refresh_from_db()
    stayed.refresh_from_db()
    assert stayed.category == target
    assert resolve_skill("42", "js/web/forms/forms") == moved
    assert resolve_skill("42", "js/closures") == stayed
    assert (get_category("42", "js"), get_category("42", "js/web"), get_category("42", "js/node")) == (
        target, met, only,
    )  # fmt: skip
    assert AuditEvent.objects.filter(action="merge", subject="js").get().detail["skills"] == 2


def test_a_category_can_become_part_of_the_one_above() -> None:
    outer, inner, deep = make("a"), make("a/b"), make("a/b/b")
    merge_category(actor=JANE, category=inner, into=outer)
    settle()
    assert paths() == ["a", "a/b"]
    deep.refresh_from_db()
    assert deep.path == "a/b"
    with pytest.raises(Invalid) as refusal:
        merge_category(actor=JANE, category=outer, into=deep)
    assert refusal.value.code == "cycle"


def test_a_tenants_own_becomes_part_of_a_shared_one() -> None:
    shared, own = make("python", SYSTEM), make("our-python")
    tool = skill("tool", own)
    make("our-python/ours")
    merge_category(actor=JANE, category=own, into=shared)
    settle()
    assert paths() == ["python/ours"]
    assert resolve_skill("42", "our-python/tool") == tool
    with pytest.raises(NotFound):
        get_category("99", "our-python")


def test_merging_shared_ones_joins_each_tenants_own_with_its_own() -> None:
    source, target = make("js", SYSTEM), make("javascript", SYSTEM)
    ours, theirs = make("js/web"), make("js/web", SAM)
    own_twin = make("javascript/web")
    tool, other = skill("tool", ours), skill("other", source, SAM)
    merge_category(actor=SYSTEM, category=source, into=target)
    settle()
    assert (paths("42"), paths("99"), paths("system")) == (["javascript/web"], ["javascript/web"], ["javascript"])
    tool.refresh_from_db()
    other.refresh_from_db()
    assert (tool.category, other.category) == (own_twin, target)
    assert get_category("99", "js/web") == theirs
    assert get_category("42", "js/web") == own_twin


# --- At once ---------------------------------------------------------------------------------------------------------


def test_a_tenants_new_category_and_a_move_of_the_shared_one_above_agree(transactional_db: None) -> None:
    shared = make("a", SYSTEM)
    for round in range(5):
        outcomes = at_once(
            lambda slug=f"r{round}": move_category(actor=SYSTEM, category=shared, parent=None, slug=slug),
            lambda slug=f"own-{round}": save_category(actor=JANE, slug=slug, parent=shared),
            lambda slug=f"own-{round}": save_category(actor=SAM, slug=slug, parent=shared),
        )
        assert outcomes == ["ok"] * 3
    assert paths("42") == paths("99") == [f"r4/own-{round}" for round in range(5)]


def test_of_two_merges_of_the_same_category_one_is_done(transactional_db: None) -> None:
    source, first, second = make("source"), make("first"), make("second")
    tool = skill("tool", source)
    outcomes = at_once(
        *(lambda into=into: merge_category(actor=JANE, category=source, into=into) for into in (first, second))
    )
    assert outcomes == ["category_not_found", "ok"]
    tool.refresh_from_db()
    assert tool.category in (first, second)
