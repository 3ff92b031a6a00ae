"""Reckon a project's ledger again, with nothing but Python: `python check_ledger.py ledger.json`."""

import hashlib
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any


def digest(previous: str, transaction: dict[str, Any]) -> str:
    """Hash a transaction behind the hash of the one before."""
    text = json.dumps(transaction, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()


def check(data: dict[str, Any]) -> Counter[tuple[str, str]]:
    """Give every balance, in minor units; raises `SystemExit` where something does not hold."""
    first, *rest = data["books"]
    previous, causes = "0" * 64, set()
    balances: Counter[tuple[str, str]] = Counter()
    for number, item in enumerate(rest, 1):
        one = item["transaction"]
        sums: Counter[str] = Counter()
        for account, currency, minor in one["entries"]:
            balances[account, currency] += minor
            sums[currency] += minor
        cause = (one["source"], one["external_id"], one["kind"])
        fits = digest(previous, one) == item["hash"] and one["sequence"] == number
        if not fits or any(sums.values()) or cause in causes or one["book"] != first["book"]:
            raise SystemExit(f"Transaction {number} is not what it was, or no transaction.")
        previous = item["hash"]
        causes.add(cause)
    if first["head"] != {"sequence": len(rest), "hash": previous}:
        raise SystemExit("The ledger does not end where it says.")
    return balances


if __name__ == "__main__":
    found = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    for (name, code), minor in sorted(check(found).items()):
        sys.stdout.write(f"{name} {code} {minor}\n")
    sys.stdout.write(f"Whole, ending in {found['books'][0]['head']['hash']}\n")
