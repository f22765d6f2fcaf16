from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.error import Error
from ...models.recorded import Recorded
from ...models.usage_event import UsageEvent
from ...models.usage_events import UsageEvents
from ...types import Response


def _get_kwargs(
    *,
    body: list[UsageEvent] | UsageEvent | UsageEvents,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/analytics/events",
    }

    if isinstance(body, UsageEvent):
        _kwargs["json"] = body.to_dict()
    elif isinstance(body, UsageEvents):
        _kwargs["json"] = body.to_dict()
    else:
        _kwargs["json"] = []
        for componentsschemas_usage_report_type_2_item_data in body:
            componentsschemas_usage_report_type_2_item = componentsschemas_usage_report_type_2_item_data.to_dict()
            _kwargs["json"].append(componentsschemas_usage_report_type_2_item)

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Error | Recorded | None:
    if response.status_code == 201:
        response_201 = Recorded.from_dict(response.json())

        return response_201

    if response.status_code == 400:
        response_400 = Error.from_dict(response.json())

        return response_400

    if response.status_code == 401:
        response_401 = Error.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = Error.from_dict(response.json())

        return response_403

    if response.status_code == 404:
        response_404 = Error.from_dict(response.json())

        return response_404

    if response.status_code == 413:
        response_413 = Error.from_dict(response.json())

        return response_413

    if response.status_code == 415:
        response_415 = Error.from_dict(response.json())

        return response_415

    if response.status_code == 422:
        response_422 = Error.from_dict(response.json())

        return response_422

    if response.status_code == 429:
        response_429 = Error.from_dict(response.json())

        return response_429

    if response.status_code == 500:
        response_500 = Error.from_dict(response.json())

        return response_500

    if response.status_code == 503:
        response_503 = Error.from_dict(response.json())

        return response_503

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Error | Recorded]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: list[UsageEvent] | UsageEvent | UsageEvents,
) -> Response[Error | Recorded]:
    """Tell how skills were used

     One event, an array of them, or an object with `events`: all are recorded or none.

    Args:
        body (list[UsageEvent] | UsageEvent | UsageEvents): One event, an array of events, or an
            object with them: all are recorded or none.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Error | Recorded]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    body: list[UsageEvent] | UsageEvent | UsageEvents,
) -> Error | Recorded | None:
    """Tell how skills were used

     One event, an array of them, or an object with `events`: all are recorded or none.

    Args:
        body (list[UsageEvent] | UsageEvent | UsageEvents): One event, an array of events, or an
            object with them: all are recorded or none.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Error | Recorded
    """

    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: list[UsageEvent] | UsageEvent | UsageEvents,
) -> Response[Error | Recorded]:
    """Tell how skills were used

     One event, an array of them, or an object with `events`: all are recorded or none.

    Args:
        body (list[UsageEvent] | UsageEvent | UsageEvents): One event, an array of events, or an
            object with them: all are recorded or none.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Error | Recorded]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    body: list[UsageEvent] | UsageEvent | UsageEvents,
) -> Error | Recorded | None:
    """Tell how skills were used

     One event, an array of them, or an object with `events`: all are recorded or none.

    Args:
        body (list[UsageEvent] | UsageEvent | UsageEvents): One event, an array of events, or an
            object with them: all are recorded or none.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Error | Recorded
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
