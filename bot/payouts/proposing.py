"""Whose merged work counts for a request, and the one comment that says who would get what."""

import re

from sqlalchemy import Connection

from bot import people, policies
from bot.awards import deciding
from bot.awards.deciding import Decided
from bot.messages import marks, say
from bot.money import pledges_facts
from bot.outcomes import store as outcomes
from bot.outcomes.store import Outcome
from bot.roadmap import intake
from bot.roadmap import store as requests
from bot.roadmap.intents import claims, links
from bot.roadmap.intents.talk import Voice
from bot.roadmap.store import Request
from core.context import Context, Effect
from core.github import Comment, PullRequest, Repo
from donations.payouts import splits
from donations.payouts.rules import PROJECT, Split
from donations.pledges import store as purses
from donations.pledges.rules import acceptances
from licensing import prose

TOPIC = "split"
_CLOSES = re.compile(
    r"\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s+"
    r"(?:[\w.-]+/[\w.-]+|https?://\S+/issues/)?#?(\d{1,9})\b",
    re.IGNORECASE | re.ASCII,
)
"""GitHub's own words, https://docs.github.com/issues/tracking-your-work-with-issues/using-issues."""


def merged(ctx: Context, connection: Connection, repo: Repo, pull: PullRequest) -> list[Effect]:
    """Note whose work a merged pull request was, for each request that it closes or was claimed."""
    if pull.merged_at is None or not people.is_person(pull.opener):
        return []
    effects: list[Effect] = []
    closed = closes(pull)
    for number in links.named(pull.title, pull.body, repo.name):
        asked = requests.by_number(connection, repo.id, number)
        if asked is None:
            continue
        claimed = any(one.github_id == pull.opener.id for one in claims.held(connection, asked.id))
        if number not in closed and not claimed:
            continue
        before = splits.builders(connection, asked.node_id, None)
        opener = pull.opener.id
        splits.merged(connection, repo.id, pull.number, asked.node_id, opener, pull.merged_at)
        people.note(connection, opener, pull.opener, ctx.now)
        if before and opener not in before:
            effects += comment(ctx, connection, repo, asked)
    return effects


def closes(pull: PullRequest) -> frozenset[int]:
    """Give the numbers that a pull request says it closes; not in code or quotes."""
    lines = (pull.title, *prose.split(pull.body[: links.LONGEST]).said)
    return frozenset(int(one[1]) for line in lines for one in _CLOSES.finditer(line))


def comment(voice: Voice, connection: Connection, repo: Repo, asked: Request) -> list[Effect]:
    """Say on the issue who gets what as it stands, in one comment that is edited in place."""
    policy = policies.rules(connection, repo.id).policy
    if policy is None or not policy.funding.on or repo.private:
        return []
    found = current(connection, outcomes.of_request(asked))
    if found.split is None:
        return []
    language = intake.language(connection, repo.id)
    body = say(
        "split",
        language,
        rows=rows(connection, found.split),
        said=found.is_said,
        version=found.split.version,
        reason=found.split.reason,
        command=as_command(connection, found.builders),
        url=f"{voice.public_url}/{repo.name}/requests/{asked.number}/split",
    )
    return [Comment(repo, asked.number, TOPIC, body)]


def current(connection: Connection, of: Outcome) -> Decided:
    """Say who gets what was promised for an outcome as it stands now, frozen or not."""
    course = purses.course_of(connection, of.about)
    facts = pledges_facts.facts(connection, of, pledges_facts.Reading())
    accepted = acceptances(course, facts) if facts else ()
    return deciding.decided(connection, of.about, accepted)


def rows(connection: Connection, of: Split) -> list[tuple[str, str]]:
    """Give each part as (who, per cent); the project is empty."""
    known = people.logins(connection, of.people)
    return [
        (
            "" if who == PROJECT else marks.mention(known.get(who, "")) or f"`id {who}`",
            f"{of.percent(who) * 100:.4g}",
        )
        for who, weight in of.shares
        if weight
    ]


def as_command(connection: Connection, builders: tuple[int, ...]) -> str:
    """Write the command that would share alike among those who built."""
    known = people.logins(connection, builders)
    return "/split " + " ".join(f"@{known.get(who, who)} 1" for who in builders)
