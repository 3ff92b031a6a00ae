"""Which requests were in a milestone when its work was accepted; triggers guard them."""

from sqlalchemy import Column, ForeignKey, String, Table

from core.db import UtcDateTime, metadata

milestone_taken = Table(
    "milestone_taken",
    metadata,
    Column("node_id", String(80), primary_key=True),
    Column("accepted_at", UtcDateTime, primary_key=True),
    Column("request_id", ForeignKey("request.id"), primary_key=True),
)
"""Requests come into a milestone and go again: who built it is asked of those that were there then."""
