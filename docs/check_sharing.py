"""Reckon a statement of sharing again, with nothing but Python: `check_sharing.py 2026-Q4-EUR.json`."""

import json
import sys
from pathlib import Path
from typing import Any

Shares = dict[int, int]


def split(minor: int, weights: list[int]) -> list[int]:
    """Share whole minor units by weights; what is left goes to the largest remainders, first ones first."""
    total = sum(weights)
    parts = [divmod(minor * weight, total) for weight in weights]
    left = minor - sum(whole for whole, _rest in parts)
    first = sorted(range(len(parts)), key=lambda place: (-parts[place][1], place))[:left]
    return [whole + (place in first) for place, (whole, _rest) in enumerate(parts)]


def capped(minor: int, points: Shares, percent: int) -> tuple[Shares, int]:
    """Share by points, nobody more than so many per cent of it; gives what is left over."""
    most, shares, waiting, left = minor * percent // 100, Shares(), dict(points), minor
    while waiting:
        parts = dict(zip(waiting, split(left, list(waiting.values())), strict=True))
        over = [who for who, part in parts.items() if part > most]
        if not over:
            return shares | parts, 0
        for who in over:
            shares[who] = most
            left -= most
            del waiting[who]
    return shares, left


def reckon(said: dict[str, Any]) -> dict[str, Any]:
    """Give income, shares, the project's part and what is carried, from what a statement was made of."""
    rule, choices = said["rule"], dict(said["choices"])
    income = sum(net for _name, _at, net in said["sales"]) - said["shared_before"]
    if income <= 0:
        return {"income": income, "shares": [], "project": 0, "carried": income}
    weights, points = dict(rule["points"]), Shares()
    for who, kind, _thread in said["contributions"]:
        points[who] = points.get(who, 0) + weights.get(kind, 0)
    parts = split(income, [rule["contributors"], rule["maintainers"], rule["project"]])
    earned = {
        who: points[who] for who in sorted(points) if points[who] and choices.get(who) != "decline"
    }
    sums, left = capped(parts[0], earned, rule["cap_percent"])
    staff = sorted(who for who in rule["maintainer_ids"] if choices.get(who) != "decline")
    project, carried, shares = parts[2] + left + (0 if staff else parts[1]), 0, []
    for who, part in zip(staff, split(parts[1], [1] * len(staff)) if staff else [], strict=True):
        sums[who] = sums.get(who, 0) + part
    for who, part in sorted(sums.items()):
        if choices.get(who) == "give":
            project += part
        elif part < max(rule["least"], 1):
            carried += part
        else:
            shares.append([who, part])
    return {"income": income, "shares": shares, "project": project, "carried": carried}


if __name__ == "__main__":
    found = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    made = reckon(found)
    if {name: found[name] for name in made} != made:
        raise SystemExit("The statement is not what comes of its facts.")
    sys.stdout.write(f"{found['period']} {found['currency']} {made['income']}: as stated\n")
