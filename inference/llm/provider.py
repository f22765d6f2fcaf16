"""The provider as the settings describe it: its client, which model does what, what tokens cost."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import Final, Literal, TypeAlias, get_args
from urllib.parse import urlsplit

import httpx
import openai
from django.conf import settings

from inference.llm.clock import watch_response

Step: TypeAlias = Literal["understand", "intent", "plan", "write", "revise", "chat"]
STEPS: Final[tuple[Step, ...]] = get_args(Step)
_MILLION = 1_000_000
# Azure's and OpenAI's newer models refuse the older name; most others know no other.
_NEW_NAME_HOSTS = ("openai.com", "azure.com")


@cache
def _client(base_url: str, api_key: str) -> openai.OpenAI:
    http = openai.DefaultHttpxClient(event_hooks={"response": [watch_response]})
    # Servers of one's own take no key; the client insists on sending one. We repeat by ourselves.
    return openai.OpenAI(base_url=base_url, api_key=api_key or "none", max_retries=0, http_client=http)


def client() -> openai.OpenAI:
    return _client(settings.LLM_BASE_URL, settings.LLM_API_KEY)


def timeout(seconds_left: float) -> httpx.Timeout:
    """Waits no longer than settings say for a connection or for the next byte, and never beyond the time left."""
    silence = max(0.05, min(settings.LLM_SILENCE_SECONDS, seconds_left))
    return httpx.Timeout(silence, connect=min(settings.LLM_CONNECT_SECONDS, silence))


def model_for(step: Step) -> str:
    name: str = settings.LLM_MODELS.get(step) or settings.LLM_MODEL
    return name


def cost(model: str, input_tokens: int, output_tokens: int) -> Decimal | None:
    """In USD; None where the settings give no price for the model."""
    price: tuple[Decimal, Decimal] | None = settings.LLM_PRICES.get(model)
    return (price[0] * input_tokens + price[1] * output_tokens) / _MILLION if price else None


def length_option() -> str:
    """What the provider calls the limit of an answer's length."""
    if settings.LLM_LENGTH_OPTION != "auto":
        return str(settings.LLM_LENGTH_OPTION)
    host = urlsplit(settings.LLM_BASE_URL).hostname or ""
    return "max_completion_tokens" if host.endswith(_NEW_NAME_HOSTS) else "max_tokens"
