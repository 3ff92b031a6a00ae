"""Figures of this process: what comes to the doors. Those that outlive it are in `bot/meters.py`."""

from prometheus_client import CollectorRegistry, Counter, Histogram

registry = CollectorRegistry()

ACK_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0)

received = Counter(
    "potluck_received", "Deliveries answered 202", ["source", "outcome"], registry=registry
)
"""`outcome` is `stored`, or `known` for one that was here before."""

refused = Counter(
    "potluck_refused",
    "Requests at a door not answered 202",
    ["source", "reason"],
    registry=registry,
)
"""`reason` is one of the few words in `webhooks/arrivals.py`, never what a stranger sent."""

ack_seconds = Histogram(
    "potluck_ack_seconds",
    "From a request's headers to its answer 202, by way of the disk",
    ["source"],
    buckets=ACK_BUCKETS,
    registry=registry,
)
