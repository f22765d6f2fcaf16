"""Search on the real database and the real model: who finds what, in which order, and that no filter loses anything."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from accounts.actor import Actor
from core.errors import Invalid, Unavailable
from inference import embedder
from skills import search
from skills.models import Skill
from skills.search import Hit, search_among, search_skills
from skills.services import create_skill, update_skill
from skills.tasks import embed_pending
from skills.versioning import create_version, delete_skill, delete_version, restore_skill
from tests.conftest import Tenant


def make(tenant: Tenant | Actor, name: str, description: str = "", content: str = "", **fields: Any) -> Skill:
    actor = tenant if isinstance(tenant, Actor) else tenant.actor
    return create_skill(actor=actor, name=name, description=description, content=content or f"# {name}\n", **fields)


def names(hits: list[Hit]) -> list[str]:
    known = dict(Skill.objects.values_list("pk", "name"))
    return [known[hit.skill_id] for hit in hits]


@pytest.fixture
def shelf(jane: Tenant) -> Tenant:
    """A few skills of tenant 42 on unlike subjects."""
    for name, description in {
        "sql-query-review": "Review SQL queries for injection, missing indexes and slow joins",
        "worktree-guide": "Check out several git branches side by side with worktrees",
        "kubernetes-network-policies": "Restrict traffic between pods with Kubernetes network policies",
        "meeting-minutes": "Turn meeting transcripts into minutes with decisions and owners",
        "security-deposit-recovery": "Help tenants get their deposit back from the landlord after moving out",
        "release-notes": "Write release notes from merged pull requests",
    }.items():
        make(jane, name, description)
    return jane


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("two branches checked out at the same time without stashing", "worktree-guide"),
        ("landlord keeps my move-out money", "security-deposit-recovery"),
        ("stop other pods from talking to the database pod", "kubernetes-network-policies"),
        ("is this statement safe against injection", "sql-query-review"),
    ],
)
def test_finds_by_meaning(shelf: Tenant, query: str, expected: str) -> None:
    assert names(search_skills(client_id=shelf.id, query=query, min_similarity=0))[0] == expected


def test_a_tenant_finds_its_own_and_system_skills_only(jane: Tenant, sam: Tenant, system: Actor) -> None:
    make(jane, "Prune roses", "When and how to prune roses")
    make(sam, "Roses in pots", "Prune and feed roses in pots")
    make(system, "Rose diseases", "Recognise what ails pruned roses")
    assert set(names(search_skills(client_id=jane.id, query="prune roses"))) == {"Prune roses", "Rose diseases"}
    assert set(names(search_skills(client_id=sam.id, query="Prune roses"))) == {"Roses in pots", "Rose diseases"}


def test_words_of_other_tenants_do_not_change_a_similarity(shelf: Tenant, sam: Tenant) -> None:
    before = search_skills(client_id=shelf.id, query="review sql joins")
    for number in range(5):
        make(sam, f"Sql joins {number}", "Review sql joins")
    assert search_skills(client_id=shelf.id, query="review sql joins") == before


def test_deprecated_skills_are_left_out_and_those_without_a_usable_vector_found_by_words(jane: Tenant) -> None:
    for name in ("Prune roses one", "Prune roses two", "Prune roses three", "Prune roses four"):
        make(jane, name)
    Skill.objects.filter(name="Prune roses two").update(status="deprecated")
    Skill.objects.filter(name="Prune roses three").update(trigger_embedding=None, embedding_model=None)
    Skill.objects.filter(name="Prune roses four").update(embedding_model="another/model")
    assert set(names(search_skills(client_id=jane.id, query="to prune a rose"))) == {
        "Prune roses one",
        "Prune roses three",
        "Prune roses four",
    }
    assert names(search_skills(client_id=jane.id, query="cutting flowers", min_similarity=0)) == ["Prune roses one"]
    assert names(search_skills(client_id=jane.id, query="Prune roses three"))[0] == "Prune roses three"


@pytest.mark.parametrize("query", ["Release-Notes", "release notes", "  RELEASE NOTES "])
def test_an_exact_name_or_slug_comes_first_above_any_keywords(shelf: Tenant, query: str) -> None:
    keywords = ["release", "notes", "release notes", "Release-Notes", "note", "releases", "releasing", "noted"]
    make(shelf, "Publishing", "Release notes, release notes and release notes", trigger_keywords=keywords)
    first, second = search_skills(client_id=shelf.id, query=query)[:2]
    assert names([first, second]) == ["release-notes", "Publishing"]
    assert first.similarity >= 0.99 > second.similarity
    assert first.reasons[0] == "name"


@pytest.mark.parametrize("name", ["动量策略", "🎯", "C++", "what is it", "Ünïcödé"])
def test_a_name_without_words_is_found_by_it(shelf: Tenant, name: str) -> None:
    make(shelf, name, "Something else altogether")
    assert names(search_skills(client_id=shelf.id, query=name))[0] == name


@pytest.mark.parametrize(
    ("keyword", "query"),
    [
        ("frobnicate", "frobnicating the warehouse"),
        ("frobnicate", "Frobnicate"),
        ("month end close", "how do we do the month-end closing?"),
        ("review of the month", "please, a review of this month"),
        ("look at every page of the report again", "Look at every page of the reports again, then go home"),
        ("何をする", "何をする"),
        ("and then", "and then"),
    ],
)
def test_a_trigger_keyword_alone_finds_its_skill(shelf: Tenant, keyword: str, query: str) -> None:
    make(shelf, "Bird watching", "Herons and storks", trigger_keywords=["heron", keyword])
    hits = search_skills(client_id=shelf.id, query=query)
    birds = hits[names(hits).index("Bird watching")]
    assert birds.similarity >= 0.35
    assert "keyword" in birds.reasons


# (keyword, what people type): other case, spacing, plural, hyphens, signs, other scripts, stop words, nothing to stem.
KEYWORDS = [
    ("frobnicate", "frobnicate"),
    ("Kubernetes", "kubernetes"),
    ("ETL", "etl"),
    ("sql database", "SQL Databases"),
    ("month end close", "month-end  closing"),
    ("c++", "C++"),
    ("C#", "c#"),
    (".NET", ".net"),
    ("A+", "a+"),
    ("The Who", "the who"),
    ("<table>", "<TABLE>"),
    ("node.js", "Node.js?"),
    ("Ünïcödé", "ÜNÏCÖDÉ"),
    ("Überweisung prüfen", "überweisung prüfen"),
    ("база данных", "База Данных"),
    ("动量策略", "动量策略"),
    ("ｆｕｌｌ ｗｉｄｔｈ", "full width"),
    ("🎯", "🎯"),
]


def test_a_query_that_is_one_of_a_skills_keywords_always_finds_it(
    jane: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beside 10,000 skills that are nearer to every query and have all its words, with and without the index."""
    ten_thousand_rivals(jane, [query for _, query in KEYWORDS])
    holders = {}
    for number, (keyword, query) in enumerate(KEYWORDS):
        skill = make(jane, f"Bird watching {number}", "Herons", trigger_keywords=["heron", keyword], embed=False)
        Skill.objects.filter(pk=skill.pk).update(trigger_embedding=AWAY, embedding_model=embedder.model_name())
        holders[query] = skill.pk
    every_row_compared, proposed_by_the_index = list(holders.items()), list(holders.items())[::3]
    for queries in (every_row_compared, proposed_by_the_index):
        for query, holder in queries:
            hits = search_skills(client_id=jane.id, query=query, limit=10)
            assert len(hits) == 10
            assert [hits[0].skill_id, hits[0].reasons[0]] == [holder, "keyword"], query
            assert hits[0].similarity >= 0.92 > 0.915 >= hits[1].similarity
        force_index(monkeypatch)


