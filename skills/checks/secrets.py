"""Secrets by their form. Each pattern is anchored on what the service itself prints before its tokens."""

from __future__ import annotations

import re
from typing import Final

from skills.checks.findings import Hit, Hits

# (what it is, the literal a text must have before the pattern is tried, the pattern)
_TOKENS: Final[tuple[tuple[str, str, re.Pattern[str]], ...]] = tuple(
    (name, literal, re.compile(rf"(?<![A-Za-z0-9_-]){pattern}(?![A-Za-z0-9_-])"))
    for name, literal, pattern in (
        ("An AWS access key", "AKIA", r"AKIA[0-9A-Z]{16}"),
        ("A temporary AWS access key", "ASIA", r"ASIA[0-9A-Z]{16}"),
        ("A GitHub token", "gh", r"gh[pousr]_[A-Za-z0-9]{36,251}"),
        ("A GitHub token", "github_pat_", r"github_pat_[A-Za-z0-9_]{40,}"),
        ("A GitLab token", "glpat-", r"glpat-[A-Za-z0-9_-]{20,}"),
        ("A Slack token", "xox", r"xox[abprs]-[0-9A-Za-z-]{20,}"),
        (
            "A Slack webhook",
            "hooks.slack.com",
            r"https://hooks\.slack\.com/services/T[A-Z0-9]{6,}/B[A-Z0-9]{6,}/[A-Za-z0-9]{20,}",
        ),
        ("An OpenAI key", "sk-", r"sk-(?:proj-|svcacct-)?[A-Za-z0-9]{16,}T3BlbkFJ[A-Za-z0-9_-]{16,}"),
        ("An OpenAI key", "sk-proj-", r"sk-proj-[A-Za-z0-9_-]{40,}"),
        ("An Anthropic key", "sk-ant-", r"sk-ant-[A-Za-z0-9]{3,8}-[A-Za-z0-9_-]{40,}"),
        ("A Stripe key", "k_live_", r"[rs]k_live_[0-9A-Za-z]{20,}"),
        ("A Google API key", "AIza", r"AIza[0-9A-Za-z_-]{35}"),
        ("An npm token", "npm_", r"npm_[A-Za-z0-9]{36}"),
        ("A PyPI token", "pypi-", r"pypi-AgEIcHlwaS5vcmc[A-Za-z0-9_-]{50,}"),
        ("A Hugging Face token", "hf_", r"hf_[A-Za-z0-9]{34}"),
        ("A SendGrid key", "SG.", r"SG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}"),
        ("A Guildhall key", "kam_", r"kam_[A-Za-z0-9]{32,}"),
        ("A JSON web token", "eyJ", r"eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{20,}"),
    )
)
_PRIVATE_KEY = re.compile(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY(?: BLOCK)?-----(?P<body>[\s\S]{0,400})")
_KEY_BODY = re.compile(r"(?:^|\\n|\n)\s*[A-Za-z0-9+/=]{40,}")
_URL_PASSWORD = re.compile(r"\b[a-z][a-z0-9+.-]{1,20}://(?P<user>[^\s:/@<>{}$]{1,64}):(?P<password>[^\s:/@<>{}$*]{6,128})@(?P<host>[\w.-]+)")  # fmt: skip # noqa: E501
_PLACEHOLDER = re.compile(
    r"example|sample|dummy|placeholder|fake|your|change.?me|redacted|test|secret|passw|insert|x{4,}|\*{3,}|\.{3}|0{6,}|"
    r"1234|abcd|user|admin|postgres|mysql|guest|foobar|hunter2|token",
    re.IGNORECASE,
)
_OWN_HOSTS: Final = (
    "localhost",
    "127.0.0.1",
    "example.com",
    "example.org",
    "host",
    "db",
    "postgres",
    "redis",
    "server",
)
# A real token has many different characters; `sk_live_aaaa…` has not.
_LEAST_VARIETY = 10


def leaked_secrets(text: str) -> Hits:
    if "PRIVATE KEY" in text:
        yield from _private_keys(text)
    for name, literal, pattern in _TOKENS:
        if literal not in text:
            continue
        for found in pattern.finditer(text):
            if not _is_placeholder(found[0]):
                yield Hit("secret.token", "high", found.start(), name, _masked(found[0]))
    if "://" in text and "@" in text:
        yield from _passwords(text)


def _private_keys(text: str) -> Hits:
    for found in _PRIVATE_KEY.finditer(text):
        whole = _KEY_BODY.search(found["body"]) and not _is_placeholder(found["body"][:120])
        message = "A private key" if whole else "The head of a private key"
        heading = found[0].partition("-----")[2].partition("-----")[0]
        yield Hit("secret.private-key", "high" if whole else "low", found.start(), message, heading)


def _passwords(text: str) -> Hits:
    for found in _URL_PASSWORD.finditer(text):
        if found["host"] in _OWN_HOSTS or _is_placeholder(found["password"]):
            continue
        message = f"A password for {found['host'][:60]}"
        yield Hit("secret.url-password", "medium", found.start(), message, _masked(found["password"]))


def _is_placeholder(token: str) -> bool:
    return bool(_PLACEHOLDER.search(token)) or len(set(token)) < min(_LEAST_VARIETY, len(token) // 2)


def _masked(token: str) -> str:
    return f"{token[:4]}... ({len(token)} characters)"
