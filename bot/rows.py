"""The rows of a verdict in words: who somebody is, which part they have, and how to mend it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from bot.messages import marks, say, translated
from bot.mistakes import N_
from licensing.verdict import Agent, Asked, Declared, Role, Unresolved, Unsigned, Waiver
from licensing.waivers import LONGEST_REASON

MOST_SHAS = 3

_ROLES: dict[Role, str] = {
    "opener": N_("opened the pull request"),
    "author": N_("author"),
    "co-author": N_("co-author"),
}
_WHY = {
    "unlinked": N_("this e-mail belongs to no GitHub account"),
    "no_account": N_("this co-author's e-mail belongs to no account that we can see"),
    "legacy_noreply": N_("this noreply address carries no account number"),
    "no_email": N_("there is no e-mail address"),
    "bot": N_("a bot, which cannot sign and is not exempt"),
    "unproven_bot": N_("said to be an exempt bot, which nothing shows"),
    "deleted": N_("the account was deleted"),
    "agent": N_("an AI agent, which cannot answer for a commit"),
}
_IN = N_("in %(commits)s")
_STILL = N_("; has to say %(commands)s")
_COMMANDS: dict[Declared, str] = {"consent": "consent", "confirmation": "confirm"}
_BARE = N_("no sign-off")
_OTHERS = N_("signed off, but by somebody else")
_AMEND = 'git commit --amend --author="NAME <%s>" --no-edit && git push --force-with-lease'


@dataclass(frozen=True)
class Who:
    """Somebody whom only a commit names, made harmless for Markdown."""

    label: str
    commits: str
    why: str


def roles(language: str, person: Asked) -> str:
    """Say which parts a person has."""
    return ", ".join(translated(language, _ROLES[role]) for role in person.roles)


def still(language: str, person: Asked) -> str:
    """Say what a person still has to declare, as the end of a sentence; nothing if nothing."""
    if not person.declares:
        return ""
    commands = ", ".join(f"`/{_COMMANDS[kind]}`" for kind in person.declares)
    return translated(language, _STILL, commands=commands)


def unresolved(language: str, web: str, items: Iterable[Unresolved]) -> tuple[Who, ...]:
    """Say who cannot be asked, and why."""
    return tuple(
        Who(_label(item, web), _place(language, item), translated(language, _WHY[item.problem]))
        for item in items
    )


def unsigned(language: str, items: Iterable[Unsigned]) -> tuple[Who, ...]:
    """Say which commits lack whose sign-off."""
    return tuple(
        Who(
            _named(item.name, item.email),
            f"{translated(language, _ROLES[item.role])}, {marks.short(item.sha)}",
            translated(language, _OTHERS if item.found else _BARE),
        )
        for item in items
    )


def agents(language: str, items: Iterable[Agent]) -> tuple[Who, ...]:
    """Say which AI agents are named, and where."""
    place = translated(language, _ROLES["co-author"])
    return tuple(
        Who(marks.inert(item.name), f"{place}, {_shas(language, item.shas)}", "") for item in items
    )


def waived(web: str, items: Iterable[Waiver]) -> tuple[Who, ...]:
    """Say which commits are waived, by whom and why."""
    return tuple(
        Who(
            marks.profile(item.actor.login, item.actor.id, web),
            marks.short(item.sha),
            marks.inert(item.reason, LONGEST_REASON),
        )
        for item in items
    )


def _label(item: Unresolved, web: str) -> str:
    if item.account is not None:
        return marks.profile(item.account.login, item.account.id, web)
    return _named(item.name, item.email)


def _named(name: str, email: str) -> str:
    return marks.inert(f"{name[:30]} {marks.masked(email) if email else ''}")


def _place(language: str, item: Unresolved) -> str:
    place = translated(language, _ROLES[item.role])
    return f"{place}, {_shas(language, item.shas)}" if item.shas else place


def _shas(language: str, shas: Sequence[str]) -> str:
    listed = ", ".join(marks.short(sha) for sha in islice(shas, MOST_SHAS))
    more = ", …" if len(shas) > MOST_SHAS else ""
    return translated(language, _IN, commits=listed + more)


def remedies(language: str, web: str, items: Sequence[Unresolved]) -> tuple[str, ...]:
    """Say how to mend each kind of problem, once."""
    first = {(item.problem, item.role == "co-author"): item for item in reversed(items)}
    found = (_remedy(language, web, first[kind]) for kind in sorted(first))
    return tuple(dict.fromkeys(found))


def _remedy(language: str, web: str, item: Unresolved) -> str:
    address = "ID+LOGIN@users.noreply.github.com"
    account = item.account
    listing = ""
    if account is not None:
        by_login = account.login.lower().endswith("[bot]")
        listing = f"exempt_users = [{account.id}]"
        listing = f'exempt_bots = ["{account.login}"]' if by_login else listing
    trailer = f"Co-authored-by: NAME <{address}>"
    return say(
        "remedy",
        language,
        problem=item.problem,
        web=web,
        amend=_AMEND % address,
        trailer=trailer,
        mended=trailer if item.role == "co-author" else _AMEND % address,
        listing=listing,
    )
