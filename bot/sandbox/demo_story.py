"""How a story is told on the screen: steps, what has to follow, and what each is told."""

import re
import sys
import textwrap
import time
from collections.abc import Callable

from bot.sandbox.records import CheckRun, PullRequest, Repository
from bot.sandbox.server import Sandbox

PATIENCE_S = 120.0
"""So long a step may take on a slow machine; on others nobody waits for it."""

CHECK = "potluck/cla"
WIDTH = 92
_LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")
_UNSEEN = re.compile(r"<!--.*?(?:-->|$)|</?[a-z][^>]*>", re.DOTALL)


class Unfulfilled(Exception):
    """The story did not go on as it should."""


class Story:
    """Tells what happens, and waits for what has to follow."""

    def __init__(self, sandbox: Sandbox, own: str) -> None:
        """Begin with nothing told; `own` is the service's address, gone when the story ends."""
        self.sandbox = sandbox
        self.own = own
        self._chapter = 0

    def step(self, sentence: str) -> None:
        """Tell what somebody does."""
        self._chapter += 1
        bold, plain = ("\033[1m", "\033[0m") if sys.stdout.isatty() else ("", "")
        print(f"\n{bold}{self._chapter:>2}. {sentence}{plain}", flush=True)

    def until(self, condition: Callable[[], bool], hoped: str) -> None:
        """Wait until `condition` holds, or give the story up."""
        deadline = time.monotonic() + PATIENCE_S
        while not condition():
            if time.monotonic() > deadline:
                raise Unfulfilled(f"this did not happen within {PATIENCE_S:.0f} s: {hoped}")
            time.sleep(0.05)

    def check(self, repo: Repository, sha: str, conclusion: str, word: str = "") -> CheckRun:
        """Wait for the check on a commit to say so, and show it."""
        self.until(
            lambda: any(
                run.conclusion == conclusion and word in (run.title or "")
                for run in self._runs(repo, sha)
            ),
            f"{CHECK} becomes {conclusion} {word}",
        )
        run = self._runs(repo, sha)[0]
        print(f"    GitHub is told:  {CHECK} on {sha[:7]} is {conclusion}: {run.title}")
        return run

    def _runs(self, repo: Repository, sha: str) -> list[CheckRun]:
        runs = self.sandbox.world.runs_at(repo, sha)
        return [run for run in runs if run.name == CHECK]

    def says(self, pull: PullRequest, word: str) -> None:
        """Wait for a comment of the bot with `word` in it, and show it."""

        def found() -> list[str]:
            return [it.body for it in pull.comments if it.app and word in it.body]

        self.until(lambda: bool(found()), f"the bot says {word}")
        print("    The bot says:")
        print(textwrap.indent(opening(found()[-1], self.own), " " * 8))


def opening(markdown: str, own: str) -> str:
    """Give how a comment begins, as plain text: up to its first block of code, else a paragraph.

    Links show where they lead; of an address under `own` only the path.
    """
    text = _LINK.sub(r"\1 (\2)", _UNSEEN.sub("", markdown)).replace(own, "").strip()
    words, *blocks = re.split(r"^(?:```|~~~)[^\n]*\n", text, flags=re.MULTILINE)
    paragraphs = [part for part in re.split(r"\n\s*\n", words) if part.strip()]
    shown = [
        textwrap.fill(re.sub(r"[`*]", "", part), WIDTH, break_long_words=False)
        for part in (paragraphs if blocks else paragraphs[:1])
    ]
    if blocks:
        shown.append(textwrap.indent(blocks[0].rstrip(), "    "))
    return "\n\n".join(shown)
