from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.error_answer import ErrorAnswer
from ...models.skills_answer import SkillsAnswer
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    limit: int | Unset = 10,
    offset: int | Unset = 0,
    enabled: bool | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["limit"] = limit

    params["offset"] = offset

    params["enabled"] = enabled

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/code/v1/skills",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ErrorAnswer | SkillsAnswer | None:
    if response.status_code == 200:
        response_200 = SkillsAnswer.from_dict(response.json())

        return response_200

    if response.status_code == 400:
        response_400 = ErrorAnswer.from_dict(response.json())

        return response_400

    if response.status_code == 401:
        response_401 = ErrorAnswer.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = ErrorAnswer.from_dict(response.json())

        return response_403

    if response.status_code == 429:
        response_429 = ErrorAnswer.from_dict(response.json())

        return response_429

    if response.status_code == 500:
        response_500 = ErrorAnswer.from_dict(response.json())

        return response_500

    if response.status_code == 503:
        response_503 = ErrorAnswer.from_dict(response.json())

        return response_503

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[ErrorAnswer | SkillsAnswer]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 10,
    offset: int | Unset = 0,
    enabled: bool | Unset = UNSET,
) -> Response[ErrorAnswer | SkillsAnswer]:
    """List skills

     The newest first: one for each id, the tenant's own before a shared one.

    Args:
        limit (int | Unset):  Default: 10.
        offset (int | Unset):  Default: 0.
        enabled (bool | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorAnswer | SkillsAnswer]
    """

    kwargs = _get_kwargs(
        limit=limit,
        offset=offset,
        enabled=enabled,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 10,
    offset: int | Unset = 0,
    enabled: bool | Unset = UNSET,
) -> ErrorAnswer | SkillsAnswer | None:
    """List skills

     The newest first: one for each id, the tenant's own before a shared one.

    Args:
        limit (int | Unset):  Default: 10.
        offset (int | Unset):  Default: 0.
        enabled (bool | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorAnswer | SkillsAnswer
    """

    return sync_detailed(
        client=client,
        limit=limit,
        offset=offset,
        enabled=enabled,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 10,
    offset: int | Unset = 0,
    enabled: bool | Unset = UNSET,
) -> Response[ErrorAnswer | SkillsAnswer]:
    """List skills

     The newest first: one for each id, the tenant's own before a shared one.

    Args:
        limit (int | Unset):  Default: 10.
        offset (int | Unset):  Default: 0.
        enabled (bool | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorAnswer | SkillsAnswer]
    """

    kwargs = _get_kwargs(
        limit=limit,
        offset=offset,
        enabled=enabled,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 10,
    offset: int | Unset = 0,
    enabled: bool | Unset = UNSET,
) -> ErrorAnswer | SkillsAnswer | None:
    """List skills

     The newest first: one for each id, the tenant's own before a shared one.

    Args:
        limit (int | Unset):  Default: 10.
        offset (int | Unset):  Default: 0.
        enabled (bool | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorAnswer | SkillsAnswer
    """

    return (
        await asyncio_detailed(
            client=client,
            limit=limit,
            offset=offset,
            enabled=enabled,
        )
    ).parsed
