"""The end of the story of money: who built is paid out, one payment is lost after that, and one is not."""

from sqlalchemy import select

from bot.sandbox.demo_stage import DAY, Stage
from bot.sandbox.records import Account, Repository
from bot.sandbox.stripe import troubles
from bot.sandbox.stripe.bank import Json
from core.money import Money, from_stripe, shown
from donations.giving.tables import act


def tell(play: Stage, garden: Repository, ada: Account) -> None:
    """Play on where a reward is owed; raises `Unfulfilled` where it does not go on."""
    _paid_out(play, garden, ada)
    _lost(play, garden)
    _won(play, garden)


def _paid_out(play: Stage, garden: Repository, ada: Account) -> None:
    story, here = play.story, f"{play.url}/you/payouts"
    story.step("Ada makes an account at the bank and says there who she is; Dora has none yet.")
    desk = play.signed_in(ada)
    asked = desk.send(desk.get(here), "account", country="FR", consents="yes")
    desk.post(asked.url, asked.url, {"able": "yes"})
    story.until(lambda: bool(_all(play, "transfer")), "Ada is sent what is hers")
    story.until(lambda: play.is_with_the_bank(garden), "the transfer is in the books")
    print(f"    Sent to Ada:  {_said(_all(play, 'transfer')[0])}. Dora’s part waits for her.")
    play.ledger(garden)


def _lost(play: Stage, garden: Repository) -> None:
    story = play.story
    dispute = _disputed(play, garden, 0, "One who paid disputes it, after it was paid out.")
    story.step("The project loses: as was said before anybody paid, each gives back their part.")
    with play.bank.bank.lock:
        troubles.dispute_ends(play.bank.bank, dispute, won=False)
    story.until(lambda: _is_heard(play), "we hear that it is lost")
    # What is lost is borne once nothing more was heard of it for a day.
    play.skip(DAY)
    story.until(lambda: bool(_all(play, "transfer_reversal")), "Ada’s part is taken back")
    story.until(lambda: play.is_with_the_bank(garden), "what came back is in the books")
    # The house stands in for the fees at the next sweep.
    play.skip(DAY)
    story.until(lambda: _is_borne(play, garden), "the loss is borne")
    back = _said(_all(play, "transfer_reversal")[0])
    print(f"    Taken back from Ada’s account, as she agreed:  {back}. Dora’s part is smaller.")
    play.ledger(garden)


def _is_heard(play: Stage) -> bool:
    lost = select(act.c.id).where(act.c.deed == "dispute_lost").limit(1)
    with play.app.read() as connection:
        return connection.scalar(lost) is not None


def _is_borne(play: Stage, garden: Repository) -> bool:
    """Say whether nobody stands in any more for what was lost, and nothing lacks with the request."""
    left = {account for (account, _code), minor in play.sums(garden).items() if minor}
    open_yet = {one for one in left if one.startswith("request:") or one == "loss:disputes"}
    return not open_yet and play.is_with_the_bank(garden)


def _won(play: Stage, garden: Repository) -> None:
    story = play.story
    dispute = _disputed(play, garden, 1, "The other one disputes as well.")
    story.step("This time the project wins: the money comes back, the house bears the fee.")
    with play.bank.bank.lock:
        troubles.dispute_ends(play.bank.bank, dispute, won=True)
    story.until(lambda: play.is_with_the_bank(garden), "the victory is in the books")
    play.skip(DAY)
    story.until(lambda: _is_borne(play, garden), "the fee is borne")
    play.ledger(garden)


def _disputed(play: Stage, garden: Repository, which: int, sentence: str) -> Json:
    play.story.step(f"{sentence} The bank takes the money back, and a fee.")
    # Stripe knows whole seconds: a dispute of the second of the award would have come before it.
    play.skip(DAY)
    paid = sorted((one for one in _all(play, "charge") if one["paid"]), key=_amount)
    with play.bank.bank.lock:
        dispute = troubles.disputed(play.bank.bank, paid[which])
    play.story.until(lambda: play.is_with_the_bank(garden), "the dispute is in the books")
    play.ledger(garden)
    return dispute


def _all(play: Stage, kind: str) -> list[Json]:
    with play.bank.bank.lock:
        return list(play.bank.bank.all(kind))


def _said(of: Json) -> str:
    money: Money = from_stripe(of["amount"], of["currency"])
    return shown(money, "en")


def _amount(of: Json) -> int:
    return int(of["amount"])
