"""What was found, in words: the check `potluck/inbound`, with a remark at each line."""

from dataclasses import replace

from bot.evaluation import voice
from bot.inbound.looking import Asked, Seen
from bot.messages import headed, marks, translated
from bot.mistakes import N_
from bot.policies import Rules
from bot.report import plain_check
from core.context import Context
from core.github import Annotation, Check, Conclusion, Repo
from licensing.inbound import classes
from licensing.inbound.rules import Finding, grade

INBOUND = "potluck/inbound"
MOST_ROWS = 60
MOST_REMARKS = 50

MEANS = {
    "permissive": N_("allowed, and named in the NOTICE"),
    "weak": N_("allowed as a file or library of its own"),
    "strong": N_("may not be part of what is sold closed"),
    "network": N_("may not be part of what is sold closed"),
    "source_available": N_("may not be sold freely"),
    "unknown": N_("nobody can say what it allows"),
    "unclear": N_("leaves open whether later versions are meant: write -only or -or-later"),
}
KINDS = {
    "history": N_("changes whom git names as authors; it changes no verdict of the audit"),
    "unreadable": N_("cannot be read"),
    "binary": N_("is built from something: its licence stands nowhere in it"),
    "module": N_("brings in another repository"),
}
NOT_KNOWN = N_("no licence of it is known here")


def check(ctx: Context, asked: Asked, rules: Rules, seen: Seen) -> Check:
    """Conclude the check with what was found."""
    speaking = voice(ctx, asked.repo, rules)
    language = speaking.language
    blocks = [one for one in seen.findings if one.grade == "block"]
    asks = [one for one in seen.findings if one.grade == "ask"]
    notes = [one for one in seen.findings if one.grade == "note"]
    lacks = seen.reuse_said is not None and seen.reuse_said.answer == "lacking"
    unsaid = seen.reuse_said is not None and seen.reuse_said.answer in {"missing", "failed"}
    title, summary = headed(
        "check_inbound",
        language,
        blocks=[_row(language, one) for one in blocks[:MOST_ROWS]],
        asks=[_row(language, one) for one in asks[:MOST_ROWS]],
        notes=[_row(language, one) for one in notes[:MOST_ROWS]],
        more=sum(max(0, len(listed) - MOST_ROWS) for listed in (blocks, asks, notes)),
        blocked=len(blocks),
        asked=len(asks),
        files=seen.files,
        depends=any(one.kind == "dependency" for one in (*blocks, *asks)),
        reuse=seen.reuse_said,
        lacking=[marks.inert(name) for name in seen.reuse_said.files] if seen.reuse_said else [],
    )
    worst = grade(seen.findings)
    conclusion: Conclusion = "success"
    if worst in {"block", "ask"} or lacks:
        conclusion = "action_required"
    elif unsaid:
        conclusion = "failure"
    remarks = tuple(
        Annotation(one.path, one.line, _plain(language, one))
        for one in seen.findings
        if one.grade != "note" or one.kind == "history"
    )
    page = f"{ctx.public_url}/{asked.repo.name}/audit"
    return Check(
        asked.repo, asked.head, INBOUND, conclusion, title, summary, remarks[:MOST_REMARKS], page
    )


def unread(ctx: Context, asked: Asked, rules: Rules, why: str) -> Check:
    """Conclude the check where it could not be looked at whole: that is never a success."""
    speaking = voice(ctx, asked.repo, rules)
    title, summary = headed("check_inbound_unread", speaking.language, why=why)
    page = f"{ctx.public_url}/{asked.repo.name}/audit"
    return Check(asked.repo, asked.head, INBOUND, "failure", title, summary, (), page)


def superseded(ctx: Context, repo: Repo, head: str, rules: Rules) -> Check:
    """Conclude the check of a commit that is nobody's head any more."""
    return replace(
        plain_check(voice(ctx, repo, rules), head, "neutral", "check_superseded"), name=INBOUND
    )


def _row(language: str, one: Finding) -> str:
    place = marks.inert(f"{one.path}:{one.line}")
    return f"{place} – {_words(language, one, marks.inert(one.subject))}"


def _plain(language: str, one: Finding) -> str:
    return _words(language, one, one.subject)


def _words(language: str, one: Finding, subject: str) -> str:
    if one.kind in KINDS:
        return f"{subject}: {translated(language, KINDS[one.kind])}"
    if one.kind == "dependency" and not one.licence:
        return f"{subject}: {translated(language, NOT_KNOWN)}"
    if one.kind == "dependency":
        subject = f"{subject} ({marks.inert(one.licence)})"
    if one.means == "unclear":
        said = classes.unclear(one.licence or one.subject)
        choices = ", ".join(f"{name}-only / {name}-or-later" for name in said)
        return f"{subject}: {translated(language, MEANS['unclear'])} ({choices})"
    return f"{subject}: {translated(language, MEANS[one.means])}"
