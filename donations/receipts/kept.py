"""What stands on a receipt, as the JSON that is kept of it, and back. Pure."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any, cast

from core.money import Money
from donations.receipts.fields import Donor, Facts, Issuer, Item, Kind


def record_of(facts: Facts) -> dict[str, Any]:
    """Give what stands on a receipt as the JSON that is kept and hashed."""
    return {
        "kind": facts.kind,
        "minor": facts.money.minor,
        "currency": facts.money.currency,
        "paid_on": facts.paid_on.isoformat(),
        "method": facts.method,
        "issuer": asdict(facts.issuer),
        "donor": asdict(facts.donor),
        "project": facts.project,
        "cancels": facts.cancels,
        "replaces": facts.replaces,
        "item": None if facts.item is None else asdict(facts.item),
        "issued_on": None if facts.issued_on is None else facts.issued_on.isoformat(),
    }


def facts_of(record: Mapping[str, Any]) -> Facts:
    """Read what `record_of` gave."""
    return Facts(
        kind=cast("Kind", record["kind"]),
        money=Money(record["minor"], record["currency"]),
        paid_on=date.fromisoformat(record["paid_on"]),
        method=record["method"],
        issuer=Issuer(**record["issuer"]),
        donor=Donor(**record["donor"]),
        project=record["project"],
        cancels=record["cancels"],
        # What was issued before there was this has nothing in its place.
        replaces=record.get("replaces", ""),
        item=Item(**record["item"]) if record["item"] else None,
        issued_on=date.fromisoformat(record["issued_on"]) if record["issued_on"] else None,
    )
