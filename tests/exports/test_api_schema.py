"""schemathesis makes requests of the API's own OpenAPI document, sensible and not, and finds nothing wrong."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.test import override_settings
from hypothesis import HealthCheck, Phase, settings
from pytest_django.live_server_helper import LiveServer

from profiles.models import Researcher
from tests.factories import make_researcher
from tests.sample import import_sample

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

EXAMPLES = 60
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


schema = schemathesis.pytest.from_fixture("api_schema")


@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_schemathesis_finds_nothing(case: Any) -> None:
    case.call_and_validate()
