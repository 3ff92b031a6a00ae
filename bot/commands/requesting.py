"""What the commands on requests have in common: the request under a comment, and the words."""

from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection

from bot.commands.known import Answer, Call, Part
from bot.messages import marks, say
from bot.policy import Roadmap
from bot.roadmap import asking_ages, doors, intake, store
from bot.roadmap.rules import Choice
from bot.roadmap.store import Request
from bot.roadmap.voting import rules_of
from bot.roles import DECIDERS
from core.github import Issue


@dataclass(frozen=True)
class Thread:
    """The thread of a comment when its commands are decided; `issue` only where it was read."""

    call: Call
    roadmap: Roadmap
    asked: Request | None

    def words(self, message: str, connection: Connection, why: str, **facts: object) -> str:
        """Fill a message to whoever wrote."""
        who = marks.mention(self.call.event.author.login) or ""
        language = intake.language(connection, self.call.repo.id)
        return say(message, language, who=who, why=why, **facts)

    @property
    def is_request(self) -> bool:
        """It is one, open or closed."""
        return self.asked is not None and self.asked.state not in intake.GONE_STATES


def look(call: Call) -> Issue | None:
    """Read the issue where we know of no open request: we may not have heard of it."""
    with call.ctx.database.read() as connection:
        asked = store.by_number(connection, call.repo.id, call.event.number)
    return None if asked and asked.state == "open" else call.stage.issue()


def thread(call: Call, issue: Issue | None, connection: Connection) -> Thread:
    """Give what stands now, with what was just read taken in."""
    roadmap = rules_of(connection, call.repo.id)
    asked = store.by_number(connection, call.repo.id, call.event.number)
    if issue is not None:
        asked, _new = intake.seen(connection, call.repo, issue, roadmap)
    return Thread(call, roadmap, asked)


def decides(call: Call) -> bool:
    """Ask GitHub whether whoever wrote decides about requests here; no where it does not say."""
    return call.stage.role() in DECIDERS


def voting(call: Call, choice: Choice) -> Part:
    """Give the part of a comment that votes, or takes a vote back."""
    return partial(_vote, call, choice, look(call))


def _vote(call: Call, choice: Choice, issue: Issue | None, connection: Connection) -> Answer:
    here, event = thread(call, issue, connection), call.event
    asked = here.asked
    if asked is None or not here.is_request or not doors.may_vote(event.author):
        return Answer(voted(here, connection, "unknown"))
    root = store.by_id(connection, asked.root_id) or asked
    closed_at = min((one.closed_at for one in (asked, root) if one.closed_at), default=None)
    if closed_at is not None and event.acted_at > closed_at:
        return Answer(voted(here, connection, "closed"))
    limit, who = here.roadmap.votes_per_person, event.author
    before = doors.stand(connection, asked, who.id, limit)
    comment = (event.comment_id, event.acted_at)
    doors.say(connection, asked, who, choice, comment, limit, call.ctx.now)
    stand = doors.stand(connection, asked, who.id, limit)
    if (stand.counts is None) != (choice == "withdrawn"):
        # Something that the person did later stands: this comment comes late, and says nothing.
        return Answer()
    if choice == "withdrawn":
        why = "idle" if before.counts is None else "withdrawn"
    else:
        why = "counts" if stand.counts or root.state != "open" else "waits"
    words = voted(
        here, connection, why, stand.left, against=choice == "withdrawn" and bool(call.words)
    )
    return Answer(
        words,
        asking_ages.after_vote(connection, call.repo.id, who.id, call.ctx.guid, call.ctx.now),
    )


def voted(
    here: Thread, connection: Connection, why: str, left: int = 0, *, against: bool = False
) -> str:
    """Say what a vote came to; `against`: it was meant to say no."""
    asked = here.asked
    root = store.by_id(connection, asked.root_id) if asked else None
    onto = root.number if root and asked and root.id != asked.id else 0
    limit = here.roadmap.votes_per_person
    return here.words(
        "answer_vote", connection, why, left=left, limit=limit, onto=onto, against=against
    )