AWAY = [1.0] + [0.0] * 383


def ten_thousand_rivals(tenant: Tenant, queries: list[str]) -> None:
    vectors = [embedder.embed_query(query) for query in queries]
    middle = [sum(column) / len(vectors) for column in zip(*vectors, strict=True)]
    noise, text = random.Random(1), " ".join(queries).lower()
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX idx_kaman_skills_embedding")
        columns = "client_id, name, slug, description, content, embedding_model, trigger_embedding"
        with cursor.copy(f"COPY kaman_skills ({columns}) FROM STDIN") as rows:
            for number in range(10_000):
                vector = [x + noise.gauss(0, 0.01) for x in middle]
                row = (tenant.id, f"Rival {number}", f"rival-{number}", text, "-", embedder.model_name(), str(vector))
                rows.write_row(row)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")  # no index while checks wait
        cursor.execute(
            "CREATE INDEX idx_kaman_skills_embedding ON kaman_skills USING hnsw (trigger_embedding vector_cosine_ops)"
        )


@pytest.mark.parametrize(
    ("keyword", "query"),
    [("c++", "c"), ("c++", "c#"), ("c#", "c++ templates"), ("month end close", "close month end"), ("A+", "a")],
)
def test_what_only_looks_like_a_keyword_is_none(jane: Tenant, keyword: str, query: str) -> None:
    make(jane, "Bird watching", "Herons and storks", trigger_keywords=[keyword])
    assert not [hit for hit in search_skills(client_id=jane.id, query=query) if "keyword" in hit.reasons]


