"""The endpoints of signals, calls and contributors, as the OpenAPI document and the page describe them."""

from bot.api import steering_answers
from bot.api.operations import REPO, Operation, Parameter
from bot.mistakes import N_
from bot.roadmap.intents import shown

PAGE = Parameter(
    "page", N_("The number of the page."), {"type": "integer", "minimum": 1, "maximum": 1_000}
)

OPERATIONS = (
    Operation(
        f"{REPO}/requests/{{number}}/signals",
        "requestSignals",
        N_("The signals of a request"),
        N_("Votes, comments, stories, ratings and orders: each by itself, never one number."),
        steering_answers.Signals,
    ),
    Operation(
        f"{REPO}/calls",
        "calls",
        N_("Calls for offers and contests"),
        N_(
            "Open ones by their deadline unless you say otherwise; no total before a vote is over."
        ),
        steering_answers.Calls,
        parameters=(
            Parameter(
                "state",
                N_("Which of them."),
                {"enum": list(shown.STATES), "default": shown.STATES[0]},
            ),
            Parameter(
                "kind", N_("Calls for offers, or contests."), {"enum": list(shown.KINDS[1:])}
            ),
            PAGE,
        ),
    ),
    Operation(
        f"{REPO}/contributors",
        "contributors",
        N_("Who contributed"),
        N_("People by name with what they did, and on how few the project rests."),
        steering_answers.Contributors,
        parameters=(PAGE,),
    ),
)
