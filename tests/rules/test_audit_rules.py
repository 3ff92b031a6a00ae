"""The rule of the audit: what each holder's part rests on, for a target, in words of values alone."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import UserError
from core.git.commits import RawCommit, Signature
from licensing.audit import decisions, mailmap, rules
from licensing.audit.alike import Alike
from licensing.audit.erased import Erased, digest, digested, without_addresses
from licensing.audit.people import Known, Register
from licensing.audit.targets import agreed, inbound_allows
from licensing.audit.values import (
    ORDER,
    Grant,
    Inbound,
    Judged,
    Ledger,
    Person,
    Waiver,
    Work,
)
from licensing.trailers import co_authors

JAN, JUNE, JULY = (datetime(2025, month, 15, tzinfo=UTC) for month in (1, 6, 7))
E = Person(("github:5",), "E", "e@acme.example")
MPL = Grant("a statement", "listed", ("MPL-2.0",))
ANY = Grant("version 1.0", "any_plus_original")


def work(at: datetime = JUNE, *people: Person) -> Work:
    return Work("a" * 40, people or (E,), at, at)


def judge(
    ledger: Ledger, target: str = "commercial", path: str = "src/a.c", found: Work | None = None
) -> Judged:
    return rules.judge(found or work(), path, target, ledger)


def test_a_grant_is_only_for_its_target() -> None:
    ledger = Ledger({"github:5": (MPL,)})
    assert judge(ledger).standing == "SCOPE"
    assert judge(ledger, "MPL-2.0").standing == "GRANT"
    osi = Ledger({"github:5": (Grant("s", "osi"),)})
    assert [judge(osi, one).standing for one in ("Apache-2.0", "BUSL-1.1")] == ["GRANT", "SCOPE"]
    unsaid = Ledger({"github:5": (Grant("s", ""),)})
    assert judge(unsaid).standing == "SCOPE", "what is not stated allows nothing"


def test_rules_that_others_number_alike_promise_different_things() -> None:
    kept, free = ANY, Grant("version 1.0", "no_commitment")
    for grant in (kept, free):
        assert judge(Ledger({"github:5": (grant,)})).standing == "GRANT"
    assert (kept.promises, free.promises) == (True, False)
    numbered = Grant("version 1.0", "5")
    assert judge(Ledger({"github:5": (numbered,)})).standing == "SCOPE"


def test_an_employee_is_covered_for_the_dates_of_the_list() -> None:
    listed = Grant(
        "Acme", "any_plus_original", from_at=JAN, until_at=datetime(2025, 7, 1, tzinfo=UTC)
    )
    ledger = Ledger({"github:5": (listed,)})
    assert judge(ledger, found=work(JUNE)).standing == "GRANT"
    assert judge(ledger, found=work(JULY)).standing == "DATE"
    back_dated = Work("b" * 40, (E,), JUNE, JULY)
    assert judge(ledger, found=back_dated).standing == "DATE", "a date in a commit proves nothing"
    hobby = Person(("mail:e@home.example",), "E", "e@home.example")
    assert judge(ledger, found=work(JUNE, hobby)).standing == "NO_SIGNATURE"


def test_work_at_an_employers_address_needs_the_employers_word() -> None:
    ledger = Ledger({"github:5": (ANY,)}, employers={"acme.example": "mail:legal@acme.example"})
    assert judge(ledger).standing == "EMPLOYER"
    granted = Ledger({"mail:legal@acme.example": (ANY,)}, employers=ledger.employers)
    assert judge(granted).standing == "GRANT"


def test_an_agreement_for_a_folder_covers_what_was_written_there() -> None:
    ledger = Ledger({"github:5": (Grant("CLA", "any_plus_original", paths=("ee/**",)),)})
    assert judge(ledger, path="ee/a.c").standing == "GRANT"
    # The path is where the file was in that commit: a move by somebody else covers nothing.
    assert judge(ledger, path="core/a.c").standing == "PATH"


def test_without_a_grant_the_inbound_licence_decides() -> None:
    mit = Ledger(inbound=(Inbound("MIT"),))
    assert judge(mit).standing == "PERMISSIVE_INBOUND"
    gpl = Ledger(inbound=(Inbound("GPL-3.0-or-later"),))
    signed_off = Person(("github:5",), "E", "e@acme.example", signed_off=True)
    assert judge(gpl, found=work(JUNE, signed_off)).standing == "COPYLEFT_INBOUND"
    assert judge(gpl).standing == "NO_SIGNATURE"
    assert judge(gpl, "AGPL-3.0-only").standing == "NO_SIGNATURE"
    assert judge(gpl, "GPL-3.0-only").standing == "PERMISSIVE_INBOUND"
    later = Ledger(inbound=(Inbound("MIT", until_at=JUNE), Inbound("GPL-3.0-only", from_at=JUNE)))
    assert judge(later, found=work(JAN)).standing == "PERMISSIVE_INBOUND"
    assert judge(later, found=work(JULY)).standing == "NO_SIGNATURE"


def test_withdrawing_is_for_what_comes_after() -> None:
    given_up = Grant(
        "version 1.0", "any_plus_original", from_at=JAN, until_at=JULY, ends="WITHDRAWN"
    )
    ledger = Ledger({"github:5": (given_up,)})
    assert judge(ledger, found=work(JUNE)).standing == "GRANT"
    assert judge(ledger, found=work(JULY)).standing == "WITHDRAWN"


def test_a_line_is_as_good_as_the_worst_of_its_holders() -> None:
    other = Person(("github:6",))
    nobody = Person(("mail:x",), trouble="no account")
    ledger = Ledger({"github:5": (ANY,), "github:6": (MPL,)})
    assert judge(ledger, found=work(JUNE, E, other)).standing == "SCOPE"
    assert judge(ledger, found=work(JUNE, E, other, nobody)).standing == "UNKNOWN"
    assert judge(ledger, found=Work("c" * 40, (), JUNE, JUNE)).standing == "UNKNOWN"


def test_a_waiver_needs_a_steward_and_is_shown() -> None:
    waiver = Waiver("Stella", "one word")
    found = judge(Ledger(waived={("a" * 40, "github:5"): waiver}))
    assert (found.standing, found.held[0].waiver) == ("TRIVIAL", waiver)
    assert judge(Ledger(waived={("b" * 40, "github:5"): waiver})).standing == "NO_SIGNATURE"
    with pytest.raises(UserError, match="steward"):
        decisions.read({"audit.toml": b'[[waiver]]\nperson = "x@example.org"\n'})


def test_what_is_waived_of_somebody_unknown_is_nobody_elses() -> None:
    sha = "a" * 40
    ledger = Ledger(waived={(sha, f"commit:{sha}"): Waiver("Stella", "one word")})
    unlinked = Person((f"commit:{sha}",), trouble="GitHub links it to nobody")
    assert judge(ledger, found=work(JUNE, unlinked)).standing == "TRIVIAL"
    linked = Person(("github:5",))
    assert judge(ledger, found=work(JUNE, unlinked, linked)).standing == "NO_SIGNATURE"


def test_bots_hold_nothing_if_it_is_surely_they() -> None:
    ledger = Ledger(bots=frozenset({"github:9"}))
    assert judge(ledger, found=work(JUNE, Person(("github:9",)))).standing == "OWNED"
    unproven = Person(("github:9",), trouble="nothing shows it")
    assert judge(ledger, found=work(JUNE, unproven)).standing == "UNKNOWN"


@given(st.permutations(range(4)), st.sampled_from(["commercial", "MPL-2.0", "GPL-3.0-only"]))
def test_more_holders_never_make_a_line_better(order: list[int], target: str) -> None:
    people = (E, Person(("github:6",)), Person(("github:7",)), Person(("x",), trouble="x"))
    ledger = Ledger({"github:5": (ANY,), "github:6": (MPL,)})
    shuffled = [people[place] for place in order]
    standings = [
        ORDER[judge(ledger, target, found=work(JUNE, *shuffled[:many])).standing]
        for many in range(1, 5)
    ]
    assert standings == sorted(standings)


def test_permissive_work_goes_anywhere_and_copyleft_up_its_own_family() -> None:
    assert inbound_allows("MIT", "commercial")
    assert not inbound_allows("Apache-2.0", "GPL-2.0-only")
    assert inbound_allows("LGPL-2.1-or-later", "LGPL-3.0-only")
    assert not inbound_allows("LGPL-3.0-or-later", "LGPL-2.1-only")
    assert not inbound_allows("GPL-3.0-or-later", "commercial")
    assert not inbound_allows("", "commercial")
    assert not agreed("same_licence", (), "", "commercial")
    assert agreed("same_licence", (), "MIT", "MIT")


def test_looking_alike_is_found_in_many_spellings_and_by_no_first_name() -> None:
    known = [
        Known("a", "loeher", frozenset({"Bastian Löher"}), handles=frozenset({"bl0x"})),
        Known("b", "frank", text="with commit author FeRD (Frank Dana) <f@example.org>"),
        Known("c", "jovan", frozenset({"Bunjevacki, Jovan"})),
        Known("d", "mauri", handles=frozenset({"mauri-melato"})),
    ]
    alike = Alike(known)

    def found(name: str, email: str) -> list[str]:
        return [one.label for one, _ in alike(name, email)]

    assert found("bl", "b.loeher@gsi.example") == ["loeher"]
    assert found("Jovan Bunjevacki", "jb1@example.org") == ["jovan"]
    assert found("unknown", "mauri@okinawa.(none)") == ["mauri"]
    assert found("Frank", "sound@example.org") == []


def test_an_address_alone_is_nobody_where_github_tells_numbers() -> None:
    register = Register({"a@x.org": 7}, {"mail:b@x.org": "github:7"}, numbers=True)
    assert register.keys("A@x.org")[0][0] == "github:7"
    assert register.keys("b@x.org") == (("github:7", "mail:b@x.org"), "")
    assert register.keys("c@x.org")[1] == "no account is known for this address"
    assert register.keys("9+c@users.noreply.github.com")[0][0] == "github:9"
    assert register.keys("")[1] == "the commit has no address"
    # What machines call everybody opens nothing, though a list of grants may have it as a name.
    assert Register().keys("x@old.(none)", "unknown")[0] == ("mail:x@old.(none)",)


def test_a_mail_map_of_any_length_names_a_few_people_to_ask_about() -> None:
    lines = "\n".join(f"N{at} <a{at}@old.example> <ada@old.example>" for at in range(500))
    found = list(mailmap.Mailmap(lines).related("Ada@old.example"))
    assert len(found) == mailmap.MOST_RELATED
    assert list(mailmap.Mailmap("Ada <ada@new.example> <ada@old.example>").related("bo@x.y")) == []


def test_an_erased_address_opens_what_it_opened_and_tells_nobody_whose_it_was() -> None:
    mine = "Ada@acme.example"
    gone = Erased({digest(mine): 5}, frozenset({"acme.example"}))
    message = f"Mend\n\nCo-authored-by: Ada Lovelace <{mine}>\nSigned-off-by: Ben <b@x.org>\n"
    who = Signature("Ada Lovelace", "5+ada@users.noreply.github.com", JUNE)
    commit = RawCommit("a" * 40, "", (), who, who, message)
    hidden = gone.commit(commit)
    assert "ada" not in f"{hidden.author} {hidden.message}".lower()
    assert "Ben <b@x.org>" in hidden.message
    # Whoever is employed there still is, and account and aliases are found by the hash.
    (other,) = co_authors(hidden.message)
    assert other.email.endswith("@acme.example")
    register = Register(
        aliases={digested(f"mail:{mine.lower()}"): "github:9"}, erased={}, numbers=True
    )
    assert register.keys(other.email)[0][0] == register.keys(mine)[0][0] == "github:9"
    linked = Register(numbers=True, erased={digest(mine): 5})
    assert linked.keys(other.email)[0][0] == linked.keys(hidden.author.email)[0][0] == "github:5"
    assert gone.commit(hidden) == hidden
    assert without_addresses(f"{mine} said so, <b@x.org>") == "[address] said so, <[address]>"
