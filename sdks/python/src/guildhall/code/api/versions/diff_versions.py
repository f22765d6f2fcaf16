from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.diff_answer import DiffAnswer
from ...models.error_answer import ErrorAnswer
from ...types import Response


def _get_kwargs(
    skill_id: str,
    number: str,
    other: str,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/code/v1/skills/{skill_id}/versions/{number}/diff/{other}".format(
            skill_id=quote(str(skill_id), safe=""),
            number=quote(str(number), safe=""),
            other=quote(str(other), safe=""),
        ),
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> DiffAnswer | ErrorAnswer | None:
    if response.status_code == 200:
        response_200 = DiffAnswer.from_dict(response.json())

        return response_200

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
) -> Response[DiffAnswer | ErrorAnswer]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    skill_id: str,
    number: str,
    other: str,
    *,
    client: AuthenticatedClient,
) -> Response[DiffAnswer | ErrorAnswer]:
    """Compare two versions

     What changed from the first to the second, in that direction.

    Args:
        skill_id (str):
        number (str):
        other (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[DiffAnswer | ErrorAnswer]
    """

    kwargs = _get_kwargs(
        skill_id=skill_id,
        number=number,
        other=other,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    skill_id: str,
    number: str,
    other: str,
    *,
    client: AuthenticatedClient,
) -> DiffAnswer | ErrorAnswer | None:
    """Compare two versions

     What changed from the first to the second, in that direction.

    Args:
        skill_id (str):
        number (str):
        other (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        DiffAnswer | ErrorAnswer
    """

    return sync_detailed(
        skill_id=skill_id,
        number=number,
        other=other,
        client=client,
    ).parsed


async def asyncio_detailed(
    skill_id: str,
    number: str,
    other: str,
    *,
    client: AuthenticatedClient,
) -> Response[DiffAnswer | ErrorAnswer]:
    """Compare two versions

     What changed from the first to the second, in that direction.

    Args:
        skill_id (str):
        number (str):
        other (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[DiffAnswer | ErrorAnswer]
    """

    kwargs = _get_kwargs(
        skill_id=skill_id,
        number=number,
        other=other,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    skill_id: str,
    number: str,
    other: str,
    *,
    client: AuthenticatedClient,
) -> DiffAnswer | ErrorAnswer | None:
    """Compare two versions

     What changed from the first to the second, in that direction.

    Args:
        skill_id (str):
        number (str):
        other (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        DiffAnswer | ErrorAnswer
    """

    return (
        await asyncio_detailed(
            skill_id=skill_id,
            number=number,
            other=other,
            client=client,
        )
    ).parsed
