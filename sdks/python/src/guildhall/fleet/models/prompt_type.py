from enum import StrEnum


class PromptType(StrEnum):
    CLARIFYING_QUESTIONS = "clarifying_questions"
    CONFIRM = "confirm"
    PREVIEW = "preview"
    REVIEW = "review"
    STRUCTURE_FIX = "structure_fix"

    def __str__(self) -> str:
        return str(self.value)
