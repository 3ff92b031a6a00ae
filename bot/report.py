"""A judgement put into words: the check `potluck/cla` and the one comment of a pull request."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot import rows
from bot.messages import headed, marks, say, translated
from bot.mistakes import Problem
from bot.policies import Rules
from bot.policy import Policy
from bot.sharing import words as sharing
from bot.since import Since
from bot.teams import Looked
from core.github import Annotation, Check, Comment, Conclusion, Repo
from licensing import rights
from licensing.verdict import Asked, Declared, Verdict
from licensing.versions import AgreementVersion

CLA = "potluck/cla"
POLICY = "potluck/policy"
TOPIC = "cla"
MOST_ROWS = 100
MOST_MENTIONS = 40


@dataclass(frozen=True)
class Voice:
    """Where and how we speak: language, the page of the agreement, GitHub's own address.

    `sign` is the page on which one can sign, empty where nobody can; `you` is everybody's own
    page, empty where nobody can sign in.
    """

    repo: Repo
    language: str
    page: str
    web: str
    sign: str = ""
    you: str = ""


@dataclass(frozen=True)
class _Mistake:
    """A mistake in the rules: `said` in Markdown, `plain` for the margin of a diff."""

    line: int
    said: str
    plain: str


def verdict_check(
    voice: Voice,
    sha: str,
    rules: Rules,
    verdict: Verdict,
    *,
    pending: bool,
    teams: Looked | None = None,
    since: Sequence[Since] = (),
) -> Check:
    """Conclude the check with who signed, who has to, and how to mend the rest.

    `pending`: a merge is still looked into. `teams` is what is known of those that rules exempt.
    """
    if verdict.conclusion == "neutral":
        return plain_check(voice, sha, "neutral", "check_empty")
    title, summary = headed(
        "check_signoffs" if _by_signoff(rules) else "check_verdict",
        voice.language,
        **_table(voice, rules, verdict),
        pending=pending,
        since=since,
        named=lambda people: _profiles(voice, people),
        unread_teams=tuple(map(marks.inert, teams.unread if teams else ())),
        replaced_teams=tuple(map(marks.inert, teams.replaced if teams else ())),
        commits=len({one.sha for one in verdict.holdings if one.sha}),
        first=verdict.unsigned[0].sha if verdict.unsigned else "",
    )
    return Check(voice.repo, sha, CLA, verdict.conclusion, title, summary, details_url=voice.page)


def _by_signoff(rules: Rules) -> bool:
    return rules.policy is not None and rules.policy.mode == "dco"


def _table(voice: Voice, rules: Rules, verdict: Verdict) -> dict[str, object]:
    """Give who stands in the table and what they have to do."""
    language, web, version = voice.language, voice.web, rules.version
    groups: tuple[Sequence[object], ...] = (
        verdict.missing,
        verdict.unresolved,
        verdict.unsigned,
        verdict.signed,
        verdict.exempt,
        verdict.waived,
        verdict.agents,
    )
    people = (*verdict.missing, *verdict.signed)
    return {
        "spared": verdict.spared,
        "missing": verdict.missing[:MOST_ROWS],
        "unresolved": rows.unresolved(language, web, verdict.unresolved[:MOST_ROWS]),
        "unsigned": rows.unsigned(language, verdict.unsigned[:MOST_ROWS]),
        "signed": verdict.signed[:MOST_ROWS],
        "undeclared": verdict.undeclared[:MOST_ROWS],
        "exempt": verdict.exempt[:MOST_ROWS],
        "waived": rows.waived(web, verdict.waived[:MOST_ROWS]),
        "agents": rows.agents(language, verdict.agents[:MOST_ROWS]),
        "more": sum(max(0, len(group) - MOST_ROWS) for group in groups),
        "declares": {kind for person in people for kind in person.declares},
        "by_signoff": _by_signoff(rules),
        "carried": ", ".join(f"#{number}" for number in verdict.carried[:MOST_MENTIONS]),
        "still": lambda person: rows.still(language, person),
        "roles": lambda person: rows.roles(language, person),
        "remedies": rows.remedies(language, web, verdict.unresolved),
        "phrase": version.phrase if version else "",
        "version": version.version if version else "",
        "url": voice.page,
        "web": web,
    }


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
        "document": _documents(policy),
        "version": policy.version if policy else "",
        "in_force": rules.version.version if rules.version else "",
    }


def _documents(policy: Policy | None) -> str:
    if policy is None:
        return ""
    more = f" / {policy.company_document}" if policy.company_document else ""
    return f"{policy.document}{more}"


def policy_check(
    voice: Voice,
    sha: str,
    problems: Sequence[Problem],
    extra: Sequence[tuple[str, int, str]] = (),
    *,
    path: str,
    proposed: bool,
    remark: str = "",
) -> Check:
    """Conclude the check on the rules; `extra` are further mistakes as (path, line, sentence).

    A `remark` stands below rules without a mistake, and changes nothing.
    """
    said = _said(voice, problems)
    annotations = tuple(Annotation(path, item.line, item.plain) for item in said)
    annotations += tuple(Annotation(*item) for item in extra)
    listed = (*said, *(_Mistake(0, sentence, "") for _path, _line, sentence in extra))
    message = "policy_bad" if listed else "policy_good"
    title, summary = headed(
        message, voice.language, problems=listed, proposed=proposed, remark=remark
    )
    conclusion: Conclusion = "failure" if listed else "success"
    return Check(voice.repo, sha, POLICY, conclusion, title, summary, annotations)


def asking(
    voice: Voice, number: int, rules: Rules, verdict: Verdict, since: Sequence[Since] = ()
) -> Comment:
    """Say on the pull request who still has to sign or to say something, and how."""
    version = rules.version
    body = say(
        "comment_signoffs" if _by_signoff(rules) else "comment_asks",
        voice.language,
        missing=verdict.missing,
        unresolved=rows.unresolved(voice.language, voice.web, verdict.unresolved[:MOST_ROWS]),
        unsigned=verdict.unsigned,
        people=_mentions(verdict.missing),
        since=since,
        named=lambda people: _profiles(voice, people),
        consenting=_mentions(_declaring(verdict, "consent")),
        confirming=_mentions(_declaring(verdict, "confirmation")),
        mode=version.mode if version else "",
        meaning=_meaning(voice, rules, version) if version and verdict.missing else (),
        phrase=version.phrase if version else "",
        version=version.version if version else "",
        url=voice.page,
        sign=f"{voice.sign}?pull={number}" if voice.sign and not _by_signoff(rules) else "",
    )
    return Comment(voice.repo, number, TOPIC, body)


def _declaring(verdict: Verdict, kind: Declared) -> tuple[Asked, ...]:
    people = (*verdict.missing, *verdict.signed)
    return tuple(person for person in people if kind in person.declares)


def _meaning(voice: Voice, rules: Rules, version: AgreementVersion) -> tuple[str, ...]:
    """Say what signing means, before anybody does: up to three sentences, and who shares in sales."""
    said = rights.short_of(version)
    means = tuple(translated(voice.language, one.text, **one.values) for one in said)
    shares = sharing.sentence(rules.policy, voice.language)
    return (*means, shares) if shares else means


def thanking(voice: Voice, number: int, rules: Rules, verdict: Verdict) -> Comment:
    """Turn the comment into one line: thanks, or that nobody is asked any more."""
    if _by_signoff(rules) and verdict.holdings and not verdict.spared:
        body = say("comment_signed_off", voice.language)
    elif verdict.signed and rules.version:
        older = {person.older for person in verdict.signed if person.older}
        newest = {rules.version.version} if any(not one.older for one in verdict.signed) else set()
        facts = {"url": voice.page, "you": voice.you, "version": ", ".join(sorted(older | newest))}
        body = say("comment_thanks", voice.language, **facts)
    else:
        body = say("comment_settled", voice.language)
    return Comment(voice.repo, number, TOPIC, body)


def _profiles(voice: Voice, people: Sequence[Asked]) -> str:
    names = [marks.profile(one.login, one.id, voice.web) for one in people[:MOST_MENTIONS]]
    return ", ".join(names) + (", …" if len(people) > MOST_MENTIONS else "")


def _mentions(people: Sequence[Asked]) -> str:
    names = [
        marks.mention(person.login) or marks.profile(person.login, person.id, "")
        for person in people[:MOST_MENTIONS]
    ]
    return ", ".join(names) + (", …" if len(people) > MOST_MENTIONS else "")


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
