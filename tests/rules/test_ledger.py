"""What may be posted: everything sums to zero, every account is known, everything lost is accounted for."""

from collections import Counter
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.digests import canonical
from core.money import Money
from donations import ledger, movements
from donations.ledger import CASH, Cause, Entry, Transaction, Unsound

AT = datetime(2026, 11, 20, 10, tzinfo=UTC)
GIFT = Cause("stripe", "txn_1", "gift")
BOOK = "project:7"


def euros(minor: int) -> Money:
    return Money(minor, "EUR")


def gift(entries: tuple[Entry, ...], cause: Cause = GIFT) -> Transaction:
    return Transaction(BOOK, cause, AT, entries)


amounts = st.builds(Money, st.integers(1, 10**9), st.sampled_from(["EUR", "USD", "JPY"]))
owed_to = st.sampled_from(["project:7", "request:I_1", "payee:5", "owed:6", "refund:p1", "tax:FR"])
shapes = st.one_of(
    st.builds(movements.received, amounts, owed_to),
    st.builds(movements.sent, amounts, owed_to),
    st.builds(movements.moved, amounts, owed_to, owed_to),
    st.builds(movements.charged, amounts, owed_to),
    st.builds(
        movements.converted,
        st.builds(Money, st.integers(1, 10**9), st.just("EUR")),
        st.builds(Money, st.integers(1, 10**9), st.just("USD")),
        owed_to,
    ),
)


@given(st.lists(shapes, min_size=1, max_size=6))
def test_what_comes_of_movements_sums_to_zero_in_each_currency(
    parts: list[tuple[Entry, ...]],
) -> None:
    entries = tuple(entry for part in parts for entry in part)
    sums: Counter[str] = Counter()
    for (_account, currency), minor in ledger.balances(entries).items():
        sums[currency] += minor
    assert not any(sums.values())


@given(st.lists(shapes, min_size=1, max_size=6))
def test_a_reversal_leaves_every_balance_as_it_was(parts: list[tuple[Entry, ...]]) -> None:
    for entries in parts:
        done = gift(entries)
        undone = ledger.reversal(done, 1, "potluck", "mistake-1", AT)
        assert ledger.balances(done.entries + undone.entries) == {}
        assert undone.reversal_of == 1
        assert undone.cause.kind == "reversal"


def test_a_fee_is_borne_by_whoever_is_named_and_by_nobody_twice() -> None:
    entries = movements.received(euros(1000), "project:7") + movements.charged(
        euros(45), "project:7"
    )
    assert ledger.balances(entries) == {(CASH, "EUR"): 955, ("project:7", "EUR"): -955}


def test_a_conversion_leaves_its_account_with_nothing_unexplained() -> None:
    entries = movements.converted(euros(1000), Money(1100, "USD"), "project:7")
    assert gift(entries, Cause("stripe", "txn_2", "conversion")).currencies == ("EUR", "USD")
    assert ledger.balances(movements.received(euros(1000), "project:7") + entries) == {
        (CASH, "USD"): 1100,
        ("project:7", "USD"): -1100,
    }


@pytest.mark.parametrize(
    ("entries", "why"),
    [
        ((), "has entries"),
        ((Entry(CASH, euros(5)),), "do not sum to zero in EUR"),
        ((Entry(CASH, euros(5)), Entry("project:7", Money(-5, "USD"))), "zero in EUR, USD"),
        ((Entry(CASH, euros(0)), Entry("project:7", euros(0))), "moves something"),
        ((Entry(CASH, euros(2**53)), Entry("project:7", euros(-(2**53)))), "less than 2"),
        (
            movements.received(euros(5), "project:7")
            + movements.received(Money(5, "USD"), "project:7"),
            "through 'conversion' alone",
        ),
        *[
            ((Entry(CASH, euros(5)), Entry(account, euros(-5))), "is no account")
            for account in ("", "project", "project:", "cash", "loss:me", "payee:a b", "=1+1")
        ],
    ],
)
def test_what_is_no_transaction_is_refused(entries: tuple[Entry, ...], why: str) -> None:
    with pytest.raises(Unsound, match=why):
        gift(entries)


@pytest.mark.parametrize(
    "wrong",
    [
        {"book": "project:x"},
        {"about": "I_ 1"},
        {"marks": ("rich",)},
        {"reversal_of": 3},
        {"cause": Cause("stripe", "txn_1", "reversal")},
    ],
)
def test_nothing_is_posted_that_pages_could_not_name(wrong: dict[str, object]) -> None:
    fine: dict[str, object] = {
        "book": BOOK,
        "cause": GIFT,
        "happened_at": AT,
        "entries": movements.received(euros(5), "project:7"),
    }
    assert Transaction(**fine)  # type: ignore[arg-type]  # the fields vary by case
    with pytest.raises(Unsound):
        Transaction(**(fine | wrong))  # type: ignore[arg-type]  # the fields vary by case
    with pytest.raises(Unsound, match="no kind"):
        Cause("stripe", "txn_1", "present")  # type: ignore[arg-type]  # as a careless caller would
    with pytest.raises(Unsound, match="more than nothing"):
        movements.received(euros(0), "project:7")
    with pytest.raises(Unsound, match="another currency"):
        movements.converted(euros(1), euros(1), "project:7")


def test_what_is_lost_comes_back_in_the_stated_order_and_nobody_falls_below_nothing() -> None:
    order = [("project:7", euros(300)), ("payee:5", euros(-20)), ("payee:6", euros(200))]
    assert ledger.recovered(euros(1000), order) == (
        ("project:7", euros(300)),
        ("payee:6", euros(200)),
        ("loss:disputes", euros(500)),
    )
    assert ledger.recovered(euros(250), order) == (("project:7", euros(250)),)


@given(st.integers(0, 10**6), st.lists(st.integers(-(10**4), 10**6), max_size=8))
def test_recovery_is_exact_whatever_there_is(lost: int, there: list[int]) -> None:
    sources = [(f"payee:{number}", euros(minor)) for number, minor in enumerate(there, 1)]
    parts = ledger.recovered(euros(lost), sources)
    assert sum(part.minor for _account, part in parts) == lost
    had = dict(sources)
    assert all(part <= had[account] for account, part in parts if account in had)


@given(st.text(), st.text(), st.integers(-(2**63), 2**63 - 1))
def test_a_record_is_written_as_every_other_record_here(name: str, said: str, minor: int) -> None:
    record = ledger.record_of(
        name, 1, (said, "txn", "gift"), ("a", "b"), ("", "", None), [[name, said, minor]]
    )
    assert ledger.text_of(record) == canonical(record)
