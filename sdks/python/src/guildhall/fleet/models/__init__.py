"""Contains all the data models used in inputs/outputs"""

from .accepted_job import AcceptedJob
from .action import Action
from .action_data import ActionData
from .action_keywords import ActionKeywords
from .adapt_body import AdaptBody
from .adaptation import Adaptation
from .adaptation_report import AdaptationReport
from .adaptation_report_confidence_scores import AdaptationReportConfidenceScores
from .advice import Advice
from .analysis_figures import AnalysisFigures
from .analysis_report import AnalysisReport
from .analyze_body import AnalyzeBody
from .answer import Answer
from .answer_metadata import AnswerMetadata
from .answer_piece import AnswerPiece
from .applied_fix import AppliedFix
from .asked_question import AskedQuestion
from .assess_body import AssessBody
from .assessment import Assessment
from .base_version import BaseVersion
from .cancel_body import CancelBody
from .cancelled_job import CancelledJob
from .category import Category
from .category_change import CategoryChange
from .category_input import CategoryInput
from .category_updates import CategoryUpdates
from .category_updates_updates import CategoryUpdatesUpdates
from .combination import Combination
from .compare_body import CompareBody
from .comparison_figures import ComparisonFigures
from .comparison_report import ComparisonReport
from .completed_data import CompletedData
from .compliance import Compliance
from .content_finding import ContentFinding
from .content_finding_severity import ContentFindingSeverity
from .create_skill_body import CreateSkillBody
from .criterion import Criterion
from .dimensions import Dimensions
from .draft_file import DraftFile
from .draft_report import DraftReport
from .draft_report_layers import DraftReportLayers
from .error import Error
from .error_detail import ErrorDetail
from .error_detail_type import ErrorDetailType
from .event_data import EventData
from .experience_level import ExperienceLevel
from .failed_data import FailedData
from .failing_query import FailingQuery
from .finding import Finding
from .finding_severity import FindingSeverity
from .finished_module_data import FinishedModuleData
from .fix_body import FixBody
from .fixed import Fixed
from .flat_option import FlatOption
from .flat_question import FlatQuestion
from .flat_question_question_type import FlatQuestionQuestionType
from .harmed_query import HarmedQuery
from .health import Health
from .heartbeat import Heartbeat
from .history import History
from .hitl_config import HitlConfig
from .hitl_type import HitlType
from .improve_body import ImproveBody
from .interaction_data import InteractionData
from .issue import Issue
from .job import Job
from .job_completed import JobCompleted
from .job_failed import JobFailed
from .job_page import JobPage
from .job_paused import JobPaused
from .job_progress import JobProgress
from .job_result import JobResult
from .job_status import JobStatus
from .job_status_message import JobStatusMessage
from .job_summary import JobSummary
from .job_type import JobType
from .job_usage import JobUsage
from .job_usage_writers import JobUsageWriters
from .measured_figures import MeasuredFigures
from .message_body import MessageBody
from .message_body_context_type_0 import MessageBodyContextType0
from .message_received import MessageReceived
from .module_data import ModuleData
from .module_finished import ModuleFinished
from .module_started import ModuleStarted
from .mounted_stats import MountedStats
from .mounted_taxonomy import MountedTaxonomy
from .new_metadata import NewMetadata
from .opened_session import OpenedSession
from .optimization import Optimization
from .pause_data import PauseData
from .phase_finished import PhaseFinished
from .phase_started import PhaseStarted
from .piece_data import PieceData
from .plan import Plan
from .plan_body import PlanBody
from .plan_estimated_length import PlanEstimatedLength
from .promote_body import PromoteBody
from .promoted_draft import PromotedDraft
from .prompt import Prompt
from .prompt_answer import PromptAnswer
from .prompt_answer_answers_type_0 import PromptAnswerAnswersType0
from .prompt_data import PromptData
from .prompt_opened import PromptOpened
from .prompt_outcome import PromptOutcome
from .prompt_outcome_status import PromptOutcomeStatus
from .prompt_type import PromptType
from .quality import Quality
from .question import Question
from .question_type import QuestionType
from .reasoning import Reasoning
from .reasoning_data import ReasoningData
from .received_data import ReceivedData
from .recommendation import Recommendation
from .recommendation_priority import RecommendationPriority
from .recorded import Recorded
from .refine_body import RefineBody
from .regression import Regression
from .report import Report
from .required_data import RequiredData
from .rule_check import RuleCheck
from .rule_check_check import RuleCheckCheck
from .rule_finding import RuleFinding
from .rule_finding_severity import RuleFindingSeverity
from .said_message import SaidMessage
from .said_message_role import SaidMessageRole
from .saved_categories import SavedCategories
from .saved_categories_status import SavedCategoriesStatus
from .saved_category import SavedCategory
from .section import Section
from .session import Session
from .session_list import SessionList
from .skill import Skill
from .skill_figures import SkillFigures
from .skill_metadata import SkillMetadata
from .skill_name import SkillName
from .skill_status import SkillStatus
from .skill_summary import SkillSummary
from .started_job import StartedJob
from .stored_adaptation import StoredAdaptation
from .stream_ended import StreamEnded
from .stream_skill_body import StreamSkillBody
from .structure import Structure
from .suggested_fix import SuggestedFix
from .suggested_fix_field import SuggestedFixField
from .text_data import TextData
from .text_written import TextWritten
from .tree import Tree
from .understanding import Understanding
from .unseen_figures import UnseenFigures
from .update_skill_body import UpdateSkillBody
from .updated_skill import UpdatedSkill
from .usage import Usage
from .usage_event import UsageEvent
from .usage_event_metadata_type_0 import UsageEventMetadataType0
from .usage_events import UsageEvents
from .user_taxonomy import UserTaxonomy
from .validate_content_body import ValidateContentBody
from .validate_path_body import ValidatePathBody
from .verdict import Verdict
from .whole_answer import WholeAnswer
from .whole_answer_data import WholeAnswerData
from .whole_taxonomy import WholeTaxonomy
from .writer_call import WriterCall
from .writer_question import WriterQuestion

