from enum import StrEnum


class RuleCheckCheck(StrEnum):
    DOCUMENTATION = "documentation"
    EXAMPLES = "examples"
    FRONTMATTER = "frontmatter"
    METADATA = "metadata"
    NAMING = "naming"
    STRUCTURE = "structure"
    SUBDIRECTORIES = "subdirectories"

    def __str__(self) -> str:
        return str(self.value)
