"""The words of each receipt, in the language of the law under which it is issued."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from core import money
from core.money import Money
from donations.receipts import rest
from donations.receipts.fields import Facts, Item, Kind

Layout = dict[str, Any]

FRENCH, ENGLISH = "fr", "en"
_ARTICLES = {"fr_individual": "200", "fr_company": "238 bis"}


def layout(facts: Facts, name: str, language: str) -> Layout:
    """Give what is printed: title, rows of a label and a value, sentences, who signs."""
    made = _WORDS[facts.kind](facts, language)
    tongue = made.pop("language", language)
    if facts.replaces and facts.kind != "cancellation":
        made["sentences"] = [
            *made["sentences"],
            rest.sentence(facts.replaces, is_french=tongue == FRENCH),
        ]
    if facts.issued_on is not None:
        made["rows"] = [*made["rows"], _issued(facts.issued_on, tongue)]
    return {
        "language": tongue,
        "number": name,
        "signature": facts.issuer.signatory,
        "quality": facts.issuer.signatory_quality,
        "issued_by": facts.issuer.name,
        "day": list(facts.paid_on.timetuple()[:3]),
        **made,
    }


def _issued(day: date, language: str) -> tuple[str, str]:
    """Say when it was issued: the French forms want the day beside the signature, invoices theirs."""
    if language == FRENCH:
        return ("Date d’émission", day.strftime("%d/%m/%Y"))
    return ("Date of issue", day.isoformat())


def _amount(facts: Facts, language: str) -> str:
    # The French form wants letters, or figures between asterisks where a machine writes them.
    return f"*** {money.shown(facts.money, language)} ***"


def _person(facts: Facts) -> str:
    donor = facts.donor
    return donor.company or " ".join(part for part in (donor.first_name, donor.name) if part)


def _home(facts: Facts) -> str:
    donor = facts.donor
    town = " ".join(part for part in (donor.postcode, donor.city) if part)
    return ", ".join(part for part in (donor.address, town, donor.country) if part)


def _payment(facts: Facts, language: str) -> Layout:
    if language == FRENCH:
        rows = [
            ("Émis par", f"{facts.issuer.name}, {facts.issuer.address}"),
            ("Pour", facts.project),
            ("Montant", money.shown(facts.money, FRENCH)),
            ("Payé le", facts.paid_on.strftime("%d/%m/%Y")),
        ]
        return {
            "title": "Reçu de paiement",
            "rows": rows,
            "sentences": ["Ce reçu n’ouvre droit à aucune réduction d’impôt."],
        }
    rows = [
        ("Issued by", f"{facts.issuer.name}, {facts.issuer.address}"),
        ("For", facts.project),
        ("Amount", money.shown(facts.money, ENGLISH)),
        ("Paid on", facts.paid_on.isoformat()),
    ]
    return {
        "title": "Receipt of payment",
        "rows": rows,
        "sentences": ["This receipt is not one by which you pay less tax."],
    }


def _invoice(facts: Facts, language: str) -> Layout:
    """CGI, annex II, art. 242 nonies A; Directive 2006/112/EC, art. 226.

    A credit note says what its invoice says of the part that went back, and names it.
    """
    is_french = language == FRENCH or facts.issuer.country == "FR"
    tongue = FRENCH if is_french else ENGLISH
    item = facts.item or Item("")
    tax = Money(item.tax, facts.money.currency)
    is_credit = facts.kind == "credit_note"
    labels = (_CREDIT if is_credit else _INVOICE)[tongue]
    values = (
        facts.cancels,
        ", ".join(part for part in (facts.issuer.name, facts.issuer.address) if part),
        facts.issuer.registration,
        facts.issuer.vat,
        _person(facts),
        _home(facts),
        facts.donor.vat,
        facts.paid_on.strftime("%d/%m/%Y") if is_french else facts.paid_on.isoformat(),
        f"{item.words} × {item.count}",
        money.shown(facts.money - tax, tongue),
        f"{item.percent} % · {money.shown(tax, tongue)}" if item.tax else "",
        money.shown(facts.money, tongue),
    )
    paid, untaxed = (_BACK if is_credit else _PAID)[tongue]
    return {
        "language": tongue,
        "title": _TITLES[is_credit][is_french],
        "rows": [row for row in zip(labels, values, strict=True) if row[1]],
        "sentences": [paid] if item.tax else [paid, untaxed],
    }


_TITLES = (("Invoice", "Facture"), ("Credit note", "Facture d’avoir"))

_INVOICE: Mapping[str, tuple[str, ...]] = {
    FRENCH: (
        "",
        "Vendeur",
        "Numéro SIREN",
        "Numéro de TVA du vendeur",
        "Acheteur",
        "Adresse de l’acheteur",
        "Numéro de TVA de l’acheteur",
        "Date de la vente et du paiement",
        "Désignation et quantité",
        "Montant hors taxe",
        "TVA",
        "Montant payé",
    ),
    ENGLISH: (
        "",
        "Seller",
        "Registration",
        "VAT number of the seller",
        "Buyer",
        "Address of the buyer",
        "VAT number of the buyer",
        "Day of sale and payment",
        "What, and how many",
        "Amount without tax",
        "Tax",
        "Amount paid",
    ),
}
_CREDIT: Mapping[str, tuple[str, ...]] = {
    FRENCH: (
        "Facture sur laquelle porte l’avoir",
        *_INVOICE[FRENCH][1:7],
        "Date de l’avoir",
        "Désignation et quantité facturées",
        "Montant hors taxe remboursé",
        "TVA remboursée",
        "Montant remboursé",
    ),
    ENGLISH: (
        "Credits the invoice",
        *_INVOICE[ENGLISH][1:7],
        "Day of this note",
        "What was invoiced, and how many",
        "Amount given back without tax",
        "Tax given back",
        "Amount given back",
    ),
}
_PAID: Mapping[str, tuple[str, str]] = {
    FRENCH: ("Payé par carte.", "Le vendeur ne facture pas de TVA."),
    ENGLISH: ("Paid by card.", "The seller charges no tax."),
}
_BACK: Mapping[str, tuple[str, str]] = {
    FRENCH: (
        "Remboursé sur la carte. La facture reste valable pour ce qui n’en est pas remboursé.",
        _PAID[FRENCH][1],
    ),
    ENGLISH: (
        "Given back to the card. The invoice holds for what is left of it.",
        _PAID[ENGLISH][1],
    ),
}


def _french(facts: Facts, _language: str) -> Layout:
    issuer, is_company = facts.issuer, facts.kind == "fr_company"
    form = "Cerfa n° 16216*02" if is_company else "Cerfa n° 11580*05"
    article = _ARTICLES[facts.kind]
    rows = [
        ("Numéro d’ordre du reçu", ""),
        ("Bénéficiaire des versements", issuer.name),
        ("Numéro SIREN ou RNA", issuer.registration),
        ("Adresse", issuer.address),
        ("Objet", issuer.object),
        ("Qualité", issuer.quality),
        ("Fondement juridique déclaré par l’organisme", issuer.basis),
        ("Donateur", _person(facts)),
        ("Adresse du donateur", _home(facts)),
    ]
    if is_company:
        rows += [("Forme juridique", facts.donor.form), ("Numéro SIREN", facts.donor.siren)]
    rows += [
        ("Montant du don, en euros", _amount(facts, FRENCH)),
        ("Date du versement", facts.paid_on.strftime("%d/%m/%Y")),
        ("Forme du don", "Autres : don en ligne"),
        ("Nature du don", "Numéraire"),
        ("Mode de versement", facts.method),
    ]
    return {
        "language": FRENCH,
        "title": "Reçu au titre des dons à certains organismes d’intérêt général",
        "under": f"Article {article} du code général des impôts · {form}",
        "rows": [row for row in rows if row[1]],
        "sentences": [
            (
                "Le bénéficiaire certifie sur l’honneur que les dons et versements qu’il reçoit"
                f" ouvrent droit à la réduction d’impôt prévue à l’article {article} du CGI."
            ),
            "Ce don a été fait sans contrepartie.",
        ],
    }


def _american(facts: Facts, _language: str) -> Layout:
    return {
        "language": ENGLISH,
        "title": "Written acknowledgment of a charitable contribution",
        "under": facts.issuer.basis,
        "rows": [
            ("Organization", facts.issuer.name),
            ("EIN", facts.issuer.registration),
            ("Donor", _person(facts)),
            ("Cash contribution", money.shown(facts.money, "en_US")),
            ("Date of the contribution", facts.paid_on.isoformat()),
        ],
        "sentences": ["No goods or services were provided in exchange for this contribution."],
    }


def _british(facts: Facts, _language: str) -> Layout:
    return {
        "language": ENGLISH,
        "title": "Gift Aid declaration for a single donation",
        "under": facts.issuer.basis,
        "rows": [
            ("Charity", facts.issuer.name),
            ("HMRC reference", facts.issuer.registration),
            ("Donor", _person(facts)),
            ("Home address", _home(facts)),
            ("Donation", money.shown(facts.money, "en_GB")),
            ("Date", facts.paid_on.isoformat()),
        ],
        "sentences": [
            "The donor wants this donation to be treated as a Gift Aid donation.",
            (
                "The donor is a UK taxpayer and understands that if they pay less Income Tax and/or"
                " Capital Gains Tax in the current tax year than the amount of Gift Aid claimed on all"
                " their donations it is their responsibility to pay any difference."
            ),
            "The donor may cancel this declaration at any time by telling the charity.",
        ],
    }


def _cancellation(facts: Facts, language: str) -> Layout:
    is_french = language == FRENCH or facts.issuer.country == "FR"
    shown = money.shown(facts.money, FRENCH if is_french else ENGLISH)
    if is_french:
        what, the = ("avoir", "L’avoir") if facts.item else ("reçu", "Le reçu")
        title, label = f"Annulation d’un {what}", f"Annule {the.lower()}"
        said = f"{the} nommé ci-dessus est annulé et ne peut plus être utilisé."
    else:
        what = "credit note" if facts.item else "receipt"
        title, label = f"Cancellation of a {what}", f"Cancels the {what}"
        said = f"The {what} named above is cancelled and can no longer be used."
    rows = [(label, facts.cancels), ("Montant" if is_french else "Amount", shown)]
    return {
        "language": FRENCH if is_french else ENGLISH,
        "title": title,
        "rows": rows,
        "sentences": [said],
    }


_WORDS: Mapping[Kind, Callable[[Facts, str], Layout]] = {
    "payment": _payment,
    "invoice": _invoice,
    "credit_note": _invoice,
    "fr_individual": _french,
    "fr_company": _french,
    "us_gift": _american,
    "uk_gift_aid": _british,
    "cancellation": _cancellation,
}