__all__ = (
    "AcceptedJob",
    "Action",
    "ActionData",
    "ActionKeywords",
    "Adaptation",
    "AdaptationReport",
    "AdaptationReportConfidenceScores",
    "AdaptBody",
    "Advice",
    "AnalysisFigures",
    "AnalysisReport",
    "AnalyzeBody",
    "Answer",
    "AnswerMetadata",
    "AnswerPiece",
    "AppliedFix",
    "AskedQuestion",
    "AssessBody",
    "Assessment",
    "BaseVersion",
    "CancelBody",
    "CancelledJob",
    "Category",
    "CategoryChange",
    "CategoryInput",
    "CategoryUpdates",
    "CategoryUpdatesUpdates",
    "Combination",
    "CompareBody",
    "ComparisonFigures",
    "ComparisonReport",
    "CompletedData",
    "Compliance",
    "ContentFinding",
    "ContentFindingSeverity",
    "CreateSkillBody",
    "Criterion",
    "Dimensions",
    "DraftFile",
    "DraftReport",
    "DraftReportLayers",
    "Error",
    "ErrorDetail",
    "ErrorDetailType",
    "EventData",
    "ExperienceLevel",
    "FailedData",
    "FailingQuery",
    "Finding",
    "FindingSeverity",
    "FinishedModuleData",
    "FixBody",
    "Fixed",
    "FlatOption",
    "FlatQuestion",
    "FlatQuestionQuestionType",
    "HarmedQuery",
    "Health",
    "Heartbeat",
    "History",
    "HitlConfig",
    "HitlType",
    "ImproveBody",
    "InteractionData",
    "Issue",
    "Job",
    "JobCompleted",
    "JobFailed",
    "JobPage",
    "JobPaused",
    "JobProgress",
    "JobResult",
    "JobStatus",
    "JobStatusMessage",
    "JobSummary",
    "JobType",
    "JobUsage",
    "JobUsageWriters",
    "MeasuredFigures",
    "MessageBody",
    "MessageBodyContextType0",
    "MessageReceived",
    "ModuleData",
    "ModuleFinished",
    "ModuleStarted",
    "MountedStats",
    "MountedTaxonomy",
    "NewMetadata",
    "OpenedSession",
    "Optimization",
    "PauseData",
    "PhaseFinished",
    "PhaseStarted",
    "PieceData",
    "Plan",
    "PlanBody",
    "PlanEstimatedLength",
    "PromoteBody",
    "PromotedDraft",
    "Prompt",
    "PromptAnswer",
    "PromptAnswerAnswersType0",
    "PromptData",
    "PromptOpened",
    "PromptOutcome",
    "PromptOutcomeStatus",
    "PromptType",
    "Quality",
    "Question",
    "QuestionType",
    "Reasoning",
    "ReasoningData",
    "ReceivedData",
    "Recommendation",
    "RecommendationPriority",
    "Recorded",
    "RefineBody",
    "Regression",
    "Report",
    "RequiredData",
    "RuleCheck",
    "RuleCheckCheck",
    "RuleFinding",
    "RuleFindingSeverity",
    "SaidMessage",
    "SaidMessageRole",
    "SavedCategories",
    "SavedCategoriesStatus",
    "SavedCategory",
    "Section",
    "Session",
    "SessionList",
    "Skill",
    "SkillFigures",
    "SkillMetadata",
    "SkillName",
    "SkillStatus",
    "SkillSummary",
    "StartedJob",
    "StoredAdaptation",
    "StreamEnded",
    "StreamSkillBody",
    "Structure",
    "SuggestedFix",
    "SuggestedFixField",
    "TextData",
    "TextWritten",
    "Tree",
    "Understanding",
    "UnseenFigures",
    "UpdatedSkill",
    "UpdateSkillBody",
    "Usage",
    "UsageEvent",
    "UsageEventMetadataType0",
    "UsageEvents",
    "UserTaxonomy",
    "ValidateContentBody",
    "ValidatePathBody",
    "Verdict",
    "WholeAnswer",
    "WholeAnswerData",
    "WholeTaxonomy",
    "WriterCall",
    "WriterQuestion",
)
