"""The steps of a skill_optimization: measure, propose, measure again, ask, keep. Nothing is claimed that was not
measured: docs/adr/0007-optimization-that-measures.md."""

from jobs.steps.base import Step
from jobs.steps.existing import ReadSkill
from jobs.steps.optimization.approve import Approve
from jobs.steps.optimization.baseline import MeasureBaseline
from jobs.steps.optimization.propose import ProposeVariants
from jobs.steps.optimization.save import SaveImprovement
from jobs.steps.optimization.trial import TryVariants

STEPS: tuple[Step, ...] = (
    ReadSkill(),
    MeasureBaseline(),
    ProposeVariants(),
    TryVariants(),
    Approve(),
    SaveImprovement(),
)
