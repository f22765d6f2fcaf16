"""Lists of the admin that stay fast however many rows there are."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
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


class DeskList(ChangeList):
    """Says beside the title how many rows it found where it was narrowed; not of how many, which would cost a count."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        if not self.query and not self.has_active_filters:
            self.full_result_count = self.result_count
