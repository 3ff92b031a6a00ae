"""Whose votes stand, kept by another way than the product's: what each person says, and what is gone."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass
class Oracle:
    """What people did to one request, told as it happens, in any order.

    Each thing that somebody said rests on something (a 👍, a comment, a click) and falls with it;
    the latest that is still there is what they want.
    """

    said: dict[int, dict[object, list[tuple[datetime, bool]]]] = field(default_factory=dict)

    def say(self, person: int, rests_on: object, at: datetime, *, wants: bool) -> None:
        """Note that somebody said that they want it, or that they do not."""
        self.said.setdefault(person, {}).setdefault(rests_on, []).append((at, wants))

    def gone(self, person: int, rests_on: object) -> None:
        """Note that what they said rests on nothing any more."""
        self.said.get(person, {}).pop(rests_on, None)

    def voters(self) -> set[int]:
        """Give everybody whose latest word is that they want it."""
        return {
            person
            for person, words in self.said.items()
            if max((one for ones in words.values() for one in ones), default=(None, False))[1]
        }
