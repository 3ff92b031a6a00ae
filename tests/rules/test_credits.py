"""The register's rules: kinds, what a line says, files that lose nothing, on how few it rests."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.credits import format as rc
from bot.credits import grammar, kinds, rules
from core.errors import UserError

HOUSE = {
    "asked": "ideas",
    "story": "userTesting",
    "tested": "userTesting",
    "reviewed": "review",
    "documented": "doc",
    "translated": "translation",
    "coded": "code",
    "mentored": "mentoring",
    "backed": "financial",
}


def people(line: str) -> dict[str, tuple[str, ...]]:
    found = grammar.read(line.split())
    assert found.is_sound, found
    return dict(found.people)


def test_there_are_the_thirty_three_kinds_and_words_of_people_for_them() -> None:
    assert len(kinds.BY_KEY) == len(kinds.KINDS) == 33
    assert {word: kinds.named(word) for word in HOUSE} == HOUSE
    assert all(kinds.named(key.upper()) == key for key in kinds.BY_KEY)
    # The app of all-contributors takes “funds” for those who find them: they are those who give.
    assert kinds.named("funds") == "financial"
    assert kinds.named("fund finding") == "fundingFinding"
    assert kinds.named("User Testing") == kinds.named("user_testing") == "userTesting"
    assert kinds.named("sleeping") is None
    assert (kinds.meant("dcos"), kinds.meant("xyzzy")) == ("doc", None)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            "@ada for docs, test and @bob for design",
            {"ada": ("doc", "test"), "bob": ("design",)},
        ),
        (
            "for @ada and @bob add code and review.",
            dict.fromkeys(("ada", "bob"), ("code", "review")),
        ),
        (
            "@ada, @bob: user testing, project management",
            dict.fromkeys(("ada", "bob"), ("userTesting", "projectManagement")),
        ),
        ("please add @Ada for code, @ada for docs cc", None),
        ("@Ada for code and @ada for docs", {"Ada": ("code", "doc")}),
        ("@ada pour tests et @bob pour bugs!", {"ada": ("test",), "bob": ("bug",)}),
        ("@ada code", {"ada": ("code",)}),
    ],
)  # fmt: skip
def test_a_line_credits_several_people_for_several_kinds(
    line: str, said: dict[str, tuple[str, ...]] | None
) -> None:
    if said is None:
        assert grammar.read(line.split()).unknown == ("cc",)
    else:
        assert people(line) == said


def test_what_is_wrong_with_a_line_is_told() -> None:
    assert grammar.read(()).nobody
    assert grammar.read(("docs", "for", "@ada")).nobody
    assert grammar.read(("@ada", "for")).bare == ("ada",)
    assert grammar.read(("@ada", "for", "dcos,", "sleeping")).unknown == ("dcos", "sleeping")
    crowd = [f"@person-{number}" for number in range(11)]
    assert grammar.read([*crowd, "code"]).many
    assert grammar.read(("ada@example.org", "for", "docs")).nobody


def test_a_project_rests_on_few() -> None:
    assert rules.absence_factor([1000, 202, 90, 33, 332, 343, 42, 433]) == 2
    assert rules.absence_factor([5, 5]) == 1
    assert rules.absence_factor([]) == rules.absence_factor([0]) == 0


def test_a_change_is_what_all_its_files_are() -> None:
    assert rules.kind_of(["docs/a.md", "README.md"]) == "doc"
    assert rules.kind_of(["core/translations/fr/messages.po"]) == "translation"
    assert rules.kind_of(["tests/test_a.py", "src/test_b.py"]) == "test"
    assert rules.kind_of(["a.py", "README.md"]) == rules.kind_of([]) == "code"


FILE = """{
  "projectName": "garden",
  "x-our-own": {"b": [1, {"a": null}]},
  "files": ["README.md"],
  "types": {"cake": {"symbol": "🎂", "description": "Cake"}},
  "contributors": [
    {
      "login": "ada",
      "name": "Ada Löf",
      "avatar_url": "https://avatars1.githubusercontent.com/u/7?v=4",
      "profile": "https://ada.example",
      "contributions": ["code", {"type": "blog", "url": "https://ada.example/post"}, "cake"],
      "x-team": "core"
    },
    {"login": "gone-since", "name": "", "contributions": ["doc"]}
  ],
  "contributorsPerLine": 7
}
"""


def test_a_file_comes_back_as_it_came_and_with_what_is_new() -> None:
    read = rc.read(FILE.encode())
    ada, gone = read.entries

    assert (ada.login, ada.number, ada.kinds) == ("ada", 7, ("code", "blog", "cake"))
    assert (gone.login, gone.number, gone.kinds) == ("gone-since", None, ("doc",))
    kept = [rc.Kept(ada.whole, 7), rc.Kept(gone.whole, None)]
    same = rc.write(read.head, kept, [rc.Person(7, "ada", ada.kinds)])
    assert json.loads(same) == json.loads(FILE)
    assert list(json.loads(same)) == list(json.loads(FILE))
    # One kind was taken back, one came; she has another name; Bob is new.
    people = [rc.Person(7, "ada2", ("code", "cake", "ideas")), rc.Person(9, "bob", ("test",))]
    first, second, third = json.loads(rc.write(read.head, kept, people))["contributors"]
    assert first["contributions"] == ["code", "cake", "ideas"]
    assert (first["login"], first["name"], first["x-team"]) == ("ada2", "Ada Löf", "core")
    assert second == json.loads(FILE)["contributors"][1]
    assert (third["login"], third["contributions"]) == ("bob", ["test"])
    # Whoever stands for nothing any more, or wants it so, is not in it.
    assert "ada" not in rc.write(read.head, kept, [])


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff", b"[]", b'{"contributors": 3}', b'{"contributors": [4]}', b'{"a": NaN}', b"[" * 9_999],
)  # fmt: skip
def test_what_is_no_file_is_told_in_one_sentence(content: bytes) -> None:
    with pytest.raises(UserError, match="This is no file of all-contributors"):
        rc.read(content)


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda deeper: st.lists(deeper, max_size=3) | st.dictionaries(st.text(), deeper, max_size=3),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None)
@given(
    head=st.dictionaries(st.text().filter(lambda key: key != "contributors"), _json, max_size=4),
    people=st.lists(st.dictionaries(st.text(), _json, max_size=4), max_size=4),
)
def test_no_file_loses_anything(head: dict[str, object], people: list[dict[str, object]]) -> None:
    whole = head | {"contributors": people}
    read = rc.read(json.dumps(whole).encode())
    kept = [rc.Kept(one.whole, None) for one in read.entries]

    assert json.loads(rc.write(read.head, kept, [])) == whole
