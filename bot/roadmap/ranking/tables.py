"""The tables of rankings: what stands of each person's order, and what all orders say."""

from sqlalchemy import BigInteger, Column, Float, ForeignKey, Index, Integer, Table

from bot.roadmap.tables import request
from core.db import metadata

ranked = Table(
    "ranked",
    metadata,
    Column("repo_id", BigInteger, primary_key=True, autoincrement=False),
    Column("github_id", BigInteger, primary_key=True, autoincrement=False),
    Column("request_id", ForeignKey(request.c.id), primary_key=True),
    Column("place", Integer, nullable=False),
    Index("ix_ranked_person", "github_id"),
)
"""Each person's order as it stands, drawn from the ledger; equal places are ties."""

ranking = Table(
    "ranking",
    metadata,
    Column("request_id", ForeignKey(request.c.id), primary_key=True),
    Column("repo_id", BigInteger, nullable=False),
    Column("lists", Integer, nullable=False),
    Column("firsts", Integer, nullable=False),
    Column("median", Float, nullable=False),
    Column("place", Integer),
    Column("shared", Integer, nullable=False),
    Index("ix_ranking_place", "repo_id", "place"),
)
"""What all orders of a repository said when they were last counted."""
