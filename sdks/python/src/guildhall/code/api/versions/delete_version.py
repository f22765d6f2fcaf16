from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.deleted_version_answer import DeletedVersionAnswer
from ...models.error_answer import ErrorAnswer
from ...types import Response


def _get_kwargs(
    skill_id: str,
    number: str,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "delete",
        "url": "/api/code/v1/skills/{skill_id}/versions/{number}".format(
            skill_id=quote(str(skill_id), safe=""),
            number=quote(str(number), safe=""),
        ),
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> DeletedVersionAnswer | ErrorAnswer | None:
    if response.status_code == 200:
        response_200 = DeletedVersionAnswer.from_dict(response.json())

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

    if response.status_code == 409:
        response_409 = ErrorAnswer.from_dict(response.json())

        return response_409

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
) -> Response[DeletedVersionAnswer | ErrorAnswer]:
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
) -> Response[DeletedVersionAnswer | ErrorAnswer]:
    """Delete a version

     Its number is not given again. The only version of a skill stays.

    Args:
        skill_id (str):
        number (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[DeletedVersionAnswer | ErrorAnswer]
    """

    kwargs = _get_kwargs(
        skill_id=skill_id,
        number=number,
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
) -> DeletedVersionAnswer | ErrorAnswer | None:
    """Delete a version

     Its number is not given again. The only version of a skill stays.

    Args:
        skill_id (str):
        number (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        DeletedVersionAnswer | ErrorAnswer
    """

    return sync_detailed(
        skill_id=skill_id,
        number=number,
        client=client,
    ).parsed


async def asyncio_detailed(
    skill_id: str,
    number: str,
    *,
    client: AuthenticatedClient,
) -> Response[DeletedVersionAnswer | ErrorAnswer]:
    """Delete a version

     Its number is not given again. The only version of a skill stays.

    Args:
        skill_id (str):
        number (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[DeletedVersionAnswer | ErrorAnswer]
    """

    kwargs = _get_kwargs(
        skill_id=skill_id,
        number=number,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    skill_id: str,
    number: str,
    *,
    client: AuthenticatedClient,
) -> DeletedVersionAnswer | ErrorAnswer | None:
    """Delete a version

     Its number is not given again. The only version of a skill stays.

    Args:
        skill_id (str):
        number (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        DeletedVersionAnswer | ErrorAnswer
    """

    return (
        await asyncio_detailed(
            skill_id=skill_id,
            number=number,
            client=client,
        )
    ).parsed
