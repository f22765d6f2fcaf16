from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.error import Error
from ...models.skill_page import SkillPage
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    status: str | Unset = UNSET,
    source_type: str | Unset = UNSET,
    domains: list[str] | None | Unset = UNSET,
    limit: int | Unset = 50,
    offset: int | Unset = 0,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["status"] = status

    params["source_type"] = source_type

    json_domains: list[str] | None | Unset
    if isinstance(domains, Unset):
        json_domains = UNSET
    elif isinstance(domains, list):
        json_domains = domains

    else:
        json_domains = domains
    params["domains"] = json_domains

    params["limit"] = limit

    params["offset"] = offset

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/agent/api/skills",
        "params": params,
    }

    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Error | SkillPage | None:
    if response.status_code == 200:
        response_200 = SkillPage.from_dict(response.json())

        return response_200

    if response.status_code == 400:
        response_400 = Error.from_dict(response.json())

        return response_400

    if response.status_code == 401:
        response_401 = Error.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = Error.from_dict(response.json())

        return response_403

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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Error | SkillPage]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    status: str | Unset = UNSET,
    source_type: str | Unset = UNSET,
    domains: list[str] | None | Unset = UNSET,
    limit: int | Unset = 50,
    offset: int | Unset = 0,
) -> Response[Error | SkillPage]:
    """List skills

     The tenant's skills and the shared ones, the newest first. Filters narrow; an unknown status or
    source finds nothing.

    Args:
        status (str | Unset):
        source_type (str | Unset):
        domains (list[str] | None | Unset):
        limit (int | Unset):  Default: 50.
        offset (int | Unset):  Default: 0.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Error | SkillPage]
    """

    kwargs = _get_kwargs(
        status=status,
        source_type=source_type,
        domains=domains,
        limit=limit,
        offset=offset,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    status: str | Unset = UNSET,
    source_type: str | Unset = UNSET,
    domains: list[str] | None | Unset = UNSET,
    limit: int | Unset = 50,
    offset: int | Unset = 0,
) -> Error | SkillPage | None:
    """List skills

     The tenant's skills and the shared ones, the newest first. Filters narrow; an unknown status or
    source finds nothing.

    Args:
        status (str | Unset):
        source_type (str | Unset):
        domains (list[str] | None | Unset):
        limit (int | Unset):  Default: 50.
        offset (int | Unset):  Default: 0.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Error | SkillPage
    """

    return sync_detailed(
        client=client,
        status=status,
        source_type=source_type,
        domains=domains,
        limit=limit,
        offset=offset,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    status: str | Unset = UNSET,
    source_type: str | Unset = UNSET,
    domains: list[str] | None | Unset = UNSET,
    limit: int | Unset = 50,
    offset: int | Unset = 0,
) -> Response[Error | SkillPage]:
    """List skills

     The tenant's skills and the shared ones, the newest first. Filters narrow; an unknown status or
    source finds nothing.

    Args:
        status (str | Unset):
        source_type (str | Unset):
        domains (list[str] | None | Unset):
        limit (int | Unset):  Default: 50.
        offset (int | Unset):  Default: 0.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Error | SkillPage]
    """

    kwargs = _get_kwargs(
        status=status,
        source_type=source_type,
        domains=domains,
        limit=limit,
        offset=offset,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    status: str | Unset = UNSET,
    source_type: str | Unset = UNSET,
    domains: list[str] | None | Unset = UNSET,
    limit: int | Unset = 50,
    offset: int | Unset = 0,
) -> Error | SkillPage | None:
    """List skills

     The tenant's skills and the shared ones, the newest first. Filters narrow; an unknown status or
    source finds nothing.

    Args:
        status (str | Unset):
        source_type (str | Unset):
        domains (list[str] | None | Unset):
        limit (int | Unset):  Default: 50.
        offset (int | Unset):  Default: 0.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Error | SkillPage
    """

    return (
        await asyncio_detailed(
            client=client,
            status=status,
            source_type=source_type,
            domains=domains,
            limit=limit,
            offset=offset,
        )
    ).parsed
