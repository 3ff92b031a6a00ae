"""Whether the time a signature check takes tells where a wrong signature is wrong (it must not)."""

import hmac
import math
import random
import statistics
from hashlib import sha256
from time import perf_counter_ns

from webhooks.signatures import verify_github

NAME = "timing"
HELP = "Welch's t between wrong-first-byte and wrong-last-byte signatures; |t| must stay below 4.5"
CHECKS = 10_000
KEPT = 0.9
"""Share of the fastest checks that count: the rest tells of the scheduler, not of us."""


def run(arguments: list[str]) -> dict[str, object]:
    """Check each kind of wrong signature so many times (10,000), in random order."""
    checks = int(arguments[0]) if arguments else CHECKS
    secrets, body = (b"the first of two secrets", b"the second of two secrets"), b"{}" * 500
    right = hmac.new(secrets[1], body, sha256).digest()
    wrong = {
        "first": bytes([right[0] ^ 1]) + right[1:],
        "last": right[:-1] + bytes([right[-1] ^ 1]),
    }
    headers = {kind: f"sha256={digest.hex()}".encode() for kind, digest in wrong.items()}
    order = [kind for kind in headers for _ in range(checks)]
    random.Random(1).shuffle(order)
    times: dict[str, list[int]] = {kind: [] for kind in headers}
    for kind in order:
        began = perf_counter_ns()
        assert not verify_github(secrets, headers[kind], body)
        times[kind].append(perf_counter_ns() - began)
    first, last = (sorted(times[kind])[: int(checks * KEPT)] for kind in ("first", "last"))
    return {"checks": checks, "t": round(_welch(first, last), 2), "allowed": 4.5}


def _welch(one: list[int], two: list[int]) -> float:
    spread = statistics.variance(one) / len(one) + statistics.variance(two) / len(two)
    return (statistics.fmean(one) - statistics.fmean(two)) / math.sqrt(spread)
