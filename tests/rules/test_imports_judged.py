"""Rows of other tools judged: whom they mean, and which of them may count."""

from datetime import UTC, datetime, timedelta

from licensing.imports.assessing import BY_DEFAULT, Bearer, Place, Standing, assess
from licensing.imports.values import Entry

DAY = datetime(2021, 3, 4, 5, 6, 7, tzinfo=UTC)
HERE = Place(7, "acme/garden")


def row(line: int, login: str = "ada", at: datetime = DAY, **more: object) -> Entry:
    return Entry(line, login, at, **more)  # type: ignore[arg-type] # test values


def judged(
    *rows: tuple[Entry, Bearer | None],
    version: str = "1.0",
    standing: Standing | None = None,
    place: Place = HERE,
) -> list[tuple[str, str | None, tuple[str, ...]]]:
    later = DAY + timedelta(days=900)
    found = assess(rows, place, version, {"1.0", "1.1"}, standing or Standing(), later)
    return [(one.state, one.reason, one.doubts) for one in found]


ADA = Bearer(1815, "ada", "User", DAY - timedelta(days=900))


def test_a_number_is_sure_and_a_login_alone_is_doubtful() -> None:
    assert judged((row(2, github_id=1815), ADA), (row(3, "bo"), Bearer(2, "bo", "User"))) == [
        ("good", None, ()),
        ("doubtful", None, ("login",)),
    ]


def test_who_can_not_have_signed_is_refused() -> None:
    young = Bearer(9, "ada", "User", DAY + timedelta(days=30))
    found = judged(
        (row(2), None),
        (row(3), Bearer(5, "acme", "Organization")),
        (row(4), Bearer(6, "robo[bot]", "Bot")),
        (row(5), young),
        (row(6, at=DAY + timedelta(days=5000), github_id=1815), ADA),
    )
    assert [reason for _state, reason, _doubts in found] == [
        "unknown",
        "organisation",
        "bot",
        "newer",
        "future",
    ]


def test_a_number_that_bears_another_login_is_left_to_choice() -> None:
    mallory = Bearer(7, "mallory", "User", ADA.born_at)
    assert judged((row(2, github_id=7), mallory)) == [("doubtful", None, ("renamed",))]
    assert "renamed" not in BY_DEFAULT
    assert judged((row(2, "ADA", github_id=1815), ADA)) == [("good", None, ())]


def test_a_number_that_is_younger_than_its_date_is_wrong_and_has_changed_no_hands() -> None:
    young = Bearer(1815, "ada", "User", DAY + timedelta(days=30))
    assert judged((row(2, github_id=1815), young)) == [("refused", "earlier", ())]


def test_of_one_person_the_oldest_that_stands_is_taken() -> None:
    found = judged(
        (row(2, at=DAY + timedelta(days=2), github_id=1815), ADA),
        (row(3, at=DAY + timedelta(days=1)), ADA),
        (row(4, at=DAY, github_id=1815, ended=True), ADA),
        (row(5, at=DAY, github_id=1815, repo="acme/other"), ADA),
    )
    assert [state for state, _reason, _doubts in found] == [
        "duplicate",
        "doubtful",
        "ended",
        "duplicate",
    ]


def test_who_signed_or_withdrew_here_is_not_signed_again() -> None:
    here = Standing(frozenset({(1815, "1.0")}), frozenset({2}))
    assert judged(
        (row(2, github_id=1815), ADA),
        (row(3, "bo", github_id=2), Bearer(2, "bo", "User")),
        standing=here,
    ) == [("known", None, ()), ("refused", "withdrew", ())]


def test_other_repositories_are_told_and_an_owner_s_agreement_serves_them_all() -> None:
    other = (row(2, github_id=1815, repo="acme/other"), ADA)
    assert judged(other) == [("doubtful", None, ("elsewhere",))]
    assert judged(other, place=Place(7, "acme/garden", shared=True)) == [("good", None, ())]
    assert judged((row(2, github_id=1815, repo="old/name", repo_id=7), ADA)) == [
        ("good", None, ())
    ]
    assert judged((row(2, github_id=1815, repo_id=8), ADA)) == [("doubtful", None, ("elsewhere",))]


def test_rows_may_say_for_which_version_they_count() -> None:
    assert judged(
        (row(2, github_id=1815, version="1.0"), ADA),
        (row(3, github_id=1815, version="1.1"), ADA),
        (row(4, github_id=1815, version="9.9"), ADA),
        version="",
    ) == [("good", None, ()), ("good", None, ()), ("refused", "version", ())]
