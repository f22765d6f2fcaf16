"""Lists of the admin that stay fast however many rows there are."""

from __future__ import annotations

from typing import Any, cast

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from unfold.views import ChangeList

MOST_COUNTED = 10_000


class BoundedPaginator(Paginator[Any]):
    """Counts no further than somebody would leaf: what lies behind that is for filters and search to find."""

    template_name = "admin/parts/pages.html"

    @cached_property
    def counted(self) -> int:
        rows: Any = self.object_list
        number: int = rows.order_by().values("pk")[: MOST_COUNTED + 1].count()
        return number

    @property
    def is_cut(self) -> bool:
        return self.counted > MOST_COUNTED

    @cached_property
    def count(self) -> int:
        return min(self.counted, MOST_COUNTED)


class WidePaginator(BoundedPaginator):
    """For wide rows that may be sorted by what no index holds: finds the keys of the page first, then its rows."""

    def page(self, number: int | str) -> Page[Any]:
        page, rows = super().page(number), cast("QuerySet[Any]", self.object_list)
        keys = list(cast("QuerySet[Any]", page.object_list).values_list("pk", flat=True))
        page.object_list = rows.filter(pk__in=keys)
        return page


class DeskList(ChangeList):
    """Says beside the title how many rows it found where it was narrowed; not of how many, which would cost a count."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        if not self.query and not self.has_active_filters:
            self.full_result_count = self.result_count
