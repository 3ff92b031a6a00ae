"""Every example that GitHub's own tools publish goes through `potluck replay` and the worker."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.commandline.replay import read, replay
from tests.contracts.corpus import EXAMPLES, fetched
from tests.house import House
from webhooks.deliveries import delivery

ENDS = {"done", "ignored", "quarantined", "suspended"}
"""The last: kept until the installation that it names, which this world has not, is reached."""


@pytest.fixture(scope="module")
def examples() -> Path:
    path = fetched(EXAMPLES)
    if path is None:
        pytest.skip("npm cannot be reached, so GitHub's published payloads are not tried")
    return path


def ends(house: House) -> Sequence[tuple[str, str, str | None]]:
    with house.inbox.read() as connection:
        rows = connection.execute(
            select(delivery.c.event, delivery.c.state, delivery.c.error)
        ).all()
    return [(row.event, row.state, row.error) for row in rows]


def test_every_published_payload_ends_as_handled_ignored_or_quarantined_with_a_reason(
    house: House, examples: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    house.settle()
    before = len(ends(house))
    settings = replace(house.settings, public_url=house.url)

    status = replay(settings, (examples,), None, None)
    house.settle()

    told = capsys.readouterr().out
    distinct = len({one.guid for one in read(examples, None)})
    assert (status, told.splitlines()[-1]) == (
        0,
        f"{len(list(read(examples, None)))} taken in, 0 refused.",
    )
    found = ends(house)[before:]
    assert len(found) == distinct
    assert distinct > 300
    states = Counter(state for _event, state, _note in found)
    assert set(states) <= ENDS, [one for one in found if one[1] not in ENDS]
    assert states["done"] > 10
    assert all(note for _event, state, note in found if state != "done")
    assert all(
        state == "ignored"
        for event, state, _note in found
        if event in {"star", "watch", "workflow_run"}
    )


def test_replaying_a_recording_a_second_time_stores_nothing_new(
    house: House, tmp_path: Path
) -> None:
    house.settle()
    recorded = tmp_path / "recorded.json"
    recorded.write_text(json.dumps({"event": "ping", "payload": {"zen": "Calm", "hook_id": 1}}))
    settings = replace(house.settings, public_url=house.url)
    before = len(ends(house))

    assert replay(settings, (recorded,), None, None) == 0
    assert replay(settings, (recorded, recorded), None, None) == 0

    assert len(ends(house)) == before + 1


def test_a_file_that_does_not_say_its_event_is_told_what_is_missing(
    house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bare = tmp_path / "bare.json"
    bare.write_text('{"zen": "Calm"}')
    settings = replace(house.settings, public_url=house.url)

    assert replay(settings, (bare,), None, None) == 2
    assert "--event" in capsys.readouterr().err
    assert replay(settings, (bare,), "ping", None) == 0
