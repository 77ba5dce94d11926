"""Links of the OpenAPI document: which answer holds what another operation asks for, so that no machine need guess."""

from typing import Any

FIRST = "$response.body#/items/0/id"
NEXT = "$response.body#/next"
OPERATION = "exports_api_operations_{}"  # how django-ninja names what it finds in `exports.api.operations`

WORK = {"TheFirst": ("one_work", {"arxiv_id": FIRST})}
AUTHOR = {
    "TheFirst": ("one_author", {"public_id": FIRST}),
    "ItsWorks": ("works_of_author", {"public_id": FIRST}),
}
TOPIC = {"TheFirst": ("one_topic", {"code": FIRST})}
AUTHORS_OF_WORK = {
    "FirstAuthor": ("one_author", {"public_id": "$response.body#/authors/0/id"}),
    "WorksOfFirstAuthor": ("works_of_author", {"public_id": "$response.body#/authors/0/id"}),
}
WORKS_ON_TOPIC = {"Works": ("list_works", {"topic": "$response.body#/id"})}
WORKS_OF_AUTHOR = {"Works": ("works_of_author", {"public_id": "$response.body#/id"})}


def page_after(operation: str, **kept: str) -> dict[str, tuple[str, dict[str, str]]]:
    """Say that the page after is asked for by the cursor, with the parameters that name the list."""
    return {"NextPage": (operation, {"cursor": NEXT} | kept)}


def leads_to(links: dict[str, tuple[str, dict[str, str]]]) -> dict[str, Any]:
    """Write links as django-ninja adds them to an operation: each with its operation and parameters."""
    written = {
        name: {"operationId": OPERATION.format(operation), "parameters": parameters}
        for name, (operation, parameters) in links.items()
    }
    return {"responses": {200: {"links": written}}}
