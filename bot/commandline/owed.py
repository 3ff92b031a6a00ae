"""`potluck owed`: what is owed to givers because it could not go back, and that it was paid by hand."""

from datetime import datetime

import click
from sqlalchemy import Connection, select

from bot import people, tasks
from bot.commandline.start import given_settings, opened
from bot.mail import outgoing
from bot.places import repository
from core.clock import system_clock
from core.context import Task
from core.errors import UserError
from core.money import Money, parse
from donations.giving import handed, store
from donations.giving.handed import Handed, Owed
from donations.giving.store import Gift

LONGEST = 500


@click.group()
def owed() -> None:
    """See what could not go back to whom, and book what you sent them from your own bank."""


@owed.command("list")
def list_() -> None:
    """List what is owed to givers, the oldest gift first.

    Each line: gift, amount, since when, project, who it is and how to reach them, as far as that
    is known. The page of their gift tells them, too.
    """
    with opened(given_settings().database_url).read() as connection:
        found = [_line(connection, one) for one in handed.owing(connection)]
    click.echo("\n".join(found) or "Nothing is owed to a giver.")


@owed.command()
@click.argument("gift")
@click.option("--amount", required=True, help="What you sent, such as 12.50, in what is owed.")
@click.option("--currency", help="Where something is owed in several: in which you sent it.")
@click.option("--reference", required=True, help="Your bank's own: public, and booked once.")
@click.option("--by", required=True, help="Your name: it is kept with the booking.")
@click.option("--note", required=True, help="How it was sent, and on whose word: kept too.")
def paid(gift: str, amount: str, currency: str | None, reference: str, by: str, note: str) -> None:
    """Book that what could not go back was sent to a giver by hand.

    GIFT is its name in the list, such as `gift-12`. The same REFERENCE is booked once; more than
    is owed never. The reference stands in the project's public books: write no name and no
    account number into it. The note does not, and goes when the giver is erased.
    """
    now = system_clock()
    with opened(given_settings().database_url).write() as connection:
        of = _gift(connection, gift)
        money = _amount(connection, of, amount, currency)
        said = Handed(reference, money, by.strip()[:LONGEST], note.strip()[:LONGEST], now)
        if not said.by or not said.note:
            raise UserError("Say with --by who you are, and with --note how it was sent.")
        is_new = handed.pay(connection, of, said)
        for payment in handed.payments(connection, of, reference):
            tasks.put(connection, _look(payment, reference, now), now)
    shown = f"{money.decimal} {money.currency} to {gift} under {reference}"
    click.echo(f"Booked: {shown}." if is_new else f"Booked before: {shown}.")


def _line(connection: Connection, one: Owed) -> str:
    project = select(repository.c.name).where(repository.c.id == one.gift.repo_id)
    parts = (
        f"gift-{one.gift.id}",
        f"{one.money.decimal} {one.money.currency}",
        f"since {one.since.date().isoformat()}",
        connection.scalar(project) or "a project that is gone",
        _who(connection, one.gift),
    )
    return "  ".join(parts)


def _who(connection: Connection, of: Gift) -> str:
    """Say who gave and how to reach them: whoever was erased has the page alone."""
    giver = store.giver_of(connection, of.id)
    logins = people.logins(connection, [giver.github_id]) if giver.github_id else {}
    known = [f"@{one}" for one in logins.values()]
    known += [one for one in (giver.name, outgoing.of_giver(connection, of.id)) if one]
    return ", ".join(known) or "nobody known"


def _gift(connection: Connection, name: str) -> Gift:
    found = store.by_name(connection, name.replace("-", ":", 1))
    if found is None:
        raise UserError(f"There is no {name}: see `potluck owed list`.")
    return found


def _amount(connection: Connection, of: Gift, amount: str, currency: str | None) -> Money:
    codes = [one.currency for one in handed.owed(connection, of)]
    codes = codes or [one.money.currency for one in handed.of_gift(connection, of.id)]
    if currency is None and len(set(codes)) != 1:
        raise UserError(f"Say with --currency which one: {', '.join(codes) or 'nothing is owed'}.")
    return parse(amount, (currency or codes[0]).upper(), "en")


def _look(payment: str, reference: str, now: datetime) -> Task:
    """Let whoever follows the payment see how it stands now: a request's purse, a licence."""
    about = {"kind": "charge", "id": payment}
    return Task("look_at_stripe", f"handed:{reference}:{payment}", now, f"stripe:{payment}", about)
