"""What messages want: the committed utterances, by rules alone and with their meaning."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conversations import intents, rules
from core.errors import Unavailable

UTTERANCES: dict[str, dict[str, list[str]]] = json.loads((Path(__file__).parent / "utterances.json").read_text())


def pairs(which: str) -> list[tuple[str, str]]:
    return [(intent, text) for intent, texts in UTTERANCES[which].items() for text in texts]


def right(which: str) -> float:
    """The share that is understood."""
    return sum(rules.understood(text) == intent for intent, text in pairs(which)) / len(pairs(which))


def test_examples_and_utterances_are_different_texts() -> None:
    examples = {text.lower().strip(" ?.!") for texts in intents.examples().values() for text in texts}
    for which, by_intent in UTTERANCES.items():
        assert set(by_intent) == set(intents.INTENTS)
        assert not [text for _, text in pairs(which) if text.lower().strip(" ?.!") in examples]


@pytest.mark.parametrize(("which", "least"), [("tuned_on", 0.85), ("held_out", 0.7)])
def test_meaning_understands_what_rules_do_not(
    which: str, least: float, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`tuned_on` chose the threshold and the rules' words; `held_out` was written before and looked at by nobody."""
    with_meaning = right(which)
    monkeypatch.setattr(intents, "guess", lambda text: None)
    by_rules = right(which)
    with capsys.disabled():
        print(  # noqa: T201
            f"\n{len(pairs(which))} utterances {which}: rules {by_rules:.0%}, with their meaning {with_meaning:.0%}"
        )
    assert with_meaning >= least
    assert with_meaning >= by_rules + 0.2


def test_without_a_model_the_rules_are_left(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(text: str) -> list[float]:
        raise Unavailable("no model", code="model_load")

    monkeypatch.setattr(intents.embedder, "embed_query", away)
    assert intents.guess("Are we there yet?") is None
    assert rules.understood("promote it") == "promote"
    assert rules.understood("the tides of the Baltic sea") == "find"
