"""Everything that is kept about a person, as one JSON value; a test holds that no column is left out.

The form is described in docs/privacy.md.
"""

import base64
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Table, and_, or_, select

from bot import answers, people, places, retention, teams
from bot.audit import tables as audit_tables
from bot.credits import tables as credit_tables
from bot.mail import tables as mail_tables
from bot.roadmap import asking, foreign, signals
from bot.roadmap import tables as roadmap
from bot.roadmap.board import tables as board_tables
from bot.roadmap.intents import tables as intents
from bot.roadmap.loop import tables as loop
from bot.roadmap.outlets import hiding
from bot.roadmap.ranking import tables as ranking
from bot.roadmap.updates import tables as update_tables
from bot.selling import tables as sale_tables
from core import sign_ins
from core.translations import DEFAULT, catalogue
from core.web.signin import Person
from donations import tables as money_tables
from donations.asking import tables as asking_tables
from donations.budgets import tables as budget_tables
from donations.giving import naming, successors
from donations.giving import tables as giving_tables
from donations.payouts import tables as payout_tables
from donations.receipts import tables as receipt_tables
from donations.sharing import tables as sharing_tables
from licensing import (
    addresses,
    coverage,
    declarations,
    details,
    papers,
    provenance,
    relying,
    signed,
    tables,
    waiting,
    waivers,
)
from licensing.companies import tables as company_tables
from licensing.imports import tables as import_tables
from licensing.sold import tables as sold_tables

FORMAT = "potluck-person/1"

BY_NUMBER: tuple[tuple[Table, tuple[str, ...]], ...] = (
    (tables.signature, ("github_id", "signed_by")),
    (tables.withdrawal, ("github_id", "actor_id")),
    (declarations.declaration, ("github_id",)),
    (company_tables.company, ("manager_id",)),
    (company_tables.company_contact, ("github_id",)),
    (company_tables.company_listing, ("github_id", "actor_id")),
    (company_tables.company_listing_end, ("github_id", "actor_id")),
    (company_tables.acknowledgement, ("github_id",)),
    (company_tables.retraction, ("github_id",)),
    (waivers.waiver, ("actor_id",)),
    (papers.guardian_paper, ("github_id", "actor_id")),
    (coverage.coverage, ("holder_id",)),
    (tables.agreement_version, ("publisher_id",)),
    (provenance.landing, ("opener_id",)),
    (relying.reliance, ("github_id",)),
    (waiting.waiting, ("github_id",)),
    (waiting.bot, ("github_id",)),
    (addresses.proven_address, ("github_id",)),
    (people.account, ("id",)),
    (places.pull_request, ("opener_id",)),
    (places.installation, ("account_id",)),
    (places.repository, ("owner_id",)),
    (teams.meant_team, ("owner_id",)),
    (answers.answer, ("github_id",)),
    (roadmap.request, ("author_id",)),
    (roadmap.joining, ("actor_id",)),
    (roadmap.ballot, ("github_id",)),
    (roadmap.vote, ("github_id",)),
    (roadmap.supporter, ("github_id",)),
    (board_tables.move, ("actor_id",)),
    (hiding.hidden_page, ("github_id",)),
    (signals.story, ("github_id",)),
    (signals.rating, ("github_id",)),
    (ranking.ranked, ("github_id",)),
    (foreign.foreign_edit, ("author_id", "editor_id")),
    (asking.asking, ("github_id",)),
    (intents.intent_act, ("github_id",)),
    (intents.intent_words, ("github_id",)),
    (intents.claim, ("github_id",)),
    (intents.linked_pull, ("opener_id",)),
    (intents.answerer, ("github_id",)),
    (intents.answerer_path, ("github_id",)),
    (update_tables.outcome_update, ("github_id",)),
    (loop.notice, ("github_id",)),
    (loop.quiet, ("github_id",)),
    (loop.answer, ("github_id",)),
    (loop.lesson, ("github_id",)),
    (credit_tables.credit, ("github_id", "by_id")),
    (credit_tables.credit_act, ("actor_id",)),
    (credit_tables.credited, ("github_id",)),
    (credit_tables.credit_entry, ("github_id",)),
    (credit_tables.credit_file, ("by_id",)),
    (credit_tables.credit_tally, ("github_id",)),
    (credit_tables.nomination, ("github_id", "by_id", "decided_by")),
    (giving_tables.giver, ("github_id",)),
    (mail_tables.mail, ("person_id",)),
    (asking_tables.appeal_later, ("github_id",)),
    (asking_tables.would_give, ("github_id",)),
    (budget_tables.member, ("github_id",)),
    (budget_tables.budget, ("by_id",)),
    (money_tables.giver, ("github_id",)),
    (payout_tables.split_said, ("by_id",)),
    (payout_tables.merged_work, ("github_id",)),
    (payout_tables.reverted_work, ("by_id",)),
    (payout_tables.share, ("github_id",)),
    (payout_tables.debt, ("github_id",)),
    (payout_tables.payee, ("github_id",)),
    (sign_ins.sign_in, ("account_id",)),
    (sold_tables.licence, ("holder_id",)),
    (sale_tables.trial, ("github_id",)),
    (sharing_tables.choice, ("github_id",)),
    (audit_tables.audit_run, ("asked_by",)),
    (audit_tables.audit_alias, ("steward_id",)),
    (audit_tables.audit_statements, ("steward_id",)),
    (audit_tables.audit_erased, ("github_id",)),
    (import_tables.import_batch, ("uploaded_by", "approved_by")),
    (import_tables.import_row, ("github_id",)),
)
"""The tables that name people by GitHub's number, and in which columns."""

