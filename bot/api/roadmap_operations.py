"""The endpoints of a roadmap, as the OpenAPI document and the page for people describe them."""

from bot.api import roadmap_answers
from bot.api.operations import BEFORE, PER_PAGE, REPO, WORDS, Operation, Parameter
from bot.mistakes import N_
from bot.roadmap import queries

AFTER = Parameter(
    "after",
    N_("Where a page begins; `next` sets it."),
    {"type": "string", "pattern": r"^[0-9]+\.[0-9]+$"},
)
STAGE = {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,23}$"}

OPERATIONS = (
    Operation(
        f"{REPO}/requests",
        "requests",
        N_("What people ask for"),
        N_("Requests, open ones unless you say otherwise, with how many people want each."),
        roadmap_answers.Requests,
        parameters=(
            Parameter(
                "state",
                N_("Open or closed; with a stage, both."),
                {"enum": list(queries.STATES), "default": queries.STATES[0]},
            ),
            Parameter("stage", N_("Only what stands at this stage of the board."), STAGE),
            Parameter("origin", N_("Who brought it."), {"enum": list(queries.ORIGINS[1:])}),
            Parameter("q", N_("Words of the title; slips of the pen are forgiven."), WORDS),
            Parameter(
                "sort",
                N_("In which order."),
                {"enum": list(queries.SORTS), "default": queries.SORTS[0]},
            ),
            AFTER,
            PER_PAGE,
        ),
    ),
    Operation(
        f"{REPO}/requests/{{number}}",
        "request",
        N_("One request"),
        N_("How many people want it, where it stands, and what it is joined with."),
        roadmap_answers.Request,
    ),
    Operation(
        f"{REPO}/requests/{{number}}/moves",
        "requestMoves",
        N_("Why a request stands where it does"),
        N_("Each move on the board, by whom and why, the last one first."),
        roadmap_answers.Moves,
        parameters=(BEFORE, PER_PAGE),
    ),
    Operation(
        f"{REPO}/moves",
        "moves",
        N_("What moved on the board"),
        N_("All moves, the last one first."),
        roadmap_answers.Moves,
        parameters=(BEFORE, PER_PAGE),
    ),
    Operation(
        f"{REPO}/stages",
        "stages",
        N_("The stages of the board"),
        N_("In order, with how many requests stand at each."),
        roadmap_answers.Stages,
    ),
    Operation(
        f"{REPO}/changelog",
        "changelog",
        N_("What shipped"),
        N_("Newest first: who asked, how many wanted it, who built it."),
        roadmap_answers.Changelog,
        parameters=(AFTER, PER_PAGE),
    ),
)
