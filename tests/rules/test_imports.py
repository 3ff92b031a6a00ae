"""Files of other tools: each form as it really looks, broken ones, and there and back again."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from licensing.imports import reading, writing
from licensing.imports.values import LARGEST, Broken, Entry, Format, Unreadable, Written

DAY = datetime(2021, 3, 4, 5, 6, 7, tzinfo=UTC)

ASSISTANT = (
    "User Name;Repository Owner;Repository Name;CLA Title;Gist URL;Gist Version;Signed At;"
    "Revoked At;Signed for Organization;Full name;Country\r\n"
    "ada;acme;garden;ACME CLA;https://gist.github.com/acme/1a2b;9f8e7d6c;"
    "2021-03-04T05:06:07.000Z;;FALSE;Ada, Countess;UK\r\n"
    'bo;acme;;"ACME ""Open"" CLA";https://gist.github.com/acme/1a2b;9f8e7d6c;'
    "2021-03-04T05:06:07.000Z;2022-01-01T00:00:00.000Z;TRUE\r\n"
    ";acme;garden;ACME CLA;https://gist.github.com/acme/1a2b;9f8e7d6c;2021-03-04T05:06:07.000Z;;\r\n"
    "cy;acme;garden;ACME CLA; too many;https://gist.github.com/acme/1a2b;9f8e7d6c;"
    "2021-03-04T05:06:07.000Z;;FALSE;a;b\r\n"
    '"two\nlines";acme;garden;x;y;z;2021-03-04;;\r\n'
)
ASSISTANT_JSON = [
    {
        "_id": {"$oid": "5f0"},
        "user": "ada",
        "userId": "1815",
        "repo": "garden",
        "owner": "acme",
        "repoId": "7",
        "gist_url": "https://gist.github.com/acme/1a2b",
        "gist_version": "9f8e7d6c",
        "created_at": {"$date": "2021-03-04T05:06:07Z"},
        "custom_fields": '{"name":"Ada"}',
        "revoked_at": None,
    },
    {"user_name": "bo", "repo_owner": "acme", "repo_name": "garden", "signed_at": "2021-03-04"},
    {"user": "cy", "userId": "12a", "created_at": "2021-03-04T05:06:07Z"},
    "no object",
    {"user": "di", "userId": 4, "created_at": 1614834367},
]
LITE = {
    "signedContributors": [
        {
            "name": "ada",
            "id": 1815,
            "comment_id": 790000001,
            "created_at": "2021-03-04T05:06:07Z",
            "repoId": 7,
            "pullRequestNo": 3,
        },
        {"name": "bo", "id": None, "created_at": "2021-03-04T05:06:07Z"},
    ]
}
EASYCLA = (
    "Name,GitHub Username,GitLab Username,LF_ID,Email,Signed Date,Approved,Signed\n"
    '"Ada Lovelace","ada","","adal","ada@example.org","Mar 4,2021",true,true\n'
    '"Bo "B" Beta","bo","","bob","bo@example.org","Mar 4,2021",true,true\n'
    '"Cy","cy","","cyc","cy@example.org","Mar 4,2021",false,true\n'
    '"Di","","","did","di@example.org","Mar 4,2021",true,true'
)
COMPANY_PEOPLE = (
    "GitHub ID,LF_ID,Name,Email,Date Signed\n" + '"ada","adal","Ada","a@x.org","Mar 4,2021"'
)
COMPANIES = (
    "Company Name,Signed,Approved,DomainApprovalList,EmailApprovalList,GitHubOrgApprovalList,"
    "GitHubUsernameApprovalList,Date Signed,Approved,Signed\n"
    '"ACME",true,true,"","","","","Mar 4,2021",true,true'
)
PLAIN = (
    "Login,ID,Signed At,Version,Email\n@ada,1815,2021-03-04T06:06:07+01:00,1.0,ada@example.org\n"
)


def told(parsed: reading.Parsed) -> list[tuple[str, int | None]]:
    return [(one.login, one.github_id) for one in parsed.entries]


def test_the_table_of_cla_assistant() -> None:
    found = reading.read(ASSISTANT.encode())

    assert found.format == "cla-assistant-csv"
    ada, bo = found.entries
    assert ada == Entry(
        line=2,
        login="ada",
        signed_at=DAY,
        repo="acme/garden",
        reference="9f8e7d6c",
    )
    assert (bo.line, bo.repo, bo.ended) == (3, "acme/", True)
    assert found.broken == (Broken(4, "no_one"), Broken(5, "fields"), Broken(6, "login"))


def test_the_list_of_cla_assistant() -> None:
    found = reading.read(json.dumps(ASSISTANT_JSON).encode())

    assert found.format == "cla-assistant-json"
    assert told(found) == [("ada", 1815), ("bo", None)]
    assert (found.entries[0].repo_id, found.entries[0].signed_at) == (7, DAY)
    assert found.entries[1].signed_at == datetime(2021, 3, 4, tzinfo=UTC)
    assert found.broken == (Broken(3, "number"), Broken(4, "object"), Broken(5, "date"))


def test_the_file_of_cla_assistant_lite() -> None:
    found = reading.read(json.dumps(LITE).encode())

    assert (found.format, told(found)) == ("lite", [("ada", 1815), ("bo", None)])
    assert (found.entries[0].reference, found.entries[0].repo_id) == ("790000001", 7)


def test_the_tables_of_easycla() -> None:
    people, company = reading.read(EASYCLA.encode()), reading.read(COMPANY_PEOPLE.encode())

    assert (people.format, told(people)) == ("easycla", [("ada", None), ("cy", None)])
    assert [one.ended for one in people.entries] == [False, True]
    assert people.broken == (Broken(3, "quotes"), Broken(5, "no_one"))
    assert [one.for_company for one in company.entries] == [True]
    assert company.entries[0].signed_at == datetime(2021, 3, 4, tzinfo=UTC)
    with pytest.raises(Unreadable) as refused:
        reading.read(COMPANIES.encode())
    assert refused.value.fault == "companies"


def test_a_plain_table_keeps_no_address() -> None:
    found = reading.read(PLAIN.encode())

    assert found.entries == (Entry(2, "ada", DAY, github_id=1815, version="1.0"),)
    assert "example.org" not in repr(found)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_the_same_in_every_encoding_that_says_what_it_is(encoding: str) -> None:
    assert told(reading.read(PLAIN.encode(encoding))) == [("ada", 1815)]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "empty"),
        (b"\n \n", "empty"),
        (b"[]", "empty"),
        (b"login,id,signed_at\n", "empty"),
        (b"\xff\xfe\x00", "text"),
        (b"login,\xe9\n", "text"),
        (b"login,id\0\n", "text"),
        (b"[1,", "json"),
        (b"[" * 100_000, "json"),
        (b'{"other": []}', "form"),
        (b'{"signedContributors": 3}', "form"),
        (b"what,ever\n1,2\n", "form"),
        (b"login,login,signed_at\na,b,2021-01-01\n", "twice"),
        (b"login,signed at\n" + b"a,2021-01-01\n" * 20_001, "many"),
        (b"x" * (LARGEST + 1), "large"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_for_one_reason(content: bytes, fault: str) -> None:
    with pytest.raises(Unreadable) as refused:
        reading.read(content)
    assert refused.value.fault == fault


def test_a_form_that_was_named_must_be_the_one() -> None:
    with pytest.raises(Unreadable):
        reading.read(json.dumps(LITE).encode(), "csv")
    with pytest.raises(Unreadable) as refused:
        reading.read(PLAIN.encode(), "cla-assistant-csv")
    assert (refused.value.fault, refused.value.name) == ("columns", "user name")


def test_a_quotation_mark_that_is_never_closed_costs_one_row() -> None:
    lines = ["login,signed_at", '"ada,2021-01-01', *(f"p{n},2021-01-01" for n in range(50))]
    found = reading.read("\n".join(lines).encode())

    assert found.broken == (Broken(2, "quotes"),)
    assert len(found.entries) == 50


@pytest.mark.parametrize(
    "value",
    ["04/03/2021", "2021-13-01", "1970-01-01", "9999-12-31", "soon", "Foo 4,2021", "1614834367"],
)
def test_a_date_that_may_mean_something_else_is_broken(value: str) -> None:
    found = reading.read(f'login,signed_at\nada,"{value}"\nbo,2021-01-01\n'.encode())
    assert found.broken == (Broken(2, "date"),)


instants = st.datetimes(datetime(2009, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis wants bounds without a zone
logins = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9-]{0,38}", fullmatch=True)
signed = st.builds(
    Written,
    github_id=st.integers(1, 2**53),
    login=logins,
    version=st.sampled_from(["1.0", "1.1", "12.34"]),
    signed_at=instants,
    withdrawn_at=st.none() | instants,
    repo=st.just("acme/garden"),
    repo_id=st.just(7),
    document=st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=20),
    text_url=st.just("https://potluck.example/acme/garden/cla"),
    comment_id=st.none() | st.integers(1, 2**53),
    number=st.none() | st.integers(1, 2**31),
)


@pytest.mark.parametrize("form", list(writing.WRITERS))
@settings(max_examples=40)
@given(rows=st.lists(signed, min_size=1, max_size=8))
def test_what_is_written_is_read_again_as_it_was(form: Format, rows: list[Written]) -> None:
    if form == "lite":
        rows = [one for one in rows if one.withdrawn_at is None]
    text = "".join(writing.WRITERS[form](rows))
    if not rows:
        return
    found = reading.read(text.encode())

    assert (found.format, found.broken) == (form, ())
    assert [
        (one.login, one.github_id, one.version, one.signed_at, one.ended) for one in found.entries
    ] == [
        (one.login, one.github_id, one.version, one.signed_at, one.withdrawn_at is not None)
        for one in rows
    ]


@settings(max_examples=150)
@given(content=st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_no_file_makes_the_reader_fail_in_another_way(content: bytes) -> None:
    for start in (b"", b"login,id,signed_at\n", b"User Name;Signed At\n", b'[{"user":'):
        try:
            found = reading.read(start + content)
        except Unreadable:
            continue
        assert found.entries or found.broken


def test_no_cell_begins_a_formula() -> None:
    wicked = "=HYPERLINK(1)"
    one = Written(1, "ada", "1.0", DAY, None, "acme/garden", 7, wicked, "+1")
    for form in ("cla-assistant-csv", "easycla", "csv"):
        text = "".join(writing.WRITERS[form](iter([one])))
        cells = [cell for line in text.splitlines() for cell in line.replace(";", ",").split(",")]
        assert not [cell for cell in cells if cell.strip('"').startswith(("=", "+", "-", "@"))]
