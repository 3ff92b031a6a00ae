"""What movements and accounts are called; msgids, translated where they are shown."""

from bot.mistakes import N_
from donations.ledger import Kind, Mark

KINDS: dict[Kind, str] = {
    "gift": N_("Gift"),
    "pledge": N_("Pledge paid"),
    "licence": N_("Licence sold"),
    "tax": N_("Tax"),
    "fee": N_("Fee of the payment processor"),
    "award": N_("Awarded to people"),
    "transfer": N_("Paid to a person"),
    "transfer_returned": N_("Payment to a person came back"),
    "redirect": N_("Moved to another purpose"),
    "refund": N_("Given back"),
    "refund_failed": N_("Could not be given back"),
    "dispute": N_("Disputed by the card’s holder"),
    "dispute_won": N_("Dispute won"),
    "dispute_lost": N_("Dispute lost"),
    "clawback": N_("Taken back after a loss"),
    "conversion": N_("Changed into another currency"),
    "top_up": N_("Added by whoever runs this service"),
    "payout": N_("Paid out to a bank"),
    "adjustment": N_("Correction"),
    "reversal": N_("Reversal"),
}

MARKS: dict[Mark, str] = {
    "self_paid": N_("The backer is paid"),
    "self_approved": N_("Approved by the person who is paid"),
}

GIVEN = frozenset({"gift", "pledge", "licence"})
"""Kinds that come from somebody, named or anonymous."""

FIXED = {
    "stripe:balance": N_("Held by the payment processor"),
    "stripe:fees": N_("Fees of the payment processor"),
    "conversion": N_("Change of currency"),
    "bank": N_("Taken to the bank of whoever runs this service"),
    "loss:fees": N_("Loss: fees"),
    "loss:refunds": N_("Loss: refunds"),
    "loss:disputes": N_("Loss: disputes"),
    "loss:rounding": N_("Loss: rounding"),
}
"""Accounts that there are once in a book."""

OWED = {
    "project": N_("Belongs to the project"),
    "request": N_("Set aside for a request"),
    "payee": N_("Owed to %(who)s"),
    "owed": N_("Owed to %(who)s, who cannot be paid yet"),
    "refund": N_("Owed back to a giver"),
    "tax": N_("Owed as tax"),
    "licences": N_("From licences, not shared yet"),
}
"""Accounts of somebody, by what stands before the colon."""
