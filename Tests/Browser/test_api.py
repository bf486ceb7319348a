"""The API keeps what /openapi.json promises: Schemathesis makes requests from it, right and wrong ones, for a minute."""

import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from conftest import BINARY, ROOT

SECONDS = 60


@pytest.fixture(scope="session")
def token(server) -> str:
    """A bearer token of Lucie's: the last line that the command prints."""
    made = subprocess.run(
        [BINARY, "token", "create", "--person", "lucie", "--data", server.data],
        capture_output=True, text=True, timeout=60, cwd=ROOT,
    )
    assert made.returncode == 0, made.stdout + made.stderr
    return made.stdout.split()[-1]


def test_the_api_keeps_its_description(server, token, tmp_path):
    schemathesis = Path(sys.executable).with_name("schemathesis")
    ran = subprocess.run(
        [
            schemathesis, "--config-file", ROOT / "Tests/Browser/schemathesis.toml", "run", server.url + "/openapi.json",
            "--header", f"Authorization: Bearer {token}",
            "--max-time", str(SECONDS), "--request-timeout", "10", "--seed", "296", "--no-color",
        ],
        capture_output=True, text=True, timeout=SECONDS * 3, cwd=tmp_path,
    )
    assert ran.returncode == 0, ran.stdout[-12_000:] + ran.stderr[-2_000:]


def test_the_api_asks_for_a_token(server):
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(server.url + "/api/v1/service-desk/requests", timeout=20)
    assert refused.value.code == 401
