"""A scripted provider as the configured one, for tests of every floor (tests/conftest.py hands it out)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
from pytest_django import Settings

from inference.llm import asking, structured
from inference.usage import Call, recording
from tests.inference.author import author
from tests.inference.provider import Provider, provider

KEY = "sk-planted-key-1234567890"


@pytest.fixture
def model(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    """It authors well unless a test scripts something else; pauses are short."""
    monkeypatch.setattr(asking, "FIRST_PAUSE_SECONDS", 0.02)
    monkeypatch.setattr(asking, "_without_usage", set())
    monkeypatch.setattr(structured, "_mode", {})
    with provider() as made:
        made.answer = author()
        settings.LLM_BASE_URL, settings.LLM_API_KEY, settings.LLM_MODEL = made.url, KEY, "scripted-1"
        settings.LLM_PRICES = {"scripted-1": (Decimal(1), Decimal(10))}
        settings.LLM_MODELS, settings.LLM_STRUCTURED, settings.LLM_FALLBACK = {}, "auto", ""
        settings.LLM_STEP_SECONDS, settings.LLM_SILENCE_SECONDS = 30, 10
        settings.WRITER = "inference.llm_writer.LlmWriter"
        yield made


@pytest.fixture
def calls() -> Iterator[list[Call]]:
    """What was recorded."""
    found: list[Call] = []
    with recording(found.append):
        yield found
