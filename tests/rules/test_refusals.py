"""The law that `Visitor` holds refused forms to finds what is lost, and what nobody is told."""

import pytest

from tests.refusals import problems

GOOD = """
<form action="/buy"><label for="a">A</label>
<input id="a" name="a" value="Ada" aria-invalid="true" aria-describedby="a-error">
<p class="error" id="a-error">Write more.</p>
<textarea name="words">two
lines</textarea><input type="checkbox" name="agree" value="yes" required>
<select name="c"><option value="1">1</option><option value="2" selected>2</option></select></form>
"""
SENT = {"a": "Ada", "words": "two\nlines", "agree": "yes", "c": "2", "csrf_token": "x"}


def test_nothing_is_wrong_with_a_form_that_keeps_everything_and_says_where() -> None:
    assert not list(problems("/buy", SENT, GOOD))


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        ('value="Ada"', "", "a is lost"),
        ("two\nlines", "", "words is lost"),
        (" selected", "", "c is lost"),
        ('aria-describedby="a-error"', "", "no field knows of the complaint a-error"),
        (' id="a-error"', "", "nothing says what is wrong with a"),
        ('<p class="error" id="a-error">Write more.</p>', "", "something is wrong"),
    ],
)
def test_what_is_lost_or_not_told_is_found(was: str, becomes: str, said: str) -> None:
    assert any(said in one for one in problems("/buy", SENT, GOOD.replace(was, becomes)))
