"""French law and grants of all future works: said wherever a text under it does not confirm each."""

from collections.abc import Mapping

import pytest
from click.testing import CliRunner

from bot.__main__ import cli
from bot.sandbox.seed import AGREEMENT
from licensing import drafting, french_law

VALUES = {
    "project": "Kettle",
    "steward": "Acme",
    "licence": "Apache-2.0",
    "law": "France",
    "place": "Lyon",
    "contact": "legal@acme.example",
}


def text(kind: str, law: str = "France", **more: bool | str) -> str:
    values: Mapping[str, str] = VALUES | {"law": law}
    return drafting.draft(drafting.chosen(kind, **more), values).text  # type: ignore[arg-type] # a few flags


@pytest.mark.parametrize("kind", ["cla", "caa"])
def test_our_texts_say_it_under_french_law_alone_and_unless_each_is_confirmed(kind: str) -> None:
    found = french_law.hint(text(kind), kind)

    assert found
    assert "L131-1" in found.english
    assert french_law.hint(text(kind, confirm=True), kind) is None
    assert french_law.hint(text(kind, language="fr"), kind) is None
    assert french_law.hint(text(kind, law="Switzerland"), kind) is None
    assert french_law.hint(text("dco"), "dco") is None


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("This contract is governed by French law.", True),
        ("It is subject to the laws of France.", True),
        ("Le présent contrat est soumis au droit français.", True),
        ("La loi française est applicable.", True),
        ("French law applies. You confirm each contribution.", False),
        ("The law of Germany applies. A French translation is attached.", False),
    ],
)
def test_texts_of_others_are_looked_at_by_their_words(words: str, *, said: bool) -> None:
    assert (french_law.hint(words, "caa") is not None) == said


def test_what_we_offer_as_a_sample_needs_no_hint() -> None:
    assert french_law.hint(AGREEMENT, "cla") is None


def test_the_command_says_it_beside_the_text(tmp_path_factory: pytest.TempPathFactory) -> None:
    options = [f"--{name}={value}" for name, value in VALUES.items()]
    made = CliRunner().invoke(cli, ["agreement", "new", "--kind=caa", *options])

    assert (made.exit_code, made.stdout) == (0, text("caa"))
    assert "article L131-1" in made.stderr
    file = tmp_path_factory.mktemp("texts") / "CAA.md"
    file.write_text(made.stdout, encoding="utf-8")
    looked = CliRunner().invoke(cli, ["agreement", "lint", str(file)])
    assert (looked.exit_code, "article L131-1" in looked.stdout) == (0, True)
    quiet = CliRunner().invoke(cli, ["agreement", "new", "--kind=caa", "--confirm", *options])
    assert (quiet.exit_code, quiet.stderr) == (0, "")
