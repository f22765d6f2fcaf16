"""The trigger rate on the real search: what it counts, who steals, and that measuring leaves nothing behind."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection

from accounts.actor import Actor
from core.errors import Invalid
from skills import optimization, searches, triggers, variants
from skills.economy import condensed, sections, token_efficiency
from skills.models import SearchQuery, Skill, SkillVersion
from skills.phrases import phrases
from skills.search import Hit, search_skills
from skills.services import create_skill, update_skill
from skills.triggers import Query, measure, queries_for, wilson
from tests.conftest import Tenant

SQL = "Reviews SQL migrations for locks and data loss. Use when a change adds or alters a database migration file."
VAGUE = "Helps with work. Use when something comes up."
BODY = """# Review a SQL migration

Reads a database migration before it runs and names what may lock tables or lose rows.

## When to Use

- A pull request alters a table or an index
- Someone asks whether a schema change is safe to deploy

## Instructions

1. Read every statement of the migration.
2. Say which of them lock a table.
"""


def make(tenant: Tenant | Actor, name: str, description: str = "", content: str = "", **fields: Any) -> Skill:
    actor = tenant if isinstance(tenant, Actor) else tenant.actor
    return create_skill(actor=actor, name=name, description=description, content=content or f"# {name}\n", **fields)


@pytest.fixture
def shelf(jane: Tenant) -> Tenant:
    """Skills of tenant 42 on unlike subjects, and three about databases."""
    for name, description in {
        "postgres-index-advice": "Finds missing indexes for slow PostgreSQL queries. Use when a query is slow.",
        "schema-change-safety": "Checks whether a schema change is safe to deploy. Use when tables are altered.",
        "database-backups": "Backs up and restores databases. Use when a database must be saved or restored.",
        "migration-writer": "Writes database migration files from a changed model. Use when a migration is missing.",
        "migration-rollback": "Rolls back a failed database migration. Use when a migration broke production.",
        "lock-finder": "Finds what locks a table in the database. Use when statements wait for a lock.",
        "data-loss-guard": "Guards rows against loss when columns change. Use when a column is altered or dropped.",
        "table-designer": "Designs tables and columns for new features. Use when a data model is needed.",
        "worktree-guide": "Checks out git branches side by side. Use when two branches are needed at once.",
        "kubernetes-network-policies": "Restricts traffic between pods. Use when pods must not reach each other.",
        "meeting-minutes": "Turns meeting transcripts into minutes. Use when a meeting was recorded.",
        "release-notes": "Writes release notes from merged pull requests. Use when a release is cut.",
    }.items():
        make(jane, name, description)
    return jane


@pytest.fixture
def migration_skill(shelf: Tenant) -> Skill:
    keywords = ["review migration", "migration locks"]
    return make(shelf, "sql-migration-review", SQL, BODY, trigger_keywords=keywords)


ASKED = (
    "is this migration going to lock the table",
    "check the sql migration for data loss",
    "review the change to the database migration file",
    "does altering this column lose rows",
)


@pytest.mark.parametrize(
    ("found", "total", "interval"),
    [
        # Wilson (1927) as published tables give it at 95%, e.g. Newcombe 1998, table I: 81/263, 15/148, 0/20, 1/29.
        (81, 263, (0.2553, 0.3662)),
        (15, 148, (0.0624, 0.1605)),
        (0, 20, (0.0, 0.1611)),
        (1, 29, (0.0061, 0.1718)),
        (10, 10, (0.7225, 1.0)),
        (0, 0, (0.0, 1.0)),
    ],
)
def test_wilson_equals_published_values(found: int, total: int, interval: tuple[float, float]) -> None:
    assert wilson(found, total) == pytest.approx(interval, abs=0.00005)


@pytest.mark.parametrize(
    ("description", "expected"),
    [
        (SQL, ["Reviews SQL migrations for locks and data loss", "a change adds or alters a database migration file"]),
        (
            "Use this skill when the user asks for a summary of meetings, wants to extract decisions, or mentions"
            " meeting minutes. Do not use it for phone calls.",
            ["summary of meetings", "extract decisions", "meeting minutes"],
        ),
        ("Use when creating tables, views or indexes", ["creating tables, views or indexes"]),
        ("Helps", []),
        (None, []),
    ],
)
def test_phrases_of_a_description(description: str | None, expected: list[str]) -> None:
    assert phrases(description) == expected


def test_queries_are_labelled_distinct_and_without_the_bare_name(migration_skill: Skill) -> None:
    update_skill(
        actor=Actor("42", "jane", role="manager"), skill=migration_skill,
        trigger_keywords=["Review Migration", "review migration", "sql migration review", "migration locks"],
    )  # fmt: skip
    skill = Skill.objects.get(pk=migration_skill.pk)
    asked = queries_for(client_id="42", skill=skill, queries=["MIGRATION LOCKS", "lost rows"])
    assert asked == [
        Query("MIGRATION LOCKS", "caller"),
        Query("lost rows", "caller"),
        Query("Review Migration", "keyword"),
        Query("Reviews SQL migrations for locks and data loss", "description"),
        Query("a change adds or alters a database migration file", "description"),
    ]
    assert len(queries_for(client_id="42", skill=skill, queries=[f"query {n}" for n in range(40)])) == 40


@pytest.mark.parametrize("queries", [["x"] * 41, [""], ["x" * 501], ["a\x00b"]])
def test_refuses_queries_nobody_types(migration_skill: Skill, queries: list[str]) -> None:
    with pytest.raises(Invalid) as refusal:
        measure(client_id="42", skill=migration_skill, queries=queries)
    assert "queries" in refusal.value.fields


def test_the_rate_is_the_share_of_queries_that_the_real_search_answers_with_it(migration_skill: Skill) -> None:
    report = measure(client_id="42", skill=migration_skill, queries=ASKED)
    for query in report.queries:
        hits = [hit.skill_id for hit in search_skills(client_id="42", query=query.text)]
        assert query.found == (migration_skill.pk in hits[:3])
        assert query.place == (hits.index(migration_skill.pk) + 1 if migration_skill.pk in hits else None)
    assert report.rate == sum(query.found for query in report.queries) / report.total
    assert report.rate >= 0.75


def test_a_worse_description_lowers_the_rate_and_analyze_names_it(shelf: Tenant) -> None:
    """The text of this skill does not say what it is about; its description alone did."""
    skill = make(shelf, "change-guard", SQL, "# Guard\n\n1. Read every statement.\n2. Name what is risky.\n")
    fixed = queries_for(client_id="42", skill=skill, queries=ASKED)
    with triggers.registry("42", skill) as visible:
        before = triggers.report(visible, skill, fixed)
    worse = update_skill(actor=shelf.actor, skill=skill, description=VAGUE)
    with triggers.registry("42", worse) as visible:
        after = triggers.report(visible, worse, fixed)
    assert before.rate > 0.8
    assert after.rate < 0.5

    analysis = optimization.analyze(client_id="42", skill=worse, metrics=["trigger_rate"], queries=ASKED)
    assert analysis.trigger_rate is not None
    assert analysis.trigger_rate < 0.5
    assert analysis.regression is not None
    assert analysis.regression.version == "1.0.0"
    assert analysis.regression.before > analysis.regression.now
    assert analysis.recommendations[0].startswith("The description got worse since version 1.0.0")
    assert f"'{analysis.regression.lost[0]}'" in analysis.recommendations[0]
    assert analysis.token_efficiency is None
    assert analysis.sections == ()


def test_a_good_description_is_no_regression(migration_skill: Skill, jane: Tenant) -> None:
    better = update_skill(actor=jane.actor, skill=migration_skill, description=SQL + " Names statements that lock.")
    assert optimization.analyze(client_id="42", skill=better).regression is None


def test_names_the_thief(migration_skill: Skill, jane: Tenant) -> None:
    asked = "safe to deploy this schema change"
    for number in range(3):
        make(
            jane,
            f"schema-twin-{number}",
            "Says whether it is safe to deploy a schema change.",
            trigger_keywords=[asked],
        )
    report = measure(client_id="42", skill=migration_skill, queries=[asked])
    (lost,) = [query for query in report.failing if query.text == asked]
    top = search_skills(client_id="42", query=asked)[0]
    assert lost.thief == Skill.objects.get(pk=top.skill_id).slug
    assert lost.thief is not None
    assert lost.thief.startswith("schema-twin")
    assert lost.thief_similarity == top.similarity
    analysis = optimization.analyze(client_id="42", skill=migration_skill, queries=[asked])
    assert any(f"'{lost.thief}' takes its place for '{asked}'" in advice for advice in analysis.recommendations)


def test_a_foreign_skill_steals_nothing(migration_skill: Skill, sam: Tenant) -> None:
    for number in range(3):
        make(sam, f"stranger-{number}", SQL, trigger_keywords=["review migration"])
    report = measure(client_id="42", skill=migration_skill)
    assert not any((query.thief or "").startswith("stranger") for query in report.queries)
    assert report.rate == 1.0


class TestVariant:
    def test_leaves_no_trace(self, migration_skill: Skill) -> None:
        def everything() -> list[Any]:
            with connection.cursor() as cursor:
                cursor.execute("SELECT s::text FROM kaman_skills AS s ORDER BY id")
                return [*cursor.fetchall(), SkillVersion.objects.count()]

        before = everything()
        measure(client_id="42", skill=migration_skill, description=VAGUE, keywords=["one", "two"], content="# Other\n")
        variants.Trial("42", migration_skill, []).harm(variants.Variant("test", VAGUE, ("slow query",), BODY))
        assert everything() == before

    def test_is_measured_as_it_would_do_when_stored(self, migration_skill: Skill, jane: Tenant) -> None:
        queries = list(ASKED)
        measured = measure(client_id="42", skill=migration_skill, queries=queries, description=VAGUE, keywords=["rows"])
        stored = update_skill(actor=jane.actor, skill=migration_skill, description=VAGUE, trigger_keywords=["rows"])
        with triggers.registry("42", stored) as visible:
            kept = triggers.report(visible, stored, [Query(one.text, one.source) for one in measured.queries])
        assert measured == kept

    def test_a_deprecated_skill_is_measured_as_it_would_do(self, migration_skill: Skill, jane: Tenant) -> None:
        before = measure(client_id="42", skill=migration_skill)
        gone = update_skill(actor=jane.actor, skill=migration_skill, status="deprecated")
        assert measure(client_id="42", skill=gone) == before


@pytest.mark.django_db(transaction=True)
def test_others_never_see_a_variant_and_do_not_wait_for_it(migration_skill: Skill) -> None:
    """While a variant is measured another connection finds the stored skill and changes it at once."""
    seen: list[Any] = []

    def meanwhile() -> None:
        try:
            seen.extend(search_skills(client_id="42", query="zebra handling"))
            seen.append(Skill.objects.filter(client_id="42").count())
            seen.append(Skill.objects.filter(pk=migration_skill.pk).update(usage_count=7))
        finally:
            connection.close()

    count = Skill.objects.count()
    with triggers.registry("42", migration_skill, description="Handles zebras", keywords=["zebra handling"]) as visible:
        own = triggers.ask(visible, ["zebra handling"])["zebra handling"]
        other = threading.Thread(target=meanwhile)
        other.start()
        other.join(timeout=20)
        assert not other.is_alive()
    assert own[0].address == ("42", "sql-migration-review")
    assert seen == [count, 1]


class TestRecordedSearches:
    def test_one_row_a_wording(self, jane: Tenant) -> None:
        hit = Hit(Skill().pk, 0.7, ("meaning",))
        searches.record_search(client_id="42", query="Review  my Migration", hits=[hit])
        searches.record_search(client_id="42", query="review my migration ", hits=[])
        row = SearchQuery.objects.get()
        assert (row.client_id, row.query, row.times, row.hits, row.top_similarity) == (
            "42", "review my migration", 2, 0, None,
        )  # fmt: skip

    @pytest.mark.parametrize("query", ["ab", "x" * 201, "   "])
    def test_keeps_no_pages_and_no_letters(self, jane: Tenant, query: str) -> None:
        searches.record_search(client_id="42", query=query, hits=[])
        assert not SearchQuery.objects.exists()

    def test_an_unknown_tenant_does_not_fail_the_search(self, jane: Tenant) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        searches.record_search(client_id="nobody", query="review my migration", hits=[])
        assert not SearchQuery.objects.exists()

    def test_forgets_the_old_and_the_many(self, jane: Tenant, sam: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(searches, "KEPT_A_TENANT", 3)
        for number in range(5):
            searches.record_search(client_id="42", query=f"query number {number}", hits=[])
        searches.record_search(client_id="99", query="recent", hits=[])
        searches.record_search(client_id="99", query="ancient", hits=[])
        with connection.cursor() as cursor:
            cursor.execute("UPDATE search_query SET at = now() + id * interval '1 s' WHERE client_id = '42'")
            cursor.execute("UPDATE search_query SET at = now() - interval '91 days' WHERE query = 'ancient'")
        assert searches.forget_searches() == 3
        assert sorted(SearchQuery.objects.values_list("query", flat=True)) == [
            "query number 2", "query number 3", "query number 4", "recent",
        ]  # fmt: skip

    def test_only_those_about_the_skill_count_whatever_its_description(
        self, migration_skill: Skill, jane: Tenant, sam: Tenant
    ) -> None:
        about = ["check a migration for table locks", "is this database migration safe"]
        for query in [*about, "meeting minutes of monday", "restrict traffic of pods"]:
            searches.record_search(client_id="42", query=query, hits=[])
        searches.record_search(client_id="99", query="database migration of a stranger", hits=[])
        assert sorted(searches.searches_about(migration_skill, "42", limit=9)) == sorted(about)
        worse = update_skill(actor=jane.actor, skill=migration_skill, description=VAGUE)
        assert sorted(searches.searches_about(worse, "42", limit=9)) == sorted(about)
        recorded = [one.text for one in queries_for(client_id="42", skill=worse) if one.source == "recorded"]
        assert sorted(recorded) == sorted(about)


class TestCompare:
    def test_each_is_measured_without_the_other(self, migration_skill: Skill, jane: Tenant) -> None:
        """A copy that costs less is better, though side by side the two would share every place."""
        padding = "\n## Notes\n\n" + "In order to be sure, read every statement of the migration again. " * 40
        long = update_skill(actor=jane.actor, skill=migration_skill, content=BODY + padding)
        for number in range(2):
            make(jane, f"same-{number}", SQL, BODY, trigger_keywords=["review migration"])
        short = make(
            jane, "sql-migration-review-short", SQL, BODY, trigger_keywords=["review migration", "migration locks"]
        )
        result = optimization.compare(client_id="42", baseline=long, improved=short)
        assert (result.baseline_tokens, result.improved_tokens) == (long.content_tokens, short.content_tokens)
        assert [one.text for one in result.baseline.queries] == [one.text for one in result.improved.queries]
        assert result.overall_better
        assert result.token_reduction > 0.5
        assert not any(one.thief == short.slug for one in result.baseline.queries)
        back = optimization.compare(client_id="42", baseline=short, improved=long)
        assert not back.overall_better
        assert back.token_reduction < 0

    def test_a_cheaper_skill_that_is_found_less_is_not_better(self, migration_skill: Skill, jane: Tenant) -> None:
        vague = make(jane, "helper", VAGUE, "# Helper\n\nHelps.\n")
        result = optimization.compare(client_id="42", baseline=migration_skill, improved=vague, queries=ASKED)
        assert result.trigger_rate_improvement < 0 < result.token_reduction
        assert not result.overall_better

    def test_not_with_itself(self, migration_skill: Skill) -> None:
        with pytest.raises(Invalid):
            optimization.compare(client_id="42", baseline=migration_skill, improved=migration_skill)


class TestTokenEfficiency:
    def test_plain_text_wastes_nothing(self) -> None:
        assert token_efficiency(sections(BODY)) == 1.0
        assert [part.title for part in sections(BODY)] == ["Review a SQL migration", "When to Use", "Instructions"]

    def test_counts_repetition_filler_and_long_sentences_where_they_stand(self) -> None:
        text = (
            "# Title\n\nRead every statement of the file.\n\n"
            "## Again\n\nRead every statement of the file!\n\n"
            "## Filler\n\nIn order to know it, ask.\n\n"
            f"## Long\n\n{'word ' * 45}end.\n\n"
            "## Empty\n"
        )
        again, filler, long, empty = sections(text)[1:]
        assert again.repeated == 9
        assert again.filler == 0
        assert filler.filler == 3
        assert long.wordy > 20
        assert empty.efficiency == 0.0
        assert token_efficiency(sections(text)) < 0.7

    def test_a_heading_over_deeper_ones_is_no_waste(self) -> None:
        assert token_efficiency(sections("# A\n\n## B\n\nRead the whole file first.\n")) == 1.0

    def test_condensing_drops_repetition_only_and_keeps_code(self) -> None:
        text = (
            "---\nname: x\n---\n# T\n\n- Read every statement of it.\n- Read every statement of it.\n- Stop then.\n\n"
            "```sh\n# Read every statement of it.\nls\n```\n\nOnce more.\n\n"
            "```sh\n# Read every statement of it.\nls\n```\n"
        )
        once = condensed(text)
        assert once == (
            "---\nname: x\n---\n# T\n\n- Read every statement of it.\n- Stop then.\n\n"
            "```sh\n# Read every statement of it.\nls\n```\n\nOnce more.\n\n"
        )
        assert condensed(once) == once

    def test_analyze_names_the_wasteful_section(self, jane: Tenant) -> None:
        waste = "\n## Notes\n\n" + "Read every statement of the migration twice.\n" * 12
        skill = make(jane, "wasteful", SQL, BODY + waste)
        analysis = optimization.analyze(client_id="42", skill=skill, metrics=["token_usage"])
        assert analysis.trigger_rate is None
        assert analysis.token_efficiency is not None
        assert analysis.token_efficiency < 0.6
        assert any("'Notes'" in advice and "repeat earlier text" in advice for advice in analysis.recommendations)

    def test_refuses_unknown_metrics(self, jane: Tenant) -> None:
        with pytest.raises(Invalid):
            optimization.analyze(client_id="42", skill=make(jane, "any"), metrics=["happiness"])


class TestCatchAll:
    CATCH_ALL = (
        "Does everything: slow PostgreSQL queries, schema changes, backups, tables, git branches, pods, meeting minutes"
        " and release notes. Use when a query is slow, tables are altered, a database must be restored, a data model is"
        " needed, two branches are needed at once, pods must not reach each other, a meeting was recorded, or a release"
        " is cut."
    )

    def test_harms_its_neighbours(self, migration_skill: Skill) -> None:
        keywords = ("slow query", "schema change", "git branches", "release notes", "meeting minutes")
        trial = variants.Trial("42", migration_skill, queries_for(client_id="42", skill=migration_skill))
        harm = trial.harm(variants.Variant("test", self.CATCH_ALL, keywords, BODY))
        assert len({one.owner for one in harm}) >= 5
        assert trial.is_harmful(harm)

    def test_its_own_business_harms_nobody(self, migration_skill: Skill) -> None:
        trial = variants.Trial("42", migration_skill, queries_for(client_id="42", skill=migration_skill))
        own = variants.Variant("test", SQL + " Names statements that lock tables.", ("migration review",), BODY)
        assert trial.harm(own) == []

    def test_displacing_one_neighbour_is_harm_enough(self, migration_skill: Skill) -> None:
        trial = variants.Trial("42", migration_skill, queries_for(client_id="42", skill=migration_skill))
        thief = variants.Variant("test", SQL, ("statements wait for a lock", "finds what locks a table"), BODY)
        displaced = [one for one in trial.harm(thief) if one.is_displaced]
        assert {one.owner for one in displaced} == {"lock-finder"}
        assert trial.is_harmful(displaced)
