"""What outlets call stages and acts, in the language of the present request."""

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _

from bot.policy.stages import BoardStage
from bot.roadmap.board import naming
from bot.roadmap.outlets.acts import Moved
from core.web.text import inert


def stage(stages: Sequence[BoardStage], name: str) -> str:
    """Give what a project calls a stage, safe to show."""
    return inert(naming.titled(stages, name, _))


def headline(one: Moved, stages: Sequence[BoardStage]) -> str:
    """Say in one line what a move did."""
    title = inert(one.title)
    if not one.from_stage:
        return str(_("New: %(title)s", title=title))
    name = stage(stages, one.to_stage)
    return str(_("%(title)s: now %(stage)s", title=title, stage=name))


def reason(one: Moved, stages: Sequence[BoardStage]) -> str:
    """Say why an item was moved, in sentences."""
    said = [_causes().get(one.cause, "")]
    if one.from_stage:
        came = _("From %(stage)s.", stage=f"“{stage(stages, one.from_stage)}”")
        said.insert(0, came)
    if one.words:
        said.append(f"“{inert(one.words)}”")
    return " ".join(part for part in said if part)


def _causes() -> Mapping[str, str]:
    return {
        "asked": _("It became a request."),
        "decided": _("A person decided it."),
        "labelled": _("A label was changed on GitHub."),
        "milestone": _("A milestone was set on GitHub."),
        "closed": _("The issue was closed on GitHub."),
        "reopened": _("The issue was opened again on GitHub."),
        "merged": _("A change that closes it was merged."),
        "claimed": _("Somebody took it up."),
        "released": _("It was given back."),
        "funded": _("Its goal was reached."),
        "governance": _("A formal vote decided it."),
        "silent": _("Nobody wanted it for a long time, and nobody did when asked."),
    }
