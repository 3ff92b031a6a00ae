"""Licence files verify by three programs alike: ours, the one for Python, the one for Node."""

import ast
import importlib.util
import json
import shutil
import subprocess
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyseto
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from licensing.sold import checking, codes, paseto
from licensing.sold.checking import Asked, ListRefused
from licensing.sold.days import end_of, later
from licensing.sold.keys import Key
from licensing.sold.purposes import Purpose
from licensing.sold.verifiers import filled
from tests.rules.licence_files import (
    FIRST,
    KEYS,
    NOW,
    SECOND,
    SOLD,
    STRANGER,
    altered,
    by_another_library,
    length,
    licence,
    listed,
    relabelled,
    said,
    signed,
    token,
)

ENDS = end_of(date(2027, 1, 31))
DAY = timedelta(days=1)
PRO = "garden-pro"

CASES: dict[str, tuple[str, dict[str, Any]]] = {
    # name: (file, what is asked, with the code that is expected under "code")
    "whole": (licence(), {"code": "VALID"}),
    "with_returns": (licence().replace("\n", "\r\n"), {"code": "VALID"}),
    "second key": (licence(SECOND), {"code": "VALID"}),
    "unknown key": (licence(STRANGER), {"code": "UNKNOWN_KEY"}),
    "borrowed kid": (
        signed(said(licence()), Purpose.LICENCE, STRANGER, kid=next(iter(KEYS))),
        {"code": "SIGNATURE"},
    ),
    "list as licence": (relabelled(listed(3), Purpose.LICENCE), {"code": "SIGNATURE"}),
    "certificate as licence": (
        relabelled(signed({"verdict": "SELLABLE"}, Purpose.AUDIT), Purpose.LICENCE),
        {"code": "SIGNATURE"},
    ),
    "list in its own lines": (listed(3), {"code": "FORMAT"}),
    "by another library": (by_another_library(Purpose.LICENCE), {"code": "VALID"}),
    "by another library for lists": (
        by_another_library(Purpose.REVOCATION),
        {"code": "SIGNATURE"},
    ),
    "words beside it": ("Dear customer,\n" + licence(), {"code": "FORMAT"}),
    "cut": (licence()[:200], {"code": "FORMAT"}),
    "empty": ("", {"code": "FORMAT"}),
    "another product": (licence(product="barn"), {"code": "PRODUCT"}),
    "clock": (licence(issued_at=NOW + DAY + timedelta(seconds=1)), {"code": "CLOCK"}),
    "clock a little behind": (licence(issued_at=NOW + DAY), {"code": "VALID"}),
    "last second": (licence(), {"code": "VALID", "now": ENDS + timedelta(microseconds=999_000)}),
    "a second after": (licence(), {"code": "EXPIRED", "now": ENDS + timedelta(seconds=1)}),
    "both ends": (
        licence(file_until=ENDS + DAY),
        {"code": "EXPIRED", "now": ENDS + timedelta(seconds=1)},
    ),
    "file ended": (licence(file_until=NOW - DAY), {"code": "FILE_EXPIRED"}),
    "perpetual in 2040": (
        licence(expires_at=None, updates_until=ENDS),
        {"code": "VALID", "now": datetime(2040, 1, 1, tzinfo=UTC), "built": ENDS},
    ),
    "version too new": (
        licence(expires_at=None, updates_until=ENDS),
        {"code": "VERSION_TOO_NEW", "built": ENDS + timedelta(seconds=1)},
    ),
    "revoked": (licence(), {"code": "REVOKED", "list": listed(7, "x", SOLD.id)}),
    "others revoked": (licence(), {"code": "VALID", "list": listed(7, "x"), "warn": []}),
    "revoked before it ended": (
        licence(),
        {"code": "REVOKED", "list": listed(7, SOLD.id), "now": ENDS - DAY * 50},
    ),
    "stale list": (
        licence(),
        {"code": "VALID", "list": listed(7, until="2026-11-19T00:00:00Z"), "warn": ["LIST_STALE"]},
    ),
    "older list": (
        licence(),
        {"code": "VALID", "list": listed(7, SOLD.id), "highest": 8, "warn": ["LIST_OLDER"]},
    ),
    "licence as list": (
        licence(),
        {
            "code": "VALID",
            "list": relabelled(licence(), Purpose.REVOCATION),
            "warn": ["LIST_UNREADABLE"],
        },
    ),
}


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with both programs, as a seller's page gives them."""
    folder = tmp_path_factory.mktemp("product")
    keys = tuple(Key(kid, public, "signing", NOW, NOW, None, None) for kid, public in KEYS.items())
    for name in ("verify.py", "verify.mjs"):
        (folder / name).write_text(filled(name, keys), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def python(programs: Path) -> Any:
    # Products run on older Pythons than we do.
    ast.parse((programs / "verify.py").read_text(encoding="utf-8"), feature_version=(3, 9))
    spec = importlib.util.spec_from_file_location("pasted", programs / "verify.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", CASES)
def test_every_reason_has_its_code(name: str, python: Any) -> None:
    text, about = CASES[name]
    now, built, of = about.get("now", NOW), about.get("built"), about.get("list")
    known, warned = None, ()
    try:
        known = checking.revocations(of, KEYS, about.get("highest", 0)) if of else None
    except ListRefused as refused:
        warned = (refused.warning,)

    verdict = checking.judged(text, KEYS, Asked(PRO, now, built), known)
    theirs = python.check(text, PRO, built, of, about.get("highest", 0), now)

    assert verdict.code == theirs[0] == about["code"]
    assert verdict.holds == (about["code"] == "VALID")
    assert verdict.code in codes.REASONS
    if "warn" in about:
        assert theirs[2] == about["warn"]
        assert [*warned, *(() if warned else verdict.warnings)] == about["warn"]


def test_the_program_for_node_says_the_same(programs: Path) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed: verify.mjs was not run")
    given = [
        {
            "text": text,
            "builtAt": about["built"].isoformat() if "built" in about else None,
            "list": about.get("list"),
            "highest": about.get("highest", 0),
            "now": about.get("now", NOW).isoformat(),
        }
        for text, about in CASES.values()
    ]
    (programs / "run.mjs").write_text(
        "import { check } from './verify.mjs'\n"
        "import { readFileSync } from 'node:fs'\n"
        "const cases = JSON.parse(readFileSync(0, 'utf8'))\n"
        "const date = (words) => words && new Date(words)\n"
        f"const one = (it) => check(it.text, '{PRO}',"
        " { ...it, builtAt: date(it.builtAt), now: date(it.now) })\n"
        "console.log(JSON.stringify(cases.map(one)))\n",
        encoding="utf-8",
    )

    done = subprocess.run(
        [node, "run.mjs"],
        cwd=programs,
        input=json.dumps(given),
        capture_output=True,
        text=True,
        check=True,
    )

    answers = json.loads(done.stdout)
    found = {name: one["code"] for name, one in zip(CASES, answers, strict=True)}
    assert found == {name: about["code"] for name, (_text, about) in CASES.items()}
    for (_text, about), one in zip(CASES.values(), answers, strict=True):
        assert one["warnings"] == about.get("warn", one["warnings"])


def test_an_independent_library_reads_our_files_and_we_read_its() -> None:
    public = paseto.public_bytes(FIRST)
    key = pyseto.Key.from_paserk(paseto.encoded_key(public))
    text = licence(expires_at=None)

    found = pyseto.decode(key, token(text), implicit_assertion=b"potluck-licence-v1")
    assert json.loads(bytes(found.payload)) == said(text)
    assert key.to_paserk_id() == paseto.key_id(public) == json.loads(bytes(found.footer))["kid"]
    with pytest.raises(pyseto.VerifyError):
        pyseto.decode(key, token(text), implicit_assertion=b"potluck-revocation-v1")

    theirs = by_another_library(Purpose.LICENCE, expires_at=None)
    assert said(theirs) == said(text)
    assert checking.judged(theirs, KEYS, Asked(PRO, NOW)).code == "VALID"


@given(at=st.integers(min_value=0))
@settings(max_examples=60, deadline=None)
def test_no_sign_of_a_file_can_be_changed(at: int) -> None:
    text = licence()
    changed = altered(text, at % length(text))

    assert checking.judged(changed, KEYS, Asked(PRO, NOW)).code in {
        "FORMAT",
        "UNKNOWN_KEY",
        "SIGNATURE",
    }


@given(text=st.text(max_size=200) | st.binary(max_size=200).map(lambda raw: raw.decode("latin1")))
@settings(max_examples=60, deadline=None)
def test_no_words_make_the_check_stumble(text: str) -> None:
    wrapped = f"-----BEGIN POTLUCK LICENCE-----\n{text}\n-----END POTLUCK LICENCE-----"

    for one in (text, wrapped, f"v4.public.{text}"):
        assert not checking.judged(one, KEYS, Asked(PRO, NOW)).holds


def test_a_signed_message_that_says_nothing_is_no_licence() -> None:
    whole = said(licence())
    broken = ([], "x", {}, {**whole, "exp": "2027-01-31"}, {**whole, "seats": True})
    for payload in broken:
        text = signed(payload, Purpose.LICENCE)
        assert checking.judged(text, KEYS, Asked(PRO, NOW)).code == "CLAIMS"


@pytest.mark.parametrize(
    ("day", "years", "expected"),
    [
        (date(2025, 2, 28), 2, date(2027, 2, 28)),
        (date(2024, 2, 29), 2, date(2026, 2, 28)),
        (date(2024, 2, 29), 4, date(2028, 2, 29)),
        (date(2026, 12, 31), 4, date(2030, 12, 31)),
    ],
)
def test_a_span_of_years_ends_on_the_same_day_or_the_last_of_its_month(
    day: date, years: int, expected: date
) -> None:
    assert later(day, years=years) == expected
    assert end_of(expected).isoformat().endswith("T23:59:59+00:00")


def test_the_same_named_day_ends_alike_wherever_it_was_bought() -> None:
    zones = (timedelta(hours=9), timedelta(hours=-8))
    bought = [datetime(2026, 1, 31, 12, tzinfo=UTC) + zone for zone in zones]
    files = [licence(issued_at=one, expires_at=end_of(date(2027, 1, 31))) for one in bought]
    for text in files:
        assert checking.judged(text, KEYS, Asked(PRO, ENDS)).code == "VALID"
        after = Asked(PRO, ENDS + timedelta(seconds=1))
        assert checking.judged(text, KEYS, after).code == "EXPIRED"


def test_the_documentation_explains_every_code() -> None:
    guide = (Path(__file__).parents[2] / "docs/licences.md").read_text(encoding="utf-8")

    rows = [line.split("`")[1] for line in guide.splitlines() if line.startswith("| `")]
    assert [code for code in codes.REASONS if rows.count(code) != 1] == []
    assert [code for code in codes.WARNINGS if f"`{code}`" not in guide] == []
    assert len(codes.REASONS) >= 19
