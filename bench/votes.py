"""Whether the voters that we count are those whom an oracle names, however people act.

In each run a crowd votes on one request for an hour: twice as many acts as people, by dice of the
run's seed. 👍 are given and taken away, `/vote` and `/unvote` written, edited and deleted, the
page's button pressed; deliveries come out of order, and sweeps fall in between. A day later the
sets are compared. Comments come through the door over HTTP and reactions from the sandbox's API;
the button is pressed in the process, without a browser. The databases are in memory where the
system offers that: what a power cut leaves is measured elsewhere (`kill`).
"""

import argparse
import multiprocessing
import random
import tempfile
import time
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from bench.oracle import Oracle
from bench.polling import Polling
from bot.sandbox.records import Account, Comment, Issue

NAME = "votes"
HELP = "whether the voters equal an oracle's in seeded runs: --runs 20 --voters 1000 --seed 0 --jobs 1"
LAST_PERSON = 60_000
WORDS = {"/vote": True, "/unvote": False, "No idea.": None, "> /vote": None, "`/unvote`": None}


def run(arguments: list[str]) -> dict[str, object]:
    """Let so many seeded crowds vote, and say how often the sets were equal."""
    parser = argparse.ArgumentParser(prog="python -m bench votes")
    for name, usual in (("runs", 20), ("voters", 1_000), ("seed", 0), ("jobs", 1)):
        parser.add_argument(f"--{name}", type=int, default=usual)
    said = parser.parse_args(arguments)
    began = time.perf_counter()
    seeds = range(said.seed, said.seed + said.runs)
    parts = [(list(seeds[at :: said.jobs]), said.voters) for at in range(said.jobs)]
    if said.jobs > 1:
        with multiprocessing.get_context("spawn").Pool(said.jobs) as pool:
            done = pool.map(_batch, parts)
    else:
        done = [_batch(part) for part in parts]
    return {
        "runs": said.runs,
        "voters": said.voters,
        "equal": said.runs - sum(len(one["unequal"]) for one in done),
        "unequal_seeds": sorted(seed for one in done for seed in one["unequal"]),
        "acts": sum(one["acts"] for one in done),
        "seconds": round(time.perf_counter() - began, 1),
        "seconds_of_cpu": round(sum(one["cpu"] for one in done), 1),
        "violations": sum(one["violations"] for one in done),
    }


def _batch(part: tuple[list[int], int]) -> dict[str, Any]:
    """Let the crowds of some seeds vote in one place of their own."""
    seeds, voters = part
    began = time.process_time()
    memory = "/dev/shm" if Path("/dev/shm").is_dir() else None
    with tempfile.TemporaryDirectory(dir=memory) as folder, Polling.open(Path(folder)) as place:
        crowd = [
            place.world.account(f"person-{number}", id=LAST_PERSON - number)
            for number in range(voters)
        ]
        crowds = [_Crowd(place, crowd, seed) for seed in seeds]
        unequal = [one.seed for one in crowds if not one.vote()]
        return {
            "unequal": unequal,
            "acts": sum(one.acts for one in crowds),
            "violations": len(place.sandbox.violations),
            "cpu": time.process_time() - began,
        }


@dataclass
class _Crowd:
    """People who vote on one request, by the dice of a seed."""

    place: Polling
    people: list[Account]
    seed: int
    acts: int = 0
    oracle: Oracle = field(default_factory=Oracle)
    comments: dict[int, list[Comment]] = field(default_factory=dict)

    def vote(self) -> bool:
        """Act, look, and say whether both sets are the same."""
        place, dice = self.place, random.Random(self.seed)
        garden, world = place.garden, place.world
        issue = world.open_issue(garden.repo, garden.ada, f"Wish {self.seed}", labels=["request"])
        place.happen()
        # Some do nothing, some come back several times.
        turns = dice.choices(self.people, k=2 * len(self.people))
        sweeps = set(dice.sample(range(len(turns)), min(3, len(turns))))
        for at, who in enumerate(turns):
            place.advance(timedelta(seconds=dice.randint(1, 3)))
            self._act(issue, who, dice)
            if at in sweeps:
                place.sandbox.hooks.shuffle(self.seed)
                place.sweep()
        place.sandbox.hooks.shuffle(self.seed)
        place.happen()
        place.advance(timedelta(days=1))
        place.sweep()
        found, number = place.voters(issue)
        world.close(issue, garden.mara, "not_planned")
        place.happen()
        wanted = self.oracle.voters()
        return found == wanted and number == len(wanted)

    def _act(self, issue: Issue, who: Account, dice: random.Random) -> None:
        self.acts += 1
        match dice.choices(["thumb", "comment", "edit", "delete", "click"], [5, 2, 1, 1, 2])[0]:
            case "thumb":
                self._thumb(issue, who)
            case "click":
                self._click(issue, who)
            case "comment":
                self._comment(issue, who, dice)
            case "edit" if self.comments.get(who.id):
                self._edit(dice.choice(self.comments[who.id]), who, dice)
            case "delete" if self.comments.get(who.id):
                self._delete(dice.choice(self.comments[who.id]), who)
            case _:
                self._thumb(issue, who)

    def _thumb(self, issue: Issue, who: Account) -> None:
        world, now = self.place.world, self.place.clock()
        if (who.id, "+1") in issue.reactions:
            self.oracle.gone(who.id, ("thumb", issue.reactions[who.id, "+1"].id))
            world.unreact(issue, who)
        else:
            given = world.react(issue, who)
            self.oracle.say(who.id, ("thumb", given.id), now, wants=True)

    def _click(self, issue: Issue, who: Account) -> None:
        wants = self.place.click(issue, who.id)
        if wants is not None:
            now = self.place.clock()
            self.oracle.say(who.id, ("click", self.acts), now, wants=wants)

    def _comment(self, issue: Issue, who: Account, dice: random.Random) -> None:
        body = dice.choice(list(WORDS))
        made = self.place.world.comment(issue, who, body)
        self.comments.setdefault(who.id, []).append(made)
        self._said(made, who, body)

    def _edit(self, comment: Comment, who: Account, dice: random.Random) -> None:
        before, body = comment.body, dice.choice(list(WORDS))
        self.place.world.edit_comment(comment, who, body)
        self._said(comment, who, body, before)

    def _said(self, comment: Comment, who: Account, body: str, before: str = "") -> None:
        wants = WORDS[body]
        if wants is None:
            self.oracle.gone(who.id, ("comment", comment.id))
        elif wants is not WORDS.get(before):
            # The same said again in an edit says nothing new.
            self.oracle.say(who.id, ("comment", comment.id), self.place.clock(), wants=wants)

    def _delete(self, comment: Comment, who: Account) -> None:
        self.comments[who.id].remove(comment)
        self.place.world.delete_comment(comment, who)
        self.oracle.gone(who.id, ("comment", comment.id))
