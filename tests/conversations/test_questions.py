"""Which words decide at a checkpoint, and which say what to change."""

from __future__ import annotations

import pytest

from conversations.questions import said_of


@pytest.mark.parametrize(
    "text",
    ["proceed", "Yes!", "ok", "Go ahead.", "Yes, go ahead please", "That looks good!", "looks good to me", "LGTM", "y",
     "Perfect, thanks.", "OK, that's fine. Continue!", "I approve", "It is right", "Continue"],
)  # fmt: skip
def test_yes(text: str) -> None:
    assert said_of(text) == "proceed"


@pytest.mark.parametrize(
    "text", ["cancel", "No.", "Stop it", "never mind", "Forget it, thanks", "please abort the job"]
)
def test_no(text: str) -> None:
    assert said_of(text) == "cancel"


@pytest.mark.parametrize(
    "text",
    ["Yes, but shorter", "Add a section", "no examples please, only rules", "good title, bad text", "thanks", "",
     "stop words are for linguists", "cancel culture should be covered", "go on about Windows", "yes " * 40],
)  # fmt: skip
def test_neither(text: str) -> None:
    assert said_of(text) is None
