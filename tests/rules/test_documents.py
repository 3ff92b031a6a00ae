"""Documents of strangers on our pages: harmless, and no work twice."""

from core.web.text import coded, markdown

NASTY = "[x](javascript:alert(1)) <b>bold</b> [in](/you) ![p](https://a.example/p.png)\n"


def test_a_document_runs_nothing_shows_no_pictures_and_leads_to_other_sites_only() -> None:
    shown = markdown(NASTY)

    assert not any(part in shown for part in ("<b>", "<img", 'href="javascript', 'href="/you"'))


def test_a_long_document_is_rendered_once_however_often_it_is_looked_at() -> None:
    words = "[" * 20_000

    assert markdown(words) is markdown("[" * 20_000)


def test_backticks_of_our_own_sentences_are_code_and_nothing_else_comes_alive() -> None:
    assert coded("Ask `a <b>` for <i>") == "Ask <code>a &lt;b&gt;</code> for &lt;i&gt;"
