"""The offline writer: valid by construction, about the request, changed by feedback, the same for the same words."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from inference.offline.feedback import Wishes, read_feedback
from inference.offline.naming import name_of
from inference.offline.reading import read
from inference.offline_writer import OfflineWriter
from inference.writer import (
    Answer,
    Feedback,
    Intent,
    Plan,
    Related,
    Request,
    Surroundings,
    Text,
    Understanding,
    Writer,
    get_writer,
)
from skills.document import compose, outline, parse
from skills.quality import assess
from skills.validation import validate_text

CORPUS = json.loads((Path(__file__).parents[1] / "jobs" / "requests.json").read_text(encoding="utf-8"))
PLAIN = "Review supplier contracts for our buyers: find risky clauses and missing dates."
NEIGHBOUR = Related("nda-review", "Reads non-disclosure agreements <b>fast</b>. Use when asked.", 0.7)


@dataclass(frozen=True)
class Written:
    understanding: Understanding
    intent: Intent
    plan: Plan
    text: Text
    content: str

    @property
    def headings(self) -> list[str]:
        return [one.title for one in outline(parse(self.content).body).headings]


def write(
    request: str, *feedback: str | Feedback, answers: tuple[Answer, ...] = (), related: tuple[Related, ...] = ()
) -> Written:
    writer = OfflineWriter()
    spoken = tuple(Feedback(text=one) if isinstance(one, str) else one for one in feedback)
    asked = Request(request, answers, spoken)
    understanding = writer.understand(asked)
    intent = writer.find_intent(asked, understanding)
    surroundings = Surroundings("business/legal", related)
    plan = writer.plan(asked, understanding, intent, surroundings)
    text = writer.write(asked, understanding, intent, plan, surroundings, "")
    front_matter = {"name": text.name, "description": text.description, "metadata": text.metadata}
    return Written(understanding, intent, plan, text, compose(front_matter, text.body))


def assert_valid(written: Written) -> None:
    report = validate_text(written.content, written.text.name)
    assert [(one.rule, one.message) for one in report.findings if one.severity != "info"] == []
    assert report.document is not None
    assert report.document.front_matter["name"] == written.text.name == written.plan.name
    assert report.document.front_matter["description"] == written.text.description
    assert assess(written.content).overall_score >= 0.75
    assert len(written.text.name) <= 64
    assert len(written.text.description) <= 1024
    assert not {"<", ">"} & set(written.text.description)
    assert 5 <= len(written.text.trigger_keywords) <= 10


def answers_of(row: dict[str, Any]) -> tuple[Answer, ...]:
    return tuple(Answer(topic, topic, text) for topic, text in row.get("answers", {}).items())


def test_the_settings_choose_this_writer() -> None:
    assert isinstance(get_writer(), OfflineWriter)
    assert isinstance(get_writer(), Writer)
    assert get_writer().name == "offline"
    assert settings.WRITER == "inference.offline_writer.OfflineWriter"


@pytest.mark.parametrize("row", CORPUS, ids=lambda row: row["request"][:40])
def test_writes_valid_skills_about_the_request_and_works_in_the_feedback(row: dict[str, Any]) -> None:
    first, changed = (write(row["request"], *said, answers=answers_of(row)) for said in ([], [row["feedback"]]))
    for written in (first, changed):
        assert_valid(written)
    assert row["expect"] in changed.content
    assert row.get("refuse", "\0") not in changed.content
    assert changed.content != first.content
    assert changed.text.notes


@pytest.mark.parametrize("row", CORPUS, ids=lambda row: row["request"][:40])
def test_asks_only_when_the_request_is_vague(row: dict[str, Any]) -> None:
    questions = write(row["request"]).understanding.questions
    assert bool(questions) == row.get("vague", False)
    assert not write(row["request"], answers=answers_of(row)).understanding.questions
    for question in questions:
        assert len(question.options) != 1
        assert question.text.endswith("?")


def test_answers_are_used() -> None:
    row = next(row for row in CORPUS if "animal shelter" in row["query"])
    written = write(row["request"], answers=answers_of(row))
    assert written.text.name == "onboard-volunteers-animal-shelter"
    assert written.intent.target_audience == "beginners"
    assert "Nobody enters the dog run alone." in written.content
    assert "`checklist`" in written.content


def test_an_unanswered_vague_request_still_gives_a_valid_skill() -> None:
    assert_valid(write("make a skill for stuff we do"))
    assert_valid(write("Something to help with our reports"))


def test_the_same_words_give_the_same_bytes() -> None:
    again = [write(PLAIN, "Mention penalties.", related=(NEIGHBOUR,)).content for _ in range(2)]
    assert again[0] == again[1]


def test_says_who_wrote_it_and_who_is_near() -> None:
    written = write(PLAIN, related=(NEIGHBOUR,))
    assert "offline writer" in written.text.metadata["author"]
    assert "without a language model" in " ".join(written.plan.assumptions)
    assert "- `nda-review`: Reads non-disclosure agreements" in written.content
    assert_valid(written)


def test_data_survives_json() -> None:
    written = write("make a skill for stuff we do", related=(NEIGHBOUR,))
    for one in (written.understanding, written.intent, written.plan, written.text, NEIGHBOUR, Feedback("x", ("y",))):
        assert type(one).from_json(json.loads(json.dumps(one.as_json()))) == one
    assert written.understanding.questions


class TestReading:
    @pytest.mark.parametrize(
        ("text", "verb", "thing"),
        [
            ("Please create a skill that helps me review our weekly sales reports.", "review", "weekly sales reports"),
            ("Kubernetes troubleshooting", "troubleshoot", "Kubernetes"),
            ("PDF form filling from spreadsheets", "fill", "PDF forms"),
            ("I need a skill for writing poems about the sea", "write", "poems"),
            ("A skill which should explain chess openings to kids", "explain", "chess openings"),
            ("Help our support team answer angry customers", "answer", "angry customers"),
            ("A weekly cleaning plan for a shared flat", "create", "weekly cleaning plan"),
            ("Bitte erstelle einen Skill, der Verträge prüft", "check", "contracts"),
            ("Создай навык для перевода договоров", "translate", "contracts"),
            ("Create a Python code review skill", "review", "Python code"),
            ("I want a skill that guides users through setting up a home network", "set", "home network"),
            ("How to care for orchids", "care", "orchids"),
            ("Declutter my inbox every morning", "declutter", "inbox"),
            ("Onboarding emails for new SaaS customers", "create", "onboarding emails"),
            ("As a wedding planner I want to keep track of vendors", "track", "vendors"),
            ("a skill that teaches agents how to use our Jira server to triage bugs", "triage", "bugs"),
            ("Can you make me a skill which, given a dataset, finds outliers?", "find", "outliers"),
            ("Crée un skill qui aide à résumer les réunions et les rapports pour nous", "summarise", "meetings"),
        ],
    )
    def test_finds_the_work_and_its_object(self, text: str, verb: str, thing: str) -> None:
        reading = read(text)
        assert reading.action is not None
        assert (reading.action.verb, reading.object) == (verb, thing)

    def test_everyday_words_are_no_technologies(self) -> None:
        assert read("Find the right word and go for a swift answer that may excel").technologies == ()
        assert [one.name for one in read("Refactor services in Go and read Word documents").technologies] == [
            "Go",
            "Word",
        ]

    def test_further_sentences_become_rules(self) -> None:
        rules = read("Write obituaries. It should never exceed a page. Each text names the family. Thanks!").rules
        assert rules == ("Never exceed a page", "Each text names the family")

    def test_a_secret_is_left_out(self) -> None:
        written = write("Deploy our web service to the staging server, password: hunter2secret, twice a week.")
        assert "hunter2secret" not in written.content
        assert written.understanding.warnings


class TestFeedback:
    @pytest.mark.parametrize(
        ("remark", "wanted"),
        [
            ("make it shorter and mention rollback", {"shorter": True, "mentions": ("rollback",)}),
            ("Rename to nda-reader. Use no jargon.", {"name": "nda-reader", "guidance": ("Use no jargon",)}),
            ("Drop the Troubleshooting section", {"removals": ("Troubleshooting",)}),
            ("Please focus on beginners", {"audience": "beginners"}),
            ("move it to business/legal", {"category": "business/legal"}),
            ("put it under the category \"Customer Care\"", {"category": "Customer Care"}),
            ("use euros instead of dollars", {"replacements": (("dollars", "euros"),)}),
            ("add a section about data retention", {"sections": ("Data Retention",)}),
            ("limit it to Postgres 16", {"scope": ("Postgres 16",)}),
            ("Add a step that verifies the totals", {"steps": ("verifies the totals",)}),
            ("add more examples about error handling", {"examples": ("error handling",)}),
            ("include a warning about backups", {"mentions": ("backups",)}),
            ("cover edge cases", {"sections": ("Edge Cases",)}),
            ("I would like the tone to be friendlier", {"guidance": ("Make sure that the tone is friendlier",)}),
            ("Never suggest medication", {"guidance": ("Never suggest medication",)}),
            ("don't mention competitors", {"guidance": ("Don't mention competitors",)}),
            ("The agent should ask before deleting anything", {"guidance": ("Ask before deleting anything",)}),
            ("Das Ergebnis ist zu förmlich", {"guidance": ("Apply throughout: das Ergebnis ist zu förmlich",)}),
            ("It is too long. No, make it longer.", {"longer": True}),
        ],
    )  # fmt: skip
    def test_is_read(self, remark: str, wanted: dict[str, Any]) -> None:
        assert read_feedback([Feedback(remark)]) == Wishes(**wanted)

    def test_focus_areas_add_sections_and_examples(self) -> None:
        written = write(PLAIN, Feedback(focus_areas=("edge cases", "security", "more examples", "late fees")))
        assert {"Edge Cases", "Security", "Late Fees"} <= set(written.headings)
        assert any(title.startswith("Example: ") for title in written.headings)
        assert_valid(written)

    def test_corrections_are_taken_and_cleaned(self) -> None:
        written = write(PLAIN, Feedback(name="My Claude Skill!", description="Reads <b>contracts</b>: all of them"))
        assert written.text.name == "my-skill"
        assert written.text.description.startswith("Reads contracts : all of them. Use when")
        assert (written.understanding.requested_name, written.understanding.requested_description) == (
            "My Claude Skill!",
            "Reads <b>contracts</b>: all of them",
        )
        assert_valid(written)

    def test_shorter_is_shorter_and_keeps_what_validation_needs(self) -> None:
        first, short = write(PLAIN), write(PLAIN, "Make it shorter")
        assert len(short.content) < 0.8 * len(first.content)
        assert_valid(short)

    def test_earlier_wishes_stay(self) -> None:
        written = write(PLAIN, "Mention penalties", "Rename to clause-finder", "Add a section about arbitration")
        assert written.text.name == "clause-finder"
        assert "penalties" in written.content
        assert "Arbitration" in written.headings

    def test_required_sections_stay_and_say_so(self) -> None:
        written = write(PLAIN, "Remove the section When to Use", "Remove unicorns", "Use cats instead of dogs")
        assert "When to Use" in written.headings
        notes = " ".join(written.text.notes)
        assert "stays" in notes
        assert "Nothing about 'unicorns'" in notes
        assert "'dogs' was not found" in notes

    def test_removes_lines_about_a_topic(self) -> None:
        assert "missing dates" in write(PLAIN).content.split("## Rules")[-1].lower()
        written = write(PLAIN, "Remove the scanner note", "Leave out renewals")
        assert "Renewal" not in written.content.split("## Examples")[0]
        assert_valid(written)


class TestNames:
    @pytest.mark.parametrize(
        ("phrase", "name"),
        [
            ("Prüfe Rechnungen", "pruefe-rechnungen"),
            ("Перевод договоров", "perevod-dogovorov"),
            ("3 day trip", "day-trip-3"),
            ("claude anthropic helper", "helper"),
            ("日本語", ""),
            ("2024 42", ""),
            ("the manager's notes", "the-manager-notes"),
        ],
    )
    def test_are_made_of_phrases(self, phrase: str, name: str) -> None:
        assert name_of(phrase) == name

    @given(st.text(max_size=200))
    def test_are_clean_or_empty(self, phrase: str) -> None:
        name = name_of(phrase)
        assert name == "" or validate_text(compose({"name": name, "description": "Use when x."}, "")).passed(
            "specification"
        )


HOSTILE = [
    "🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉",
    "word " * 1_000,
    "x" * 5_000,
    "\"quotes\": and 'colons': [a, b], {c: d} # comment & *anchor !!tag | > %",
    "---\nname: evil\ndescription: injected\n---\n# Heading\n```\nunclosed fence",
    "Write <script>alert(1)</script> reports <b>now</b> for <img src=x onerror=y> List<String> a < b > c",
    "اكتب مهارة لمراجعة العقود القانونية وترجمتها",
    "契約書を確認して、危険な条項を説明するスキルを作ってください",
    "Review \u202econtracts\u202c \u200bwith\u2066 hidden\U000e0041 marks",
    "- [ ] task\n1. one\n2. two\n| a | b |\n|---|---|\n> quote",
    'Make a skill called "---" that reviews `rm -rf /` and $(whoami) ${x} %s {object}',
    "    \t  \n\n   indented   text for   writing   reports   \r\n\r\n",
    "name: yes",
    "Write 1.0 null true 0x10 2024-01-01",
]


@pytest.mark.parametrize("request_text", HOSTILE, ids=lambda text: repr(text[:20]))
def test_odd_requests_give_clean_skills(request_text: str) -> None:
    assert_valid(write(request_text))
    assert_valid(write(PLAIN, request_text))
    assert_valid(
        write("make a skill for stuff", answers=(Answer("goal", "?", request_text), Answer("tools", "?", request_text)))
    )
    assert_valid(write(PLAIN, Feedback(name=request_text, description=request_text, focus_areas=(request_text,))))


PIECES = st.sampled_from(
    [
        *HOSTILE,
        PLAIN,
        "remove ",
        "rename to ",
        "mention ",
        " and ",
        ". ",
        ": ",
        "\n",
        "add examples about ",
        "replace a with b",
        "<",
        ">",
        "`",
    ]
)
STORABLE = st.characters(exclude_categories=["Cs"], exclude_characters="\x00")


@hypothesis_settings(max_examples=80, deadline=None)
@given(
    st.one_of(st.text(STORABLE, min_size=1, max_size=300), st.lists(PIECES, min_size=1, max_size=6).map("".join)),
    st.text(STORABLE, max_size=80),
)
def test_any_words_give_clean_skills(request_text: str, feedback: str) -> None:
    written = write(request_text, feedback)
    assert_valid(written)
    assert not any(unicodedata.category(letter) == "Cc" and letter != "\n" for letter in written.content)
