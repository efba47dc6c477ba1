"""The description is what the API does: requests made from it, right and wrong, find no error of
ours and no answer it does not describe."""

from pathlib import Path

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from models.visitor import VisitorRole
from tests.shipped import PLAN
from tests.web.conftest import SCHOOL, served

KEPT = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
# Half of the requests are about something that there is.
KNOWN = {
    "assignment": f"{PLAN}/2026/V.1/H1/{SCHOOL}",
    "plan": PLAN,
    "cycle": "2026",
    "code": "V.1",
    "occurrence": "H1",
    "part": "1",
    "unit": SCHOOL,
}
some = settings(
    max_examples=2,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def test_requests_of_every_kind_find_no_error_of_ours(launched: Path, tmp_path: Path):
    """As made up for an officer, and about something that there is for the unit it belongs to."""
    with served(launched, tmp_path) as (installation, address):
        description = schemathesis.openapi.from_url(f"{address}/api/v1/openapi.json")
        officer, unit = (
            {"Authorization": f"Bearer {installation.token_of(who)}"}
            for who in (VisitorRole.OFFICER, SCHOOL)
        )
        found = list(description.get_all_operations())
        operations = [each.ok() for each in found if isinstance(each, Ok)]

        for operation in operations:

            @some
            @given(case=operation.as_strategy())
            def asked(case: schemathesis.Case) -> None:
                case.call_and_validate(checks=KEPT, headers=officer)
                for name in case.path_parameters:
                    case.path_parameters[name] = KNOWN.get(name, case.path_parameters[name])
                case.call_and_validate(checks=KEPT, headers=unit)

            asked()

    assert len(operations) > 40
    assert len(operations) == len(found)
