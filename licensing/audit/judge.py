"""Judging commits and paths for one target, each once, and lines of several origins together. Pure."""

from collections.abc import Callable, Mapping

import msgspec

from licensing.audit import rules
from licensing.audit.parts import Source, Sources
from licensing.audit.values import REASONS, Held, Judged, Ledger, Standing, Waiver, Work


class Beside(msgspec.Struct, frozen=True):
    """What is shown of lines that changes nothing of how they stand."""

    agent: bool
    waived: tuple[tuple[str, Waiver], ...]
    licences: tuple[str, ...]


class Together(msgspec.Struct, frozen=True):
    """How lines of some origins stand, because of whom if they may not be handed out."""

    standing: Standing
    stand_in_the_way: tuple[Held, ...]
    beside: Beside | None


class Judge:
    """Judges commits and paths for one target, each once."""

    def __init__(
        self,
        works: Callable[[str], Work],
        ledger: Ledger,
        target: str,
        formats: Mapping[str, Waiver] | None = None,
    ) -> None:
        """Keep what is needed; `works` gives each commit, `formats` who approved which form."""
        self.formats = formats or {}
        self.works = works
        self.ledger = ledger
        self.target = target
        grants = (one for found in ledger.grants.values() for one in found)
        scoped = any(one.paths for one in grants) or any(one.paths for one in ledger.inbound)
        self._by_path = scoped or any(one.paths for one in ledger.covered.values())
        self._known: dict[Source, Judged] = {}
        self._eras = rules.Eras(ledger)
        self._in_era: dict[tuple[object, ...], Judged] = {}
        self._together: dict[Sources, Together] = {}
        self._alike: dict[Sources, Together] = {}

    def __call__(self, source: Source) -> Judged:
        """Judge the lines of one origin."""
        key = source if self._by_path else (source[0], "")
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._judged(self.works(source[0]), key[1])
        return found

    def _judged(self, work: Work, path: str) -> Judged:
        era = self._eras.of(work)
        if era is None:
            return rules.judge(work, path, self.target, self.ledger)
        alike = (work.people, path, *era)
        found = self._in_era.get(alike)
        if found is None:
            found = self._in_era[alike] = rules.judge(work, path, self.target, self.ledger)
        return found

    def together(self, sources: Sources) -> Together:
        """Judge lines of several origins: the worst counts.

        Where somebody's lines show under an approved change of form, that change is waived.
        """
        found = self._together.get(sources)
        if found is None:
            # It depends on the paths only where grants name some.
            key = sources if self._by_path else tuple([(commit, "") for commit, _ in sources])
            found = self._alike.get(key)
            if found is None:
                found = self._alike[key] = self._worst(key)
            self._together[sources] = found
        return found

    def _worst(self, sources: Sources) -> Together:
        judged = [self(source) for source in sources]
        if len(judged) > 1 and sources[0][0] in self.formats:
            waiver = self.formats[sources[0][0]]
            held = tuple(Held(one.person, "TRIVIAL", waiver=waiver) for one in judged[0].held)
            judged[0] = Judged("TRIVIAL", held, judged[0].licences)
        everybody = judged[0].held
        if len(judged) > 1:
            everybody = tuple(dict.fromkeys(item for one in judged for item in one.held))
        beside = Beside(
            any(self.works(commit).agent for commit, _ in sources),
            tuple([(it.person.key, it.waiver) for it in everybody if it.waiver is not None]),
            tuple([name for one in judged for name in one.licences]),
        )
        return Together(
            rules.worst(judged),
            tuple([one for one in everybody if one.standing in REASONS]),
            beside if beside.agent or beside.waived or beside.licences else None,
        )
