"""The chain of records: any single change is found and named."""

import base64
import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licensing import chain

TEXT = b"# The agreement\n"
PUBLISHED = "2026-11-20T10:00:00+00:00"


def export(count: int = 3) -> dict[str, Any]:
    previous, records = chain.START, []
    for sequence in range(1, count + 1):
        record = {
            "kind": "signature",
            "sequence": sequence,
            "scope": "repository",
            "scope_id": 7,
            "version": "1.0",
            "mode": "cla",
            "document": "CLA.md",
            "document_sha256": chain.sha256(TEXT),
            "published_at": PUBLISHED,
            "github_id": 100 + sequence,
        }
        link = chain.link(sequence, previous, record)
        records.append(
            {
                "sequence": link.sequence,
                "record": link.record,
                "previous": link.previous,
                "hash": link.hash,
            }
        )
        previous = link.hash
    version = {
        "version": "1.0",
        "mode": "cla",
        "document": "CLA.md",
        "sha256": chain.sha256(TEXT),
        "published_at": PUBLISHED,
        "content": base64.b64encode(TEXT).decode(),
    }
    head = {"sequence": count, "hash": previous}
    scope = {"scope": "repository", "scope_id": 7}
    agreement = {**scope, "head": head, "versions": [version], "records": records}
    return sealed({"format": chain.FORMAT, "agreements": [agreement], "coverage": []})


def sealed(data: dict[str, Any]) -> dict[str, Any]:
    """Seal an export anew, as whoever changes it on purpose would."""
    data["agreements"] = [chain.sealed(one) for one in data["agreements"]]
    return chain.sealed(data)


def test_a_whole_export_is_whole() -> None:
    assert chain.verify_export(export()) == ()
    assert chain.verify_export(export(0)) == ()


def test_equal_records_have_equal_bytes() -> None:
    assert chain.canonical({"b": 1, "a": "é"}) == '{"a":"é","b":1}'
    assert chain.link(1, chain.START, {"b": 1, "a": 2}) == chain.link(
        1, chain.START, {"a": 2, "b": 1}
    )


@pytest.mark.parametrize("place", range(3))
@pytest.mark.parametrize("field", ["record", "previous", "hash", "sequence"])
def test_any_change_of_any_record_is_found(place: int, field: str) -> None:
    data = export()
    item = data["agreements"][0]["records"][place]
    item[field] = item[field] + 1 if field == "sequence" else item[field].replace("1", "2", 1)
    if item[field] == export()["agreements"][0]["records"][place][field]:
        item[field] = "0" * 63 + "9"

    assert chain.verify_export(data)


@pytest.mark.parametrize("place", range(3))
def test_a_record_taken_out_is_found(place: int) -> None:
    data = export()
    del data["agreements"][0]["records"][place]

    assert chain.verify_export(data)


def test_records_exchanged_are_found() -> None:
    data = export()
    records = data["agreements"][0]["records"]
    records[0], records[1] = records[1], records[0]

    assert chain.verify_export(data)


def test_a_record_made_up_and_hashed_alone_is_found() -> None:
    data = export()
    item = data["agreements"][0]["records"][1]
    item["record"] = item["record"].replace("102", "999")
    item["hash"] = chain.digest(item["previous"], item["record"])

    assert any("does not follow" in problem for problem in chain.verify_export(data))


def test_a_text_exchanged_is_found_even_with_its_own_hash() -> None:
    data = export()
    version = data["agreements"][0]["versions"][0]
    version["content"] = base64.b64encode(b"another").decode()
    assert any("the text of version 1.0" in one for one in chain.verify_export(data))

    version["sha256"] = chain.sha256(b"another")
    assert any("not the one of its version" in one for one in chain.verify_export(data))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("mode", "dco"),
        ("document", "other/CLA.md"),
        ("published_at", "2026-11-19T10:00:00+00:00"),
    ],
)
def test_what_is_said_of_a_signed_version_cannot_be_changed(field: str, value: str) -> None:
    data = export(1)
    data["agreements"][0]["versions"][0][field] = value

    assert chain.verify_export(data) == (
        f"agreement of repository 7: record 1 names a {field} that is not the one of its version",
    )


def test_a_version_that_stands_there_twice_is_found() -> None:
    data = export()
    versions = data["agreements"][0]["versions"]
    versions.insert(0, versions[0] | {"mode": "dco"})

    assert any("version 1.0 stands there twice" in one for one in chain.verify_export(data))


def test_a_chain_cut_short_shows_in_its_extent() -> None:
    whole, cut = export(), export()
    (agreement,) = cut["agreements"]
    agreement["records"].pop()
    last = agreement["records"][-1]
    agreement["head"] = {"sequence": last["sequence"], "hash": last["hash"]}

    assert chain.verify_export(cut) != ()
    cut = sealed(cut)
    assert chain.verify_export(cut) == ()
    (kept,), (found,) = chain.extents(whole), chain.extents(cut)
    assert str(kept) == f"agreement of repository 7: 1 version, 3 records, head {kept.head}"
    assert str(found) == f"agreement of repository 7: 1 version, 2 records, head {last['hash']}"
    assert found.head != kept.head


def test_a_version_that_no_record_names_is_said_to_be_bound_by_nothing() -> None:
    (extent,) = chain.extents(export(0))

    assert str(extent).endswith("(no record binds 1.0)")


@pytest.mark.parametrize(
    "damage",
    [
        None,
        [],
        {},
        {"format": "other"},
        {"format": chain.FORMAT},
        {"format": chain.FORMAT, "agreements": [1]},
        {"format": chain.FORMAT, "agreements": []},
        {"format": chain.FORMAT, "agreements": [], "coverage": []},
    ],
)
def test_what_is_no_export_is_refused(damage: object) -> None:
    assert chain.verify_export(damage)


@given(st.data())
def test_any_single_leaf_changed_is_found(data: st.DataObject) -> None:
    whole = export()
    changed = copy.deepcopy(whole)
    records = changed["agreements"][0]["records"]
    item = data.draw(st.sampled_from(records))
    text: str = item["record"]
    place = data.draw(st.integers(0, len(text) - 1))
    letter = data.draw(st.characters(codec="ascii", categories=["L", "N"]))
    item["record"] = text[:place] + letter + text[place + 1 :]

    assert (chain.verify_export(changed) == ()) is (changed == whole)


def test_an_export_of_the_first_form_is_still_whole() -> None:
    whole = export()
    (agreement,) = whole["agreements"]
    records, previous = [], chain.START
    for item in agreement["records"]:
        said = chain.parsed(item["record"])
        del said["scope"], said["scope_id"], said["kind"]
        link = chain.link(
            item["sequence"], previous, said | {"kind": "signature", "repository": 7}
        )
        records.append(vars(link))
        previous = link.hash
    old = {
        "repository": 7,
        "head": {"sequence": len(records), "hash": previous},
        "versions": agreement["versions"],
        "records": records,
    }
    data = {"format": chain.FIRST_FORMAT, "agreements": [old]}

    assert chain.verify_export(data) == ()
    (extent,) = chain.extents(data)
    assert str(extent).startswith("agreement of repository 7: 1 version, 3 records")
    data["agreements"][0]["records"][1]["record"] = records[0]["record"]
    assert chain.verify_export(data) != ()


def test_the_form_is_sealed_too() -> None:
    assert chain.verify_export(export() | {"format": chain.FIRST_FORMAT}) != ()
