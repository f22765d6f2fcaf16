"""manage.py check_writer: what it says of servers that can much, little or nothing."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from tests.inference.fixtures import KEY
from tests.inference.provider import Fail, Provider, Received, Reply, Say


def said(out: io.StringIO) -> str:
    """Without the lines of tables and where they are broken."""
    return " ".join(out.getvalue().replace("│", " ").split())


def checked() -> tuple[str, bool]:
    out = io.StringIO()
    try:
        call_command("check_writer", stdout=out)
    except CommandError:
        return said(out), False
    return said(out), True


def able(request: Received) -> Reply:
    if "response_format" in request.body or "JSON schema" in request.text:
        return Say('{"name": "Paris", "letters": 5}')
    return Say("Paris has five letters.", pieces=4)


def test_a_server_that_can_all(model: Provider) -> None:
    model.answer = able
    text, passed = checked()
    assert passed
    for words in ("scripted-1", "100 tokens in, 50 out", "JSON schema mode", "6 pieces", "4 calls", "about $0.0"):
        assert words in text, text
    assert KEY not in text
    assert len(model.requests) == 3


def test_a_server_that_can_little(model: Provider, settings: Settings) -> None:
    settings.LLM_PRICES = {"another": (Decimal(1), Decimal(1))}

    def simple(request: Received) -> Reply:
        refused = "response_format" in request.body or "stream_options" in request.body
        return Fail(400) if refused else able(request)

    model.answer = simple
    text, passed = checked()
    assert passed
    assert "it tells no usage" in text
    assert "asked in words" in text
    assert "No price is known for scripted-1" in text


@pytest.mark.parametrize(("fault", "reason"), [(Fail(401), "refuses the key"), (Fail(404), "does not know the model")])
def test_a_server_that_refuses(model: Provider, fault: Fail, reason: str) -> None:
    model.answer = lambda request: fault
    text, passed = checked()
    assert not passed
    assert reason in text
    assert KEY not in text


def test_a_model_that_keeps_no_form(model: Provider) -> None:
    model.answer = lambda request: Say("Paris, I believe.")
    text, passed = checked()
    assert not passed
    assert "do not have the form" in text


def test_without_a_model_it_says_so() -> None:
    text, passed = checked()
    assert passed
    assert "no model is called" in text
