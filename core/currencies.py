"""The currencies in which money can come: their decimals, and what a card can pay in each.

Decimals, steps and the first table of minimums are those of https://docs.stripe.com/currencies
(read in November 2026): they differ from CLDR's, which has no decimals for RSD, ALL and others.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction

ZERO_DECIMAL = frozenset("BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF".split())
THREE_DECIMAL = frozenset("BHD JOD KWD OMR TND".split())
SENT_IN_HUNDREDTHS = frozenset({"ISK", "UGX"})
"""They have no decimals, but are still sent to Stripe and told by it as if they had two."""
PAID_OUT_WHOLE = frozenset({"HUF", "TWD"})
"""They have two decimals, but a payout must be of whole forints or dollars."""

_STATED_LEAST = """
AED 200 AUD 50 BGN 100 BRL 50 CAD 50 CHF 50 CZK 1500 DKK 250 EUR 50 GBP 30 HKD 400 HUF 17500
INR 50 JPY 50 MXN 1000 MYR 200 NOK 300 NZD 50 PLN 200 RON 200 SEK 300 SGD 50 THB 1000 USD 50
"""
"""The least charge that Stripe states for a currency in which it also pays out."""

_OUR_LEAST = """
AFN 10000 ALL 12000 AMD 50000 ANG 200 AOA 120000 ARS 200000 AWG 200 AZN 200 BAM 200 BBD 200
BDT 15000 BHD 500 BIF 4000 BMD 100 BND 150 BOB 800 BSD 100 BWP 1500 BYN 400 BZD 250 CDF 300000
CLP 1000 CNY 800 COP 500000 CRC 60000 CVE 12000 DJF 200 DOP 7000 DZD 15000 EGP 6000 ETB 20000
FJD 250 FKP 100 GEL 300 GIP 100 GMD 8000 GNF 10000 GTQ 900 GYD 25000 HNL 3000 HTG 15000
IDR 2000000 ILS 400 ISK 150 JMD 18000 JOD 800 KES 15000 KGS 10000 KHR 450000 KMF 500 KRW 1500
KWD 350 KYD 100 KZT 60000 LAK 2500000 LBP 10000000 LKR 35000 LRD 20000 LSL 2000 MAD 1100
MDL 2000 MGA 5000 MKD 6000 MMK 400000 MNT 400000 MOP 900 MUR 5000 MVR 1700 MWK 200000 MZN 7000
NAD 2000 NGN 200000 NIO 4000 NPR 15000 OMR 400 PAB 100 PEN 400 PGK 500 PHP 6500 PKR 30000
PYG 8000 QAR 400 RSD 12000 RUB 10000 RWF 1500 SAR 400 SBD 900 SCR 1500 SHP 100 SLE 2500
SOS 60000 SRD 4000 STD 2500000 SZL 2000 TJS 1200 TND 3100 TOP 250 TRY 5000 TTD 700 TWD 3500
TZS 300000 UAH 5000 UGX 4000 UYU 4500 UZS 1300000 VND 30000 VUV 130 WST 300 XAF 650 XCD 300
XCG 200 XOF 650 XPF 120 YER 30000 ZAR 2000 ZMW 3000
"""
"""For all others Stripe judges what the charge comes to once converted: this is about one dollar."""

_LONGER = {"COP": 10, "HUF": 10, "IDR": 12, "INR": 9, "JPY": 10}
_DIGITS_OF_A_CHARGE = 8
"""The most digits that a charge may have, in Stripe's units."""


@dataclass(frozen=True)
class Currency:
    """What there is to know of one currency; amounts are in its minor unit, as in `Money`.

    `digits` are its decimals; Stripe is told `minor * factor`, which must divide by `step` in
    Stripe's units; a payout must divide by `payout_step`. A charge lies in `least` to `most`.
    """

    code: str
    digits: int
    factor: int
    step: int
    payout_step: int
    least: int
    most: int


def _digits(code: str) -> int:
    if code in ZERO_DECIMAL or code in SENT_IN_HUNDREDTHS:
        return 0
    return 3 if code in THREE_DECIMAL else 2


def _known(code: str, least: int) -> Currency:
    factor = 100 if code in SENT_IN_HUNDREDTHS else 1
    step = {0: factor, 2: 1, 3: 10}[_digits(code)]
    most = (10 ** _LONGER.get(code, _DIGITS_OF_A_CHARGE) - 1) // factor
    return Currency(
        code=code,
        digits=_digits(code),
        factor=factor,
        step=step,
        payout_step=100 if code in PAID_OUT_WHOLE else step,
        least=least,
        most=most - most % (step // factor),
    )


def _read(table: str) -> dict[str, Currency]:
    words = table.split()
    pairs = zip(words[::2], words[1::2], strict=True)
    return {code: _known(code, int(least)) for code, least in pairs}


CURRENCIES = {**_read(_STATED_LEAST), **_read(_OUR_LEAST)}
"""Every currency by its ISO 4217 code, in capitals."""


@dataclass(frozen=True)
class Ending:
    """The end of a currency: nothing new in it from `at` on; `rate` units of `into` for one of its own."""

    at: datetime
    into: str
    rate: Fraction


ENDINGS = {
    "ANG": Ending(datetime(2025, 7, 1, tzinfo=UTC), "XCG", Fraction(1)),
    "BGN": Ending(datetime(2026, 1, 1, tzinfo=UTC), "EUR", Fraction(100_000, 195_583)),
}
"""Currencies that are no more, at rates that were fixed for good: Council Regulation (EU) 2025/1408
for the lev, https://www.centralbank.cw for the guilder. What was written down in them stays."""
