"""The endpoints of money and milestones, as the OpenAPI document and the page describe them."""

from bot.api import funding_answers
from bot.api.operations import REPO, Operation, Parameter
from bot.mistakes import N_

OPERATIONS = (
    Operation(
        f"{REPO}/funding",
        "funding",
        N_("What a project was given"),
        N_("By currency, with how many people gave; never who."),
        funding_answers.ProjectFunding,
    ),
    Operation(
        f"{REPO}/requests/{{number}}/funding",
        "requestFunding",
        N_("The money of a request"),
        N_("What is given and promised, for which offer, how a campaign stands, who gets what."),
        funding_answers.Funding,
    ),
    Operation(
        f"{REPO}/milestones",
        "milestones",
        N_("Milestones"),
        N_("Each with the requests that are in it."),
        funding_answers.Milestones,
        parameters=(Parameter("state", N_("Which of them."), {"enum": ["open", "closed"]}),),
    ),
    Operation(
        f"{REPO}/milestones/{{number}}/funding",
        "milestoneFunding",
        N_("The money of a milestone"),
        N_("What is promised for it, how a campaign stands, who gets what."),
        funding_answers.Funding,
    ),
)
