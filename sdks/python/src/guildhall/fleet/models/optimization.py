from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.harmed_query import HarmedQuery
    from ..models.measured_figures import MeasuredFigures
    from ..models.unseen_figures import UnseenFigures


T = TypeVar("T", bound="Optimization")


@_attrs_define
class Optimization:
    """What measuring led to.

    Attributes:
        target_metric (str):
        target_value (float):
        before (MeasuredFigures): How a text is found, and what it costs.
        improved (bool):
        reason (str | Unset): Why nothing is better.
        after (MeasuredFigures | Unset): How a text is found, and what it costs.
        target_reached (bool | Unset):
        origin (str | Unset): Where the better words came from.
        unseen (None | UnseenFigures | Unset):
        also_comes_up_for (list[HarmedQuery] | Unset):
    """

    target_metric: str
    target_value: float
    before: MeasuredFigures
    improved: bool
    reason: str | Unset = UNSET
    after: MeasuredFigures | Unset = UNSET
    target_reached: bool | Unset = UNSET
    origin: str | Unset = UNSET
    unseen: None | UnseenFigures | Unset = UNSET
    also_comes_up_for: list[HarmedQuery] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.unseen_figures import UnseenFigures  # noqa: PLC0415

        target_metric = self.target_metric

        target_value = self.target_value

        before = self.before.to_dict()

        improved = self.improved

        reason = self.reason

        after: dict[str, Any] | Unset = UNSET
        if not isinstance(self.after, Unset):
            after = self.after.to_dict()

        target_reached = self.target_reached

        origin = self.origin

        unseen: dict[str, Any] | None | Unset
        if isinstance(self.unseen, Unset):
            unseen = UNSET
        elif isinstance(self.unseen, UnseenFigures):
            unseen = self.unseen.to_dict()
        else:
            unseen = self.unseen

        also_comes_up_for: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.also_comes_up_for, Unset):
            also_comes_up_for = []
            for also_comes_up_for_item_data in self.also_comes_up_for:
                also_comes_up_for_item = also_comes_up_for_item_data.to_dict()
                also_comes_up_for.append(also_comes_up_for_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "target_metric": target_metric,
                "target_value": target_value,
                "before": before,
                "improved": improved,
            }
        )
        if reason is not UNSET:
            field_dict["reason"] = reason
        if after is not UNSET:
            field_dict["after"] = after
        if target_reached is not UNSET:
            field_dict["target_reached"] = target_reached
        if origin is not UNSET:
            field_dict["origin"] = origin
        if unseen is not UNSET:
            field_dict["unseen"] = unseen
        if also_comes_up_for is not UNSET:
            field_dict["also_comes_up_for"] = also_comes_up_for

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.harmed_query import HarmedQuery  # noqa: PLC0415
        from ..models.measured_figures import MeasuredFigures  # noqa: PLC0415
        from ..models.unseen_figures import UnseenFigures  # noqa: PLC0415

        d = dict(src_dict)
        target_metric = d.pop("target_metric")

        target_value = d.pop("target_value")

        before = MeasuredFigures.from_dict(d.pop("before"))

        improved = d.pop("improved")

        reason = d.pop("reason", UNSET)

        _after = d.pop("after", UNSET)
        after: MeasuredFigures | Unset
        if isinstance(_after, Unset):
            after = UNSET
        else:
            after = MeasuredFigures.from_dict(_after)

        target_reached = d.pop("target_reached", UNSET)

        origin = d.pop("origin", UNSET)

        def _parse_unseen(data: object) -> None | UnseenFigures | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                unseen_type_0 = UnseenFigures.from_dict(data)

                return unseen_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UnseenFigures | Unset, data)

        unseen = _parse_unseen(d.pop("unseen", UNSET))

        _also_comes_up_for = d.pop("also_comes_up_for", UNSET)
        also_comes_up_for: list[HarmedQuery] | Unset = UNSET
        if _also_comes_up_for is not UNSET:
            also_comes_up_for = []
            for also_comes_up_for_item_data in _also_comes_up_for:
                also_comes_up_for_item = HarmedQuery.from_dict(also_comes_up_for_item_data)

                also_comes_up_for.append(also_comes_up_for_item)

        optimization = cls(
            target_metric=target_metric,
            target_value=target_value,
            before=before,
            improved=improved,
            reason=reason,
            after=after,
            target_reached=target_reached,
            origin=origin,
            unseen=unseen,
            also_comes_up_for=also_comes_up_for,
        )

        optimization.additional_properties = d
        return optimization

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
