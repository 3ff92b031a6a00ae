"""Exports made to look whole: older than they are, doubled, or with a version that nobody published."""

import base64
from typing import Any

import pytest

from licensing import chain
from tests.rules.test_chain import PUBLISHED, export, sealed

OTHER = b"# Another text\n"


def renamed(data: dict[str, Any]) -> dict[str, Any]:
    """Call a newer export one of the first form, and leave out what would give it away."""
    for part in (data, *data["agreements"]):
        part.pop("seal", None)
    data["format"] = chain.FIRST_FORMAT
    return data


def test_a_newer_export_is_not_held_to_less_by_calling_it_older() -> None:
    data = renamed(export())
    data["coverage"] = [{"repository": 7, "rows": [], "head": "made up"}]

    (scope, coverage) = sorted(chain.verify_export(data), reverse=True)

    assert scope.startswith("the export has a scope")
    assert coverage.startswith("the export has a coverage")
    del data["coverage"], data["agreements"][0]["scope"], data["agreements"][0]["scope_id"]
    assert chain.verify_export(data)


def test_two_registers_of_one_agreement_are_not_one() -> None:
    data = export(1)
    data["agreements"] += export(2)["agreements"]

    (problem,) = chain.verify_export(sealed(data))

    assert problem == "agreement of repository 7: it stands there twice"


def published(name: str) -> dict[str, Any]:
    """A version with a text of its own."""
    return {
        "version": name,
        "mode": "cla",
        "document": "CLA.md",
        "sha256": chain.sha256(OTHER),
        "published_at": PUBLISHED,
        "content": base64.b64encode(OTHER).decode(),
    }


def publication(agreement: dict[str, Any], **more: str) -> None:
    """Put a record behind the last one that publishes version 1.0, and says `more` of it."""
    said = {
        **dict.fromkeys(chain.PUBLISHED),
        "kind": "version",
        "sequence": 2,
        "scope": "repository",
        "scope_id": 7,
        "version": "1.0",
        "mode": "cla",
        "document": "CLA.md",
        "document_sha256": agreement["versions"][0]["sha256"],
        "published_at": PUBLISHED,
    }
    link = chain.link(2, agreement["head"]["hash"], said | more)
    agreement["records"].append(vars(link))
    agreement["head"] = {"sequence": 2, "hash": link.hash}


@pytest.mark.parametrize("field", sorted(chain.SINCE))
def test_what_newer_publications_bind_is_held_and_older_ones_stay_good(field: str) -> None:
    data = export(1)
    (agreement,) = data["agreements"]
    (version,) = agreement["versions"]
    version[field] = "anything"
    publication(agreement)
    assert chain.verify_export(sealed(data)) == (), "an older record says nothing of it"

    data = export(1)
    (agreement,) = data["agreements"]
    (version,) = agreement["versions"]
    publication(agreement, **{field: "I agree"})
    version[field] = "I agree"
    assert chain.verify_export(sealed(data)) == ()
    for change in ({field: "+1"}, {}):
        del version[field]
        version |= change
        (problem,) = chain.verify_export(sealed(data))
        assert f"names a {field} that is not the one of its version" in problem


@pytest.mark.parametrize(("name", "found"), [("1.1", True), ("10.0", True), ("0.9", False)])
def test_a_version_that_no_record_publishes_is_found(name: str, found: bool) -> None:
    data = export(1)
    (agreement,) = data["agreements"]
    publication(agreement)
    assert chain.verify_export(sealed(data)) == ()

    agreement["versions"].append(published(name))
    problem = f"agreement of repository 7: no record publishes version {name}"

    assert chain.verify_export(sealed(data)) == ((problem,) if found else ())


@pytest.mark.parametrize("form", [[], {}, ["potluck-register/2"]])
def test_a_form_that_is_no_word_is_no_export(form: object) -> None:
    assert "no export" in chain.verify_export({"format": form})[0]
    assert "no export" in chain.verify_export(export() | {"format": form})[0]


def test_a_record_nested_too_deep_to_be_read_is_found() -> None:
    data = export()
    data["agreements"][0]["records"][2]["record"] = "[" * 100_000

    assert any("was changed" in problem for problem in chain.verify_export(data))