def test_a_keyword_of_several_words_needs_them_in_their_order(shelf: Tenant) -> None:
    make(shelf, "Bird watching", "Herons and storks", trigger_keywords=["month end close"])
    hits = search_skills(client_id=shelf.id, query="close the month at its end", min_similarity=0)
    assert not [hit for hit in hits if "keyword" in hit.reasons]


@pytest.mark.django_db
def test_no_keyword_that_a_text_has_is_passed_over() -> None:
    """What the index compares, the beginnings of keywords and the phrases of a text, against all pairs looked at."""
    words = ["review", "of", "the", "report", "sql", "node.js", "month-end", "c++", "run", "1"]
    chance = random.Random(3)
    texts = [" ".join(chance.choices(words, k=chance.randint(1, 12))) for _ in range(150)]
    keywords = [" ".join(chance.choices(words, k=chance.randint(1, 5))) for _ in range(300)]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT count(*) FILTER (WHERE looked_at), count(*) FILTER (WHERE has),
                   count(*) FILTER (WHERE has AND NOT looked_at)
            FROM unnest(%s::text[]) AS text, unnest(%s::text[]) AS keyword, LATERAL (
                SELECT skill_lexemes(text) @@ phraseto_tsquery('english', translate(keyword, '-_/.', '    ')) AS has,
                       skill_keyword_starts(ARRAY[keyword]) && ARRAY(
                           SELECT phrase FROM skill_phrases(skill_lexemes(text)), unnest(phrases) AS phrase
                       ) AS looked_at) AS _
            """,
            [texts, keywords],
        )
        looked_at, had, passed_over = cursor.fetchone()
    assert passed_over == 0
    assert had > 2_000
    assert looked_at < 1.5 * had, "few are looked at for nothing"


def test_the_cut_off_is_inclusive_and_similarity_falls_along_the_list(shelf: Tenant) -> None:
    everything = search_skills(client_id=shelf.id, query="review sql queries", min_similarity=0)
    assert len(everything) == 6
    assert [hit.similarity for hit in everything] == sorted((hit.similarity for hit in everything), reverse=True)
    assert all(0 <= hit.similarity <= 1 for hit in everything)
    edge = everything[2].similarity
    kept = search_skills(client_id=shelf.id, query="review sql queries", min_similarity=edge)
    assert kept == [hit for hit in everything if hit.similarity >= edge]
    assert search_skills(client_id=shelf.id, query="watercolour on wet paper") == []


def test_domains_overlap_and_do_not_change_similarity(jane: Tenant) -> None:
    make(jane, "Prune roses", domains=["garden", "flowers"])
    make(jane, "Prune trees", domains=["garden"])
    make(jane, "Prune branches", domains=["git"])
    everything = {hit.skill_id: hit for hit in search_skills(client_id=jane.id, query="prune")}
    some = search_skills(client_id=jane.id, query="prune", domains=["flowers", "git"])
    assert set(names(some)) == {"Prune roses", "Prune branches"}
    assert all(hit == everything[hit.skill_id] for hit in some)
    assert search_skills(client_id=jane.id, query="prune", domains=["Garden"]) == []


def test_limit(shelf: Tenant) -> None:
    everything = search_skills(client_id=shelf.id, query="notes", min_similarity=0)
    assert search_skills(client_id=shelf.id, query="notes", min_similarity=0, limit=2) == everything[:2]
    assert search_skills(client_id=shelf.id, query="notes", limit=0) == []


def crowd(jane: Tenant, sam: Tenant, *, spreads: tuple[float, float]) -> Tenant:
    """Tenant 42 with 30 skills behind 600 nearer ones of tenant 99: filtering after the index would leave nothing."""
    vector, model = embedder.embed_query("prune roses in spring"), embedder.model_name()
    for tenant, count, spread in ((sam, 600, spreads[0]), (jane, 30, spreads[1])):
        noise = random.Random(count)
        Skill.objects.bulk_create(
            Skill(
                client_id=tenant.id,
                name=f"Skill {number}",
                slug=f"skill-{number}",
                content="Nothing to read here",
                domains=["rare"] if number % 3 == 0 else ["common"],
                trigger_embedding=[x + noise.gauss(0, spread) for x in vector],
                embedding_model=model,
            )
            for number in range(count)
        )
    return jane


def force_index(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "EXACT_ROWS", -1)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off")


# Copies of one vector, and a far cluster: what a graph of neighbours does not lead out of, and to.
@pytest.mark.parametrize("spreads", [(0.0, 0.1), (0.01, 0.1), (0.04, 0.05)])
def test_the_index_path_loses_nothing_to_the_filter(
    jane: Tenant, sam: Tenant, monkeypatch: pytest.MonkeyPatch, spreads: tuple[float, float]
) -> None:
    crowd(jane, sam, spreads=spreads)

    def found(**options: Any) -> list[Hit]:
        return search_skills(client_id=jane.id, query="prune roses in spring", min_similarity=0.0, limit=50, **options)

    exact, exact_rare = found(), found(domains=["rare"])
    assert (len(exact), len(exact_rare)) == (30, 10)
    force_index(monkeypatch)
    assert found() == exact
    assert found(domains=["rare"]) == exact_rare


def test_the_index_path_uses_the_index_and_agrees(jane: Tenant, sam: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    crowd(jane, sam, spreads=(0.04, 0.05))
    monkeypatch.setattr("skills.ranking._SHORTLIST", 20)
    exact = search_skills(client_id=jane.id, query="prune roses in spring", min_similarity=0.0)
    force_index(monkeypatch)
    with CaptureQueriesContext(connection) as queries:
        assert search_skills(client_id=jane.id, query="prune roses in spring", min_similarity=0.0) == exact
    # The graph is built at random: where it proposes too few, the same search asks once more, without it.
    ranking, *_ = [query["sql"] for query in queries if "WITH asked" in query["sql"]]
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + ranking)
        assert "idx_kaman_skills_embedding" in "\n".join(line for (line,) in cursor.fetchall())


def test_the_index_path_finds_names_and_keywords_far_away(
    jane: Tenant, sam: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    crowd(jane, sam, spreads=(0.04, 0.05))
    monkeypatch.setattr("skills.ranking._SHORTLIST", 5)
    named = make(jane, "Tax return", "Fill in the yearly tax return")
    keywords = ["roses in spring", "prune roses", "prune", "roses", "spring"]
    keyed = make(jane, "Bird watching", "Herons and storks", trigger_keywords=keywords)
    force_index(monkeypatch)
    assert search_skills(client_id=jane.id, query="tax return", limit=2)[0].skill_id == named.pk
    hits = search_skills(client_id=jane.id, query="prune roses in spring", limit=5)
    assert keyed.pk in {hit.skill_id for hit in hits}


def test_other_scopes_use_the_same_search(jane: Tenant, sam: Tenant) -> None:
    own = make(jane, "Prune roses")
    offered = make(sam, "Roses in pots", "Prune roses in pots")
    make(sam, "Rose secrets", "Prune roses in secret")
    Skill.objects.filter(pk__in=[own.pk, offered.pk]).update(is_published=True)
    others = Skill.objects.active().filter(is_published=True).exclude(client_id=jane.id)
    hits = search_among(others, query="prune roses", min_similarity=search.MARKETPLACE_CUT_OFF)
    assert [hit.skill_id for hit in hits] == [offered.pk]


def test_every_change_is_found_by_the_very_next_search(shelf: Tenant) -> None:
    def finds(query: str) -> bool:
        hits = search_skills(client_id=shelf.id, query=query, limit=3)
        return "sourdough" in {str(Skill.objects.get(pk=hit.skill_id).slug) for hit in hits}

    skill = make(shelf, "Sourdough", "Bake a loaf")
    assert finds("baking bread")
    skill = update_skill(actor=shelf.actor, skill=skill, name="Kombucha", content="# Tea\n")
    assert finds("fermented tea")
    skill = update_skill(actor=shelf.actor, skill=skill, description="Ring church bells")
    assert finds("bell ringing")
    assert not finds("scoby")
    skill = update_skill(actor=shelf.actor, skill=skill, trigger_keywords=["scoby"])
    assert finds("scoby")
    skill = update_skill(actor=shelf.actor, skill=skill, trigger_keywords=[])
    assert not finds("scoby")
    skill = update_skill(actor=shelf.actor, skill=skill, description="", semver="2.0.0", content="# Violin\n")
    assert finds("playing the violin")
    skill = update_skill(actor=shelf.actor, skill=skill, semver="1.0.0")
    assert not finds("playing the violin")
    create_version(actor=shelf.actor, skill=skill, semver="3.0.0", content="# Astronomy\n\nFind planets.\n")
    assert finds("planets and stars")
    delete_version(actor=shelf.actor, skill=skill, number="3.0.0")
    assert not finds("planets and stars")
    deleted = delete_skill(actor=shelf.actor, skill=skill)
    assert not finds("kombucha")
    restore_skill(actor=replace(shelf.actor, role="admin"), deleted=deleted)
    assert finds("kombucha tea")
    assert not search.pending_embeddings().exists()


@pytest.mark.parametrize("change", [{"name": "Other"}, {"description": "Other"}, {"content": "Other"}])
def test_the_database_keeps_no_vector_of_another_text(jane: Tenant, change: dict[str, str]) -> None:
    """Also where the process dies between the change and the new vector, or somebody changes rows by hand."""
    skill = make(jane, "Prune roses", "In spring")
    Skill.objects.update(domains=["garden"], name="Prune roses")
    assert not search.pending_embeddings().exists()
    Skill.objects.update(**change)
    skill.refresh_from_db()
    assert (skill.trigger_embedding, skill.embedding_model) == (None, None)
    assert search.embed_pending(limit=10) == 1


def test_statistics_and_restores_can_compute_the_indexed_expressions(jane: Tenant) -> None:
    """They run with an empty search_path, where an unqualified name is unknown."""
    make(jane, "Prune roses", trigger_keywords=["roses"])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE kaman_skills")
        cursor.execute("SET LOCAL search_path = ''; UPDATE public.kaman_skills SET trigger_keywords = '{lilies}'")


def test_a_text_the_model_fails_on_holds_nobody_up(jane: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("Poison", "Prune roses", "Feed roses"):
        make(jane, name, embed=False)
    embed = embedder.embed_documents

    def fail(texts: list[str]) -> list[list[float]]:
        if any("Poison" in text for text in texts):
            raise Unavailable("The embedding model failed", code="model_failed")
        return embed(texts)

    monkeypatch.setattr(embedder, "embed_documents", fail)
    assert search.embed_pending(limit=10) == 2
    assert search.pending_embeddings().get().name == "Poison"


def test_a_skill_is_found_right_after_creation_and_change(shelf: Tenant) -> None:
    skill = make(shelf, "Sourdough", "Bake sourdough bread with a crisp crust")
    assert search_skills(client_id=shelf.id, query="bread baking")[0].skill_id == skill.pk
    update_skill(
        actor=shelf.actor, skill=skill, name="Kombucha", description="Brew kombucha at home", content="# Tea\n"
    )
    assert search_skills(client_id=shelf.id, query="brewing fermented tea", min_similarity=0)[0].skill_id == skill.pk
    assert skill.pk not in {hit.skill_id for hit in search_skills(client_id=shelf.id, query="sourdough bread")}


def test_a_misspelt_query_finds_and_says_how(shelf: Tenant) -> None:
    first = search_skills(client_id=shelf.id, query="Kuberntes netwrok polcies")[0]
    assert names([first]) == ["kubernetes-network-policies"]
    assert first.corrected_query == "kubernetes network policies"
    right = search_skills(client_id=shelf.id, query="kubernetes network policies")[0]
    assert right.corrected_query is None
    assert right.similarity > first.similarity


def test_a_word_that_a_skill_uses_is_not_corrected(shelf: Tenant) -> None:
    make(shelf, "Kubernetez", "A game", "# Kubernetez\n\nMove netwroks about.\n")
    hits = search_skills(client_id=shelf.id, query="kubernetez netwroks")
    assert names(hits)[0] == "Kubernetez"
    assert {hit.corrected_query for hit in hits} == {None}


def test_corrections_never_come_from_other_tenants(jane: Tenant, sam: Tenant) -> None:
    make(sam, "Zorbifying", "Zorbify the quontrix")
    make(jane, "Release notes")
    hits = search_skills(client_id=jane.id, query="zorbifyng the quontrx", min_similarity=0)
    assert {hit.corrected_query for hit in hits} == {None}


def test_one_sentence_of_a_long_query_can_find(shelf: Tenant) -> None:
    query = (
        "We moved to a new city last summer and the children started at another school, which went quite well. "
        "The old flat was handed over clean and painted, with all keys. "
        "Now the landlord refuses to give our deposit back. "
        "My sister says the weather there is nicer anyway, and that the trains are never late."
    )
    assert names(search_skills(client_id=shelf.id, query=query))[0] == "security-deposit-recovery"


def test_long_and_odd_queries_are_answered(shelf: Tenant) -> None:
    for query in (
        "sql " * 2048,
        "x" * 8192,
        "\\ ' \" % %s : & | ! ( ) <-> *",
        "!!!",
        "🙂",
        "%(text)s {near}",
        "the of and",
    ):
        search_skills(client_id=shelf.id, query=query, min_similarity=0)


@pytest.mark.parametrize(
    ("query", "code"),
    [("", "query_required"), (" \n", "query_required"), ("x" * 8193, "query_too_long"), ("a\x00b", "unstorable_text")],
)
def test_what_is_no_query_is_refused(jane: Tenant, query: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        search_skills(client_id=jane.id, query=query)
    assert refused.value.code == code
    assert list(refused.value.fields) == ["query"]


def test_the_number_of_statements_does_not_grow(shelf: Tenant) -> None:
    with CaptureQueriesContext(connection) as few:
        search_skills(client_id=shelf.id, query="review sql", limit=100, min_similarity=0)
    for number in range(20):
        make(shelf, f"Review sql {number}")
    with CaptureQueriesContext(connection) as many:
        assert len(search_skills(client_id=shelf.id, query="review sql", limit=100, min_similarity=0)) == 26
    # The count, the ranking, and the savepoint around it.
    assert len(many) == len(few) <= 4


class TestWithoutAModel:
    @pytest.fixture(autouse=True)
    def no_model(self, jane: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
        self.jane = jane
        self.old = make(jane, "Prune roses")
        monkeypatch.setattr(embedder, "_loaded", {})
        monkeypatch.setattr(embedder, "_failed", {})
        monkeypatch.setattr("inference.model.WEIGHTS_SHA256", "0" * 64)

    @pytest.fixture
    def broken(self, tmp_path: Any, settings: Settings) -> Any:
        settings.MODEL_DIR = tmp_path
        return settings

    def test_skills_are_saved_and_wait(self, broken: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
        new = make(self.jane, "Feed roses")
        update_skill(actor=self.jane.actor, skill=self.old, description="Changed")
        assert set(search.pending_embeddings()) == {new, self.old}
        monkeypatch.undo()
        broken.MODEL_DIR = broken.BASE_DIR / "var" / "models"
        assert search.embed_pending(limit=1) == 1
        assert search.embed_pending(limit=10) == 1
        assert search.embed_pending(limit=10) == 0
        assert set(names(search_skills(client_id=self.jane.id, query="roses"))) == {"Prune roses", "Feed roses"}

    def test_search_goes_on_by_name_keywords_and_words(self, broken: Settings) -> None:
        for number in range(150):
            make(self.jane, f"Roses {number}", "All about roses")
        make(self.jane, "Bird watching", "Herons and storks on the river", trigger_keywords=["twitching"])
        for query in ("twitching", "Twitching!", "bird watching", "storks and herons", "is it twitching season?"):
            hits = search_skills(client_id=self.jane.id, query=query)
            assert names(hits)[0] == "Bird watching", query
            assert all(0 <= hit.similarity <= 1 and hit.reasons != ("meaning",) for hit in hits)
        assert len(search_skills(client_id=self.jane.id, query="roses", limit=100)) == 100
        assert search_skills(client_id=self.jane.id, query="quantum chromodynamics") == []
        with pytest.raises(Unavailable):
            search_among(Skill.objects.visible_to(self.jane.id), query="twitching season", needs_meaning=True)

    def test_other_tenants_stay_apart(self, broken: Settings, sam: Tenant) -> None:
        make(sam, "Bird watching", "Herons", trigger_keywords=["twitching"])
        assert search_skills(client_id=self.jane.id, query="twitching") == []

    def test_what_waited_is_embedded_by_itself(self, broken: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
        make(self.jane, "Bird watching", "Herons and storks on the river")
        embed_pending()
        assert search.pending_embeddings().count() == 1
        monkeypatch.undo()
        broken.MODEL_DIR = broken.BASE_DIR / "var" / "models"
        embed_pending()
        assert not search.pending_embeddings().exists()
        assert names(search_skills(client_id=self.jane.id, query="observing wildlife"))[:1] == ["Bird watching"]


def test_a_vector_never_stands_for_an_older_text(jane: Tenant) -> None:
    stale = make(jane, "Prune roses")
    Skill.objects.filter(pk=stale.pk).update(content="Something new", trigger_embedding=None, embedding_model=None)
    assert search.embed_skill(stale) is False
    assert search.pending_embeddings().get() == stale


def test_front_matter_does_not_reach_the_vector() -> None:
    text = search.embedding_text("pdf", "Reads PDFs", "---\nname: pdf\ndescription: Reads PDFs\n---\n\n# Steps\n")
    assert text == "pdf\nReads PDFs\n\n# Steps\n"


def test_reembed_skills_goes_on_where_it_stopped(jane: Tenant, sam: Tenant, capsys: pytest.CaptureFixture[str]) -> None:
    make(jane, "Done")
    for tenant, name in ((jane, "Missing"), (jane, "Other model"), (sam, "Not mine")):
        make(tenant, name, embed=False)
    Skill.objects.filter(name="Other model").update(
        embedding_model="another/model", trigger_embedding=[0.0] * 383 + [1.0]
    )
    call_command("reembed_skills", client=jane.id)
    assert "Embedded 2 of 2 skills" in capsys.readouterr().out
    assert search.pending_embeddings().get().name == "Not mine"
    call_command("reembed_skills")
    assert not search.pending_embeddings().exists()
    call_command("reembed_skills", all=True)
    assert "Embedded 4 of 4 skills" in capsys.readouterr().out
