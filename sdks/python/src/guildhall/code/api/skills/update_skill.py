from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.error_answer import ErrorAnswer
from ...models.skill_answer import SkillAnswer
from ...models.update_skill_body import UpdateSkillBody
from ...types import UNSET, Response, Unset


def _get_kwargs(
    skill_id: str,
    *,
    body: UpdateSkillBody,
    if_match: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(if_match, Unset):
        headers["If-Match"] = if_match

    _kwargs: dict[str, Any] = {
        "method": "put",
        "url": "/api/code/v1/skills/{skill_id}".format(
            skill_id=quote(str(skill_id), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ErrorAnswer | SkillAnswer | None:
    if response.status_code == 200:
        response_200 = SkillAnswer.from_dict(response.json())

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

    if response.status_code == 404:
        response_404 = ErrorAnswer.from_dict(response.json())

        return response_404

    if response.status_code == 409:
        response_409 = ErrorAnswer.from_dict(response.json())

        return response_409

    if response.status_code == 412:
        response_412 = ErrorAnswer.from_dict(response.json())

        return response_412

    if response.status_code == 413:
        response_413 = ErrorAnswer.from_dict(response.json())

        return response_413

    if response.status_code == 415:
        response_415 = ErrorAnswer.from_dict(response.json())

        return response_415

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
) -> Response[ErrorAnswer | SkillAnswer]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    skill_id: str,
    *,
    client: AuthenticatedClient,
    body: UpdateSkillBody,
    if_match: str | Unset = UNSET,
) -> Response[ErrorAnswer | SkillAnswer]:
    """Change a skill

     Changes what the body names. A new `version` is cut; a known one is gone back to.

    Args:
        skill_id (str):
        if_match (str | Unset):
        body (UpdateSkillBody): What changes; what is not named stays.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorAnswer | SkillAnswer]
    """

    kwargs = _get_kwargs(
        skill_id=skill_id,
        body=body,
        if_match=if_match,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    skill_id: str,
    *,
    client: AuthenticatedClient,
    body: UpdateSkillBody,
    if_match: str | Unset = UNSET,
) -> ErrorAnswer | SkillAnswer | None:
    """Change a skill

     Changes what the body names. A new `version` is cut; a known one is gone back to.

    Args:
        skill_id (str):
        if_match (str | Unset):
        body (UpdateSkillBody): What changes; what is not named stays.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorAnswer | SkillAnswer
    """

    return sync_detailed(
        skill_id=skill_id,
        client=client,
        body=body,
        if_match=if_match,
    ).parsed


async def asyncio_detailed(
    skill_id: str,
    *,
    client: AuthenticatedClient,
    body: UpdateSkillBody,
    if_match: str | Unset = UNSET,
) -> Response[ErrorAnswer | SkillAnswer]:
    """Change a skill

     Changes what the body names. A new `version` is cut; a known one is gone back to.

    Args:
        skill_id (str):
        if_match (str | Unset):
        body (UpdateSkillBody): What changes; what is not named stays.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorAnswer | SkillAnswer]
    """

    kwargs = _get_kwargs(
        skill_id=skill_id,
        body=body,
        if_match=if_match,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    skill_id: str,
    *,
    client: AuthenticatedClient,
    body: UpdateSkillBody,
    if_match: str | Unset = UNSET,
) -> ErrorAnswer | SkillAnswer | None:
    """Change a skill

     Changes what the body names. A new `version` is cut; a known one is gone back to.

    Args:
        skill_id (str):
        if_match (str | Unset):
        body (UpdateSkillBody): What changes; what is not named stays.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorAnswer | SkillAnswer
    """

    return (
        await asyncio_detailed(
            skill_id=skill_id,
            client=client,
            body=body,
            if_match=if_match,
        )
    ).parsed
