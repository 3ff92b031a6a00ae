"""Receipts: a PDF/A that says what was signed, and proves it with what it carries."""

import hashlib
import json
import re
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from licensing.exports import export_chain
from tests.house import House
from tests.scenarios import company_pages
from tests.scenarios.agreement import content, set_rules, sign
from tests.visitor import Visitor

HOSTILE = """# Agreement #read("/etc/passwd")

$x$ #import "x.typ" `#sys.inputs` *it* **#eval("1+1")** <script>alert(1)</script>
[good](https://example.org/terms) [bad](javascript:alert(1)) ![seen](http://example.org/p.png)

> > > > > > > > > > > > Deep down, #panic("no")

- one
  - two
    1. three

| Who | What |
|---|---|
| Ada | #text(fill: red)[x] |

```
#let x = read("/etc/passwd")
```

שלום לכולם, and مرحبا.

Привет, Ελλάδα. L’été où Zoë naïve paya 5 €.

你好 \U0001f600 \u202eevil\u202c

WORD
""".replace("WORD", "w" * 300)


@pytest.fixture
def ada(house: House) -> Iterator[Visitor]:
    with Visitor(house) as somebody:
        yield somebody


@pytest.fixture
def bo(house: House) -> Iterator[Visitor]:
    with Visitor(house) as somebody:
        yield somebody


def receipt(house: House, ada: Visitor, text: str | None = None, language: str = "en") -> bytes:
    """The bytes of the receipt of Ada's only signature, of `text` if it is given."""
    if text is not None:
        set_rules(house, 'version = "1.0"', **{"CLA.md": text})
    sign(house, house.garden.ada)
    ada.sign_in(house.garden.ada)
    answer = ada.get(f"/you/receipts/1.pdf?language={language}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    return answer.content


def saved_as(ada: Visitor, language: str) -> str:
    """The name that a browser gives the file."""
    told = ada.get(f"/you/receipts/1.pdf?language={language}").headers["content-disposition"]
    return told.removeprefix('attachment; filename="').removesuffix('"')


def words(pdf: bytes) -> str:
    """All that can be read in it, in one line."""
    pages = PdfReader(BytesIO(pdf)).pages
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pages))


def fonts(reader: PdfReader) -> list[dict[str, object]]:
    """The descriptors of every font that is used."""
    used = [
        font.get_object()
        for page in reader.pages
        for font in page["/Resources"].get_object().get("/Font", {}).values()
    ]
    return [font["/DescendantFonts"][0].get_object()["/FontDescriptor"] for font in used]


def is_archival(made: bytes) -> PdfReader:
    """Check what ISO 19005-3 (PDF/A-3a) and ISO 14289-1 (PDF/UA-1) want of a file at least."""
    reader = PdfReader(BytesIO(made))
    root = reader.trailer["/Root"]
    stated = root["/Metadata"].get_data().decode()
    assert "<pdfaid:part>3" in stated
    assert "<pdfaid:conformance>A" in stated
    assert "<pdfuaid:part>1" in stated
    assert root["/Lang"] == "en"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/OutputIntents"]
    assert reader.metadata
    assert reader.metadata.title == "Receipt of a signature"
    used = fonts(reader)
    assert used
    for font in used:
        assert {"/FontFile2", "/FontFile3"} & set(font.get_object()), font["/FontName"]
    assert "/Encrypt" not in reader.trailer
    assert "/JavaScript" not in root.get("/Names", {})
    return reader


def prove_by_hand(made: bytes, tmp_path: Path, text: bytes) -> None:
    """Save the attached files and run the very commands that a receipt names."""
    saved = tmp_path / "saved"
    saved.mkdir()
    for name, (data,) in PdfReader(BytesIO(made)).attachments.items():
        (saved / name).write_bytes(data)
    said = words(made)
    commands = re.findall(r"(sha256sum \S+\.md|printf '%s\\n' [0-9a-f]{64} > check)", said)

    assert sorted(path.name for path in saved.iterdir()) == ["agreement-1.0.md", "record.json"]
    assert (saved / "agreement-1.0.md").read_bytes() == text
    for command in (commands[0], f"{commands[1]}; cat record.json >> check; sha256sum check"):
        counted = subprocess.run(
            ["sh", "-c", command], cwd=saved, capture_output=True, text=True, check=True
        ).stdout.split()[0]
        assert counted in said


