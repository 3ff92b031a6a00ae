"""`/pledge 50 EUR` and `/fund`: where to promise or give for a request; money is said on a page alone."""

from functools import partial

from sqlalchemy import Connection

from bot import policies
from bot.commands.known import ISSUES, Answer, Call, Part, command
from bot.commands.requesting import look, thread
from bot.mistakes import N_
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
    if page == "pledge" and call.words:
        try:
            said = _amount(call.words, policy.funding.currency, policy.language)
        except NotAnAmount:
            return Answer(here.words("answer_fund", connection, "amount", url=url))
        if said.currency != policy.funding.currency:
            code = policy.funding.currency
            return Answer(here.words("answer_fund", connection, "currency", url=url, code=code))
        url += f"&amount=own&own={said.decimal}"
    running = store.course_of(connection, here.asked.node_id).campaign
    why = "campaign" if running and running.outcome is None and page == "pledge" else page
    return Answer(here.words("answer_fund", connection, why, url=url))


def _amount(words: tuple[str, ...], usual: str, language: str) -> Money:
    """Read an amount, with its currency behind it where one is said."""
    is_code = len(words) > 1 and words[-1].isalpha()
    code = words[-1].upper() if is_code else usual
    figures = " ".join(words[:-1] if is_code else words)
    try:
        return parse(figures, code, language)
    except ValueError as error:
        raise NotAnAmount("%(code)s", {"code": code[:8]}) from error
