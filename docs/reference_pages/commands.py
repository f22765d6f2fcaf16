"""The commands of manage.py, as their own parsers describe them."""

from __future__ import annotations

from argparse import SUPPRESS, Action
from collections.abc import Iterator

from django.apps import apps
from django.conf import settings
from django.core.management import get_commands, load_command_class
from django.core.management.base import BaseCommand

from reference_pages import code, table


class _Bare(BaseCommand):
    """What every command of Django takes."""


def page() -> str:
    return "\n\n".join(part for name, app in sorted(own().items()) for part in _described(app, name))


def own() -> dict[str, str]:
    """The commands of Guildhall's apps, with their app."""
    ours = {config.name for config in apps.get_app_configs() if (settings.BASE_DIR / config.name).is_dir()}
    return {name: app for name, app in get_commands().items() if app in ours}


def _described(app: str, name: str) -> Iterator[str]:
    command = load_command_class(app, name)
    parser = command.create_parser("manage.py", name)
    common = {action.dest for action in _Bare().create_parser("manage.py", "any")._actions}
    actions = [action for action in parser._actions if action.dest not in common and action.help != SUPPRESS]
    words = [_usage(action) for action in actions]
    yield f"## {name}"
    yield command.help
    yield f"```text\n{' '.join(['manage.py', name, *words])}\n```"
    if actions:
        yield table(("argument", "meaning", "default"), (_row(action) for action in actions))


def _usage(action: Action) -> str:
    value = _value(action)
    if not action.option_strings:
        return value if action.nargs not in ("*", "?") else f"[{value}]"
    text = f"{action.option_strings[-1]} {value}".strip()
    return text if action.required else f"[{text}]"


def _value(action: Action) -> str:
    """The word for an argument's value; empty for a switch."""
    if action.nargs == 0:
        return ""
    return str(action.metavar or action.dest.upper())


def _row(action: Action) -> list[str]:
    name = " ".join([", ".join(action.option_strings), _value(action)]).strip()
    meaning = (action.help or "") % {"default": action.default}
    if action.choices:
        meaning = f"{meaning} ({', '.join(map(str, action.choices))})".strip()
    default = "" if action.default in (None, False, SUPPRESS) else code(str(action.default))
    return [code(name), meaning, default]


PARTS = (page,)
