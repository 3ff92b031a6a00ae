"""What people say and give, and how long it is kept: a part of the table on the page of privacy."""

from bot.audit import clones, forgetting
from bot.kept import Gettext, Kept
from bot.mail import outgoing, updating
from donations.receipts import store as donation_receipts


def _answered(_: Gettext) -> tuple[Kept, ...]:
    return (
        Kept(
            _(
                "Why something does your job or not, what you learned or can do now, with your login"
            ),
            _("To show whether what has shipped helps"),
            None,
            _("until you take it back on the page of the request; the login until you erase it"),
            erasable=True,
        ),
        Kept(
            _("How the work on something goes, as you said it, with your login"),
            _("So that those who gave for it read what becomes of it"),
            None,
            _(
                "until you take it back, or erase it; that you said something stays, by your number"
            ),
            erasable=True,
        ),
        Kept(
            _(
                "Your login beside your credits, and what a project’s own list of contributors says of you"
            ),
            _("To name you as a contributor"),
            None,
            _("until you erase it; you are shown nowhere from then on"),
            erasable=True,
        ),
    )


def _given(_: Gettext) -> tuple[Kept, ...]:
    return (
        Kept(
            _("Your name, address and words beside a gift, and what the bank calls your card"),
            _("To show what you want to be shown, and to end it or give it back"),
            None,
            _(
                "until you erase it; what the bank calls your card as long as something may go back"
            ),
            erasable=True,
        ),
        Kept(
            _("That what could not go back to your card was sent to you by hand, and how"),
            _("To prove that it was sent, once"),
            None,
            _("amount and reference stay; how, and on whose word, until you erase it"),
            erasable=True,
        ),
        Kept(
            _("What you are paid for, and what the bank calls the account that it goes to"),
            _("To pay you, and to prove that you were paid"),
            None,
            _("shares stay; the account until you erase it, once nothing is on its way"),
            erasable=True,
        ),
    )


def _mailed(_: Gettext) -> tuple[Kept, ...]:
    return (
        Kept(
            _("Of mails to you: what they tell; the address is looked up when they go"),
            _("So that you hear of your money once, and nothing is sent twice"),
            outgoing.KEPT,
            "",
            erasable=True,
        ),
        Kept(
            _("Of which updates you were told, by the number of your gift"),
            _("So that nobody is told twice"),
            updating.TOLD_KEPT,
            "",
            erasable=False,
        ),
        Kept(
            _("The SHA-256 of an address that takes no mail from us, or wants no reminders"),
            _("So that we write there no more"),
            None,
            _("until you give another one"),
            erasable=False,
        ),
    )


def _around(_: Gettext) -> tuple[Kept, ...]:
    return (
        Kept(
            _("That you give in the name of an organisation, and which budget you set for it"),
            _("So that its members give within what it may spend"),
            None,
            _("until you leave it, or erase it"),
            erasable=True,
        ),
        Kept(
            _("What you told for a receipt, and the receipt"),
            _("The law has the body that issued it keep it"),
            donation_receipts.KEPT,
            "",
            erasable=False,
        ),
    )


def _sold(_: Gettext) -> tuple[Kept, ...]:
    return (
        Kept(
            _("The licences that you hold, to whom they are made out, and what you tried"),
            _("To give you your licence again, and to let you try a product once"),
            None,
            _("licences stay, with nobody’s name; the name and what you tried until you erase it"),
            erasable=True,
        ),
        Kept(
            _(
                "What you want done with your share of what licences bring: your number, the choice,"
                " when"
            ),
            _("So that anybody can reckon again who was paid what"),
            None,
            _("as long as anybody may rely on it"),
            erasable=False,
        ),
    )


def _audited(_: Gettext) -> tuple[Kept, ...]:
    for_good = _("as long as anybody may rely on it")
    return (
        Kept(
            _("Names and addresses in commits, as an audit of the code found them"),
            _("To tell whose lines are whose, and who has to be asked"),
            forgetting.KEPT,
            "",
            erasable=True,
        ),
        Kept(
            _("The SHA-256 of addresses that you had erased, and your number"),
            _("So that they do not come back with the code, and what you granted stays proven"),
            None,
            for_good,
            erasable=False,
        ),
        Kept(
            _("What a maintainer stated of whose lines are whose, with the statements of grants"),
            _("Proof of the rights in the code"),
            None,
            for_good,
            erasable=False,
        ),
        Kept(
            _("A copy of a repository that is audited, as its project published it"),
            _("To look at its lines; it goes when nobody has looked for so long"),
            clones.UNUSED_FOR,
            "",
            erasable=False,
        ),
    )


def kept(_: Gettext) -> tuple[Kept, ...]:
    """Give what is kept of what people say and give, in the language of `_`."""
    return (
        Kept(
            _(
                "What you use a request for, in your words, with your login, and how much you need it"
            ),
            _("To show what a request is needed for"),
            None,
            _("until you take it back on the page of the request; the login until you erase it"),
            erasable=True,
        ),
        *_answered(_),
        *_given(_),
        *_mailed(_),
        *_around(_),
        *_sold(_),
        *_audited(_),
        Kept(
            _("What you called for, offered, submitted to a contest or took on, with your login"),
            _("To show who offered and did what, and how it was chosen"),
            None,
            _("for good; the login until you erase it"),
            erasable=True,
        ),
        Kept(
            _("The topics for which you agreed to be asked, and the paths of files you changed"),
            _("To show you what you could do"),
            None,
            _("until you switch it off"),
            erasable=True,
        ),
    )
