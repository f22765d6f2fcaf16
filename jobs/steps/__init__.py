"""The steps of all plans, one file a step; `plan_for` chooses them when a job is made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jobs.states import JobType
from jobs.steps import optimization, refinement
from jobs.steps.base import Step
from jobs.steps.clarify import Clarify
from jobs.steps.confirm import Confirm
from jobs.steps.dependencies import Dependencies
from jobs.steps.generate import Generate
from jobs.steps.intent import FindIntent
from jobs.steps.placement import Placement
from jobs.steps.plan import MakePlan
from jobs.steps.preview import Preview
from jobs.steps.quality import Quality
from jobs.steps.requirements import Requirements
from jobs.steps.review import Review
from jobs.steps.save_draft import SaveDraft
from jobs.steps.structure import StructureFix
from jobs.steps.validate import Validate

_CREATION: tuple[Step, ...] = (
    Requirements(),
    StructureFix(),
    Clarify(),
    FindIntent(),
    Placement(),
    Dependencies(),
    MakePlan(),
    Confirm(),
    Generate(),
    Quality(),
    Preview(),
    Validate(),
    Review(),
    SaveDraft(),
)
PLANS: dict[str, tuple[Step, ...]] = {
    JobType.SKILL_CREATION: _CREATION,
    JobType.SKILL_REFINEMENT: refinement.STEPS,
    JobType.SKILL_OPTIMIZATION: optimization.STEPS,
}
STEPS: dict[str, Step] = {step.name: step for steps in PLANS.values() for step in steps}
# Checkpoints that only those who ask for them pass, by the flag of the request; the others ask when they have something
# to ask.
_ON_REQUEST = {"confirm": "confirm", "preview": "preview", "review": "review", "review_revision": "review"}


def plan_for(job_type: str, request: Mapping[str, Any]) -> list[str]:
    """The names of the steps of a new job, in order."""
    names = [step.name for step in PLANS[job_type]]
    return [name for name in names if name not in _ON_REQUEST or request.get(_ON_REQUEST[name])]
