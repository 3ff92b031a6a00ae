"""How calls, offers and contests are written, in both languages; how links and matches are read."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.roadmap.intents import grammar, links, matching
from bot.roadmap.intents.grammar import Unread
from bot.roadmap.intents.matching import Member
from core.money import Money

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)


def test_a_call_is_lines_of_names_and_words_in_either_language() -> None:
    english = grammar.fields(
        [
            "need: Water the beds",
            "by itself",
            "until: 3d",
            "- **Test**: at 6 it runs",
            "Deadline: 2027-01-31",
        ]
    )
    french = grammar.fields(["Besoin : arroser", "échéance : 14 j", "Choix : les soutiens"])

    assert english == {
        "need": "Water the beds by itself",
        "test": "at 6 it runs",
        "until": "2027-01-31",
    }
    assert french == {"need": "arroser", "until": "14 j", "choice": "les soutiens"}


@pytest.mark.parametrize(
    ("said", "at"),
    [
        ("2027-01-31", datetime(2027, 2, 1, tzinfo=UTC)),
        ("until 2027-01-31 18:00", datetime(2027, 1, 31, 18, tzinfo=UTC)),
        ("2027-01-31T18:00+01:00", datetime(2027, 1, 31, 17, tzinfo=UTC)),
        ("14d", NOW + timedelta(days=14)),
        ("dans 2 semaines", NOW + timedelta(days=14)),
    ],
)
def test_deadlines_are_days_instants_or_spans(said: str, at: datetime) -> None:
    assert grammar.deadline(said, NOW) == at


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("2026-11-01", "past"),
        ("2031-01-01", "far"),
        ("2027-02-30", "until"),
        ("soon", "until"),
        ("9999-12-31", "until"),
        ("0d", "past"),
    ],
)
def test_what_is_no_deadline_is_refused_with_its_reason(said: str, why: str) -> None:
    with pytest.raises(Unread) as refused:
        grammar.deadline(said, NOW)
    assert refused.value.why == why


@pytest.mark.parametrize(
    ("said", "language", "low", "high"),
    [
        ("200-400 EUR", "en", 20_000, 40_000),
        ("200 EUR to 400 EUR", "en", 20_000, 40_000),
        ("up to €1,234.50", "en", None, 123_450),
        ("200 à 1 234,50 €", "fr", 20_000, 123_450),
        ("jusqu'à 400 EUR", "fr", None, 40_000),
    ],
)
def test_budgets_are_ranges_of_one_currency(
    said: str, language: str, low: int | None, high: int
) -> None:
    least = Money(low, "EUR") if low is not None else None
    assert grammar.budget(said, language) == (least, Money(high, "EUR"))


@pytest.mark.parametrize("said", ["", "400", "400 XXQ", "400-200 EUR", "1 EUR - 2 USD", "a lot"])
def test_what_is_no_budget_is_refused(said: str) -> None:
    with pytest.raises(Unread):
        grammar.budget(said, "en")


@pytest.mark.parametrize(
    ("said", "language", "minor", "days", "words"),
    [
        ("300 EUR 10d write it with tests", "en", 30_000, 10, "write it with tests"),
        ("€300 in 2 weeks, all of it", "en", 30_000, 14, "all of it"),
        ("1 200,50 EUR 10 jours tout", "fr", 120_050, 10, "tout"),
        ("0 EUR 3d\nfor the fun of it", "en", 0, 3, "for the fun of it"),
    ],
)
def test_bids_are_an_amount_a_time_and_words(
    said: str, language: str, minor: int, days: int, words: str
) -> None:
    bid = grammar.bid(said, language)
    assert (bid.price, bid.days, bid.words) == (Money(minor, "EUR"), days, words)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("300 EUR", "bid"),
        ("300 10d it", "amount"),
        ("-300 EUR 10d it", "amount"),
        ("3e5 EUR 10d it", "amount"),
        ("300.001 EUR 10d it", "amount"),
        ("300 EUR 0d it", "days"),
        ("300 EUR 900d it", "days"),
        ("300 EUR 10d", "words"),
    ],
)
def test_bids_that_cannot_be_read_say_why(said: str, why: str) -> None:
    with pytest.raises(Unread) as refused:
        grammar.bid(said, "en")
    assert refused.value.why == why


def test_contests_have_a_deadline_and_perhaps_a_prize() -> None:
    assert grammar.contest("until 2027-01-31 a basket of beans") == (
        "2027-01-31",
        "a basket of beans",
    )
    assert grammar.contest("2027-01-31 18:00") == ("2027-01-31 18:00", "")
    with pytest.raises(Unread):
        grammar.contest("some day")


def test_links_are_what_the_words_name_outside_of_quotes_and_code() -> None:
    body = "For #12 and garden/beds#13, https://github.com/garden/beds/issues/14\n> #15\n`#16`"

    assert links.named("Start of #11", body, "Garden/Beds") == (11, 12, 13, 14)
    assert links.named("", "other/place#12 page#3 &#39;", "garden/beds") == ()


def test_members_are_matched_by_what_they_chose_and_what_they_changed() -> None:
    chose = Member(1, frozenset({"Watering"}))
    changed = Member(2, frozenset(), ("garden/water_clock.py", "garden/beds.py"))
    neither = Member(3, frozenset({"translation"}), ("docs/index.html",))
    able = matching.able([neither, changed, chose], "Water the beds on time", ["help"], {9})

    assert [one.github_id for one in able] == [2, 1]
    assert able[0].touched == ("garden/beds.py", "garden/water_clock.py")
    assert matching.able([chose], "Water the beds", [], {1}) == ()
