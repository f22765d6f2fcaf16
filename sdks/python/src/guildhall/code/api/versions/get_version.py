from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.error_answer import ErrorAnswer
from ...models.version_answer import VersionAnswer
from ...types import UNSET, Response, Unset


def _get_kwargs(
    skill_id: str,
    number: str,
    *,
    include: str | Unset = UNSET,
    if_none_match: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(if_none_match, Unset):
        headers["If-None-Match"] = if_none_match

    params: dict[str, Any] = {}

    params["include"] = include

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/code/v1/skills/{skill_id}/versions/{number}".format(
            skill_id=quote(str(skill_id), safe=""),
            number=quote(str(number), safe=""),
        ),
        "params": params,
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Any | ErrorAnswer | VersionAnswer | None:
    if response.status_code == 200:
        response_200 = VersionAnswer.from_dict(response.json())

        return response_200

    if response.status_code == 304:
        response_304 = cast(Any, None)
        return response_304

    if response.status_code == 400:
        response_400 = ErrorAnswer.from_dict(response.json())

        return response_400

    if response.status_code == 401:
        response_401 = ErrorAnswer.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = ErrorAnswer.from_dict(response.json())

        return response_403

    if response.status_code == 404:
        response_404 = ErrorAnswer.from_dict(response.json())

        return response_404

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
) -> Response[Any | ErrorAnswer | VersionAnswer]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    skill_id: str,
    number: str,
    *,
    client: AuthenticatedClient,
    include: str | Unset = UNSET,
    if_none_match: str | Unset = UNSET,
) -> Response[Any | ErrorAnswer | VersionAnswer]:
    """Read a version

     `latest` is the current one. `include=content` adds its text and files.

    Args:
        skill_id (str):
        number (str):
        include (str | Unset):
        if_none_match (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | ErrorAnswer | VersionAnswer]
    """

    kwargs = _get_kwargs(
        skill_id=skill_id,
        number=number,
        include=include,
        if_none_match=if_none_match,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    skill_id: str,
    number: str,
    *,
    client: AuthenticatedClient,
    include: str | Unset = UNSET,
    if_none_match: str | Unset = UNSET,
) -> Any | ErrorAnswer | VersionAnswer | None:
    """Read a version

     `latest` is the current one. `include=content` adds its text and files.

    Args:
        skill_id (str):
        number (str):
        include (str | Unset):
        if_none_match (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | ErrorAnswer | VersionAnswer
    """

    return sync_detailed(
        skill_id=skill_id,
        number=number,
        client=client,
        include=include,
        if_none_match=if_none_match,
    ).parsed


async def asyncio_detailed(
    skill_id: str,
    number: str,
    *,
    client: AuthenticatedClient,
    include: str | Unset = UNSET,
    if_none_match: str | Unset = UNSET,
) -> Response[Any | ErrorAnswer | VersionAnswer]:
    """Read a version

     `latest` is the current one. `include=content` adds its text and files.

    Args:
        skill_id (str):
        number (str):
        include (str | Unset):
        if_none_match (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | ErrorAnswer | VersionAnswer]
    """

    kwargs = _get_kwargs(
        skill_id=skill_id,
        number=number,
        include=include,
        if_none_match=if_none_match,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    skill_id: str,
    number: str,
    *,
    client: AuthenticatedClient,
    include: str | Unset = UNSET,
    if_none_match: str | Unset = UNSET,
) -> Any | ErrorAnswer | VersionAnswer | None:
    """Read a version

     `latest` is the current one. `include=content` adds its text and files.

    Args:
        skill_id (str):
        number (str):
        include (str | Unset):
        if_none_match (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | ErrorAnswer | VersionAnswer
    """

    return (
        await asyncio_detailed(
            skill_id=skill_id,
            number=number,
            client=client,
            include=include,
            if_none_match=if_none_match,
        )
    ).parsed
