"""What stages are called: in the project's own words, or in ours; and which one somebody means. Pure."""

from collections.abc import Callable, Sequence

from bot.mistakes import N_
from bot.policy.stages import BoardStage
from bot.roadmap.board import rules

USUAL = {
    "asked": N_("Asked"),
    "planned": N_("Planned"),
    "in_progress": N_("In progress"),
    "shipped": N_("Shipped"),
    "declined": N_("Declined"),
}
BECAUSE = (" because ", " parce que ", " car ")


def titled(stages: Sequence[BoardStage], name: str, translate: Callable[[str], str]) -> str:
    """Give what a stage is called; one that is no more keeps its name."""
    stage = rules.named(stages, name)
    if stage is not None and stage.title:
        return stage.title
    return translate(USUAL[name]) if name in USUAL else name.replace("_", " ").capitalize()


def meant(
    stages: Sequence[BoardStage], said: str, languages: Sequence[Callable[[str], str]]
) -> BoardStage | None:
    """Find the stage that somebody names: by name, label or title, capitals and dashes aside."""
    wanted = _plain(said)
    for one in stages:
        words = {_plain(one.name), _plain(one.label), _plain(one.title)}
        words |= {_plain(titled(stages, one.name, translate)) for translate in languages}
        if wanted and wanted in words:
            return one
    return None


def parted(words: Sequence[str]) -> tuple[str, str]:
    """Part “planned because there is money” into the stage and the reason; neither has to be there."""
    whole = " ".join(words)
    found = [(whole.lower().find(one), one) for one in BECAUSE if one in whole.lower()]
    if not found:
        return whole, ""
    at, word = min(found)
    return whole[:at].strip(), whole[at + len(word) :].strip()


def _plain(said: str) -> str:
    return " ".join(said.casefold().replace("_", " ").replace("-", " ").split()).strip("“”\"'.")
