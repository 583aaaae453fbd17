"""The simulator as a process of its own."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from machine.served import bound_socket
from tests.fakes.carrier import ACCOUNT, TOKEN

COMMAND = [sys.executable, "-m", "telephony.simulator"]


@pytest.fixture
def running() -> Iterator[str]:
    listening = bound_socket()
    port = listening.getsockname()[1]
    listening.close()
    environment = {"TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": TOKEN}
    process = subprocess.Popen([*COMMAND, "--port", str(port)], env=environment)
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    assert process.wait(10) in (0, -15)


def test_it_starts_answers_and_forgets(running: str) -> None:
    with httpx.Client(base_url=running, trust_env=False) as client:
        for _ in range(200):
            try:
                assert client.get("/simulator/calls").json() == []
                break
            except httpx.ConnectError:
                time.sleep(0.05)
        path = f"/2010-04-01/Accounts/{ACCOUNT}/Calls.json"
        form = {"To": "+8613800000999", "From": "+861060000000", "Url": "http://127.0.0.1:1/"}
        assert client.post(path, data=form, auth=(ACCOUNT, TOKEN)).status_code == 201
        assert len(client.get("/simulator/calls").json()) == 1
        assert client.post("/simulator/reset").status_code == 200
        assert client.get("/simulator/calls").json() == []


def test_it_says_what_is_wrong_and_ends(tmp_path: Path) -> None:
    (tmp_path / "p.yml").write_text("name: p", encoding="utf-8")
    secrets = ["--account-sid", ACCOUNT, "--auth-token", TOKEN]
    ended = subprocess.run(
        [*COMMAND, "--port", "1", *secrets, "--patients", str(tmp_path)], capture_output=True, text=True, timeout=30
    )
    assert ended.returncode == 2 and ended.stderr == "simulator: p.yml: phone is missing\n"
    ended = subprocess.run([*COMMAND, "--port", "1"], capture_output=True, text=True, timeout=30, env={})
    assert ended.returncode == 2 and "auth token" in ended.stderr