def test_it_says_what_was_signed_and_proves_it_by_what_it_tells_to_do(
    house: House, ada: Visitor, tmp_path: Path
) -> None:
    made = receipt(house, ada)
    is_archival(made)
    said = words(made)

    with house.app.read() as connection:
        (one,) = export_chain(connection)["agreements"]
    version, record = one["records"]
    text = content(house, "CLA.md")
    digest = hashlib.sha256(text).hexdigest()
    heading = text.decode().splitlines()[0].removeprefix("# ")
    for wanted in (
        f"ada, account {house.garden.ada.id} on GitHub",
        "for oneself",
        "potluck-sandbox/garden",
        "contributor licence agreement",
        "by a comment on pull request #",
        f"SHA-256 of the text {digest}",
        "Record 2",
        f"SHA-256 of the record {record['hash']}",
        f"SHA-256 of the record before {version['hash']}",
        f"the bytes of the attached file. {heading}",
        "potluck verify",
    ):
        assert wanted in said, wanted
    assert re.search(r"Signed at 2026-11-2\d \d\d:\d\d:\d\d UTC", said)
    prove_by_hand(made, tmp_path, text)


def test_the_same_record_gives_the_same_bytes_in_each_language(house: House, ada: Visitor) -> None:
    first = receipt(house, ada)
    house.advance(timedelta(days=400))
    ada.sign_in(house.garden.ada)

    assert ada.get("/you/receipts/1.pdf?language=en").content == first
    french = ada.get("/you/receipts/1.pdf?language=fr").content
    assert PdfReader(BytesIO(french)).trailer["/Root"]["/Lang"] == "fr"
    for language, made in (("en", first), ("fr", french)):
        assert f"pdfdetach -saveall {saved_as(ada, language)} " in words(made)


def test_what_people_wrote_is_set_for_good_and_never_run(house: House, ada: Visitor) -> None:
    made = receipt(house, ada, HOSTILE)

    assert is_archival(made).attachments["agreement-1.0.md"] == [HOSTILE.encode()]
    said = words(made)
    for wanted in (
        'Agreement #read("/etc/passwd")',
        '$x$ #import "x.typ" #sys.inputs',
        '#eval("1+1")',
        "<script>alert(1)</script>",
        "[bad](javascript:alert(1))",
        'Deep down, #panic("no")',
        "#text(fill: red)[x]",
        '#let x = read("/etc/passwd")',
        "Привет, Ελλάδα. L’été où Zoë naïve paya 5 €.",
        "□□ □ evil",
        "Letters that the fonts of this document do not have, 5 of them",
    ):
        assert wanted in said, wanted
    assert "root:" not in said
    assert b"javascript:" not in made


def test_whoever_signs_for_a_company_takes_its_receipt(
    house: House, ada: Visitor, bo: Visitor
) -> None:
    house.settle()
    house.world.add_email(house.garden.bo, "bo@bar.com")
    company_pages.signed(house, bo)
    page = bo.get("/you").text
    link = re.search(r"/you/companies/\d+/\d+\.pdf\?language=fr", page)
    assert link is not None

    made = bo.get(link[0])
    read = PdfReader(BytesIO(made.content))
    words = " ".join(one.extract_text() for one in read.pages)

    assert "Bar Ltd" in words
    assert "pour une entreprise" in words
    assert read.attachments["agreement-1.0.md"][0] == content(house, "CLA.md")
    record = json.loads(read.attachments["record.json"][0])
    assert (record["kind"], record["manager_id"]) == ("company", house.garden.bo.id)
    ada.sign_in(house.garden.ada)
    assert ada.get(link[0]).status_code == 404


def test_somebody_elses_receipt_is_not_there(house: House, ada: Visitor, bo: Visitor) -> None:
    receipt(house, ada)
    bo.sign_in(house.garden.bo)

    others, none = bo.get("/you/receipts/1.pdf"), bo.get("/you/receipts/99.pdf")

    assert (others.status_code, none.status_code) == (404, 404)
    assert re.sub(r"receipts.\d+", "", others.text) == re.sub(r"receipts.\d+", "", none.text)
