"""What can go wrong with a provider, in words fit for people: no key, no text of the provider, no address."""

from __future__ import annotations

import time
from email.utils import parsedate_to_datetime

import httpx
import openai

from core.errors import DomainError, Failed, Unavailable

KEY_REFUSED = "model_key_refused"
_TRY_LATER = (408, 409, 425, 429)
# What 429 means when the account has no credit left: waiting does not help.
_NO_CREDIT = ("insufficient_quota", "billing_hard_limit_reached")


class RequestRefused(Failed):
    """The provider does not accept the request as it is; with fewer wishes it may."""

    code = "model_request_refused"


class CutOff(Unavailable):
    """The answer ended in the middle."""

    code = "model_cut_off"


def failure_of(problem: Exception) -> DomainError:
    """The domain error for what the client or its connection raised."""
    if isinstance(problem, DomainError):
        return problem
    if isinstance(problem, (openai.APITimeoutError, httpx.TimeoutException)):
        return Unavailable("The model did not answer in time.", code="model_timeout")
    if isinstance(problem, openai.APIStatusError):
        return _of_status(problem)
    if isinstance(problem, openai.APIConnectionError):
        return Unavailable("The model's server cannot be reached.", code="model_unreachable")
    # A broken stream, an error told in the middle of one, or something that is no answer of this API.
    return CutOff("The model's answer broke off.")


def _of_status(problem: openai.APIStatusError) -> DomainError:
    status = problem.status_code
    if status in (401, 403):
        return Failed("The model's server refuses the key (GUILDHALL_LLM_API_KEY).", code=KEY_REFUSED)
    if status == 404:
        message = "The model's server does not know the model, or has no chat API at this address."
        return Failed(f"{message} See GUILDHALL_LLM_MODEL and GUILDHALL_LLM_BASE_URL.", code="model_not_found")
    if status == 429 and problem.code in _NO_CREDIT:
        return Failed("The account with the model's provider has no credit left.", code="model_no_credit")
    if status == 402:
        return Failed("The account with the model's provider has no credit left.", code="model_no_credit")
    if status == 429:
        message = "The model's server asks for fewer requests."
        return Unavailable(message, code="model_rate_limited", retry_after=_retry_after(problem.response))
    if status in _TRY_LATER or status >= 500:
        message = f"The model's server has a problem (HTTP {status})."
        return Unavailable(message, code="model_overloaded", retry_after=_retry_after(problem.response))
    return RequestRefused(f"The model's server does not accept the request (HTTP {status}).")


def _retry_after(response: httpx.Response) -> float:
    """Seconds, from a number or a date; 0 where there is none or none that can be read."""
    value = response.headers.get("retry-after", "").strip()
    try:
        seconds = float(value)
    except ValueError:
        try:
            seconds = parsedate_to_datetime(value).timestamp() - time.time()
        except ValueError:
            return 0.0
    return min(max(seconds, 0.0), 3600.0) if seconds == seconds else 0.0
