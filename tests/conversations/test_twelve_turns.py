"""The main conversation: a skill is asked for, clarified, confirmed, previewed with a change, promoted, found and
explained in twelve messages, by rules and with a model."""

from __future__ import annotations

import json
import re

import pytest

from accounts.actor import Actor
from conversations.models import Message
from jobs.models import Draft, Job, Prompt
from skills.models import Skill
from taxonomy.services import load_default_tree
from tests.conversations.conftest import Talk
from tests.inference.provider import Call, Provider, Received, Reply, Say

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("worker")]

# What the person says, and what the answer then asks for.
TURNS = [
    ("Please create a skill for Python.", "clarifying_questions"),
    ("Review Python code and list findings", "clarifying_questions"),
    ("2", "clarifying_questions"),
    ("Source code", "clarifying_questions"),
    ("A checklist", "confirm"),
    ("Yes, go ahead.", "preview"),
    ("Add a section about database migrations.", "preview"),
    ("That looks good!", None),
    ("Promote it, please.", "confirm_promotion"),
    ("Yes.", None),
    ("Find a skill that reviews Python code", None),
    ("What does it do?", None),
]


class Model:
    """Behaves like a language model: reads what stands in the request, and calls the tool that fits, or says something.

    It sees nothing of the test but the wire.
    """

    CHOICES = [
        (r"create a skill", Call("create_skill", {"description": "Create a skill for Python"})),
        (r"^Review Python code", Call("answer_question", {})),
        (r"^Source code", Call("answer_question", {"option": "Source code"})),
        (r"^A checklist", Call("answer_question", {"option": "A checklist"})),
        (r"^Add a section", Call("decide", {"decision": "revise"})),
        (r"Promote", Call("promote_draft", {})),
        (r"^Find", Call("find_skills", {"query": "review Python code"})),
    ]

    def __call__(self, request: Received) -> Reply:
        messages = request.body["messages"]
        assert {tool["function"]["name"] for tool in request.body["tools"]} >= {"find_skills", "decide"}
        if messages[-1]["role"] == "tool":
            result = json.loads(messages[-1]["content"])
            return Say(f"Done, here it is. {result['result'] if not result['asks'] else ''}", pieces=7)
        said = messages[-1]["content"]
        if said.startswith("What does it do"):
            standing = json.loads(re.search(r"<data>\n(.*)\n</data>", messages[1]["content"], re.S)[1])
            return Say(calls=[Call("explain_skill", {"name": standing["skills named last"][0]})])
        for pattern, call in self.CHOICES:
            if re.search(pattern, said):
                return Say(calls=[call])
        return Say("I find skills, explain them and have new ones written.", pieces=5)


def converse(talk: Talk) -> None:
    for text, asked in TURNS:
        answer = talk.say(text)
        action = answer["action"]
        assert (action["type"] if action else None) == asked, (text, answer)
        assert answer["requires_action"] is (asked is not None)
        assert answer["response"]


def check(talk: Talk) -> None:
    job = Job.objects.get()
    draft = Draft.objects.get(job=job)
    assert (job.state, draft.promoted_by) == ("completed", "jane")
    assert "database migrations" in draft.content.lower()
    clarified = Prompt.objects.get(job=job, kind="clarifying_questions").response["answers"]
    assert list(clarified.values()) == [
        "Review Python code and list findings", "People who do it every day", "Source code", "A checklist"
    ]  # fmt: skip
    kinds = list(Prompt.objects.filter(job=job).order_by("created_at").values_list("kind", flat=True))
    assert kinds == ["clarifying_questions", "confirm", "preview", "preview"]
    skill = Skill.objects.get(client_id="42")
    assert skill.slug == draft.slug
    found, explained = talk.answers[-2:]
    assert skill.slug in found["metadata"]["skills"]
    assert skill.slug in explained["response"]
    # The question and the text to judge are in the answers, whole.
    previews = [one for one in talk.answers if one["action"] and one["action"]["type"] == "preview"]
    assert draft.content in previews[-1]["response"]
    assert "database migrations" not in previews[0]["response"].lower()


def check_history(talk: Talk) -> None:
    history = talk.history()
    assert [one["sequence"] for one in history] == list(range(1, 2 * len(TURNS) + 1))
    assert [one["content"] for one in history if one["role"] == "user"] == [text for text, _ in TURNS]
    answers = [one for one in history if one["role"] == "assistant"]
    assert [one["content"] for one in answers] == [one["response"] for one in talk.answers]
    assert [one["action"] for one in answers] == [one["action"] for one in talk.answers]


def test_by_rules(talk: Talk, system: Actor) -> None:
    load_default_tree(actor=system)
    converse(talk)
    check(talk)
    check_history(talk)


def test_with_a_model(talk: Talk, system: Actor, model: Provider) -> None:
    load_default_tree(actor=system)
    model.answer = Model()
    converse(talk)
    check(talk)
    check_history(talk)
    heard = [one.body["messages"][-1]["content"] for one in model.requests]
    assert not {"2", "Yes, go ahead.", "That looks good!", "Yes."} & set(heard), "what is plain needs no model"
    used = [one["usage"] for one in Message.objects.values_list("data", flat=True) if one.get("usage")]
    assert sum(map(len, used)) == len(model.requests)
    assert all(call["outcome"] == "ok" for calls in used for call in calls)
