"""The steps of a skill_refinement: feedback changes the content of a skill that exists."""

from jobs.steps.base import Step
from jobs.steps.existing import ReadSkill
from jobs.steps.refinement.check import CheckRevision
from jobs.steps.refinement.review import ReviewRevision
from jobs.steps.refinement.revise import Revise
from jobs.steps.refinement.save import SaveRevision

STEPS: tuple[Step, ...] = (ReadSkill(), Revise(), CheckRevision(), ReviewRevision(), SaveRevision())
