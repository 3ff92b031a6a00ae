"""How the work goes: said on GitHub or on a page, shown, and told to those who gave, once."""

from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot import erasing, personal_data, tasks
from bot.mail import updating
from bot.roadmap.updates import saying
from bot.roadmap.updates.rules import Heard
from bot.roadmap.updates.store import Said
from bot.roadmap.updates.tables import update_told
from bot.sandbox.records import Comment, Issue
from core.github import Account
from core.web.signin import Person
from tests.post_office import MailHouse
from tests.scenarios.asking import say
from tests.scenarios.intents.calling import DAY, answer
from tests.scenarios.mail.reading import html, plain
from tests.scenarios.mail.test_trouble import Occasion
from tests.scenarios.pledges.promising import GARDEN, garden, give, node, page, press, promise
from tests.scenarios.test_old_news import tell, told_late
from tests.scenarios.updates import killing
from tests.visitor import Visitor

MINUTE = timedelta(minutes=1)


def letters(house: MailHouse) -> list[EmailMessage]:
    """Give the letters that tell how work goes."""
    return [one for one in house.letters() if one["List-Unsubscribe"]]


def promised_by(house: MailHouse, issue: Issue, email: str, language: str = "en") -> str:
    """Promise from another address, perhaps on a page in French; gives the promise's page."""
    with Visitor(house, **{"accept-language": language}) as somebody:
        path = f"{GARDEN}/pledge?request={issue.number}"
        fields = {"amount": "own", "own": "30"}
        sent = somebody.submit(path, fields, "promise", follow=False)
        back = house.pay(sent.headers["location"], email=email)
    return str(back.headers["location"]).removeprefix(house.settings.public_url)


def begin(house: MailHouse) -> Issue:
    """Open a request that Chen works on; Bo promised twice for it, Dee speaks French, Eve went."""
    issue = garden(house)
    house.world.comment(issue, house.garden.chen, "/claim")
    house.world.open_milestone(house.garden.repo, house.garden.mara, "Version 2")
    house.settle()
    promise(house, issue, "30", settle=False)
    promise(house, issue, "20", settle=False)
    promise(house, issue, "10", settle=False, milestone=1)
    promised_by(house, issue, "dee@example.org", "fr")
    gone = promised_by(house, issue, "eve@example.org")
    house.settle()
    assert press(house, gone, "withdraw").status_code == 303
    house.settle()
    house.office.came.clear()
    return issue


