"""A person has what is personal erased, beside the proof: in the register and around it."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, or_, select, update

from bot import people, places, rechecks, repositories, tasks
from bot.audit import forgetting as audits
from bot.credits import files as credit_files
from bot.credits import names as credit_names
from bot.mail import outgoing as mails
from bot.money import pledges
from bot.outbox import outbox as written
from bot.prune import BODIES_KEPT
from bot.rechecks import Occasion
from bot.roadmap.asking import asking
from bot.roadmap.intents import forgetting as intent_words
from bot.roadmap.loop.tables import answer, lesson
from bot.roadmap.outlets import hiding
from bot.roadmap.signals import story
from bot.roadmap.tables import request
from bot.roadmap.updates import store as updates
from bot.selling import store as sales
from core import sign_ins
from core.web.signin import Person
from donations import store as books
from donations.asking import appeals, would
from donations.budgets import store as budgets
from donations.giving import handed
from donations.giving import store as gifts
from donations.payouts import paying
from licensing import addresses, erasure, relying
from licensing.imports import store as imports
from licensing.signed import theirs
from licensing.sold import store as licences
from licensing.tables import signature, signer
from licensing.trailers import NOREPLY_HOST

FORGOTTEN_WITHIN = BODIES_KEPT + timedelta(days=1)
"""When the daily tidying has passed over everything that GitHub had sent until now."""


def gone_by(now: datetime) -> datetime:
    """Give the instant by which what is left in deliveries is forgotten."""
    return now + FORGOTTEN_WITHIN


def erase(connection: Connection, person: Person, occasion: Occasion) -> int:
    """Erase what is personal and can go; gives how many rows. The person is signed out by it.

    What rested on their proven addresses is looked at again.
    """
    logins = _logins(connection, person)
    concerned = _concerned(connection, person)
    _forget_addresses(connection, person.id, logins, occasion.now)
    gone = erasure.erase(connection, person.id)
    gone += _forget_words(connection, logins)
    gone += imports.forget(connection, person.id, logins)
    gone += credit_names.forget(connection, person.id)
    gone += _forget_money(connection, person.id, occasion.now)
    gone += intent_words.forget(connection, person.id)
    gone += updates.forget(connection, person.id)
    gone += credit_files.forget(connection, person.id, logins)
    for statement in (
        delete(people.account).where(people.account.c.id == person.id),
        update(places.pull_request)
        .where(places.pull_request.c.opener_id == person.id)
        .where(places.pull_request.c.opener_login != "")
        .values(opener_login=""),
        update(request)
        .where(request.c.author_id == person.id, request.c.author_login != "")
        .values(author_login=""),
        *(
            update(said).where(said.c.github_id == person.id, said.c.login != "").values(login="")
            for said in (story, answer, lesson, asking)
        ),
    ):
        gone += connection.execute(statement).rowcount
    gone += sign_ins.end_all(connection, person.id)
    # Whoever has their name taken away wants no page that brings together what they did.
    hiding.hide(connection, person.id, occasion.now)
    for repo_id, number in concerned:
        repo = repositories.repo(connection, repo_id)
        if repo is not None:
            again = rechecks.recheck(occasion, repo, number, f"erased:{person.id}")
            tasks.put(connection, again, occasion.now)
    return gone


def _forget_addresses(
    connection: Connection, github_id: int, logins: Iterable[str], now: datetime
) -> None:
    """Have a person's addresses taken out of audits, while it is known which they are."""
    proven = addresses.relied_on(connection, github_id)
    standing_in = (f"{github_id}+{login}@{NOREPLY_HOST}" for login in logins)
    forget = audits.forget(connection, github_id, {*proven, *standing_in}, now)
    tasks.put(connection, forget, now)


def _forget_money(connection: Connection, github_id: int, now: datetime) -> int:
    """Forget who gave, promised, bought and was paid; what the books hold stays."""
    # Organisations before promises: whoever promises in the name of one holds them in this order.
    gone = budgets.forget(connection, github_id)
    pledges.forget_person(connection, github_id, now)
    # Mails are found by gifts: before it is forgotten whose those are.
    gone += mails.forget(connection, github_id)
    gone += appeals.forget(connection, github_id) + would.forget(connection, github_id)
    gone += handed.forget(connection, github_id)
    gone += gifts.forget(connection, github_id) + paying.forget(connection, github_id)
    gone += books.forget_giver(connection, github_id)
    return gone + sales.forget(connection, github_id) + licences.forget(connection, github_id)


def _concerned(connection: Connection, person: Person) -> list[tuple[int, int]]:
    """Give what may change without the person's proven addresses, as (repo_id, number).

    That is what rests on them, and what waits because somebody else has proven the same.
    """
    mine = addresses.relied_on(connection, person.id)
    if not mine:
        return []
    waits = addresses.unlinked_with(connection, mine).values()
    resting = relying.relies_on(connection, person.id)
    return sorted({*resting, *(thread for threads in waits for thread in threads)})


def _logins(connection: Connection, person: Person) -> set[str]:
    opened, account = places.pull_request.c, people.account.c
    found: list[str | None] = [person.login]
    for wanted in (
        select(signer.c.login)
        .join(signature, signature.c.id == signer.c.signature_id)
        .where(theirs(person.id)),
        select(opened.opener_login).where(opened.opener_id == person.id),
        select(account.login).where(account.id == person.id),
        select(request.c.author_login).where(request.c.author_id == person.id),
        select(story.c.login).where(story.c.github_id == person.id),
        select(answer.c.login).where(answer.c.github_id == person.id),
        select(lesson.c.login).where(lesson.c.github_id == person.id),
        select(asking.c.login).where(asking.c.github_id == person.id),
    ):
        found += connection.scalars(wanted)
    found += credit_names.logins(connection, person.id)
    found += intent_words.logins_of(connection, person.id)
    found += updates.logins_of(connection, person.id)
    return {login for login in found if login}


def _forget_words(connection: Connection, logins: Iterable[str]) -> int:
    """Drop our copies of what stands on GitHub already and mentions one of these logins."""
    mentions = or_(
        *(written.c.action.contains(f"@{login}", autoescape=True) for login in sorted(logins))
    )
    done = written.c.state.in_(("done", "superseded"))
    return connection.execute(delete(written).where(done, mentions)).rowcount
