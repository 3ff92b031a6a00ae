"""The endpoints of licences and releases, as the OpenAPI document and the page for people describe them."""

from bot.api import licence_answers
from bot.api.operations import REPO, Operation
from bot.mistakes import N_

OPERATIONS = (
    Operation(
        f"{REPO}/licences/keys",
        "licenceKeys",
        N_("The keys that sign licences"),
        N_("Public keys to pin in a product: each that is not retired."),
        licence_answers.LicenceKeys,
    ),
    Operation(
        f"{REPO}/licences/revocations",
        "licenceRevocations",
        N_("Licences that were taken back"),
        N_("A signed list with a rising number; keep the highest, and refuse a lower one."),
        licence_answers.Revocations,
    ),
    Operation(
        f"{REPO}/licences/validate",
        "validateLicence",
        N_("Does this licence hold?"),
        N_("The answer has a `code` with the first reason. Asking changes nothing."),
        licence_answers.Validation,
        method="post",
        body=licence_answers.Ask,
    ),
    Operation(
        f"{REPO}/licences/activate",
        "activateMachine",
        N_("Take a seat"),
        N_("A machine takes a seat of a licence; the same `fingerprint` again changes nothing."),
        licence_answers.Validation,
        method="post",
        body=licence_answers.Machine,
    ),
    Operation(
        f"{REPO}/licences/deactivate",
        "deactivateMachine",
        N_("Give a seat back"),
        N_("The seat is free for another machine, also after the licence has ended."),
        licence_answers.Validation,
        method="post",
        body=licence_answers.Machine,
    ),
    Operation(
        f"{REPO}/releases",
        "releases",
        N_("Releases and when they become open"),
        N_("Each with the licence it came out under, and the day from which it is open."),
        licence_answers.Releases,
    ),
)
