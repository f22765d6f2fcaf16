"""The sidebar of the admin: by work, with live counts, and only what the person may open."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse

from jobs.admin.inbox import waiting_count
from marketplace.admin import updates_count

# Title of the group, then (model, what it is called here, icon, what counts for its badge).
_GROUPS: list[tuple[str, list[tuple[str, str, str, Callable[[HttpRequest], int] | None]]]] = [
    (
        "Work",
        [
            ("jobs.prompt", "Inbox", "inbox", waiting_count),
            ("jobs.job", "Jobs", "engineering", None),
            ("conversations.session", "Conversations", "forum", None),
        ],
    ),
    (
        "Registry",
        [
            ("skills.skill", "Skills", "menu_book", None),
            ("skills.skillversion", "Versions", "history", None),
            ("taxonomy.category", "Taxonomy", "account_tree", None),
        ],
    ),
    (
        "Marketplace",
        [
            ("marketplace.listing", "On offer", "storefront", None),
            ("marketplace.install", "Installed", "download_done", updates_count),
        ],
    ),
    (
        "People",
        [
            ("accounts.client", "Tenants", "apartment", None),
            ("accounts.user", "Users", "group", None),
            ("accounts.apikey", "API keys", "key", None),
            ("accounts.auditevent", "Audit log", "receipt_long", None),
        ],
    ),
    ("System", [("outbox.outboxevent", "Outbox", "outbox", None)]),
]


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    groups: list[dict[str, Any]] = [
        {"title": title, "items": [_item(request, *entry) for entry in entries if _may_view(request, entry[0])]}
        for title, entries in _GROUPS
    ]
    return [group for group in groups if group["items"]]


def _may_view(request: HttpRequest, label: str) -> bool:
    return admin.site._registry[apps.get_model(label)].has_view_permission(request)


def _item(
    request: HttpRequest, label: str, title: str, icon: str, count: Callable[[HttpRequest], int] | None
) -> dict[str, Any]:
    link = reverse(f"admin:{label.replace('.', '_')}_changelist")
    waiting = count(request) if count else 0
    return {"title": title, "icon": icon, "link": link} | ({"badge": waiting} if waiting else {})


def everywhere(request: HttpRequest) -> dict[str, Any]:
    """For all pages: no colours in an inline style, which the policy forbids; they are in guildhall/colours.css."""
    return {"colors": {}}
