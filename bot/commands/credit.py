"""`/credit` and `/uncredit`: a maintainer says who did what, or takes back that they said so."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

from sqlalchemy import Connection

from bot.commands.known import ISSUES, PULLS, Answer, Call, Part, command
from bot.credits import grammar, kinds, nominating, store
from bot.credits.store import Given
from bot.messages import marks, say, translated
from bot.mistakes import N_
from bot.people import is_person
from bot.roadmap import intake, voting
from core.github import Account, Permission

CREDITORS: frozenset[Permission | None] = frozenset({"admin", "maintain", "write"})
"""Whoever may take a contribution in may say whose it was."""

LONGEST_WORD = 40
Deed = Literal["credit", "uncredit"]


@dataclass(frozen=True)
class People:
    """Whom a line names, as GitHub knows them: with their kinds; `missing` and `bots` by login."""

    found: tuple[tuple[Account, tuple[str, ...]], ...] = ()
    missing: tuple[str, ...] = ()
    bots: tuple[str, ...] = ()


@command(
    "credit",
    "/credit @person for docs, test",
    N_("writes down who did what, several people and kinds in one line; others nominate by it"),
    PULLS | ISSUES,
)
def credit(call: Call) -> Part | None:
    """Give credits."""
    return _part(call, "credit")


@command(
    "uncredit",
    "/uncredit @person for docs",
    N_("takes back what /credit said in this conversation; for maintainers"),
    PULLS | ISSUES,
)
def uncredit(call: Call) -> Part | None:
    """Take credits back."""
    return _part(call, "uncredit")


def _part(call: Call, deed: Deed) -> Part | None:
    with call.ctx.database.read() as connection:
        if not voting.rules_of(connection, call.repo.id).on:
            # Without a roadmap there is no register: another bot may listen for this.
            return None
    role = call.stage.role()
    if role is None or (role not in CREDITORS and deed == "uncredit"):
        return partial(_refused, call, deed, "unsure" if role is None else "stranger", None)
    line = grammar.read(call.words)
    if not line.is_sound:
        return partial(_refused, call, deed, "form", line)
    people = _people(call, line.people)
    if role not in CREDITORS:
        return partial(_nominate, call, people)
    return partial(_give if deed == "credit" else _take_back, call, people)


def _people(call: Call, named: Sequence[tuple[str, tuple[str, ...]]]) -> People:
    """Ask GitHub whose logins these are: a credit belongs to the account, not to its name."""
    github = call.ctx.github(call.repo)
    found: list[tuple[Account, tuple[str, ...]]] = []
    missing, bots = [], []
    for login, keys in named:
        who = None if login.endswith("[bot]") else github.account_named(login)
        if login.endswith("[bot]") or (who is not None and not is_person(who)):
            bots.append(login)
        elif who is None:
            missing.append(login)
        else:
            found.append((who, keys))
    return People(tuple(found), tuple(missing), tuple(bots))


def _refused(
    call: Call, deed: Deed, why: str, line: grammar.Line | None, connection: Connection
) -> Answer:
    facts: dict[str, object] = {"unknown": (), "bare": (), "nobody": False, "many": False}
    if line is not None:
        unknown = [(_shown(word), kinds.meant(word) or "") for word in line.unknown[:5]]
        bare = [_shown(login) for login in line.bare]
        facts = {"unknown": unknown, "bare": bare, "nobody": line.nobody, "many": line.many}
    most, known = grammar.MOST_PEOPLE, ", ".join(f"`{one.key}`" for one in kinds.KINDS)
    facts |= {"most": most, "known": known, "deed": deed}
    return Answer(_words(call, connection, why, **facts))


def _give(call: Call, people: People, connection: Connection) -> Answer:
    for who, keys in people.found:
        for key in keys:
            given = _given(call, who, key)
            store.give(connection, given, who, call.ctx.now)
            nominating.close(connection, given, call.ctx.now)
    return Answer(_done(call, connection, "given", people, people.found))


def _nominate(call: Call, people: People, connection: Connection) -> Answer:
    """Keep who somebody thinks deserves it, for a maintainer to decide."""
    left = nominating.room(connection, call.repo.id, call.event.author.id)
    if sum(len(keys) for _who, keys in people.found) > left:
        words = _words(call, connection, "full", most=nominating.MOST_WAITING)
        return Answer(words)
    named: list[tuple[Account, tuple[str, ...]]] = []
    for who, keys in people.found:
        fresh = tuple(
            key
            for key in keys
            if nominating.nominate(connection, _given(call, who, key), who, call.ctx.now)
        )
        named += [(who, fresh)] if fresh else []
    people_done = named or people.found
    return Answer(_done(call, connection, "nominated" if named else "known", people, people_done))


def _given(call: Call, who: Account, key: str) -> Given:
    return Given(
        repo_id=call.repo.id,
        github_id=who.id,
        kind=key,
        deed="given",
        subject=_subject(call),
        evidence=f"comment:{call.event.comment_id}",
        credited_at=call.event.acted_at,
        by_id=call.event.author.id,
    )


def _take_back(call: Call, people: People, connection: Connection) -> Answer:
    event = call.event
    taken: list[tuple[Account, tuple[str, ...]]] = []
    for who, keys in people.found:
        gone = [
            one
            for one in store.by_hand(connection, call.repo.id, who.id, _subject(call))
            if one.kind in keys and one.credited_at <= event.acted_at
        ]
        for one in gone:
            evidence = f"comment:{event.comment_id}"
            store.act(connection, one.id, "taken_back", event.author.id, evidence, event.acted_at)
        if gone:
            taken.append((who, tuple(dict.fromkeys(one.kind for one in gone))))
    return Answer(_done(call, connection, "taken_back" if taken else "idle", people, taken))


def _subject(call: Call) -> str:
    return f"{'pull' if call.event.on_pull_request else 'issues'}/{call.event.number}"


def _done(
    call: Call,
    connection: Connection,
    why: str,
    people: People,
    done: Sequence[tuple[Account, tuple[str, ...]]],
) -> str:
    language = intake.language(connection, call.repo.id)
    rows = [
        (
            _shown(who.login),
            ", ".join(translated(language, kinds.BY_KEY[key].name) for key in keys),
        )
        for who, keys in done
    ]
    return _words(
        call,
        connection,
        why if done or why == "idle" else "none",
        rows=rows,
        missing=[_shown(login) for login in people.missing],
        bots=[_shown(login) for login in people.bots],
        url="" if call.repo.private else f"{call.ctx.public_url}/{call.repo.name}/contributors",
    )


def _shown(word: str) -> str:
    return marks.inert(word, LONGEST_WORD)


def _words(call: Call, connection: Connection, why: str, **facts: object) -> str:
    language = intake.language(connection, call.repo.id)
    who = marks.mention(call.event.author.login) or ""
    usual: dict[str, object] = {"rows": (), "missing": (), "bots": (), "url": ""}
    return say("answer_credit", language, who=who, why=why, **(usual | facts))
