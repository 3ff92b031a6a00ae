"""An export of who was paid what, altered in one place after the other: each is found without a database."""

import copy
import json
from collections.abc import Callable
from typing import Any

from donations import proof as books
from donations.payouts import checking, proof
from tests.bank import BankHouse

ALTERED: tuple[Callable[[Any, Any], object], ...] = (
    lambda part, _data: part["rewards"][0]["shares"][0].update(minor=1),
    lambda part, _data: part["rewards"][0]["shares"][0].update(github_id=1),
    lambda part, _data: part["rewards"][0]["shares"].pop(),
    lambda part, _data: part["rewards"][0]["weights"][0].__setitem__(1, 7),
    lambda part, _data: part["rewards"][0].update(weights=[]),
    lambda part, _data: part["rewards"][0].update(version=2),
    lambda part, _data: part["rewards"].pop(0),
    lambda part, _data: part["splits"][0]["shares"][0].__setitem__(1, 7),
    lambda part, _data: part["splits"].pop(0),
    lambda part, _data: part["debts"][0].__setitem__(3, 1),
    lambda part, _data: act_of(part, "sent").__setitem__(2, 1),
    lambda part, _data: act_of(part, "sent").__setitem__(1, act_of(part, "sent", -1)[1]),
    lambda part, _data: act_of(part, "taken").__setitem__(0, "settled"),
    lambda part, _data: act_of(part, "netted").__setitem__(2, 1),
    lambda part, _data: part["rewards"][0]["shares"][0]["payouts"].append(
        [999, 2, 5, "2026-11-20"]
    ),
    lambda part, _data: part["rewards"][0]["shares"][0]["payouts"].clear(),
    lambda part, _data: part.update(rewards="all"),
    lambda _part, data: data["payouts"].clear(),
)


def act_of(part: Any, deed: str, place: int = 0) -> Any:
    """Give one of the acts of a sort, to be altered."""
    found = [
        act
        for one in part["rewards"]
        for share in one["shares"]
        for act in share["acts"]
        if act[0] == deed
    ]
    return found[place]


def every_alteration_is_found(house: BankHouse) -> None:
    """Export what was paid, check it, and alter it."""
    with house.app.read() as connection:
        data: Any = {
            "books": [json.loads(piece) for piece in books.pieces(connection)],
            "payouts": [json.loads(piece) for piece in proof.pieces(connection)],
        }
        assert checking.exported(data) == proof.extents(connection)
    assert checking.export_problems(data) == ()
    for number, alter in enumerate(ALTERED):
        other = copy.deepcopy(data)
        alter(other["payouts"][0], other)
        assert checking.export_problems(other), number
