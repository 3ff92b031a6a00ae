"""The kinds of contributions, as the all-contributors specification has them. Pure.

https://allcontributors.org/docs/en/emoji-key: 33 kinds, each with a key. People may
say other words for them, those of https://github.com/all-contributors/app among them, and those
of this house: asked, told a story, tested, reviewed, documented, translated, coded, mentored, backed.
"""

from dataclasses import dataclass
from difflib import get_close_matches

from bot.mistakes import N_

ALIKE = 0.7
LONGEST_KEY = 40


@dataclass(frozen=True)
class Kind:
    """A kind: its key in files, and a msgid that names it."""

    key: str
    name: str


KINDS: tuple[Kind, ...] = (
    Kind("a11y", N_("Accessibility")),
    Kind("audio", N_("Audio")),
    Kind("blog", N_("Blog posts")),
    Kind("bug", N_("Bug reports")),
    Kind("business", N_("Business development")),
    Kind("code", N_("Coding")),
    Kind("content", N_("Content")),
    Kind("data", N_("Data")),
    Kind("design", N_("Design")),
    Kind("doc", N_("Documentation")),
    Kind("eventOrganizing", N_("Organising events")),
    Kind("example", N_("Examples")),
    Kind("financial", N_("Financial support")),
    Kind("fundingFinding", N_("Finding funds")),
    Kind("ideas", N_("Ideas and planning")),
    Kind("infra", N_("Infrastructure")),
    Kind("maintenance", N_("Maintenance")),
    Kind("mentoring", N_("Mentoring")),
    Kind("platform", N_("Packaging")),
    Kind("plugin", N_("Plugins and libraries")),
    Kind("projectManagement", N_("Project management")),
    Kind("promotion", N_("Promotion")),
    Kind("question", N_("Answering questions")),
    Kind("research", N_("Research")),
    Kind("review", N_("Reviews")),
    Kind("security", N_("Security")),
    Kind("talk", N_("Talks")),
    Kind("test", N_("Tests")),
    Kind("tool", N_("Tools")),
    Kind("translation", N_("Translation")),
    Kind("tutorial", N_("Tutorials")),
    Kind("userTesting", N_("User testing")),
    Kind("video", N_("Videos")),
)
BY_KEY = {kind.key: kind for kind in KINDS}

_ALIASES = {
    "a11y": "accessibility accessible",
    "audio": "music sound audio-production audio-recording music-production",
    "blog": "blogs blogging blogpost blogposts blog-post blog-posts",
    "bug": "bugs bug-report bug-reports bugreport reported",
    "business": "business-development",
    "code": "codes coding coded programming",
    "content": "contents",
    "data": "dataset datasets data-set data-sets data-collection data-collections",
    "design": "designs designing designed",
    "doc": "docs documenting documentation documented",
    "eventOrganizing": "event events event-organizing event-organising organizing-events",
    "example": "examples",
    "financial": "finance financials financial-support funds funded funding money backed backing",
    "fundingFinding": "fund-finding funding-finding finding-funds",
    "ideas": "idea asked asking planning feedback request requested",
    "infra": "infras infrastructure hosting",
    "maintenance": "maintaining maintained",
    "mentoring": "mentor mentored mentors",
    "platform": "platforms packaging porting",
    "plugin": "plugins library libraries",
    "projectManagement": "project management managing project-management project-managing",
    "promotion": "promoting promoted",
    "question": "questions answers answering answered answering-questions",
    "research": "researched",
    "review": "reviews reviewing reviewed",
    "security": "securing",
    "talk": "talks speaking",
    "test": "tests testing",
    "tool": "tools tooling",
    "translation": "translations translating translated translator i18n l10n",
    "tutorial": "tutorials",
    "userTesting": "user-testing user-test user-tests tested story stories told",
    "video": "videos videoes",
}

_WORDS = {
    **{word: key for key, words in _ALIASES.items() for word in words.split()},
    **{key.lower(): key for key in BY_KEY},
}
MOST_WORDS = 2
"""A kind may be said in as many words: “user testing”."""


def named(words: str) -> str | None:
    """Give the key of a kind that somebody calls so, None where nobody does."""
    plain = "-".join(words.lower().replace("_", "-").split())
    return _WORDS.get(plain) or _WORDS.get(plain.replace("-", ""))


def meant(word: str) -> str | None:
    """Give the key of the kind that a misspelt word may stand for."""
    close = get_close_matches(word.lower(), _WORDS, 1, ALIKE)
    return _WORDS[close[0]] if close else None
