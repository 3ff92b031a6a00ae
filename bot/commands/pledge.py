"""`/pledge 50 EUR`, `/pledge 50 EUR @bo` and `/fund`: where to promise or give for a request.

Money is said on a page alone.
"""

from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from bot import policies
from bot.commands.known import ISSUES, Answer, Call, Part, command
from bot.commands.requesting import look, thread
from bot.mistakes import N_
from bot.policy import Policy
from bot.roadmap.intents import hope, ledger, wording
from bot.roadmap.store import Request
from core.github import Issue
from core.money import Money, NotAnAmount, parse
from donations.pledges import store


@command("pledge", "/pledge 50 EUR", N_("leads to the page on which you promise it"), ISSUES)
def pledge(call: Call) -> Part:
    """Answer with the page on which this amount is promised."""
    return partial(_answer, call, look(call), "pledge")


@command("fund", "/fund", N_("leads to the page on which you give for this"), ISSUES)
def fund(call: Call) -> Part:
    """Answer with the page on which one gives for this."""
    return partial(_answer, call, look(call), "fund")


def _answer(call: Call, issue: Issue | None, page: str, connection: Connection) -> Answer:
    here, policy = thread(call, issue, connection), policies.rules(connection, call.repo.id).policy
    if policy is None or not policy.funding.on or call.repo.private:
        return Answer(here.words("answer_fund", connection, "off"))
    if here.asked is None or not here.is_request:
        return Answer(here.words("answer_fund", connection, "unknown"))
    if here.asked.state != "open":
        return Answer(here.words("answer_fund", connection, "closed"))
    url = f"{call.ctx.public_url}/{call.repo.name}/{page}?request={here.asked.number}"
    words, login = _parted(call.words) if page == "pledge" else ((), "")
    bidder = _bidder(connection, here.asked, login, call.ctx.now) if login else 0
    if login and not bidder:
        return Answer(here.words("answer_fund", connection, "offer", url=url, given=login))
    url += f"&offer={bidder}" if bidder else ""
    why, url = _filled(words, url, policy)
    if not why and page == "pledge":
        running = store.course_of(connection, here.asked.node_id).campaign
        collects = running is not None and running.outcome is None
        why = "bidder" if bidder else "campaign" if collects else page
    code = policy.funding.currency
    return Answer(here.words("answer_fund", connection, why or page, url=url, code=code))


def _filled(words: tuple[str, ...], url: str, policy: Policy) -> tuple[str, str]:
    """Fill an amount into the address of the form; gives why it is none, and the address."""
    if not words:
        return "", url
    try:
        said = _amount(words, policy.funding.currency, policy.language)
    except NotAnAmount:
        return "amount", url
    if said.currency != policy.funding.currency:
        return "currency", url
    return "", f"{url}&amount=own&own={said.decimal}"


def _parted(words: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
    """Part the amount from the login of whose offer it is for, where one stands at the end."""
    if words and words[-1].startswith("@"):
        return words[:-1], words[-1][1:]
    return words, ""


def _bidder(connection: Connection, asked: Request, login: str, now: datetime) -> int:
    """Give the number of whoever made an offer that stands, by their login; 0 where there is none."""
    made = ledger.replay(connection, asked.id).standing.call
    offers = [one.bidder for one in made.offers if hope.stands(made, one.bidder)] if made else []
    known = wording.logins(connection, asked.id, offers, now)
    return next((who for who in offers if known.get(who, "").lower() == login.lower()), 0)


def _amount(words: tuple[str, ...], usual: str, language: str) -> Money:
    """Read an amount, with its currency behind it where one is said."""
    is_code = len(words) > 1 and words[-1].isalpha()
    code = words[-1].upper() if is_code else usual
    figures = " ".join(words[:-1] if is_code else words)
    try:
        return parse(figures, code, language)
    except ValueError as error:
        raise NotAnAmount("%(code)s", {"code": code[:8]}) from error
