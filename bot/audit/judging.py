"""From what an audit found to what it says: the same whether it was found just now or kept."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from bot.audit.matter import Matter
from licensing.audit import tally
from licensing.audit.alike import TELLING, Alike
from licensing.audit.decisions import Inputs
from licensing.audit.holders import work_of
from licensing.audit.judge import Judge
from licensing.audit.mailmap import Mailmap
from licensing.audit.people import CLAIMS, Known, Suggestion, suggested
from licensing.audit.tally import Blocker, Tally
from licensing.audit.values import Work

SHOWN = 200
BY_MAILMAP = "the file .mailmap says so"


@dataclass(frozen=True)
class Audit:
    """What came out. `blamed` is how many files git had to be asked about, 0 where none had to.

    `broken` are licences that were promised to stay and are not on offer. `notices` are what
    files say of copyright, by path, where the project has not said which notices are its own.
    What came before `baseline` is taken at its word of who wrote it; `aliases` is how many people
    stewards took to be others.
    """

    commit: str
    target: str
    tally: Tally
    broken: tuple[str, ...]
    policy_sha256: str
    ledger_sha256: str
    blamed: int = 0
    notices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    baseline: str = ""
    aliases: int = 0

    @property
    def sellable(self) -> bool:
        """Whether nothing stands in the way of the target."""
        return not self.tally.blocked and not self.broken


class Works:
    """Who holds each commit of an audit; each is found out once."""

    def __init__(self, matter: Matter, inputs: Inputs) -> None:
        """Join what commits say with what we know of where they came from."""
        landed = inputs.origins.landed
        self._commits = matter.commits
        self._origins = replace(
            inputs.origins, cut=matter.cut, strangers=matter.strangers - landed.keys()
        )
        self._known: dict[str, Work] = {}

    def __call__(self, commit: str) -> Work:
        """Give a commit's holders."""
        found = self._known.get(commit)
        if found is None:
            found = self._known[commit] = work_of(self._commits[commit], self._origins)
        return found


def judged(matter: Matter, inputs: Inputs, *, asks: bool = True) -> Audit:
    """Judge all of it; `asks`: find for whoever stands in the way whom they look like."""
    works = Works(matter, inputs)
    sums = tally.add_up(matter.files, Judge(works, inputs.ledger, matter.target, inputs.formats))
    if asks:
        _look_for(sums, inputs, Mailmap(matter.mailmap))
    broken = sums.broken(inputs.ledger.offered)
    return Audit(
        matter.commit,
        matter.target,
        sums,
        broken,
        inputs.sha256,
        inputs.ledger_sha256,
        baseline=matter.baseline,
        aliases=len(inputs.origins.register.aliases),
    )


@lru_cache(maxsize=4)
def _alike(known: tuple[Known, ...]) -> Alike:
    """Read all who are known once for several audits in a row."""
    return Alike(known)


def _look_for(sums: Tally, inputs: Inputs, hints: Mailmap) -> None:
    """Find for each blocker whom they look like, or are said to be; only ever a question."""
    alike = _alike(inputs.known)
    for blocker in sums.blockers.values():
        found = [
            one
            for name in blocker.names
            for email in blocker.emails
            for one in suggested(blocker.key, name, email, alike)
        ]
        found += _claimed(blocker, inputs, hints, alike)
        chosen: dict[str, Suggestion] = {}
        for one in found:
            chosen.setdefault(one.label, one)
        blocker.suggestions = tuple(chosen.values())
        blocker.remedy = tally.remedy(blocker)


def _claimed(
    blocker: Blocker, inputs: Inputs, hints: Mailmap, alike: Alike
) -> Iterator[Suggestion]:
    """Give whoever is meant where a mail map names a blocker beside somebody else."""
    labels = {one.key: one.label for one in inputs.known}
    granted = inputs.ledger.grants.keys() | {who for _, who in inputs.ledger.waived}
    for email in blocker.emails:
        for name, other in hints.related(email):
            for key in inputs.origins.register.keys(other, name)[0]:
                if key in granted and key != blocker.key and not key.startswith(CLAIMS):
                    yield Suggestion(blocker.key, key, labels.get(key, key), BY_MAILMAP)
            for one in suggested(blocker.key, name, other, alike):
                if one.because in TELLING:
                    yield replace(one, because=BY_MAILMAP)


def plain(audit: Audit) -> dict[str, Any]:
    """Give an audit as JSON values: what a page, a program or a certificate needs of it."""
    sums = audit.tally
    found = {
        "commit": audit.commit,
        "target": audit.target,
        "sellable": audit.sellable,
        "lines": sums.lines,
        "blocked": sums.blocked,
        "standings": _counted(sums.standings),
        "folders": {name: _counted(one) for name, one in sorted(sums.folders.items())},
        "kinds": _counted(sums.kinds),
        "blockers": [_blocker(one) for one in blockers(sums)],
        "waived": [
            {"who": who, "steward": steward, "reason": reason, "lines": lines}
            for (who, steward, reason), lines in sums.waived.most_common()
        ],
        "declared": declared(sums),
        "baseline": audit.baseline,
        "aliases": audit.aliases,
        "aside": {name: sorted(paths)[:SHOWN] for name, paths in sorted(sums.aside.items())},
        "agents": sums.agents,
        "licences": _counted(sums.licences),
        "broken": list(audit.broken),
        "notices": {path: list(said) for path, said in sorted(audit.notices.items())[:SHOWN]},
        "policy_sha256": audit.policy_sha256,
        "ledger_sha256": audit.ledger_sha256,
    }
    safe: dict[str, Any] = _safe(found)
    return safe


def _safe(value: Any) -> Any:
    """Give JSON that every database and program takes: a file's name may be in no encoding."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode().replace("\0", "\ufffd")
    if isinstance(value, dict):
        return {_safe(name): _safe(one) for name, one in value.items()}
    return [_safe(one) for one in value] if isinstance(value, list) else value


def declared(sums: Tally) -> list[dict[str, Any]]:
    """Give how many lines count only because a steward declared what their files are."""
    return [
        {"what": what, "steward": steward, "reason": reason, "lines": lines}
        for (what, steward, reason), lines in sorted(sums.declared.items())
    ]


def blockers(sums: Tally) -> list[Blocker]:
    """Give who stands in the way, those with the most lines first."""
    return sorted(sums.blockers.values(), key=lambda one: (-one.lines, one.key))


def _counted(found: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(found.items()))


def _blocker(one: Blocker) -> dict[str, Any]:
    return {
        "who": one.key,
        "names": [name for name, _ in one.names.most_common() if name],
        "addresses": [email for email, _ in one.emails.most_common() if email],
        "reason": one.reason,
        "why": one.why,
        "lines": one.lines,
        "files": [[path, lines] for path, lines in one.files.most_common(SHOWN)],
        "file_count": len(one.files),
        "first": [one.first[0].isoformat(), one.first[1]] if one.first else None,
        "remedy": one.remedy,
        "may_be": [
            {"who": item.same_as, "label": item.label, "because": item.because}
            for item in one.suggestions
        ],
    }
