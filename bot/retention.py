"""What is kept about people, why, and for how long: said on the page, and kept to by `bot.prune`."""

from bot import handling, outbox, people, prune, teams
from bot import retention_said as said
from bot.hooks_out import telling
from bot.kept import Gettext, Kept
from core import sign_ins
from licensing import details, erasure
from licensing.imports import store as imports


def table(_: Gettext) -> tuple[Kept, ...]:
    """Give everything that is kept about people, in the language of `_`."""
    return _proof(_) + _beside(_) + said.kept(_) + _passing(_) + _copies(_)


def _proof(_: Gettext) -> tuple[Kept, ...]:
    for_good = _("as long as anybody may rely on it")
    return (
        Kept(
            _(
                "The record of a signature, withdrawal, listing or declaration: the number of your"
                " account, the version, the SHA-256 of the text, the pull request and comment,"
                " the times, the capacity"
            ),
            _("Proof of what was agreed, for those who rely on the code (GDPR art. 17(3)(e))"),
            None,
            for_good,
            erasable=False,
        ),
        Kept(
            _("Which merged commits rest on which record: numbers and hashes"),
            _("Proof of the rights in the code"),
            None,
            for_good,
            erasable=False,
        ),
        Kept(
            _("The name and domain of a company that signed"),
            _("Proof of who agreed: a company is no person"),
            None,
            for_good,
            erasable=False,
        ),
        _on_paper(_, for_good),
        _moved(_, for_good),
        *_on_the_roadmap(_, for_good),
    )


def _moved(_: Gettext, for_good: str) -> Kept:
    return Kept(
        _("Moves on the roadmap: the number of your account, when, and the reason that you gave"),
        _("So that everybody can read why something stands where it does"),
        None,
        for_good,
        erasable=False,
    )


def _on_the_roadmap(_: Gettext, for_good: str) -> tuple[Kept, ...]:
    return (
        Kept(
            _(
                "Votes on requests and the orders in which you put them: the number of your account,"
                " for what, how and when; and that you wrote a command into the comment of somebody"
                " else"
            ),
            _("So that anybody can count them again"),
            None,
            for_good,
            erasable=False,
        ),
        Kept(
            _(
                "What you are credited for: your number, the kind, where it can be seen, when, who"
                " said so, and whether it was taken back or you declined it"
            ),
            _("So that whoever asked, tested or helped stands beside those who coded"),
            None,
            for_good,
            erasable=False,
        ),
        Kept(
            _(
                "Of what you were told that it shipped, and whether it does your job: by your number"
            ),
            _("So that you are told once, and anybody can count the answers again"),
            None,
            for_good,
            erasable=False,
        ),
        Kept(
            _("Of which projects you want to be told nothing"),
            _("So that you are told nothing of them"),
            None,
            _("until you change it on your page"),
            erasable=False,
        ),
    )


def _on_paper(_: Gettext, for_good: str) -> Kept:
    return Kept(
        _(
            "That a guardian signed for you on paper: your number, the SHA-256 of the scan, the"
            " day, and the number of the maintainer who received it. Not the paper, and no name"
        ),
        _("Proof that a paper came, and which"),
        None,
        for_good,
        erasable=False,
    )


def _beside(_: Gettext) -> tuple[Kept, ...]:
    until_erased = _("until you erase it")
    return (
        _hidden(_),
        Kept(
            _("Your login at the time you signed"),
            _("So that the project and you recognise the signature"),
            None,
            until_erased,
            erasable=True,
        ),
        Kept(
            _("What the project asked you to fill in, and for which employer you signed"),
            _("The project asked for it, to know with whom it agreed"),
            None,
            until_erased,
            erasable=True,
        ),
        Kept(
            _("Your name, title and address as somebody who acts for a company"),
            _("So that the project can reach the company"),
            None,
            until_erased,
            erasable=True,
        ),
        Kept(
            _("Network address and browser, only if the project asks for them"),
            _("Evidence of a signature on the page"),
            details.ORIGIN_KEPT,
            "",
            erasable=True,
        ),
        Kept(
            _("Verified e-mail addresses that you chose to rely on"),
            _("To tell which commits are yours"),
            erasure.ADDRESSES_KEPT,
            "",
            erasable=True,
        ),
    )


def _hidden(_: Gettext) -> Kept:
    return Kept(
        _("That you hide the page of what you did in public"),
        _("So that nobody else finds it"),
        None,
        _("until you show it again"),
        erasable=False,
    )


def _passing(_: Gettext) -> tuple[Kept, ...]:
    return (
        Kept(
            _("That you are signed in here, and the addresses that GitHub showed for it"),
            _("To know that it is you"),
            sign_ins.LIFE,
            "",
            erasable=True,
        ),
        Kept(
            _("Logins of accounts that we asked GitHub for"),
            _("To name whoever has to sign"),
            people.KEPT,
            "",
            erasable=True,
        ),
        Kept(
            _("When an account was made that votes on requests, or that we asked GitHub for"),
            _("To show votes of young accounts apart"),
            people.KEPT,
            "",
            erasable=True,
        ),
        _in_a_team(_),
        *_about_your_acts(_),
        Kept(
            _("Rows of a file from another tool, with logins and dates"),
            _("So that a project can look them through before it takes signatures over"),
            imports.KEPT,
            "",
            erasable=True,
        ),
        Kept(
            _("The login of whoever opened a pull request or a request"),
            _("To show what waits"),
            None,
            _("as long as the project uses Potluck, or until you erase it"),
            erasable=True,
        ),
    )


def _about_your_acts(_: Gettext) -> tuple[Kept, ...]:
    return (
        Kept(
            _(
                "For which pull requests you are waited for or your word counts, and which comment"
                " of yours was answered last: your number"
            ),
            _("To look again when you act, and to answer nothing twice"),
            None,
            _("as long as the project uses Potluck"),
            erasable=False,
        ),
        Kept(
            _("That you looked over a file from another tool, or asked for an audit: your number"),
            _("So that it can be told who did"),
            None,
            _("as long as anybody may rely on it"),
            erasable=False,
        ),
        Kept(
            _(
                "Messages to programs of the project about what you signed or withdrew: your number"
            ),
            _("So that none is lost and each can be sent again"),
            telling.KEPT,
            "",
            erasable=False,
        ),
    )


def _in_a_team(_: Gettext) -> Kept:
    return Kept(
        _("That you are in a team that rules exempt or a company lists: your number"),
        _("To know who is not asked, and whom a company covers"),
        teams.FORGOTTEN,
        "",
        erasable=False,
    )


def _copies(_: Gettext) -> tuple[Kept, ...]:
    return (
        Kept(
            _("What GitHub sent us, with names and addresses in commits"),
            _("So that nothing is lost when something fails"),
            prune.BODIES_KEPT,
            "",
            erasable=False,
        ),
        Kept(
            _("Copies of what we wrote on GitHub"),
            _("So that nothing is written twice"),
            outbox.KEPT,
            "",
            erasable=True,
        ),
        Kept(
            _("The names of deliveries that were dealt with, without what was in them"),
            _("So that nothing is done twice"),
            handling.KEPT,
            "",
            erasable=False,
        ),
    )
