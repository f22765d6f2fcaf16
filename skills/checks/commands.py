"""Lines that run what nobody read, or that stay behind; and words that set an agent against its user."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, TypeAlias

from skills.checks.findings import Hit, Hits, Severity, line_around

_SHELL: Final = r"(?:sudo\s+(?:-\w+\s+)*)?(?:/(?:usr/)?bin/)?(?:env\s+)?(?:(?:ba|z|da|k|a|fi|tc)?sh|python[0-9.]*|perl|ruby|node|php|osascript|iex|pwsh|powershell)\b"  # noqa: E501
_FETCH: Final = r"(?:curl|wget|fetch|iwr|irm|Invoke-WebRequest|Invoke-RestMethod)\b"
_PIPE_TO_SHELL = re.compile(
    rf"{_FETCH}\s+[^\s|](?:[^\n|;`]|(?<=\\)\n){{0,300}}\|\s*(?:tee\s+\S+\s*\|\s*)?{_SHELL}"
    rf"|(?:\b(?:ba|z|da|k)?sh|\bsource|\beval|(?<=\s)\.)\s+(?:-\w+\s+)*[\"']?(?:<\(|\$\(|`)\s*{_FETCH}[^\n]{{0,200}}"
    rf"|\biex\s*\(?\s*\(?(?:New-Object|{_FETCH})[^\n]{{0,200}}",
    re.IGNORECASE,
)
_URL = re.compile(r"(?P<scheme>https?)://(?P<host>[\w.-]+)(?P<path>[^\s\"'|)]*)", re.IGNORECASE)
# Installers that their makers publish in just this form, over TLS.
_INSTALLERS: Final = frozenset((
    "astral.sh", "sh.rustup.rs", "get.docker.com", "bun.sh", "bun.com", "deno.land", "get.pnpm.io", "get.helm.sh",
    "install.python-poetry.org", "deb.nodesource.com", "rpm.nodesource.com", "fnm.vercel.app", "ollama.com",
    "starship.rs", "get.k3s.io", "cli.github.com", "claude.ai", "mise.run", "mise.jdx.dev", "nixos.org",
    "install.determinate.systems", "fly.io", "sdk.cloud.google.com", "aka.ms", "just.systems", "get.sdkman.io",
))  # fmt: skip
_INSTALLER_PATHS: Final = ("/Homebrew/install/", "/nvm-sh/nvm/", "/helm/helm/", "/ohmyzsh/ohmyzsh/", "/rancher/k3s/")
# A response that is read by a program given on the line (`| python3 -m json.tool`, `| python -c "..."`) is data.
_READS_DATA = re.compile(r"\|\s*(?:sudo\s+)?(?:python[0-9.]*|node|perl|ruby|php)\s+-\w*[cmenpr]\b", re.IGNORECASE)
_BASE64 = re.compile(
    rf"base64\s+(?:-d|-D|--decode)\b[^\n|]{{0,80}}\|\s*(?:gunzip\s*\|\s*|zcat\s*\|\s*)?{_SHELL}"
    rf"|(?:eval|bash\s+-c|sh\s+-c)\s+[\"']?(?:\$\(|`)[^\n]{{0,400}}base64\s+(?:-d|-D|--decode)"
    r"|\b(?:exec|eval)\s*\(\s*(?:compile\s*\()?\s*(?:__import__\(.{1,10}\)\.|base64\.)?(?:b64decode|atob|codecs\.decode)\s*\("
    r"|\b(?:powershell|pwsh)(?:\.exe)?\s[^\n]{0,80}-e(?:nc(?:odedcommand)?)?\s+[A-Za-z0-9+/=]{20,}"
    rf"|\bxxd\s+-r\b[^\n|]{{0,60}}\|\s*{_SHELL}",
    re.IGNORECASE,
)
_INTO: Final = r"(?:>>?|\btee\s+(?:-a\s+)?)\s*[\"']?"
_HOME: Final = r"(?:~|\$\{?HOME\}?|/root|/home/[\w.$-]+|/Users/[\w.$-]+|%USERPROFILE%)"
# (rule, severity, words of which a text must have one, pattern, message)
_Trick: TypeAlias = tuple[str, Severity, tuple[str, ...], str, str]
_TRICKS: Final[tuple[_Trick, ...]] = (
    ("persistence.authorized-keys", "high", ("authorized_keys",),
     rf"{_INTO}[^\s\"']*authorized_keys|ssh-copy-id\s+-i|(?:cp|mv|install)\s[^\n]*authorized_keys",
     "Adds a key that may sign in"),
    ("persistence.schedule", "medium", ("cron", "schtasks", "launchctl", "systemctl"),
     rf"\|\s*(?:sudo\s+)?crontab\s+-(?:\s|$)|\bcrontab\s+(?:-u\s+\w+\s+)?[\w./~-]+\.(?:txt|cron|tab)\b|{_INTO}/etc/cron"
     rf"|\bschtasks(?:\.exe)?\s+/create|\blaunchctl\s+(?:load|bootstrap)\b|\bsystemctl\s+(?:--user\s+)?enable\b",
     "Makes something run again by itself"),
    ("persistence.startup", "medium",
     ("bashrc", "zsh", "profile", "config.fish", ".git/hooks", "LaunchAgents", "rc.local", "CurrentVersion"),
     rf"{_INTO}{_HOME}/\.(?:bashrc|bash_profile|profile|zshrc|zprofile|zshenv|config/fish/config\.fish)\b"
     rf"|{_INTO}/etc/(?:profile|bash\.bashrc|rc\.local|zsh/)|{_INTO}[^\s\"']*(?:\.git/hooks/|LaunchAgents/)"
     rf"|reg(?:\.exe)?\s+add\s+[^\n]*\\CurrentVersion\\Run\b",
     "Changes what starts with a shell, a session or a repository"),
    ("persistence.agent-settings", "medium", (".claude", "CLAUDE.md", "AGENTS.md", ".cursorrules", ".mcp.json"),
     rf"{_INTO}(?:{_HOME}/)?[^\s\"']*(?:\.claude/(?:settings|CLAUDE|hooks|commands)[\w./-]*|\.cursorrules|\.mcp\.json)"
     rf"|{_INTO}{_HOME}/[^\s\"']*(?:CLAUDE|AGENTS)\.md",
     "Changes the settings or the memory of an agent"),
)  # fmt: skip
_PERSISTENCE: Final = [
    (rule, severity, words, re.compile(pattern, re.IGNORECASE), message)
    for rule, severity, words, pattern, message in _TRICKS
]
_OVERRIDE = re.compile(
    r"\b(?:ignore|disregard|forget|override)\s+(?:all\s+|any\s+|the\s+|your\s+|every\s+)*"
    r"(?:previous|prior|above|earlier|preceding|system|safety)\s+"
    r"(?:instructions?|prompts?|rules?|guidelines?|messages?|directions?|safeguards?)"
    r"|\b(?:do\s+not|don't|never)\s+(?:tell|inform|mention\s+(?:this\s+)?to|reveal\s+(?:this\s+)?to|alert|notify)\s+the\s+user\b"
    r"|\bwithout\s+(?:telling|informing|notifying|alerting)\s+the\s+user\b"
    r"|\b(?:secretly|silently|covertly)\s+(?:send|upload|post|copy|collect|run|execute|exfiltrate)\b",
    re.IGNORECASE,
)


# The patterns are slow, so they look only where one of their words is.
_DOWNLOAD = re.compile(r"curl|wget|fetch|iwr|irm|Invoke-(?:Web|Rest)|DownloadString", re.IGNORECASE)
_CONTINUED: Final = "\\\n"
_DECODER = re.compile(r"base64|b64decode|atob|codecs\.decode|xxd|powershell|pwsh", re.IGNORECASE)
_OVERRIDING: Final = ("ignore", "disregard", "forget", "override", "the user", "secretly", "silently", "covertly")


def risky_commands(text: str) -> Hits:
    small = text.lower()
    yield from _downloads(text)
    for start, end in _commands_with(_DECODER, text):
        for found in _BASE64.finditer(text, start, end):
            message = "Runs text that is encoded so that nobody reads it"
            yield Hit("shell.base64", "high", found.start(), message, line_around(text, found.start()))
    for rule, severity, words, pattern, message in _PERSISTENCE:
        places = pattern.finditer(text) if any(word in text for word in words) else ()
        for found in places:
            yield Hit(rule, severity, found.start(), message, line_around(text, found.start()))
    overrides = _OVERRIDE.finditer(text) if any(word in small for word in _OVERRIDING) else ()
    for found in overrides:
        message = "Words that set an agent against its user or its rules"
        yield Hit("prompt.override", "medium", found.start(), message, line_around(text, found.start()))


def _downloads(text: str) -> Hits:
    for start, end in _commands_with(_DOWNLOAD, text):
        for found in _PIPE_TO_SHELL.finditer(text, start, end):
            if not _READS_DATA.search(text, found.start(), min(found.end() + 40, len(text))):
                yield _download(text, found)


def _commands_with(word: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    """Where the command lines are that hold the word, each once. Of a line longer than a page, the part around it."""
    end = 0
    for found in word.finditer(text):
        if found.start() < end:
            continue
        start = max(end, text.rfind("\n", 0, found.start()) + 1, found.start() - 300)
        end = min(_end_of_command(text, found.end()), found.end() + 1000)
        yield start, end


def _end_of_command(text: str, at: int) -> int:
    end = text.find("\n", at)
    while end > 0 and text[end - 1 : end + 1] == _CONTINUED:
        end = text.find("\n", end + 1)
    return end if end >= 0 else len(text)


def _download(text: str, found: re.Match[str]) -> Hit:
    known = (url := _URL.search(found[0])) and _is_installer(url)
    message = "Runs the installer of a known project unread" if known else "Runs a download that nobody has read"
    return Hit(
        "shell.pipe-to-shell", "medium" if known else "high", found.start(), message, line_around(text, found.start())
    )


def _is_installer(url: re.Match[str]) -> bool:
    host = url["host"].lower()
    if url["scheme"].lower() != "https":
        return False
    return host in _INSTALLERS or (
        host == "raw.githubusercontent.com" and any(path in url["path"] for path in _INSTALLER_PATHS)
    )