def test_who_gave_reads_what_those_who_do_the_work_say_of_it_and_nobody_reads_what_is_taken_back(
    mail_house: MailHouse, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    house, people = mail_house, mail_house.garden
    monkeypatch.setattr(updating, "AT_ONCE", 1)
    issue = begin(house)
    here = f"{GARDEN}/requests/{issue.number}"
    say(house, issue, people.bo, "/update it is as good as done")
    assert "is for maintainers and for whoever works on this" in answer(issue, people.bo)
    say(house, issue, people.chen, f"/update {'long ' * 500}")
    assert "2000 characters" in answer(issue, people.chen)
    assert 'id="updates"' not in page(house, here)
    _by_the_form(house, issue)
    first = house.world.comment(issue, people.chen, "/update The clock wroks")
    house.advance(MINUTE)
    house.world.edit_comment(
        first,
        people.chen,
        "Hello!\n/update The clock works\n\n[See](/evil) \u202e<b> 1 < 2\n- a `valve`",
    )
    house.settle()
    assert "says it anew" in answer(issue, people.chen)
    told, en_francais = sorted(letters(house), key=lambda one: str(one["To"]))
    assert (told["To"], en_francais["To"]) == ("bo@example.org", "dee@example.org")
    assert told["Subject"] == f"How it goes: Water the beds #{issue.number}"
    assert en_francais["Subject"] == f"Où cela en est\u00a0: Water the beds #{issue.number}"
    assert "chen, le 20 novembre 2026\u00a0:" in plain(en_francais)
    assert "> The clock works\n\n> [See](/evil) \ufffd… 1 < 2\n\n> - a valve" in plain(told)
    assert '<blockquote dir="auto">[See](/evil) \ufffd… 1 &lt; 2</blockquote>' in html(told)
    assert f"{here}#updates" in plain(told)
    shown = page(house, here)
    assert "The clock works\n[See](/evil) \ufffd… 1 &lt; 2" in shown
    assert "An update by chen" in page(house, f"{here}/feed.atom")
    _one_letter_a_day(house, issue, told)
    _taken_back(house, issue, first)
    _stopped_and_erased(house, issue, told)
    if house.app.url.startswith("sqlite"):
        _killed_at_each_seam(house, issue, tmp_path)


def _one_letter_a_day(house: MailHouse, issue: Issue, told: EmailMessage) -> None:
    """What is said on the same day waits, and comes together; told again, it is not told again."""
    house.world.comment(issue, house.garden.mara, "/update I looked: it is good")
    second = house.world.comment(issue, house.garden.chen, "/update Now the valve")
    house.sandbox.hooks.duplicate(3)
    house.settle()
    with house.app.write() as connection:
        again = saying.tell(node(house, issue), "again", house.now)
        tasks.put(connection, again, house.now)
    house.settle()
    came = [one for one in letters(house) if one["To"] == "bo@example.org"]
    assert len(came) == 2
    assert came[1]["Date"].datetime - came[0]["Date"].datetime >= DAY  # type: ignore[attr-defined] # a parsed header
    assert "> I looked: it is good\n\nchen on" in plain(came[1])
    assert "> Now the valve" in plain(came[1])
    assert "The clock works" not in plain(came[1])
    house.world.delete_comment(second, house.garden.mara)
    house.settle()


def _taken_back(house: MailHouse, issue: Issue, first: Comment) -> None:
    """Another's deletion counts as well; late news of what is gone brings nothing back."""
    here, chen = f"{GARDEN}/requests/{issue.number}", house.garden.chen
    assert "Now the valve" not in page(house, here)
    house.advance(MINUTE)
    house.world.edit_comment(first, chen, "Hello!")
    house.settle()
    assert "is taken back" in answer(issue, chen)
    assert "The clock works" not in page(house, here)
    house.advance(MINUTE)
    hasty = house.world.comment(issue, chen, "/update a slip")
    house.advance(MINUTE)
    house.world.edit_comment(hasty, chen, "/update another slip")
    late = told_late(house)
    house.advance(MINUTE)
    house.world.delete_comment(hasty, chen)
    house.settle()
    tell(house, late)
    house.advance(2 * DAY)
    house.settle()
    assert "slip" not in page(house, here) + page(house, f"{here}/feed.atom")
    assert len(letters(house)) == 4


def _stopped_and_erased(house: MailHouse, issue: Issue, told: EmailMessage) -> None:
    """Stopping these letters stops no receipt; who is erased is quoted nowhere any more."""
    here, chen = f"{GARDEN}/requests/{issue.number}", house.garden.chen
    with Visitor(house) as reader:
        stop = str(told["List-Unsubscribe"]).strip(" <>")
        assert "It told how the work goes" in reader.get(stop).text
        reader.post(stop, {"List-Unsubscribe": "One-Click"})
    house.office.came.clear()
    say(house, issue, chen, "/update Nearly there")
    give(house, issue, "5")
    assert [one["To"] for one in letters(house)] == ["dee@example.org"]
    assert "Thank you: €5.00 for potluck-sandbox/garden" in house.subjects()
    who = Person(chen.id, chen.login)
    with house.app.write() as connection:
        kept = personal_data.export(connection, who, house.now)["rows"]["outcome_update"]
        assert "Nearly there" in [one["words"] for one in kept]
        erasing.erase(connection, who, Occasion(house.now, "web", "erased"))
        assert connection.scalar(select(func.count()).select_from(update_told))
    house.advance(31 * DAY)
    house.tick("prune")
    house.settle()
    with house.app.read() as connection:
        assert not connection.scalar(select(func.count()).select_from(update_told))
    assert "Nearly there" not in page(house, here) + page(house, f"{here}/feed.atom")
    assert "I looked: it is good" in page(house, here)


def _killed_at_each_seam(house: MailHouse, issue: Issue, folder: Path) -> None:
    """Dee and Fay get one letter each wherever the process ends; Bo stopped them, Eve went."""
    promised_by(house, issue, "fay@example.org")
    house.settle()
    mara = Account(house.garden.mara.id, house.garden.mara.login)
    said = Said(node(house, issue), "form:killed", mara, Heard("It is done", house.now))
    with house.app.write() as connection:
        for wanted in saying.say(connection, said, house.now)[1]:
            tasks.put(connection, wanted, house.now)
    place = killing.kept(house, folder)
    _came, seams = killing.sent(house, place, 0)
    for at in range(1, seams + 1):
        came, passed = killing.sent(house, place, at)
        assert sorted(address for address, _id in set(came)) == [
            "dee@example.org",
            "fay@example.org",
        ], f"ended at seam {at}"
        assert passed > seams  # Another one went on.


def _by_the_form(house: MailHouse, issue: Issue) -> None:
    """The form is for those who may, is heard once, and what it said is taken back there."""
    people = house.garden
    here, milestone = f"{GARDEN}/requests/{issue.number}", f"{GARDEN}/milestones/1"
    with Visitor(house) as ada, Visitor(house) as chen, Visitor(house) as mara:
        ada.sign_in(people.ada)
        chen.sign_in(people.chen)
        mara.sign_in(people.mara)
        assert 'id="update-form"' not in ada.get(here).text
        form = {"csrf_token": token(ada), "shown": "x" * 22, "words": "done"}
        assert ada.post(f"{here}/update", form).status_code == 403
        form = {"csrf_token": token(chen), "shown": "x" * 22, "words": "done"}
        assert chen.post(f"{milestone}/update", form).status_code == 403
        opened = chen.get(here)
        said = [chen.fill_in(opened, {"words": "I begin"}, "update-form") for _twice in "ab"]
        assert [one.text.count("I begin") for one in said] == [1, 1]
        for words, sentence in (("a" * 2001, "2000 characters at most"), (" ", "in a few words")):
            refused = chen.submit(here, {"words": words}, "update-form")
            assert (refused.status_code, sentence in refused.text) == (422, True)
        assert "I begin" not in chen.submit(here, {}, "update-1-back").text
        _of_a_milestone(house, milestone, chen, mara)


def _of_a_milestone(house: MailHouse, milestone: str, chen: Visitor, mara: Visitor) -> None:
    for number in range(6):
        house.advance(MINUTE)
        shown = mara.submit(milestone, {"words": f"step {number} of it"}, "update-form").text
    assert "1 older update" in shown.split("step 0 of it")[0]
    assert shown.index("step 5 of it") < shown.index("step 1 of it")
    own = shown.split("/update/")[1].split("/back")[0]
    back = f"{milestone}/update/{own}/back"
    assert chen.post(back, {"csrf_token": token(chen)}).status_code == 403
    house.settle()
    (letter,) = letters(house)
    assert letter["Subject"] == "How it goes: Version 2"
    assert plain(letter).count("> step") == 6
    assert "step 5 of it" not in mara.submit(milestone, {}, back).text
    house.office.came.clear()


def token(visitor: Visitor) -> str:
    """Give the token that the visitor's own forms carry."""
    return visitor.get("/you").text.split('name="csrf_token" value="')[1].split('"')[0]
