"""`make demo` to its end: promised, charged, paid out, lost and won, sold and shared, to the cent."""

import re
from pathlib import Path

import pytest

from bot.sandbox import demo

LEDGER = re.compile(r"^ +(-?)€([\d.]+) {2}(\S+)(?: \(\w+\))?$")


def test_the_demo_pays_out_loses_and_wins_and_its_books_sum_to_zero_at_each_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    outcome = demo.main()
    said, trouble = capfd.readouterr()
    assert (outcome, trouble) == (0, "")
    assert said.splitlines()[-1] == f"DATABASE_URL=sqlite:///{tmp_path}/var/demo/potluck.db"
    assert "Every chain and every text in it is whole" in said
    steps = [_sums(one) for one in re.split(r"^ *\d+\. ", said, flags=re.MULTILINE)]
    ledgers = [one for one in steps if one]
    assert all(sum(one.values()) == 0 for one in ledgers)
    cash = [one.get("stripe:balance") for one in ledgers]
    assert cash[:7] == [11277, 11277, 3383, -3617, 158, -7342, -1342]
    assert "Sent to Ada:  €78.94" in said
    assert "Taken back from Ada’s account, as she agreed:  €37.75" in said
    # Of what was lost Dora bears her 30 %, and nobody is left with less than nothing.
    assert sorted(ledgers[6].values()) == [-1765, -1342, 3107]
    _sold(said, ledgers[7:])


def _sold(said: str, ledgers: list[dict[str, int]]) -> None:
    """A licence was sold by what the worker found itself, and what it brought is shared out."""
    assert "it may be sold, and there is a certificate" in said
    assert "Acme has a signed licence" in said
    sold, shared = ledgers
    (pot,) = (minor for account, minor in sold.items() if account.startswith("licences:"))
    assert pot < -4_000
    assert not [account for account in shared if account.startswith("licences:")]


def _sums(step: str) -> dict[str, int]:
    """Read a ledger from the screen, in cents by account."""
    found = (LEDGER.match(line) for line in step.splitlines())
    lines = [one.groups() for one in found if one and one[3] != "is"]
    return {account: int(f"{sign}{figure.replace('.', '')}") for sign, figure, account in lines}
