"""Letters about money, by a real mail server: who gets which, once, in their language."""

from datetime import timedelta

from bot.sandbox.records import Issue
from tests.post_office import MailHouse
from tests.scenarios.intents.calling import DAY
from tests.scenarios.mail.reading import html, plain
from tests.scenarios.pledges.promising import (
    ASKS,
    GARDEN,
    LATER,
    campaign,
    garden,
    give,
    pass_time,
    press,
    promise,
)


def test_who_gives_is_thanked_once_and_who_promises_hears_of_the_end_two_weeks_before(
    mail_house: MailHouse,
) -> None:
    issue = garden(mail_house)
    mail_house.bank.hooks.duplicate(3)
    page = give(mail_house, issue, "20")
    (mail,) = mail_house.letters()
    assert mail["Subject"] == "Thank you: €20.00 for potluck-sandbox/garden"
    assert mail["To"] == "bo@example.org"
    assert mail["From"] == "Potluck <potluck@potluck.test>"
    assert mail["Message-ID"].endswith("@potluck.test>")
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe"] is None
    assert f"See your gift\n{mail_house.settings.public_url}{GARDEN}/fund/" in plain(mail)
    assert f'href="{page}"' in html(mail)
    assert '<html lang="en">' in html(mail)
    assert not [one for one in ("<img", "src=", "url(", "<link") if one in html(mail)]

    assert press(mail_house, page.removeprefix(mail_house.settings.public_url), "back")
    mail_house.settle()
    assert mail_house.subjects()[1:] == ["€20.00 is on its way back to you"]
    _who_promises_hears_of_the_end_before(mail_house, issue)


def _who_promises_hears_of_the_end_before(mail_house: MailHouse, issue: Issue) -> None:
    promise(mail_house, issue, "30")
    promise(mail_house, issue, "31")
    pass_time(mail_house, 350 * DAY)
    assert len(mail_house.letters()) == 4
    pass_time(mail_house, 2 * DAY)
    pass_time(mail_house, DAY)
    first, second = mail_house.letters()[4:]
    assert first["Subject"] == "Your promise of €30.00 lapses soon"
    assert first["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert second["List-Unsubscribe"] != first["List-Unsubscribe"]
    pass_time(mail_house, timedelta(days=20))
    assert mail_house.subjects()[6:] == [
        "Your promise of €30.00 is over",
        "Your promise of €31.00 is over",
    ]

    campaign(mail_house, issue, "100", 5)
    promise(mail_house, issue, "40")
    pass_time(mail_house, 5 * DAY)
    pass_time(mail_house, DAY)
    assert mail_house.subjects()[8:] == [
        "Your promise of €40.00 stands",
        "The goal of €100.00 was not reached",
    ]


def test_a_promise_is_told_of_from_the_card_to_the_bank_that_wants_its_holder(
    mail_house: MailHouse,
) -> None:
    issue = garden(mail_house)
    campaign(mail_house, issue, "50", 5)
    promise(mail_house, issue, "30")
    promise(mail_house, issue, "25", ASKS)
    promise(mail_house, issue, "20", LATER)
    pass_time(mail_house, 5 * DAY)
    subjects = mail_house.subjects()
    assert subjects[:3] == [
        "Your promise of €30.00 stands",
        "Your promise of €25.00 stands",
        "Your promise of €20.00 stands",
    ]
    assert sorted(subjects[3:]) == [
        "The goal of €50.00 is reached",
        "The goal of €50.00 is reached",
        "The goal of €50.00 is reached",
        "Your card needs you: €20.00",
        "Your card needs you: €25.00",
        "Your promise was charged: €30.00",
    ]
    asks = next(one for one in mail_house.letters() if one["Subject"].endswith("you: €25.00"))
    assert "You can pay until December 2, 2026; then the promise ends" in plain(asks)
    pass_time(mail_house, 8 * DAY)
    later = mail_house.subjects()[9:]
    assert sorted(later) == [
        "Too little came together of €50.00",
        "Your promise of €20.00 is over",
        "Your promise of €25.00 is over",
        "€30.00 is on its way back to you",
    ]
    assert len({mail["Message-ID"] for mail in mail_house.letters()}) == 13
