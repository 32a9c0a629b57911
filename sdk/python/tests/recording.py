"""What the program is asked for where a test is to record. The program here tells again what it was asked."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

from autocontent.testing import Harness

with TemporaryDirectory() as folder:
    program = Path(folder, "program")
    program.write_text('#!/bin/sh\nread -r line\necho "{\\"ok\\":$line}"\n')
    program.chmod(0o755)
    os.environ["AUTOCONTENT"] = str(program)

    def asked() -> dict[str, object]:
        with Harness(recordings=["first.json", "second.json"], grants=["http:feeds.example.org"]) as harness:
            request: dict[str, object] = harness.about["open"]
            return request

    played = asked()
    assert played["recordings"] == ["first.json", "second.json"] and "record" not in played, played
    assert played["grants"] == ["http:feeds.example.org"], played

    os.environ["AUTOCONTENT_RECORD"] = "1"
    recorded = asked()
    assert recorded["record"] == "first.json" and "recordings" not in recorded, recorded
