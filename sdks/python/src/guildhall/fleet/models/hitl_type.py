from enum import StrEnum


class HitlType(StrEnum):
    CLARIFY = "clarify"
    CONFIRM = "confirm"
    PREVIEW = "preview"
    STRUCTURE_FIX = "structure_fix"
    VALIDATE = "validate"

    def __str__(self) -> str:
        return str(self.value)
