"""What is said of files from other tools: one sentence for each thing that can be so."""

from collections.abc import Callable, Mapping

from licensing.imports.values import Format, Unreadable

Gettext = Callable[[str], str]
FORMS: Mapping[Format, str] = {
    "cla-assistant-csv": "CLA Assistant (CSV)",
    "cla-assistant-json": "CLA Assistant (JSON)",
    "lite": "CLA Assistant Lite (JSON)",
    "easycla": "EasyCLA (CSV)",
    "csv": "CSV",
}


def unreadable(error: Unreadable, _: Gettext) -> str:
    """Say why a file cannot be read at all."""
    said = {
        "large": _("This file is larger than 10 MB. Divide it."),
        "text": _("This file is not text in UTF-8 or UTF-16. Export it anew, as CSV or JSON."),
        "json": _("This file begins like JSON, but is none. Export it anew."),
        "empty": _("There are no signatures in this file."),
        "form": _(
            "This is none of the forms that can be read. Give a table with the columns"
            " login, id, signed_at and version."
        ),
        "columns": _("The column “%(name)s” is missing."),
        "twice": _("The column “%(name)s” is there twice. Take one away."),
        "companies": _(
            "This is EasyCLA’s list of companies. Companies sign here themselves; what can be"
            " taken over is the list of contributors."
        ),
        "many": _("There are more than 20,000 rows in this file. Divide it."),
    }
    return said[error.fault] % {"name": error.name}


def faults(_: Gettext) -> dict[str, str]:
    """Say why a row cannot be read."""
    return {
        "fields": _("has more fields than the head of the table"),
        "quotes": _("has quotation marks that do not fit together"),
        "no_one": _("names nobody"),
        "login": _("has no login of GitHub where one should stand"),
        "number": _("has no account number where one should stand"),
        "no_date": _("does not say when it was signed"),
        "date": _("has a date that cannot be read in one way only"),
        "object": _("is no object"),
    }


def states(_: Gettext) -> dict[str, str]:
    """Say what a row has come to."""
    return {
        "waits": _("not looked up yet"),
        "good": _("can be taken over"),
        "doubtful": _("doubtful"),
        "duplicate": _("the same person once more: the oldest signature is taken over"),
        "known": _("has signed this version here already"),
        "ended": _("revoked or not approved where it comes from: not taken over"),
        "refused": _("refused"),
        "taken": _("taken over"),
        "left": _("left out"),
    }


def doubts(_: Gettext) -> dict[str, str]:
    """Say why a row is doubtful."""
    return {
        "login": _("the file has a login and no number: logins change hands"),
        "renamed": _("the account with this number has another login now"),
        "gone": _("there is no account with this number any more"),
        "elsewhere": _("it was signed for another repository"),
        "company": _("they acknowledged a company’s signature, which is not in the file"),
    }


def reasons(_: Gettext) -> dict[str, str]:
    """Say why a row is refused."""
    return {
        "unknown": _("nobody on GitHub bears this login"),
        "organisation": _("this is an organisation: only people sign"),
        "bot": _("this is a bot: only people sign"),
        "newer": _("the account is younger than the signature: the login has changed hands"),
        "earlier": _(
            "the account is younger than the signature: the date or the number in the file is"
            " wrong"
        ),
        "future": _("it is dated later than today"),
        "version": _("it names no version that was published here"),
        "withdrew": _("this person has withdrawn here, and an older signature does not undo that"),
    }


def refusals(_: Gettext) -> dict[str, str]:
    """Say why a file cannot be approved."""
    return {
        "looking": _("The accounts are still being looked up. Come back in a minute."),
        "dropped": _("This file was set aside. Upload it again."),
        "changed": _("Another agreement holds here now. Upload the file again."),
    }
