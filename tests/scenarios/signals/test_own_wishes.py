"""On one's own page: what one asked for and voted for, how many votes are left, and taking one back."""

from tests.house import House
from tests.scenarios.asking import ask, say, sweep, voters
from tests.scenarios.roadmap import HOME, switch_on, wish
from tests.visitor import Visitor, forms


def test_asking_is_no_vote_and_a_vote_is_taken_back_on_ones_own_page(house: House) -> None:
    switch_on(house, 2)
    ada, bo = house.garden.ada, house.garden.bo
    mine = ask(house, ada, "Swap seeds between neighbours")
    (greeting,) = (comment.body for comment in mine.comments)
    assert "Asking is no vote yet: whoever asked can vote too." in greeting
    theirs = ask(house, bo, "A bench in the shade")
    say(house, theirs, ada, "/vote")
    secret = wish(house, 90, "Not to be seen", repo_id=4_711)
    assert secret.repo_id == 4_711
    with Visitor(house) as her:
        her.sign_in(ada)
        page = her.get(f"{HOME}/{mine.number}").text
        assert "You asked for this. Asking is no vote yet" in page
        assert voters(house, mine) == set()
        page = her.submit(f"{HOME}/{mine.number}", {}, "vote-form").text
        assert "Asking is no vote yet" not in page
        assert voters(house, mine) == {ada.id}

        sweep(house)  # three comments: the greeting, Ada’s own, and the answer
        page = her.get(f"{HOME}/{theirs.number}").text
        assert '<span class="figure">3</span> comments on GitHub' in page
        assert '<span class="figure">1</span> person wants this' in page
        page = her.get("/you").text
        for words in ("0 of 2 votes left", "You voted for", "You asked for", "Put what you voted"):
            assert words in page, words
        assert page.count("Swap seeds between neighbours") == 3  # voted, its button, asked
        taken = her.submit("/you", {}, f"{HOME}/{theirs.number}/vote")
        assert str(taken.url).endswith("/you?done=withdrawn#wishes")
        assert "Your vote is taken back." in taken.text
        assert "1 of 2 votes left" in taken.text
        assert voters(house, theirs) == set()

        her.submit("/you", {}, f"{HOME}/{mine.number}/vote")
        house.world.close(mine, house.garden.mara, "not_planned")
        house.settle()
        page = her.get("/you").text
        assert [form for form in forms(page) if form.action.endswith("/vote")] == []
        assert "2 of 2 votes left" in page