BY_SIGNATURE: tuple[Table, ...] = (tables.signer, details.signer_detail)
"""The tables whose rows belong to a signature."""

BY_GIFT: tuple[tuple[Table, str], ...] = (
    (giving_tables.gift, "id"),
    (giving_tables.act, "gift_id"),
    (giving_tables.handed, "gift_id"),
    (receipt_tables.receipt, "gift_id"),
    (mail_tables.mail, "gift_id"),
    (update_tables.update_told, "gift_id"),
    (asking_tables.appeal_gift, "gift_id"),
    (asking_tables.membership, "gift_id"),
    (budget_tables.given, "gift_id"),
    (naming.gift_posted, "gift_id"),
    (successors.gift_retiring, "gift_id"),
    (successors.gift_successor, "gift_id"),
    (sale_tables.sale, "gift_id"),
    (sale_tables.passed, "gift_id"),
)
"""The tables whose rows belong to a gift, and the column that says to which."""

BY_LICENCE: tuple[Table, ...] = (sold_tables.holder, sold_tables.file, sold_tables.activation)
"""The tables whose rows belong to a licence: its name, its files, its machines."""

HELD_BACK = {
    ("sign_in", "key_sha256"),
    ("agreement_version", "content"),
    ("audit_statements", "content"),
}
"""A key to the person's own session is a danger in a file; a text is nothing personal, and what
somebody stated of others is theirs."""


def export(connection: Connection, person: Person, now: datetime) -> dict[str, Any]:
    """Give all rows about a person by table, the records behind them, and how long each is kept."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for table, columns in BY_NUMBER:
        where = or_(*(table.c[name] == person.id for name in columns))
        rows[table.name] = list(_rows(connection, table, where))
    for table in BY_SIGNATURE:
        rows[table.name] = list(_rows(connection, table, _beside(table, person.id)))
    gifts = select(giving_tables.giver.c.gift_id).where(
        giving_tables.giver.c.github_id == person.id
    )
    for table, column in BY_GIFT:
        found = _rows(connection, table, table.c[column].in_(gifts))
        rows.setdefault(table.name, []).extend(found)
    held = select(sold_tables.licence.c.id).where(sold_tables.licence.c.holder_id == person.id)
    for table in BY_LICENCE:
        rows[table.name] = list(_rows(connection, table, table.c.licence_id.in_(held)))
    rows[teams.team.name] = [
        row
        for row in _rows(connection, teams.team, teams.team.c.installation_id.is_not(None))
        if person.id in row.pop("members")
    ]
    return {
        "format": FORMAT,
        "made_at": now.isoformat(),
        "account": {"id": person.id, "login": person.login},
        "rows": {name: found for name, found in sorted(rows.items()) if found},
        "records": list(_records(connection, rows)),
        "kept": [
            {
                "what": one.what,
                "why": one.why,
                "days": one.span.total_seconds() / 86_400 if one.span else None,
                "until": one.until or None,
                "erasable": one.erasable,
            }
            for one in retention.table(catalogue(DEFAULT).gettext)
        ],
    }


def _beside(table: Table, github_id: int) -> ColumnElement[bool]:
    """Say which rows beside signatures are the person's to see.

    Not those of people whose import they approved; and from where a guardian signed for them is
    the guardian's.
    """
    theirs = select(tables.signature.c.id).where(signed.theirs(github_id))
    mine = table.c.signature_id.in_(theirs)
    if table is not details.signer_detail:
        return mine
    by_others = select(tables.signature.c.id).where(
        tables.signature.c.capacity == "guardian", tables.signature.c.signed_by != github_id
    )
    return and_(mine, or_(table.c.kind != "origin", table.c.signature_id.not_in(by_others)))


def _rows(connection: Connection, table: Table, where: Any) -> Iterator[dict[str, Any]]:
    columns: list[Column[Any]] = [
        column for column in table.c if (table.name, column.name) not in HELD_BACK
    ]
    order = tuple(table.primary_key)
    for row in connection.execute(select(*columns).where(where).order_by(*order)):
        yield {column.name: _plain(row[at]) for at, column in enumerate(columns)}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return base64.b64encode(value).decode("ascii") if isinstance(value, bytes) else value


def _records(
    connection: Connection, rows: dict[str, list[dict[str, Any]]]
) -> Iterable[dict[str, Any]]:
    """Give the records of the chain that the rows repeat: what nobody can change or take away."""
    places_of = sorted(
        {
            (row["agreement_id"], row["sequence"])
            for found in rows.values()
            for row in found
            if "sequence" in row and "agreement_id" in row
        }
    )
    record = tables.record
    for agreement_id, sequence in places_of:
        where = (record.c.agreement_id == agreement_id) & (record.c.sequence == sequence)
        yield from _rows(connection, record, where)
