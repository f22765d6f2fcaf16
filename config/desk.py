"""The sidebar of the admin: by work, with counts that follow the work, and only what the person may open."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeAlias

from django.apps import apps
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, JsonResponse
from django.urls import reverse

from jobs.admin.inbox import waiting_rows
from jobs.admin.jobs import working_rows
from marketplace.admin import behind_rows
from outbox.admin import set_aside_rows

# What waits for this person or is under way; its number is the badge.
Rows: TypeAlias = Callable[[HttpRequest], QuerySet[Any]]
# Nobody needs to know more exactly, and no page waits for it.
MOST: Final = 999

# Title of the group, then (model, what it is called here, icon, what its badge counts).
_GROUPS: list[tuple[str, list[tuple[str, str, str, Rows | None]]]] = [
    (
        "Work",
        [
            ("jobs.prompt", "Inbox", "inbox", waiting_rows),
            ("jobs.job", "Jobs", "engineering", working_rows),
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
            ("marketplace.install", "Installed", "download_done", behind_rows),
        ],
    ),
    (
        "People",
        [
            ("accounts.client", "Tenants", "apartment", None),
            ("accounts.user", "Users", "group", None),
            ("accounts.apikey", "API keys", "key", None),
            ("accounts.accesstoken", "Access tokens", "vpn_key", None),
            ("accounts.auditevent", "Audit log", "receipt_long", None),
        ],
    ),
    ("System", [("outbox.outboxevent", "Outbox", "outbox", set_aside_rows)]),
]


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    groups: list[dict[str, Any]] = [
        {"title": title, "items": [_item(request, *entry) for entry in entries if _may_view(request, entry[0])]}
        for title, entries in _GROUPS
    ]
    return [group for group in groups if group["items"]]


def _may_view(request: HttpRequest, label: str) -> bool:
    return admin.site._registry[apps.get_model(label)].has_view_permission(request)


def _item(request: HttpRequest, label: str, title: str, icon: str, rows: Rows | None) -> dict[str, Any]:
    badge = {"badge": _count(rows(request))} if rows else {}
    return {"title": title, "icon": icon, "link": _list_of(label), **badge}


def _list_of(label: str) -> str:
    return reverse(f"admin:{label.replace('.', '_')}_changelist")


def _count(rows: QuerySet[Any]) -> str:
    """Empty for none, and `999+` for more than that."""
    number = rows.order_by()[: MOST + 1].count()
    return f"{MOST}+" if number > MOST else str(number or "")


def counts(request: HttpRequest) -> JsonResponse:
    """GET /admin/counts/: the badges by the address of their list, for pages that stay open (guildhall/counts.js)."""
    entries = [entry for _, entries in _GROUPS for entry in entries]
    counted = {
        _list_of(label): _count(rows(request)) for label, _, _, rows in entries if rows and _may_view(request, label)
    }
    return JsonResponse(counted)


def everywhere(request: HttpRequest) -> dict[str, Any]:
    """For all pages: no colours in an inline style, which the policy forbids; they are in guildhall/colours.css."""
    return {"colors": {}}
