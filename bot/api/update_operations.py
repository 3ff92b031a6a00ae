"""The endpoints of updates, as the OpenAPI document and the page describe them."""

from bot.api import update_answers
from bot.api.operations import PER_PAGE, REPO, Operation
from bot.api.roadmap_operations import AFTER
from bot.mistakes import N_

OPERATIONS = (
    Operation(
        f"{REPO}/requests/{{number}}/updates",
        "requestUpdates",
        N_("How a request goes"),
        N_(
            "What those who work on it said of that, newest first; of what it is joined with, too."
        ),
        update_answers.Updates,
        parameters=(AFTER, PER_PAGE),
    ),
    Operation(
        f"{REPO}/milestones/{{number}}/updates",
        "milestoneUpdates",
        N_("How a milestone goes"),
        N_("What maintainers said of that, newest first."),
        update_answers.Updates,
        parameters=(AFTER, PER_PAGE),
    ),
)
