"""Requests by the hundred, made from the OpenAPI document by Schemathesis: answers and refusals are what it says."""

import re
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, Phase, given, settings

schemathesis = pytest.importorskip("schemathesis", reason="Schemathesis is not installed; pip install schemathesis")

EXAMPLES = 12

NOT_IN_A_SCHEMA = re.compile(
    r"n_best: got \d+, need <= beam_size"
    r"|target: got \d+ texts for \d+ of source"
    r"|judge: this server has none"
    r"|text(\[\d+\])?: got [\d,]+ source subwords, need"
    r"|inputs\[0\]\.shape: need \[\d+\], for there are \d+ texts"
    r"|text(\[\d+\])?: got (list, need a string|\d+ texts, need 1 to 128)"
)
"""What no schema can say of a request, so that its refusal is right though the schema allows it."""

CONFIGURATION = """
[checks.positive_data_acceptance]
expected-statuses = ["2xx", "404", "422"]
"""


@pytest.mark.parametrize("mode", list(schemathesis.GenerationMode))
def test_what_is_drawn_from_the_document_is_answered_as_it_says(gateway, mode):
    document = schemathesis.openapi.from_url(f"{gateway.address}/openapi.json")
    tried = [operation.ok().label for operation in document.get_all_operations() if _try(operation.ok(), mode)]
    assert "POST /v1/translate" in tried


def _try(operation, mode):
    """Whether there is something to draw: a request without a body cannot be wrong."""
    if mode is schemathesis.GenerationMode.NEGATIVE and not operation.body:
        return False
    acceptance = schemathesis.checks.CHECKS.get_one("positive_data_acceptance")

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(operation.as_strategy(generation_mode=mode))
    def ask(case):
        response = case.call()
        refused = response.json()["error"]["message"] if response.status_code == 422 else ""
        case.validate_response(response, excluded_checks=[acceptance] if NOT_IN_A_SCHEMA.match(refused) else [])

    ask()
    return True


def test_examples_and_each_bound_of_each_field_pass_all_checks(gateway, tmp_path):
    (tmp_path / "schemathesis.toml").write_text(CONFIGURATION)
    run = [sys.executable, "-m", "schemathesis.cli", "--config-file", "schemathesis.toml", "run"]
    options = ["--checks", "all", "--phases", "examples,coverage", "--no-color", "--generation-deterministic"]
    done = subprocess.run(
        [*run, f"{gateway.address}/openapi.json", *options], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
