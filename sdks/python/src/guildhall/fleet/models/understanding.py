from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.writer_question import WriterQuestion


T = TypeVar("T", bound="Understanding")


@_attrs_define
class Understanding:
    """What the writer took the request to ask for.

    Attributes:
        task (str):
        name (str):
        title (str):
        description (str):
        requested_name (str | Unset):
        requested_description (str | Unset):
        language (str | Unset):
        domain (str | Unset):
        skill_category (str | Unset):
        target_level (str | Unset):
        topics (list[str] | Unset):
        tools (list[str] | Unset):
        constraints (list[str] | Unset):
        ambiguities (list[str] | Unset):
        questions (list[WriterQuestion] | Unset):
        wished_category (str | Unset):
        search_text (str | Unset):
        warnings (list[str] | Unset):
    """

    task: str
    name: str
    title: str
    description: str
    requested_name: str | Unset = UNSET
    requested_description: str | Unset = UNSET
    language: str | Unset = UNSET
    domain: str | Unset = UNSET
    skill_category: str | Unset = UNSET
    target_level: str | Unset = UNSET
    topics: list[str] | Unset = UNSET
    tools: list[str] | Unset = UNSET
    constraints: list[str] | Unset = UNSET
    ambiguities: list[str] | Unset = UNSET
    questions: list[WriterQuestion] | Unset = UNSET
    wished_category: str | Unset = UNSET
    search_text: str | Unset = UNSET
    warnings: list[str] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        task = self.task

        name = self.name

        title = self.title

        description = self.description

        requested_name = self.requested_name

        requested_description = self.requested_description

        language = self.language

        domain = self.domain

        skill_category = self.skill_category

        target_level = self.target_level

        topics: list[str] | Unset = UNSET
        if not isinstance(self.topics, Unset):
            topics = self.topics

        tools: list[str] | Unset = UNSET
        if not isinstance(self.tools, Unset):
            tools = self.tools

        constraints: list[str] | Unset = UNSET
        if not isinstance(self.constraints, Unset):
            constraints = self.constraints

        ambiguities: list[str] | Unset = UNSET
        if not isinstance(self.ambiguities, Unset):
            ambiguities = self.ambiguities

        questions: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.questions, Unset):
            questions = []
            for questions_item_data in self.questions:
                questions_item = questions_item_data.to_dict()
                questions.append(questions_item)

        wished_category = self.wished_category

        search_text = self.search_text

        warnings: list[str] | Unset = UNSET
        if not isinstance(self.warnings, Unset):
            warnings = self.warnings

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "task": task,
                "name": name,
                "title": title,
                "description": description,
            }
        )
        if requested_name is not UNSET:
            field_dict["requested_name"] = requested_name
        if requested_description is not UNSET:
            field_dict["requested_description"] = requested_description
        if language is not UNSET:
            field_dict["language"] = language
        if domain is not UNSET:
            field_dict["domain"] = domain
        if skill_category is not UNSET:
            field_dict["skill_category"] = skill_category
        if target_level is not UNSET:
            field_dict["target_level"] = target_level
        if topics is not UNSET:
            field_dict["topics"] = topics
        if tools is not UNSET:
            field_dict["tools"] = tools
        if constraints is not UNSET:
            field_dict["constraints"] = constraints
        if ambiguities is not UNSET:
            field_dict["ambiguities"] = ambiguities
        if questions is not UNSET:
            field_dict["questions"] = questions
        if wished_category is not UNSET:
            field_dict["wished_category"] = wished_category
        if search_text is not UNSET:
            field_dict["search_text"] = search_text
        if warnings is not UNSET:
            field_dict["warnings"] = warnings

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.writer_question import WriterQuestion  # noqa: PLC0415

        d = dict(src_dict)
        task = d.pop("task")

        name = d.pop("name")

        title = d.pop("title")

        description = d.pop("description")

        requested_name = d.pop("requested_name", UNSET)

        requested_description = d.pop("requested_description", UNSET)

        language = d.pop("language", UNSET)

        domain = d.pop("domain", UNSET)

        skill_category = d.pop("skill_category", UNSET)

        target_level = d.pop("target_level", UNSET)

        topics = cast(list[str], d.pop("topics", UNSET))

        tools = cast(list[str], d.pop("tools", UNSET))

        constraints = cast(list[str], d.pop("constraints", UNSET))

        ambiguities = cast(list[str], d.pop("ambiguities", UNSET))

        _questions = d.pop("questions", UNSET)
        questions: list[WriterQuestion] | Unset = UNSET
        if _questions is not UNSET:
            questions = []
            for questions_item_data in _questions:
                questions_item = WriterQuestion.from_dict(questions_item_data)

                questions.append(questions_item)

        wished_category = d.pop("wished_category", UNSET)

        search_text = d.pop("search_text", UNSET)

        warnings = cast(list[str], d.pop("warnings", UNSET))

        understanding = cls(
            task=task,
            name=name,
            title=title,
            description=description,
            requested_name=requested_name,
            requested_description=requested_description,
            language=language,
            domain=domain,
            skill_category=skill_category,
            target_level=target_level,
            topics=topics,
            tools=tools,
            constraints=constraints,
            ambiguities=ambiguities,
            questions=questions,
            wished_category=wished_category,
            search_text=search_text,
            warnings=warnings,
        )

        understanding.additional_properties = d
        return understanding

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
