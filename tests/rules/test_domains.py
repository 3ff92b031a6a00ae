"""Which domain proves a company, and which rule accepts which address."""

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from licensing import domains

LABELS = st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=8).filter(
    lambda label: not label.isdigit()
)
NAMES = st.lists(LABELS, min_size=2, max_size=4).map(".".join)

TABLE = (
    ("bar.com", "a@bar.com", True),
    ("bar.com", "a@BAR.com", True),
    ("bar.com", "A.B+tag@Bar.Com", True),
    ("bar.com", "a@help.bar.com", False),
    ("bar.com", "a@evilbar.com", False),
    ("bar.com", "a@barXcom", False),
    ("bar.com", "a@bar.com.evil.com", False),
    ("bar.com", "a@bar.comx", False),
    ("bar.com", "bar.com", False),
    ("bar.com", "@bar.com", False),
    ("bar.com", "a@bar.com@evil.com", False),
    ("bar.com", "a@evil.com@bar.com", False),
    ("bar.com", "a@bar.com ", False),
    ("bar.com", "a@bar.com\n", False),
    ("bar.com", "a@bаr.com", False),
    ("*.bar.com", "a@x.bar.com", True),
    ("*.bar.com", "a@y.x.BAR.com", True),
    ("*.bar.com", "a@bar.com", False),
    ("*.bar.com", "a@evilbar.com", False),
    ("*.bar.com", "a@x.evilbar.com", False),
    ("*.bar.com", "x@.bar.com", False),
    ("help.bar.com", "a@help.bar.com", True),
    ("help.bar.com", "a@bar.com", False),
)


@pytest.mark.parametrize(("written", "address", "accepted"), TABLE)
def test_a_rule_accepts_addresses_as_a_whole_and_in_any_case(
    written: str, address: str, accepted: bool
) -> None:
    rule = domains.rule(written, "bar.com")
    domain = domains.of_address(address)

    assert rule == written
    assert (domain is not None and domains.accepts(rule, domain)) is accepted


@pytest.mark.parametrize(
    "written",
    [
        *("evilbar.com", "com", "*", "*.com", "*.*.bar.com", "b*r.com", "*bar.com", "", "bar"),
        *("*.", "bar.com.evil.com", "foo@bar.com", "bar.com,foo.com", "bar..com", "-.bar.com"),
        "x" * 300,
    ],
)
def test_a_rule_stays_on_the_domain_that_was_proven(written: str) -> None:
    assert domains.rule(written, "bar.com") is None


@pytest.mark.parametrize(
    ("domain", "why"),
    [
        ("bar.com", None),
        ("BAR.com", None),
        ("foo.co.uk", None),
        ("acme.github.io", None),
        ("bücher.example", None),
        ("co.uk", "public_suffix"),
        ("CO.UK", "public_suffix"),
        ("github.io", "public_suffix"),
        ("anything.ck", "public_suffix"),
        ("www.ck", None),
        ("公司.cn", "public_suffix"),
        ("gmail.com", "free_mail"),
        ("GMail.com", "free_mail"),
        ("mail.gmail.com", "free_mail"),
        ("mailinator.com", "free_mail"),
        ("x.y.mailinator.com", "free_mail"),
        ("notgmail.com", None),
        ("users.noreply.github.com", "noreply"),
        ("noreply.acme.com", "noreply"),
        ("com", "malformed"),
        ("localhost", "malformed"),
        ("127.0.0.1", "malformed"),
        ("[127.0.0.1]", "malformed"),
        ("::1", "malformed"),
        ("bar.com.", "malformed"),
        ("bar_x.com", "malformed"),
        ("b\u200bar.com", "malformed"),
        ("", "malformed"),
        ("a" * 64 + ".com", "malformed"),
    ],
)
def test_what_proves_a_company_and_what_does_not(domain: str, why: str | None) -> None:
    assert domains.refusal(domain) == why


def test_one_domain_has_one_form() -> None:
    assert domains.normal("BÜCHER.example") == "xn--bcher-kva.example"
    assert domains.of_address("a@bücher.example") == "xn--bcher-kva.example"
    assert domains.normal("bar。com") == "bar.com"


@given(company=NAMES, other=NAMES)
@settings(max_examples=100, deadline=None)
def test_no_two_domains_pass_for_each_other(company: str, other: str) -> None:
    assert domains.accepts(company, other) is (company == other)
    assert domains.accepts(f"*.{company}", f"{other}.{company}")
    assert not domains.accepts(f"*.{company}", f"x{company}")
    after = f"{company}.{other}"
    ends_so = after.split(".")[-len(company.split(".")) :] == company.split(".")
    assert domains.accepts(f"*.{company}", after) is ends_so


@given(text=st.text(max_size=40))
@settings(max_examples=150, deadline=None)
def test_whatever_is_written_is_a_domain_in_its_one_form_or_nothing(text: str) -> None:
    found = domains.normal(text)

    assert found is None or (found == domains.normal(found) and found.isascii())
    rule = domains.rule(text, "bar.com")
    assert rule is None or domains.belongs(rule.removeprefix("*."), "bar.com")
