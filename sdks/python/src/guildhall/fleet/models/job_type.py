from enum import StrEnum


class JobType(StrEnum):
    SKILL_CREATION = "skill_creation"
    SKILL_OPTIMIZATION = "skill_optimization"
    SKILL_REFINEMENT = "skill_refinement"

    def __str__(self) -> str:
        return str(self.value)
