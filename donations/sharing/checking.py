"""Checks rules and statements of sharing, wherever they stand: reckoned again by the same rule. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from core.digests import canonical, parsed, sha256
from core.money import Money
from donations.sharing import rules
from donations.sharing.rules import UNWRITTEN

LIST = "sharing"
"""What an export calls it."""

SOURCE, KIND = "payouts", "award"
"""What the posting of a statement bears as its cause, with `sharing:REPOSITORY:PERIOD:CURRENCY`."""

Frozen = tuple[str, str | None]
"""A rule's hash, and when it could be read first."""

Posted = Mapping[str, Mapping[tuple[str, str], int]]
"""Of each posting, by its name: what it added to (account, currency)."""


def problems(part: Mapping[str, Any], posted: Posted) -> Iterator[str]:
    """Name what does not hold in a project's rules and statements, or is not what was posted."""
    known: dict[int, Frozen] = {0: (UNWRITTEN.sha256, None)}
    for place, rule in enumerate(part["rules"], 1):
        if rule["number"] != place:
            yield f"rule {rule['number']} stands where rule {place} belongs"
        if sha256(rule["text"].encode()) != rule["sha256"]:
            yield f"rule {place} was changed: its hash does not fit"
        known[place] = (rule["sha256"], rule["frozen_at"])
    named = set()
    for one in part["statements"]:
        cause = f"sharing:{part['repository']}:{one['period']}:{one['currency']}"
        named.add(cause)
        for problem in _of_statement(part["repository"], one, known, posted.get(cause, {})):
            yield f"the statement of {one['period']} {one['currency']}: {problem}"
    for cause in sorted(posted.keys() - named):
        if cause.startswith(f"sharing:{part['repository']}:"):
            yield f"the books share {cause}, and there is no statement of it"


def _of_statement(
    repo_id: int,
    one: Mapping[str, Any],
    known: Mapping[int, Frozen],
    posted: Mapping[tuple[str, str], int],
) -> Iterator[str]:
    said = parsed(one["text"])
    if sha256(one["text"].encode()) != one["sha256"] or canonical(said) != one["text"]:
        yield "it was changed: its hash does not fit"
        return
    head = (said["repository"], said["period"], said["currency"], said["ends"])
    if head != (repo_id, one["period"], one["currency"], one["ends_at"]):
        yield "it stands in the place of another one"
    yield from _of_rule(said, one["rule_sha256"], known)
    if any(said[name] != value for name, value in reckoned(said).items()):
        yield "reckoned again it comes to something else"
    if posted != _postings(said):
        yield "the books say otherwise who got what"


def _of_rule(said: Mapping[str, Any], named: str, known: Mapping[int, Frozen]) -> Iterator[str]:
    """Say whether its rule is one of the project's, and was written before what it shares was sold."""
    rule = rules.rule_of(said["rule"])
    if not rule.sha256 == said["rule_sha256"] == named:
        yield "its rule is not the one that it names"
    if known.get(said["rule_number"]) != (named, said["rule_frozen_at"]):
        yield "its rule is not among those of the project"
    if rules.name(rule.period, datetime.fromisoformat(said["begins"])) != said["period"]:
        yield "its period is another one"
    paid = [datetime.fromisoformat(at) for _name, at, _net in said["sales"]]
    begins = max(datetime.fromisoformat(said["begins"]), min(paid))
    first = min((at for at in paid if at >= begins), default=None)
    frozen = said["rule_frozen_at"]
    # Sales in other currencies begin periods, too: which of the earlier rules stood, only all tell.
    if first and frozen and datetime.fromisoformat(frozen) > first:
        yield "its rule was written after the first sale of its period"


def reckoned(said: Mapping[str, Any]) -> dict[str, Any]:
    """Reckon a statement again from what it was made of."""
    rule = rules.rule_of(said["rule"])
    income = sum(net for _name, _at, net in said["sales"]) - said["shared_before"]
    points = rules.points_of(rule, ((who, kind, at) for who, kind, at in said["contributions"]))
    shares = rules.share(rule, Money(income, said["currency"]), points, dict(said["choices"]))
    return {
        "income": income,
        "shares": [[who, part.minor] for who, part in shares.people],
        "project": shares.project.minor,
        "carried": shares.carried.minor,
    }


def _postings(said: Mapping[str, Any]) -> dict[tuple[str, str], int]:
    code, repo_id = said["currency"], said["repository"]
    parts = {f"owed:person-{who}": -minor for who, minor in said["shares"]}
    if said["project"]:
        parts[f"project:{repo_id}"] = -said["project"]
    if parts:
        parts[f"licences:{repo_id}"] = -sum(parts.values())
    return {(account, code): minor for account, minor in parts.items()}


def export_problems(data: Mapping[str, Any]) -> tuple[str, ...]:
    """Check the sharing of an export, beside its books; a sentence for each thing that does not hold."""
    try:
        posted = _posted(data.get("books", ()))
        return tuple(
            f"sharing of repository {part['repository']}: {problem}"
            for part in data.get(LIST, ())
            for problem in problems(part, posted)
        )
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        return (f"the sharing in the export is damaged: {type(error).__name__} at {error}",)


def _posted(items: Sequence[Mapping[str, Any]]) -> Posted:
    found: dict[str, dict[tuple[str, str], int]] = {}
    for item in items:
        record = parsed(item["record"]) if "record" in item else {}
        cause = (record.get("source"), record.get("kind"))
        name = str(record.get("external_id"))
        if cause == (SOURCE, KIND) and name.startswith("sharing:"):
            sums = found.setdefault(name, {})
            for account, currency, minor in record["entries"]:
                sums[account, currency] = sums.get((account, currency), 0) + minor
    return found


def exported(data: Mapping[str, Any]) -> tuple[str, ...]:
    """Say of an export what `proof.extents` says of a database."""
    return said_of(data.get(LIST, ()))


def said_of(parts: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """Say how many rules and statements there are, and one hash over all: to be compared with one kept."""
    return tuple(
        f"sharing of repository {part['repository']}: {len(part['rules'])} rules,"
        f" {len(part['statements'])} statements, together {sha256(canonical(part).encode())}"
        for part in parts
    )
