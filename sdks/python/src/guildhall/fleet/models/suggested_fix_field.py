from enum import StrEnum


class SuggestedFixField(StrEnum):
    DESCRIPTION = "description"
    SKILL_NAME = "skill_name"

    def __str__(self) -> str:
        return str(self.value)
