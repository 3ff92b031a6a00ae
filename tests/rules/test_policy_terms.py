"""The file of rules: the terms of the agreement, who is exempt, what is asked of signers."""

import pytest

from bot.policy import Field, Policy, Refused, Upkeep, parse, problems

A = "[agreement]\n"

EVERY_KEY = """\
[agreement]
scope = "organisation"
repositories = ["Engine", "web-site"]
outbound = "listed"
outbound_licences = ["Apache-2.0", "mit", "MIT"]
reaches_back = true
paths = ["ee/**", "src/*.py"]
exempt_paths = ["**/*.md", "docs/**", "LICENS?"]
exempt_teams = ["Core", "acme/staff", "acme/crew#12"]
agents = ["Agent@Example.com"]
consent = true
confirm = true
keep_address = true

[[agreement.fields]]
name = "address"
label = "Postal address"

[[agreement.fields]]
name = "role"
label = "You are"
kind = "choice"
required = false
choices = ["Student", "Employee"]

[agreement.upkeep]
label = "cla needed"
remind_after = [7, 21]
close_after = 60
"""


def test_every_key_is_read() -> None:
    found = parse(EVERY_KEY)

    assert found == Policy(
        mode="cla",
        phrase=found.phrase,
        scope="organisation",
        repositories=frozenset({"engine", "web-site"}),
        outbound="listed",
        outbound_licences=("Apache-2.0", "MIT"),
        reaches_back=True,
        paths=("ee/**", "src/*.py"),
        exempt_paths=("**/*.md", "docs/**", "LICENS?"),
        exempt_teams=frozenset({"core", "acme/staff", "acme/crew#12"}),
        agents=frozenset({"agent@example.com"}),
        consent=True,
        confirm=True,
        keep_address=True,
        fields=(
            Field("address", "Postal address"),
            Field("role", "You are", "choice", required=False, choices=("Student", "Employee")),
        ),
        upkeep=Upkeep("cla needed", (7, 21), 60),
    )


