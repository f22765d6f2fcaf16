"""Contains all the data models used in inputs/outputs"""

from .changed_field import ChangedField
from .changed_file import ChangedFile
from .changed_file_change import ChangedFileChange
from .create_skill_body import CreateSkillBody
from .create_version_body import CreateVersionBody
from .credential import Credential
from .credential_answer import CredentialAnswer
from .deleted import Deleted
from .deleted_answer import DeletedAnswer
from .deleted_version import DeletedVersion
from .deleted_version_answer import DeletedVersionAnswer
from .diff import Diff
from .diff_answer import DiffAnswer
from .error_answer import ErrorAnswer
from .error_code import ErrorCode
from .error_detail import ErrorDetail
from .file import File
from .file_input import FileInput
from .file_input_encoding import FileInputEncoding
from .issued_token import IssuedToken
from .pagination import Pagination
from .problem import Problem
from .revoked import Revoked
from .revoked_answer import RevokedAnswer
from .role import Role
from .scope import Scope
from .skill import Skill
from .skill_answer import SkillAnswer
from .skill_summary import SkillSummary
from .skills_answer import SkillsAnswer
from .source_type import SourceType
from .token_answer import TokenAnswer
from .token_body import TokenBody
from .update_skill_body import UpdateSkillBody
from .version import Version
from .version_answer import VersionAnswer
from .version_summary import VersionSummary
from .versions_answer import VersionsAnswer

__all__ = (
    "ChangedField",
    "ChangedFile",
    "ChangedFileChange",
    "CreateSkillBody",
    "CreateVersionBody",
    "Credential",
    "CredentialAnswer",
    "Deleted",
    "DeletedAnswer",
    "DeletedVersion",
    "DeletedVersionAnswer",
    "Diff",
    "DiffAnswer",
    "ErrorAnswer",
    "ErrorCode",
    "ErrorDetail",
    "File",
    "FileInput",
    "FileInputEncoding",
    "IssuedToken",
    "Pagination",
    "Problem",
    "Revoked",
    "RevokedAnswer",
    "Role",
    "Scope",
    "Skill",
    "SkillAnswer",
    "SkillsAnswer",
    "SkillSummary",
    "SourceType",
    "TokenAnswer",
    "TokenBody",
    "UpdateSkillBody",
    "Version",
    "VersionAnswer",
    "VersionsAnswer",
    "VersionSummary",
)
