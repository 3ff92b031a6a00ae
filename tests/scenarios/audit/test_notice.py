"""The NOTICE: whom to name, because their work came under a licence that allows selling it."""

from pathlib import Path

from bot.audit.working import notice_of
from tests.gityard import ADA, BEN, Yard, text
from tests.scenarios.audit.looking import grant, look, stated

MIT = '[[licence]]\nid = "MIT"\n'
ZLIB = '[[vendored]]\npaths = ["z/**"]\nlicence = "Zlib"\n'


def test_authors_and_files_under_permissive_licences_are_named(tmp_path: Path) -> None:
    yard = Yard(tmp_path / "yard")
    yard.commit(ADA, {"a.py": text("mine", many=3), "z/z.c": text("theirs", many=3)})
    tip = yard.commit(BEN, {"b.py": text("his", many=4)})
    inputs = stated(MIT, ZLIB, grant("ada@example.org"))
    said = notice_of("garden", look(yard, inputs).matter, inputs)
    assert said == (
        f"garden, commit {tip}\n\n"
        "This product has parts that others wrote and licensed as named below.\n\n"
        "MIT\n  Copyright 2025 Ben\n\n"
        "Zlib\n  z/z.c\n"
    )
    granted = stated(MIT, grant("ada@example.org"), grant("ben@example.org"))
    assert "asks for a notice" in notice_of("garden", look(yard, granted).matter, granted)
