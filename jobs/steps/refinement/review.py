"""Checkpoint: the checked revision, where a review was asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jobs.steps.base import Context
from jobs.steps.refinement.revise import Revise, as_written
from jobs.steps.review import Review


class ReviewRevision(Review):
    name = "review_revision"
    back_to = Revise.name

    def question(self, context: Context) -> Mapping[str, Any]:
        return super().question(as_written(context))
