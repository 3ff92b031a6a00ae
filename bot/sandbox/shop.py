"""What the garden sells, in the sandbox and in the demo."""

from bot.sandbox.records import Account

LICENCE = "AGPL-3.0-only"
TERMS = "# The commercial licence of the garden\n\nUse it as you like, and keep your own code closed.\n"
_RULES = """
[licence]
offered = "LICENCE"

[selling]
seller = "The Garden association"
tax_percent = "20"

[selling.sharing]
contributors = 60
maintainers = 20
project = 20
points = { code = 5, doc = 3 }
maintainer_ids = [MAINTAINER]
cap_percent = 100
least = "1"
wait_days = 30

[[selling.products]]
id = "pro"
name = "Garden Pro"
entitlements = ["reports", "ee/**"]
price = "60.00"
most_seats = 5
trial_days = 30

[[selling.products]]
id = "own"
name = "Garden for ever"
says = "Pay what it is worth to you."
least = "10"
suggested = ["20", "50"]
term = "perpetual"
"""


def rules(maintainer: Account) -> str:
    """Give the sections of the rules file that open the shop."""
    return _RULES.replace("LICENCE", LICENCE).replace("MAINTAINER", str(maintainer.id))
