from enum import StrEnum


class ExperienceLevel(StrEnum):
    ADVANCED = "advanced"
    BEGINNER = "beginner"
    EXPERT = "expert"
    INTERMEDIATE = "intermediate"

    def __str__(self) -> str:
        return str(self.value)