FIELD = '[[agreement.fields]]\nname = "a"\nlabel = "A"\n'
UPKEEP = "[agreement.upkeep]\n"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        # Keys that are nearly right.
        (A + 'outbound_licenses = ["MIT"]\n', 2, "Did you mean “outbound_licences”?"),
        (A + "exempt-users = [1]\n", 2, "Did you mean “exempt_users”?"),
        ('mode = "cla"\n' + A, 1, "a setting of [agreement]. Put it below"),
        (A + FIELD + "requried = true\n", 5, "Did you mean “required”?"),
        (A + UPKEEP + "labels = 1\n", 3, "Did you mean “label”?"),
        # Scope and repositories.
        (A + "scope = 1\n", 2, "“scope” must be a text"),
        (A + 'scope = "organization"\n', 2, "Did you mean “organisation”?"),
        (A + 'scope = "team"\n', 2, "Use one of: repository, organisation"),
        (A + 'repositories = ["a"]\n', 2, 'Write scope = "organisation" too'),
        (A + 'scope = "organisation"\nrepositories = ["acme/a"]\n', 3, "without owner"),
        (A + 'scope = "organisation"\nrepositories = ["a*"]\n', 3, "no name of a repository"),
        (A + 'scope = "organisation"\nrepositories = "a"\n', 3, "a list of names"),
        # Outbound rules.
        (A + "outbound = 3\n", 2, "Outbound rules have names"),
        (A + 'outbound = "3"\n', 2, "Outbound rules have names"),
        (A + 'outbound = "same_license"\n', 2, "Did you mean “same_licence”?"),
        (A + 'outbound = "all"\n', 2, "Use one of: same_licence, listed, osi"),
        (A + "outbound = true\n", 2, "“outbound” must be a text"),
        (A + 'outbound = "listed"\n', 2, "needs the list"),
        (A + 'outbound_licences = ["MIT"]\n', 2, 'only with outbound = "listed"'),
        (A + 'outbound = "osi"\noutbound_licences = ["MIT"]\n', 3, "only with"),
        (A + 'outbound_licences = ["Apache 2.0"]\n', 2, "Did you mean “Apache-2.0”?"),
        (A + 'outbound_licences = ["GPL-3.0"]\n', 2, "Did you mean “GPL-3.0-only”?"),
        (A + 'outbound_licences = ["zzzzzzzz"]\n', 2, "https://spdx.org/licenses/"),
        (A + 'outbound_licences = "MIT"\n', 2, "a list of SPDX identifiers"),
        (A + "reaches_back = 1\n", 2, "“reaches_back” must be true or false"),
        # Paths.
        (A + 'paths = ["/ee"]\n', 2, "no pattern of paths"),
        (A + 'paths = ["ee/"]\n', 2, "no pattern of paths"),
        (A + 'paths = ["a/../b"]\n', 2, "no pattern of paths"),
        (A + 'paths = ["!a"]\n', 2, "no pattern of paths"),
        (A + 'paths = ["a**"]\n', 2, "no pattern of paths"),
        (A + 'paths = ["a\\\\b"]\n', 2, "no pattern of paths"),
        (A + 'paths = [""]\n', 2, "no pattern of paths"),
        (A + "paths = [1]\n", 2, "a list of patterns"),
        (A + 'exempt_paths = "docs/**"\n', 2, "a list of patterns"),
        (A + f"exempt_paths = {['a'] * 501}\n", 2, "more than 500 entries"),
        # People and agents.
        (A + 'exempt_teams = ["@acme/core"]\n', 2, "is no team"),
        (A + 'exempt_teams = ["a/b/c"]\n', 2, "is no team"),
        (A + 'exempt_teams = ["co*"]\n', 2, "is no team"),
        (A + 'exempt_teams = ["core#0"]\n', 2, "is no team"),
        (A + "exempt_teams = 1\n", 2, "a list of teams"),
        (A + 'agents = ["*@example.com"]\n', 2, "without patterns"),
        (A + 'agents = ["example.com"]\n', 2, "is no e-mail address"),
        (A + 'agents = ["Agent <a@example.com>"]\n', 2, "is no e-mail address"),
        (A + "agents = [1]\n", 2, "a list of e-mail addresses"),
        # What is asked of signers.
        (A + 'consent = "yes"\n', 2, "“consent” must be true or false"),
        (A + "confirm = 1\n", 2, "“confirm” must be true or false"),
        (A + 'keep_address = "true"\n', 2, "“keep_address” must be true or false"),
        (A + 'mode = "dco"\nconfirm = true\n', 3, 'no meaning with mode = "dco"'),
        (A + 'mode = "dco"\nconsent = true\n', 3, 'no meaning with mode = "dco"'),
        (A + 'mode = "dco"\nreaches_back = true\n', 3, 'no meaning with mode = "dco"'),
        (A + 'mode = "dco"\noutbound = "osi"\n', 3, 'no meaning with mode = "dco"'),
        (A + 'mode = "dco"\n' + FIELD, 3, 'no meaning with mode = "dco"'),
        # Fields.
        (A + "fields = 1\n", 2, "[[agreement.fields]]"),
        (A + "[agreement.fields]\n", 2, "[[agreement.fields]]"),
        (A + "fields = [1]\n", 2, "[[agreement.fields]]"),
        (A + '[[agreement.fields]]\nlabel = "A"\n', 2, "needs a name"),
        (A + '[[agreement.fields]]\nname = "a"\n', 2, "needs a label"),
        (A + FIELD + '[[agreement.fields]]\nname = "B"\nlabel = "B"\n', 6, "small letters"),
        (A + FIELD + '[[agreement.fields]]\nname = "b"\nlabel = ""\n', 7, "needs a label"),
        (A + FIELD + FIELD, 6, "two fields with the name “a”"),
        (A + FIELD + 'kind = "texts"\n', 5, "Did you mean “text”?"),
        (A + FIELD + 'kind = "money"\n', 5, "Use one of: text, number, date, yes, choice"),
        (A + FIELD + "kind = 1\n", 5, "“kind” must be a text"),
        (A + FIELD + "required = 1\n", 5, "“required” must be true or false"),
        (A + FIELD + 'kind = "choice"\n', 5, "needs its choices"),
        (A + FIELD + 'kind = "choice"\nchoices = ["x"]\n', 6, "at least two different"),
        (A + FIELD + 'kind = "choice"\nchoices = ["x", "x "]\n', 6, "at least two different"),
        (A + FIELD + 'choices = ["x", "y"]\n', 5, "Only a field of the kind “choice”"),
        (A + 'fields = [{ name = "a", label = 1 }]\n', 2, "needs a label"),
        # Upkeep.
        (A + "upkeep = 1\n", 2, "“upkeep” must be a section"),
        (A + UPKEEP + f'label = "{"x" * 51}"\n', 3, "at most 50 characters"),
        (A + UPKEEP + "remind_after = 7\n", 3, "a list of whole days"),
        (A + UPKEEP + "remind_after = [21, 7]\n", 3, "each later than the one before"),
        (A + UPKEEP + "remind_after = [0]\n", 3, "a list of whole days"),
        (A + UPKEEP + "remind_after = [1.5]\n", 3, "a list of whole days"),
        (A + UPKEEP + "close_after = true\n", 3, "a number of whole days"),
        (A + UPKEEP + "close_after = 60\n", 3, "without a reminder"),
        (A + UPKEEP + "remind_after = [7, 21]\nclose_after = 21\n", 4, "which comes after 21"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_what_to_do(text: str, line: int, words: str) -> None:
    found = problems(text)

    assert [(one.line, words in one.sentence) for one in found] == [(line, True)], found
    with pytest.raises(Refused, match=f"line {line}"):
        parse(text)


def test_an_organisation_speaks_in_its_own_place_only() -> None:
    text = A + 'scope = "organisation"\n'

    assert not problems(text, shared=True)
    (found,) = problems(text, shared=False)
    assert found.line == 2
    assert "repository “.github” only" in found.sentence


@pytest.mark.parametrize(
    "text",
    [
        # The owner of assigned rights, too, may promise where they go.
        A + 'mode = "caa"\noutbound = "same_licence"\n',
        A + 'mode = "dco"\noutbound = "same_licence"\n',
        A + UPKEEP + "remind_after = [7]\n",
        A + UPKEEP + 'label = ""\nclose_after = 0\n',
    ],
)
def test_what_goes_together_is_no_mistake(text: str) -> None:
    assert not problems(text)
