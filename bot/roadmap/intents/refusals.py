"""Why something about an intent could not be done, as a page says it: the bot's words are in messages/."""

from flask_babel import gettext as _


def sentence(deed: str, why: str) -> str:
    """Give what is so and what to do; `why` is a verdict of the rules or of the grammar."""
    return _own(deed).get(why) or _common().get(why) or _("That cannot be done now.")


def _own(deed: str) -> dict[str, str]:
    if deed == "claim":
        return {
            "contest": _("A contest runs here, and its winner gets the work. Take part in it."),
            "waits": _("Offers are asked for here, and who does it is chosen among them."),
        }
    if deed in {"call", "contest"}:
        return {"claimed": _("Somebody works on this already: their claim has to end first.")}
    return {}


def _common() -> dict[str, str]:
    return {
        "stranger": _("Only whoever asked for this, or a maintainer, can do that."),
        "maintainer": _("Only maintainers can do that."),
        "past": _("That deadline is over already. Choose a later one."),
        "far": _("That deadline is more than a year away. Choose one that is nearer."),
        "until": _("Until when? Write a day as in 2027-01-31, or a span as in 14d."),
        "no_until": _("Until when? Write a day as in 2027-01-31, or a span as in 14d."),
        "test": _("Say when it is done: what would somebody look at to see that it works?"),
        "budget": _("Write a budget as in: 200-400 EUR"),
        "no_budget": _("The cheapest offer can only be chosen within a budget. Add one."),
        "long": _("That is too long: 1000 characters at most."),
        "contest": _("A contest runs here. Wait until it is over, or have it called off."),
        "call": _("Offers are asked for here. Wait until that is decided, or have it taken back."),
        "method": _("There was an offer already, so the way of choosing stays as it was shown."),
        "shorter": _("There is an answer already, so the deadline can only move back."),
        "currency": _("Please use the currency of the budget."),
        "late": _("The deadline is over; what counts is when you sent it."),
        "early": _("Nothing is chosen before the deadline."),
        "none": _("There is nothing of this kind here now."),
        "idle": _("There was nothing to take back."),
        "decided": _("This is decided already."),
        "unknown": _("Choose one of those in the list."),
        "taken": _("Somebody works on this already. It is free again when they give it back."),
        "already": _("This is yours already."),
        "theirs": _("Only they themselves, or a maintainer, can end a claim."),
        "amount": _("Write the price in figures and with a currency, as in: 300 EUR"),
        "bid": _("An offer is a price, a time and words."),
        "days": _("Choose from 1 to 366 days."),
        "words": _("Say it in a few words, or give a link."),
        "closed": _("The request is closed. It has to be opened again first."),
        "joined": _("This request was joined with another one: do it there."),
        "full": _("You have done more about this request than I can take."),
        "not_votes": _("Nobody votes on this."),
    }
