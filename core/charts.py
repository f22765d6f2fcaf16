"""Charts for the desk's pages: data for unfold's script, and the same figures as a table for who cannot see them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.utils import timezone

STACKED: Final = {
    "animation": False,
    "maintainAspectRatio": False,
    "scales": {
        "x": {"stacked": True, "grid": {"display": False}, "ticks": {"color": "#8a93a3"}},
        "y": {"stacked": True, "beginAtZero": True, "ticks": {"precision": 0, "color": "#8a93a3"}},
    },
    "plugins": {"legend": {"display": True, "position": "bottom", "labels": {"boxWidth": 10, "color": "#8a93a3"}}},
}
LINES: Final = {
    **STACKED,
    "scales": {axis: {**options, "stacked": False} for axis, options in STACKED["scales"].items()},  # type: ignore[attr-defined]
}


@dataclass(frozen=True)
class Chart:
    """A chart for unfold's script, and the same figures for who cannot see it: `rows` under `columns`."""

    title: str
    kind: str
    data: str
    options: str
    summary: str
    columns: list[str]
    rows: list[list[Any]]


def last_days(number: int) -> list[datetime]:
    """The midnights with which the last days began, today's last."""
    today = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    return [today - timedelta(days=back) for back in range(number - 1, -1, -1)]


def day_labels(days: Sequence[datetime]) -> list[str]:
    return [f"{day:%b} {day.day}" for day in days]


def chart(
    title: str,
    kind: str,
    options: dict[str, Any],
    labels: list[str],
    series: dict[str, tuple[list[int], str]],
    summary: str,
) -> Chart:
    datasets = [
        {"label": name, "data": figures, "backgroundColor": colour, "borderColor": colour, "tension": 0.3}
        for name, (figures, colour) in series.items()
    ]
    return Chart(
        title, kind, json.dumps({"labels": labels, "datasets": datasets}), json.dumps(options), summary,
        ["", *series],
        [list(row) for row in zip(labels, *(figures for figures, _ in series.values()), strict=True)],
    )  # fmt: skip
