"""On pages: answers by one click, two notes shown together, and being told of nothing more."""

from datetime import timedelta

from bot.credits import store as credits_store
from bot.sandbox.records import Issue
from tests.house import House
from tests.scenarios.asking import ask, said, say, steer
from tests.visitor import Visitor

HERE = "/potluck-sandbox/garden"
People = tuple[Visitor, Visitor, Visitor]
"""Ada who asked, Mara who maintains, Chen who voted."""


def ship(house: House, issue: Issue) -> None:
    house.world.close(issue, house.garden.mara, "completed")
    house.settle()


def told(visitor: Visitor) -> str:
    """Give what somebody's own page says of what has shipped."""
    return visitor.get("/you").text.split('id="shipped"')[1].split("</section>")[0]


def remind(house: House) -> None:
    house.tick("close_loops")
    house.settle()


def is_told_and_answers(chen: Visitor, page: str, issue: Issue) -> None:
    """Told on the page, and there alone."""
    assert "Water the beds" in told(chen)
    assert "Weed the beds" not in told(chen)
    assert not any("@chen" in body for body in said(issue))
    answered = chen.submit(page, {"answer": "partly", "words": "A <b>little</b>."}, "works-form")
    assert "You answered “Partly”" in answered.text
    assert "A &lt;b&gt;little&lt;/b&gt;." in answered.text
    chen.fill_in(answered, {"answer": "yes"}, "works-form")
    again = chen.fill_in(answered, {"answer": "no"}, "works-form")  # the same form once more
    assert "You answered “Yes”" in again.text
    assert chen.submit(page, {"answer": "no", "words": "x" * 501}, "works-form").status_code == 422
    assert chen.submit(page, {"answer": "perhaps"}, "works-form").status_code == 400
    assert "You answered" in told(chen)


def learns_together(house: House, people: People, page: str, issue: Issue) -> None:
    """One note waits for the other; nobody but their writers sees them."""
    garden, (ada, mara, chen) = house.garden, people
    form = "learned-asker"
    assert form not in mara.get(page).text
    kept = ada.submit(page, {"words": "I can **go away** in summer."}, form=form)
    assert "go away" in kept.text
    assert "go away" not in mara.get(page).text
    assert mara.get(f"{HERE}/learned").text.count("Nothing is written yet") == 1
    forged = ada.fill_in(kept, {"side": "project", "words": "Mine"}, form=form)
    assert forged.status_code == 404
    house.advance(timedelta(days=4))
    remind(house)
    assert not any("Maintainers: what did you learn" in body for body in said(issue))
    house.advance(timedelta(days=2))
    remind(house)
    remind(house)
    (reminder,) = [body for body in said(issue) if "what did you learn" in body]
    assert "@ada" not in reminder
    mara.sign_in(garden.mara)  # a session lasts for hours
    mara.submit(page, {"words": "Rain is *not* enough. <script>"}, form="learned-project")
    learned = chen.get(f"{HERE}/learned").text
    assert "<strong>go away</strong>" in learned
    assert "Rain is <em>not</em> enough. &lt;script&gt;" in learned


def shows_one_note_after_its_time(
    house: House, people: People, issues: tuple[Issue, Issue]
) -> None:
    """The other one ships; one note alone is shown after its time."""
    garden, (_ada, mara, chen) = house.garden, people
    issue, other = issues
    say(house, issue, garden.bo, "/quiet")
    ship(house, other)
    assert not any("@bo" in body for body in said(other))
    mara.submit(f"{HERE}/requests/{other.number}", {"words": "Weeds grow."}, "learned-project")
    assert "Weeds grow" not in chen.get(f"{HERE}/learned").text
    house.advance(timedelta(days=10))
    remind(house)
    chen.sign_in(garden.chen)
    assert not any("@bo" in body for body in said(other))
    assert "Weeds grow" in chen.get(f"{HERE}/learned").text


def is_told_no_more(house: House, chen: Visitor) -> None:
    """By the link alone, without signing in: looking changes nothing, the button does."""
    garden = house.garden
    link = "/you/quiet/" + told(chen).split('href="/you/quiet/')[1].split('"')[0]
    with Visitor(house) as nobody:
        assert nobody.get("/you/quiet/forged").status_code == 404
        nobody.get(link)
        assert "Weed the beds" in told(chen)
        assert "You are told of nothing more" in nobody.submit(link, form="quiet").text
    assert "Weed the beds" not in told(chen)
    chen.submit("/you", form=f"quiet-{garden.repo.id}")
    assert "Weed the beds" in told(chen)
    chen.submit("/you", form="quiet-all")
    assert "Weed the beds" not in told(chen)


def test_answers_notes_credits_and_quiet_on_pages(house: House) -> None:
    steer(house, "learned_after_days = 10")
    garden = house.garden
    issue, other = ask(house, garden.ada), ask(house, garden.bo, "Weed the beds")
    page = f"{HERE}/requests/{issue.number}"
    with Visitor(house) as ada, Visitor(house) as mara, Visitor(house) as chen:
        ada.sign_in(garden.ada)
        mara.sign_in(garden.mara)
        chen.sign_in(garden.chen)
        for number in (issue.number, other.number):
            chen.submit(f"{HERE}/requests/{number}", form="vote-form")
        chen.submit(page, {"words": "I use it for my beans."}, form="story-form")
        assert "Does it do your job?" not in chen.get(page).text
        ship(house, issue)

        is_told_and_answers(chen, page, issue)
        learns_together(house, (ada, mara, chen), page, issue)
        shows_one_note_after_its_time(house, (ada, mara, chen), (issue, other))
        is_told_no_more(house, chen)
    assert credited(house) == {
        (garden.ada.id, "ideas", "asked"),
        (garden.bo.id, "ideas", "asked"),
        (garden.chen.id, "userTesting", "story"),
        (garden.chen.id, "userTesting", "tested"),
    }


def credited(house: House) -> set[tuple[int, str, str]]:
    with house.app.read() as connection:
        found = credits_store.of_repo(connection, house.garden.repo.id)
    return {(one.github_id, one.kind, one.deed) for one in found}
