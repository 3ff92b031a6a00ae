"""The cards that one can play with; numbers as in https://docs.stripe.com/testing."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Card:
    """How a card behaves.

    `declines` is the code with which it refuses, `asks` whether its bank wants to see the holder
    when they are away, `asks_here` also when they are there; `disputed` whether its holder will
    dispute the payment, `warned` whether the network warns of fraud.
    """

    number: str
    words: str
    declines: str = ""
    asks: bool = False
    asks_here: bool = False
    disputed: bool = False
    warned: bool = False
    brand: str = "visa"
    declines_later: bool = False

    @property
    def last4(self) -> str:
        """The last four digits."""
        return self.number[-4:]


CARDS = (
    Card("4242424242424242", "Pays"),
    Card("4000000000000002", "Is declined", declines="generic_decline"),
    Card("4000000000009995", "Has no funds", declines="insufficient_funds"),
    Card("4000002760003184", "Asks for the holder each time", asks=True, asks_here=True),
    Card("4000002500003155", "Asks for the holder once", asks_here=True),
    Card("4000000000000341", "Can be saved, is declined when charged", declines_later=True),
    Card("4000000000000259", "Pays, then disputes", disputed=True),
    Card("4000000000005423", "Pays, then its network warns of fraud", warned=True),
)

BY_NUMBER = {card.number: card for card in CARDS}
BY_TOKEN = {
    "pm_card_visa": CARDS[0],
    "pm_card_chargeDeclined": CARDS[1],
    "pm_card_chargeDeclinedInsufficientFunds": CARDS[2],
    "pm_card_authenticationRequired": CARDS[3],
    "pm_card_chargeCustomerFail": CARDS[5],
    "pm_card_createDispute": CARDS[6],
}
