"""schemathesis makes requests of the API's own OpenAPI document, sensible and not, and finds nothing wrong."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.test import override_settings
from hypothesis import HealthCheck, given, settings
from pytest_django.live_server_helper import LiveServer
from schemathesis.generation import GenerationMode

from profiles.models import Researcher
from tests.factories import make_researcher
from tests.sample import import_sample

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

EXAMPLES = 25
UNLIMITED = {"anonymous": 10**9, "key": 10**9}


@pytest.fixture
def api_schema(live_server: LiveServer) -> Iterator[Any]:
    """The document of a server with the sample, a merged record and a suppressed one."""
    greg = import_sample()
    merged, suppressed = make_researcher("Ada Lovelace"), make_researcher("Ben Bo")
    Researcher.objects.filter(pk=merged.pk).update(state="merged", merged_into=greg)
    Researcher.objects.filter(pk=suppressed.pk).update(state="suppressed")
    with override_settings(API_REQUESTS_A_MINUTE=UNLIMITED):
        yield schemathesis.openapi.from_url(f"{live_server.url}/api/v1/openapi.json")


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_schemathesis_finds_nothing(api_schema: Any, mode: GenerationMode) -> None:
    operations = [result.ok() for result in api_schema.get_all_operations()]
    assert len(operations) == 7
    for operation in operations:

        @settings(max_examples=EXAMPLES, derandomize=True, suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy(generation_mode=mode))
        def check(case: Any) -> None:
            case.call_and_validate()

        check()


def test_links_lead_from_lists_to_what_is_in_them_and_nothing_is_wrong_on_the_way(api_schema: Any) -> None:
    """By links schemathesis has ids and cursors that are real: without them it asks for single things in vain."""
    reached: Counter[tuple[str, int]] = Counter()
    machine: Any = api_schema.as_state_machine()

    class Journey(machine):  # type: ignore[misc]  # the base is made when the test runs
        def after_call(self, response: Any, case: Any) -> None:
            reached[case.operation.path, response.status_code] += 1

    Journey.run(
        settings=settings(
            max_examples=EXAMPLES, stateful_step_count=8, derandomize=True, suppress_health_check=list(HealthCheck)
        )
    )
    paths = [result.ok().path for result in api_schema.get_all_operations()]
    assert [path for path in paths if not reached[path, 200]] == []
