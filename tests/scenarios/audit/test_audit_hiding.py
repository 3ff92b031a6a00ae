"""Ways to hide code, or whose it is, in what a clone, a file or a commit looks like: none does."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.audit.judging import plain
from core.errors import UserError
from licensing.audit import decisions
from licensing.audit.decisions import Inputs
from licensing.audit.holders import Landed, Part
from tests.gityard import ADA, BEN, MAL, Yard, text
from tests.scenarios.audit.looking import (
    ADA_GRANTS,
    LICENCE,
    OFFERED,
    explain,
    grant,
    look,
    stated,
)

HIS = text("his", many=5)
MAL_S = "mail:mal@example.org"

POINTER = (
    b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"4d" * 32 + b"\nsize 12345\n"
)


@pytest.fixture
def yard(tmp_path: Path) -> Yard:
    """An empty clone."""
    return Yard(tmp_path / "clone")


def known(inputs: Inputs, baseline: str, **landed: Landed) -> Inputs:
    """Give what is known where GitHub tells numbers: Ada is 1, Mal is 66."""
    accounts = {"ada@example.org": 1, "mal@example.org": 66}
    register = replace(inputs.origins.register, numbers=True, accounts=accounts)
    by_sha = {name.removeprefix("c"): one for name, one in landed.items()}
    origins = replace(inputs.origins, register=register, landed=by_sha, history=True)
    return replace(inputs, origins=origins, baseline=baseline)


def test_what_a_shallow_clone_seemed_to_be_is_forgotten_when_it_is_whole(
    yard: Yard, tmp_path: Path
) -> None:
    yard.commit(MAL, {"a.c": HIS})
    edge = yard.commit(ADA, {"a.c": HIS, "b.c": "hers\n"})
    kept = tmp_path / "kept.db"
    (yard.path / "shallow").write_text(f"{edge}\n")
    assert look(yard, stated(ADA_GRANTS), kept=kept).lines("UNKNOWN") == 6
    (yard.path / "shallow").unlink()
    found = look(yard, stated(ADA_GRANTS), kept=kept)
    assert found.blockers == {MAL_S: ("NO_SIGNATURE", 5)}


def test_at_the_edge_nothing_is_the_pull_requests_that_landed_there(yard: Yard) -> None:
    first = yard.commit(MAL, {"a.c": HIS})
    edge = yard.commit(ADA, {"a.c": HIS, "b.c": "hers\n"})
    (yard.path / "shallow").write_text(f"{edge}\n")
    landed = Landed(1, yard.now, (Part(1), Part(1, "opener")))
    inputs = known(stated(ADA_GRANTS, grant(1)), edge, **{f"c{edge}": landed})
    assert look(yard, inputs).lines("UNKNOWN") == 6
    (yard.path / "shallow").unlink()
    assert look(yard, replace(inputs, baseline=first)).held("github:66") == 5


def test_a_revert_of_what_the_history_never_had_is_its_authors(yard: Yard) -> None:
    base = yard.commit(ADA, {"a.c": "top\n"})
    yard.commit(ADA, {"a.c": "top\n" + HIS}, parents=[base])  # in Ada's name, by Mal
    aside = yard.commit(ADA, {"a.c": "top\n"})
    yard.commit(MAL, {"a.c": "top\n" + HIS}, f"This reverts commit {aside}.", parents=[base])
    assert look(yard, stated(ADA_GRANTS)).held(MAL_S) == 5


def test_a_revert_that_cannot_be_followed_is_unknown(yard: Yard) -> None:
    before = "x\n" + HIS
    yard.commit(MAL, {"a.c": before, "b.c": before})
    gone = yard.commit(BEN, {"a.c": "x\n", "b.c": "lost\n"})
    yard.commit(ADA, {"a.c": before, "b.c": before}, f"This reverts commit {gone}.")
    yard.commit(ADA, {"a.c": before}, gone=["b.c"])
    yard.lose("lost\n")
    found = look(yard, stated(ADA_GRANTS))
    assert found.held("mail:ada@example.org") == found.lines("UNKNOWN") == 5


def test_code_with_a_null_in_it_is_code(yard: Yard) -> None:
    wide = "// SPDX-License-Identifier: GPL-2.0-only\r\n" + HIS
    yard.commit(
        MAL,
        {
            "a.c": b"/* \0" + b"\x01" * 3000 + b" */\n" + HIS.encode(),
            "words": b"\0" + HIS.encode(),
            "run": b"#!/bin/sh\n\0" + b"\x02" * 99 + b"\n" + HIS.encode(),
            "win.rc": wide.encode("utf-16"),
            "x.png": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)) * 4,
            # What Git LFS holds elsewhere: of a picture it is told, and code blocks.
            "x.psd": POINTER,
            "far.py": POINTER,
        },
    )
    found = look(yard, stated(ADA_GRANTS))
    assert found.audit.tally.aside["binary"] == ["x.png", "x.psd"]
    assert found.blockers["file:far.py"][0] == "UNKNOWN"
    assert found.held(MAL_S) == 6 + 5 + 6
    assert found.held("notice:GPL-2.0-only") >= 6
    yard.commit(
        ADA, {"x.png": b"\x89PNG\0"}, gone=["a.c", "words", "run", "win.rc", "x.psd", "far.py"]
    )
    assert plain(look(yard, stated(ADA_GRANTS)).audit)["kinds"] == {"binary": 1}


@pytest.mark.parametrize(
    "made",
    [
        HIS.replace("\n", " "),
        HIS.replace("\n", "\r"),
        "\ufeff" + HIS.replace(" ", "\u00a0").replace("\n", " \u200b\n\n"),
        HIS.encode("utf-16"),
    ],
    ids=["joined", "returns", "unseen", "wide"],
)
def test_no_change_of_form_hides_who_wrote_the_words(yard: Yard, made: str | bytes) -> None:
    yard.commit(MAL, {"a.c": HIS})
    yard.commit(ADA, {"a.c": made})
    assert look(yard, stated(ADA_GRANTS)).held(MAL_S) > 0


def test_one_letter_in_a_very_long_line_does_not_take_all_of_it(yard: Yard) -> None:
    whole = "".join(f"call({n});" for n in range(400))
    yard.commit(ADA, {"a.js": "// hers\n" + text("hers", many=9)})
    yard.commit(BEN, {"a.js": "// hers\n" + text("hers", many=9) + whole})
    yard.commit(ADA, {"a.js": "// hers\n" + text("hers", many=9) + whole.replace("(7)", "(77)")})
    yard.commit(ADA, {"a.js": "// hers\n" + text("hers", many=9) + whole.replace("(7)", "(78)")})
    assert look(yard, stated(ADA_GRANTS)).blockers == {"mail:ben@example.org": ("NO_SIGNATURE", 1)}
    origins = explain(yard, stated(ADA_GRANTS), "a.js", 11)["origins"]
    assert {one["holders"][0]["name"] for one in origins} == {"Ada", "Ben"}
    # Joined first, and changed afterwards.
    yard.commit(MAL, {"b.js": "".join(f"function some_{n}() {{}}\n" for n in range(80))})
    joined = "".join(f"function some_{n}() {{}} " for n in range(80))
    yard.commit(ADA, {"b.js": joined})
    yard.commit(ADA, {"b.js": joined.replace("some_7(", "other(")})
    assert look(yard, stated(ADA_GRANTS)).held(MAL_S) == 1


def test_a_program_of_marks_alone_is_no_brace(yard: Yard) -> None:
    odd = "[][(![]+[])[+[]]+(![]+[])[!+[]+!+[]]]" * 20
    yard.commit(MAL, {"a.js": f"{odd}\n}});\n/****************/\n"})
    found = look(yard, stated(ADA_GRANTS))
    assert (found.held(MAL_S), found.lines("TRIVIAL")) == (1, 2)


def test_what_is_declared_is_shown_signed_for_and_contradicted_by_the_file(yard: Yard) -> None:
    yard.commit(MAL, {"src/a.c": HIS, "src/b.c": "// SPDX-License-Identifier: GPL-2.0-only\n"})
    for kind, more in (("generated", ""), ("vendored", 'licence = "MIT"\n')):
        wide = f'[[{kind}]]\npaths = ["src/**"]\n{more}'
        found = look(yard, stated(ADA_GRANTS, wide))
        assert found.blockers == {"notice:GPL-2.0-only": ("THIRD_PARTY", 1)}
        assert plain(found.audit)["declared"] == [
            {"what": kind, "steward": "Stella", "reason": "it is written down", "lines": 5}
        ]
        for unsigned in (wide, OFFERED + LICENCE, grant("ada@example.org")):
            with pytest.raises(UserError, match="steward"):
                decisions.read({"audit.toml": unsigned.encode()})


def test_a_waiver_of_a_person_is_for_what_was_there_and_surely_theirs(yard: Yard) -> None:
    base = yard.commit(MAL, {"a.c": "his\n"})
    waiver = '[[waiver]]\nperson = "mal@example.org"\n{}'
    assert look(yard, stated(ADA_GRANTS, waiver.format(""))).audit.sellable
    yard.commit(MAL, {"b.c": HIS})
    day = f'until = "{yard.now:%Y-%m-%d}"\n'
    assert look(yard, stated(ADA_GRANTS, waiver.format(day))).held(MAL_S) == 5
    # Nothing shows that what somebody pushed later in the waived name is theirs.
    inputs = known(stated(ADA_GRANTS, waiver.format("")), base)
    found = look(yard, inputs)
    assert found.blockers == {"github:66": ("UNKNOWN", 5)}
    assert plain(found.audit)["baseline"] == base


def test_lines_of_a_merge_that_somebody_pushed_are_nobodys(yard: Yard) -> None:
    base = yard.commit(ADA, {"a.c": "a\n"})
    side = yard.commit(ADA, {"b.c": "b\n"}, parents=[base])
    merge = yard.commit(ADA, {"a.c": "a\n" + HIS, "b.c": "b\n"}, "Merge", parents=[base, side])
    parts = (Part(1), Part(1, "opener"))
    landed = {
        f"c{side}": Landed(1, yard.now, parts),
        f"c{merge}": Landed(1, yard.now, parts, squashed=True),
    }
    found = look(yard, known(stated(ADA_GRANTS, grant(1)), base, **landed))
    assert found.blockers == {"github:1": ("UNKNOWN", 5)}


def test_a_history_brought_in_as_one_commit_is_not_its_importers(yard: Yard) -> None:
    said = (
        "Squashed 'lib/' content from commit abcdef0\n\ngit-subtree-dir: lib\ngit-subtree-split: "
    )
    squash = yard.commit(ADA, {"lib/x.c": HIS}, said + "ab" * 20)
    assert look(yard, stated(ADA_GRANTS)).blockers == {"mail:ada@example.org": ("UNKNOWN", 5)}
    told = f'[[holder]]\ncommit = "{squash}"\npeople = ["ada@example.org"]\n'
    assert look(yard, stated(ADA_GRANTS, told)).audit.sellable


def test_names_in_no_encoding_are_counted_and_can_be_told(yard: Yard) -> None:
    odd = b"caf\xe9.c".decode("utf-8", "surrogateescape")
    yard.commit(MAL, {odd: HIS, "-rf\n--output=x": "x\n"})
    yard.commit(ADA, {"-rf\n--output=x": " x\n\n"})
    found = look(yard, stated(ADA_GRANTS))
    assert found.held(MAL_S) == 6
    assert "\\ud" not in json.dumps(plain(found.audit))


def test_the_words_of_a_licence_are_found_however_they_stand(yard: Yard) -> None:
    broken = "# under the GNU General\n#   Public License as published\n"
    yard.commit(ADA, {"a.py": broken, "b.md": "<!-- SPDX-License-Identifier: MIT -->\n"})
    own = OFFERED.replace("AGPL-3.0", "MPL-2.0") + LICENCE.replace("AGPL-3.0-only", "MPL-2.0")
    inputs = stated(own, grant("ada@example.org"))
    assert look(yard, inputs).blockers.keys() == {"notice:GPL-*"}
    line = explain(yard, inputs, "a.py", 2)
    assert (line["standing"], line["foreign"]) == ("THIRD_PARTY", "GPL-*")
    assert line["origins"][0]["holders"][0]["standing"] == "GRANT", "of its author, it is granted"
    assert look(yard, inputs, "LGPL-2.1-only").blockers.keys() == {"notice:GPL-*"}
    assert look(yard, inputs, "GPL-2.0-only").audit.tally.blocked == 0
    unsaid = stated(grant("ada@example.org"))
    assert look(yard, unsaid).held("notice:GPL-*") == 2


def test_who_is_employed_owns_nothing_that_was_made_before(yard: Yard) -> None:
    yard.commit(ADA, {"a.c": HIS}, at=datetime(2025, 3, 1, tzinfo=UTC))
    owner = '[[owner]]\nperson = "ada@example.org"\nstart = "{}"\n'
    day = yard.now - timedelta(days=1)
    assert look(yard, stated(owner.format(f"{day:%Y-%m-%d}"))).lines("OWNED") == 5
    day = yard.now + timedelta(days=1)
    assert look(yard, stated(owner.format(f"{day:%Y-%m-%d}"))).lines("DATE") == 5
