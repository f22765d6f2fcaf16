"""Contains all the data models used in inputs/outputs"""

from .create_body import CreateBody
from .error import Error
from .file_input import FileInput
from .file_input_encoding import FileInputEncoding
from .found_skill import FoundSkill
from .marketplace_search_body import MarketplaceSearchBody
from .message import Message
from .offer import Offer
from .pull_body import PullBody
from .search_body import SearchBody
from .skill import Skill
from .skill_message import SkillMessage
from .skill_page import SkillPage
from .skill_status import SkillStatus
from .source_type import SourceType
from .supporting_file import SupportingFile
from .update import Update
from .update_body import UpdateBody
from .update_list import UpdateList
from .usage_body import UsageBody

__all__ = (
    "CreateBody",
    "Error",
    "FileInput",
    "FileInputEncoding",
    "FoundSkill",
    "MarketplaceSearchBody",
    "Message",
    "Offer",
    "PullBody",
    "SearchBody",
    "Skill",
    "SkillMessage",
    "SkillPage",
    "SkillStatus",
    "SourceType",
    "SupportingFile",
    "Update",
    "UpdateBody",
    "UpdateList",
    "UsageBody",
)
