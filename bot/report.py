"""A judgement put into words: the check `potluck/cla` and the one comment of a pull request."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from bot.messages import headed, marks, say, translated
from bot.mistakes import N_, Problem
from bot.policies import Rules
from core.github import Annotation, Check, Comment, Conclusion, Repo
from licensing import rights
from licensing.verdict import Asked, Role, Unresolved, Verdict
from licensing.versions import AgreementVersion

CLA = "potluck/cla"
POLICY = "potluck/policy"
TOPIC = "cla"
MOST_ROWS = 100
MOST_MENTIONS = 40
MOST_SHAS = 3

_ROLES: dict[Role, str] = {
    "opener": N_("opened the pull request"),
    "author": N_("author"),
    "co-author": N_("co-author"),
}
_WHY = {
    "unlinked": N_("this e-mail belongs to no GitHub account"),
    "no_account": N_("this co-author's e-mail belongs to no account that we can see"),
    "legacy_noreply": N_("this noreply address carries no account number"),
    "no_email": N_("there is no e-mail address"),
    "bot": N_("a bot, which cannot sign and is not exempt"),
    "unproven_bot": N_("said to be an exempt bot, which nothing shows"),
    "deleted": N_("the account was deleted"),
}
_IN = N_("in %(commits)s")
_AMEND = 'git commit --amend --author="NAME <%s>" --no-edit && git push --force-with-lease'


@dataclass(frozen=True)
class Voice:
    """Where and how we speak: language, the page of the agreement, GitHub's own address."""

    repo: Repo
    language: str
    page: str
    web: str


@dataclass(frozen=True)
class _Who:
    """Somebody who cannot be identified, made harmless for Markdown."""

    label: str
    commits: str
    why: str


@dataclass(frozen=True)
class _Mistake:
    """A mistake in the rules: `said` in Markdown, `plain` for the margin of a diff."""

    line: int
    said: str
    plain: str


def verdict_check(
    voice: Voice, sha: str, rules: Rules, verdict: Verdict, *, pending: bool
) -> Check:
    """Conclude the check with who signed, who has to, and how to mend the rest."""
    if verdict.conclusion == "neutral":
        return plain_check(voice, sha, "neutral", "check_empty")
    version = rules.version
    groups = (verdict.missing, verdict.unresolved, verdict.signed, verdict.exempt)
    title, summary = headed(
        "check_verdict",
        voice.language,
        small=verdict.small,
        missing=verdict.missing[:MOST_ROWS],
        unresolved=tuple(_who(voice, item) for item in verdict.unresolved[:MOST_ROWS]),
        signed=verdict.signed[:MOST_ROWS],
        exempt=verdict.exempt[:MOST_ROWS],
        more=sum(max(0, len(group) - MOST_ROWS) for group in groups),
        pending=pending,
        roles=lambda person: _roles(voice, person),
        remedies=_remedies(voice, verdict.unresolved),
        phrase=version.phrase if version else "",
        version=version.version if version else "",
        url=voice.page,
        web=voice.web,
    )
    return Check(voice.repo, sha, CLA, verdict.conclusion, title, summary, details_url=voice.page)


def plain_check(
    voice: Voice, sha: str, conclusion: Conclusion, message: str, **facts: object
) -> Check:
    """Conclude the check with one message, whose first line is the title."""
    title, summary = headed(message, voice.language, **facts)
    return Check(voice.repo, sha, CLA, conclusion, title, summary, details_url=voice.page)


def unset_check(voice: Voice, sha: str, rules: Rules) -> Check:
    """Conclude the check where nobody can be asked: no rules, rules off, or nothing to sign."""
    policy = rules.policy
    if policy is None and rules.rejected is None:
        return plain_check(voice, sha, "neutral", "check_none")
    if policy is None:
        facts = {"problems": _said(voice, rules.problems), "source": rules.source_name}
        return plain_check(voice, sha, "failure", "check_rules", **facts)
    if policy.mode == "off":
        return plain_check(voice, sha, "neutral", "check_off")
    return plain_check(
        voice, sha, "failure", "check_document", **refusal_facts(rules), refusal=rules.refusal
    )


def refusal_facts(rules: Rules) -> dict[str, str]:
    """Give what the message about a refused agreement needs."""
    policy = rules.policy
    return {
        "document": policy.document if policy else "",
        "version": policy.version if policy else "",
        "in_force": rules.version.version if rules.version else "",
    }


