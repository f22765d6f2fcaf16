from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.category_input import CategoryInput
from ...models.category_updates import CategoryUpdates
from ...models.error import Error
from ...models.saved_categories import SavedCategories
from ...models.saved_category import SavedCategory
from ...types import Response


def _get_kwargs(
    *,
    body: CategoryInput | CategoryUpdates,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/taxonomy",
    }

    if isinstance(body, CategoryInput):
        _kwargs["json"] = body.to_dict()
    else:
        _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Error | SavedCategories | SavedCategory | None:
    if response.status_code == 200:

        def _parse_response_200(data: object) -> SavedCategories | SavedCategory:
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                componentsschemas_saved_taxonomy_type_0 = SavedCategory.from_dict(data)

                return componentsschemas_saved_taxonomy_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, dict):
                raise TypeError()
            componentsschemas_saved_taxonomy_type_1 = SavedCategories.from_dict(data)

            return componentsschemas_saved_taxonomy_type_1

        response_200 = _parse_response_200(response.json())

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

    if response.status_code == 404:
        response_404 = Error.from_dict(response.json())

        return response_404

    if response.status_code == 409:
        response_409 = Error.from_dict(response.json())

        return response_409

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


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[Error | SavedCategories | SavedCategory]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: CategoryInput | CategoryUpdates,
) -> Response[Error | SavedCategories | SavedCategory]:
    """Make or change categories

     One category as the document sends it, or several by path as the original does. For managers.

    Args:
        body (CategoryInput | CategoryUpdates): One category as the document sends it, or several
            by path as the original does.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Error | SavedCategories | SavedCategory]
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
    body: CategoryInput | CategoryUpdates,
) -> Error | SavedCategories | SavedCategory | None:
    """Make or change categories

     One category as the document sends it, or several by path as the original does. For managers.

    Args:
        body (CategoryInput | CategoryUpdates): One category as the document sends it, or several
            by path as the original does.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Error | SavedCategories | SavedCategory
    """

    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: CategoryInput | CategoryUpdates,
) -> Response[Error | SavedCategories | SavedCategory]:
    """Make or change categories

     One category as the document sends it, or several by path as the original does. For managers.

    Args:
        body (CategoryInput | CategoryUpdates): One category as the document sends it, or several
            by path as the original does.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Error | SavedCategories | SavedCategory]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    body: CategoryInput | CategoryUpdates,
) -> Error | SavedCategories | SavedCategory | None:
    """Make or change categories

     One category as the document sends it, or several by path as the original does. For managers.

    Args:
        body (CategoryInput | CategoryUpdates): One category as the document sends it, or several
            by path as the original does.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Error | SavedCategories | SavedCategory
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