def policy_check(
    voice: Voice,
    sha: str,
    problems: Sequence[Problem],
    extra: Sequence[tuple[str, int, str]] = (),
    *,
    path: str,
    proposed: bool,
) -> Check:
    """Conclude the check on the rules; `extra` are further mistakes as (path, line, sentence)."""
    said = _said(voice, problems)
    annotations = tuple(Annotation(path, item.line, item.plain) for item in said)
    annotations += tuple(Annotation(*item) for item in extra)
    listed = (*said, *(_Mistake(0, sentence, "") for _path, _line, sentence in extra))
    message = "policy_bad" if listed else "policy_good"
    title, summary = headed(message, voice.language, problems=listed, proposed=proposed)
    conclusion: Conclusion = "failure" if listed else "success"
    return Check(voice.repo, sha, POLICY, conclusion, title, summary, annotations)


def asking(voice: Voice, number: int, rules: Rules, verdict: Verdict) -> Comment:
    """Say on the pull request who still has to sign, and how."""
    version = rules.version
    body = say(
        "comment_asks",
        voice.language,
        missing=verdict.missing,
        unresolved=tuple(_who(voice, item) for item in verdict.unresolved[:MOST_ROWS]),
        people=_mentions(verdict.missing),
        mode=version.mode if version else "",
        meaning=_meaning(voice, version) if version and verdict.missing else (),
        phrase=version.phrase if version else "",
        version=version.version if version else "",
        url=voice.page,
    )
    return Comment(voice.repo, number, TOPIC, body)


def _meaning(voice: Voice, version: AgreementVersion) -> tuple[str, ...]:
    """Say what signing means, before anybody does: up to three sentences."""
    said = rights.short_of(version)
    return tuple(translated(voice.language, one.text, **one.values) for one in said)


def thanking(voice: Voice, number: int, rules: Rules, verdict: Verdict) -> Comment:
    """Turn the comment into one line: thanks, or that nobody is asked any more."""
    if verdict.signed and rules.version:
        facts = {"url": voice.page, "version": rules.version.version}
        body = say("comment_thanks", voice.language, **facts)
    else:
        body = say("comment_settled", voice.language)
    return Comment(voice.repo, number, TOPIC, body)


def _mentions(people: Sequence[Asked]) -> str:
    names = [
        marks.mention(person.login) or marks.profile(person.login, person.id, "")
        for person in people[:MOST_MENTIONS]
    ]
    return ", ".join(names) + (", …" if len(people) > MOST_MENTIONS else "")


def _roles(voice: Voice, person: Asked) -> str:
    return ", ".join(translated(voice.language, _ROLES[role]) for role in person.roles)


def _said(voice: Voice, problems: Sequence[Problem]) -> tuple[_Mistake, ...]:
    return tuple(
        _Mistake(
            one.line,
            translated(voice.language, one.text, **_harmless(one.values)),
            translated(voice.language, one.text, **one.values),
        )
        for one in problems
    )


def _harmless(values: Mapping[str, object]) -> dict[str, object]:
    """Show what a file says as code; `known` is a list of our own."""
    return {
        name: marks.inert(value) if isinstance(value, str) and name != "known" else value
        for name, value in values.items()
    }


def _who(voice: Voice, item: Unresolved) -> _Who:
    if item.account is not None:
        label = marks.profile(item.account.login, item.account.id, voice.web)
    else:
        address = marks.masked(item.email) if item.email else ""
        label = marks.inert(f"{item.name[:30]} {address}")
    listed = ", ".join(marks.short(sha) for sha in islice(item.shas, MOST_SHAS))
    more = ", …" if len(item.shas) > MOST_SHAS else ""
    place = translated(voice.language, _ROLES[item.role])
    if item.shas:
        place += ", " + translated(voice.language, _IN, commits=listed + more)
    return _Who(label, place, translated(voice.language, _WHY[item.problem]))


def _remedies(voice: Voice, unresolved: Sequence[Unresolved]) -> tuple[str, ...]:
    first = {(item.problem, item.role == "co-author"): item for item in reversed(unresolved)}
    remedies = (_remedy(voice, first[kind]) for kind in sorted(first))
    return tuple(dict.fromkeys(remedies))


def _remedy(voice: Voice, item: Unresolved) -> str:
    address = "ID+LOGIN@users.noreply.github.com"
    account = item.account
    listing = ""
    if account is not None:
        by_login = account.login.lower().endswith("[bot]")
        listing = f"exempt_users = [{account.id}]"
        listing = f'exempt_bots = ["{account.login}"]' if by_login else listing
    return say(
        "remedy",
        voice.language,
        problem=item.problem,
        web=voice.web,
        amend=_AMEND % address,
        trailer=f"Co-authored-by: NAME <{address}>",
        mended=(
            f"Co-authored-by: NAME <{address}>" if item.role == "co-author" else _AMEND % address
        ),
        listing=listing,
    )
