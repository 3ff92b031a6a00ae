"""Sign-offs: whose they are, where they stand, and what mends a commit without one."""

import pytest

from core.github import Commit
from licensing.signoffs import signed_off, whole_sha
from licensing.verdict import Acts, Exemptions, Terms, Verdict, Waiver
from tests.rules.commits import (
    ADA,
    BO,
    CHEN,
    DEPENDABOT,
    MARA,
    address,
    commit,
    problems,
    verdict,
    with_co_author,
)

DCO = Terms(signoffs=True)
LINE = f"Signed-off-by: ada <{address(ADA)}>"
SIGNED = f"Change\n\n{LINE}\n"


def judged(*commits: Commit, **more: object) -> Verdict:
    return verdict(*commits, terms=DCO, **more)  # type: ignore[arg-type] # named by the caller


def remedy(sha: str, *, name: str = "ada", email: str = address(ADA), tail: str = LINE) -> str:
    adds = f"I, {name} <{email}>, hereby add my Signed-off-by to this commit: {sha}"
    return f"DCO remediation\n\n{adds}\n\n{tail}\n"


@pytest.mark.parametrize(
    "message",
    [
        SIGNED,
        SIGNED.replace("\n", "\r\n"),
        f"Change\n\nWhy.\n\nReviewed-by: bo <b@x>\n{LINE.upper()}",
        f"Change\n\nsigned-off-by:ada<{address(ADA).upper()}>",
        f"Change\n\n{LINE}\n\nCo-authored-by: {DEPENDABOT.login} <{address(DEPENDABOT)}>",
        f"Change\n\nFixes a thing.\n{LINE}",
        f"Change\n\n{LINE}\n(cherry picked from commit 1234567)\nSigned-off-by: mara <m@x>",
        f"Change\n\n  \n{LINE}   ",
    ],
    ids=["plain", "CRLF", "upper", "no space", "before", "no blank", "others", "spaces"],
)
def test_an_authors_own_sign_off_is_enough(message: str) -> None:
    bots = Exemptions(bots={"dependabot[bot]": DEPENDABOT.id})
    known = {DEPENDABOT.id: DEPENDABOT}
    found = judged(commit(ADA, message=message), exempt=bots, accounts=known)

    assert (found.conclusion, found.unsigned) == ("success", ())
    assert [person.id for person in found.signed] == [ADA.id]


@pytest.mark.parametrize(
    "message",
    [
        "Change",
        LINE,
        f"{LINE}\n\nThat was the title.",
        f"Change\n\n> {LINE}",
        f"Change\n\n    {LINE}",
        f"Change\n\n{LINE}\n\nThat is what she wrote, I believe.",
        f"Change\n\n{LINE}\n\nNote: so she wrote,\nI believe.",
        f"Change\n\nIn the log stands “{LINE}”.",
        f"Change\n\nOne.\nTwo.\nThree.\nFour.\n{LINE}",
        f"Change\n\nSigned-off-by: bo <{address(ADA)}>",
        f"Change\n\nSigned-off-by: ada <{address(BO)}>",
        f"Change\n\nSigned-off-by: ada <{address(ADA)}.evil.example>",
        "Change\n\nSigned-off-by: ada",
        "Change\n\nSigned-off-by: ada <>",
        f"Change\n\nNot-Signed-off-by: ada <{address(ADA)}>",
        f"Change\n\nSigned-off-by: mara <{address(MARA)}>",
    ],
)
def test_what_is_no_sign_off_of_the_author(message: str) -> None:
    found = judged(commit(ADA, message=message))

    assert found.conclusion == "action_required"
    assert [(one.role, one.name) for one in found.unsigned] == [("author", "ada")]
    assert (found.missing, found.signed) == ((), ())


def test_nobody_is_asked_to_sign_by_comment() -> None:
    found = judged(commit(BO), opener=ADA, signed=(BO,))

    assert (len(found.unsigned), found.missing) == (1, ())
    assert found.unsigned[0].found is False


def test_a_committers_sign_off_is_not_the_authors() -> None:
    message = f"Change\n\nSigned-off-by: mara <{address(MARA)}>"
    (one,) = judged(commit(ADA, committer=MARA, message=message)).unsigned

    assert one.found


def test_an_author_whom_github_cannot_link_signs_off_by_address() -> None:
    message = "Change\n\nSigned-off-by: somebody <X@example.com>"

    assert judged(commit(None, message=message)).conclusion == "success"
    assert judged(commit(None, email="", message=message)).conclusion == "action_required"
    nobody = commit(None, email="", message="Change\n\nSigned-off-by: somebody <>")
    assert problems(judged(nobody)) == ["no_email"]


def test_each_commit_needs_its_own() -> None:
    one, two = commit(ADA, message=SIGNED), commit(ADA)

    assert [item.sha for item in judged(one, two).unsigned] == [two.sha]


def test_a_co_author_signs_off_too() -> None:
    message = f"{with_co_author(address(BO), 'Bo B.').strip()}\n{LINE}"
    (one,) = judged(commit(ADA, message=message)).unsigned
    assert (one.role, one.email) == ("co-author", address(BO))

    both = f"{message}\nSigned-off-by: Bo <{address(BO)}>"
    assert judged(commit(ADA, message=both)).conclusion == "success"


def test_a_merge_that_only_brings_the_base_needs_none() -> None:
    merge = commit(MARA, parents=("a", "b"), sha="c" * 40, message=with_co_author(address(CHEN)))
    mine = commit(ADA, message=SIGNED)

    assert judged(mine, merge).conclusion == "action_required"
    assert judged(mine, merge, ignorable=frozenset({merge.sha})).conclusion == "success"


def test_an_exempt_bot_needs_none_and_another_bot_cannot_give_one() -> None:
    by_bot = commit(DEPENDABOT, verified=True)
    bots = Exemptions(bots={"dependabot[bot]": DEPENDABOT.id})

    assert judged(by_bot, opener=DEPENDABOT, exempt=bots).conclusion == "success"
    assert problems(judged(by_bot, opener=DEPENDABOT)) == ["bot"]
    assert problems(judged(commit(DEPENDABOT), exempt=bots)) == ["unproven_bot"]


def test_a_later_commit_by_the_same_author_adds_the_sign_off() -> None:
    bare = commit(ADA, sha="1234567" + "0" * 33)
    for sha in (bare.sha, bare.sha[:7], bare.sha.upper()):
        later = commit(ADA, message=remedy(sha))
        assert judged(bare, later).conclusion == "success", sha


@pytest.mark.parametrize(
    "message",
    [
        remedy("1" * 40, tail="No sign-off of its own."),
        remedy("2" * 40),
        remedy("111111"),
        remedy("1" * 40, name="bo", email=address(BO)),
        remedy("1" * 40, email=address(BO)),
        remedy("1" * 40).replace("\nI, ", "\n> I, "),
        remedy("1" * 40).replace("\nI, ", "\nOn behalf of bo <b@x>, I, "),
    ],
    ids=["unsigned", "other", "short", "for bo", "address", "quoted", "third party"],
)
def test_what_adds_no_sign_off(message: str) -> None:
    bare = commit(ADA, sha="1" * 40)

    assert bare.sha in {one.sha for one in judged(bare, commit(ADA, message=message)).unsigned}


def test_a_remediation_by_somebody_else_or_beforehand_adds_nothing() -> None:
    bare = commit(ADA, sha="1" * 40)
    signed = f"Signed-off-by: bo <{address(BO)}>"
    by_bo = commit(BO, message=remedy(bare.sha, tail=signed))
    posing = commit(BO, message=remedy(bare.sha))

    for others in ((bare, by_bo), (bare, posing), (commit(ADA, message=remedy(bare.sha)), bare)):
        assert bare.sha in {one.sha for one in judged(*others).unsigned}


def test_a_co_author_can_add_theirs_later() -> None:
    first = commit(ADA, message=f"{with_co_author(address(BO), 'bo').strip()}\n{LINE}")
    signed = f"Signed-off-by: bo <{address(BO)}>"
    later = commit(BO, message=remedy(first.sha, name="bo", email=address(BO), tail=signed))

    assert judged(first, later).conclusion == "success"


def test_a_waiver_lets_one_commit_pass() -> None:
    one, two = commit(ADA), commit(ADA)
    acts = Acts((Waiver(one.sha, MARA, "A typo, nothing more"),))

    assert [item.sha for item in judged(one, two, acts=acts).unsigned] == [two.sha]
    assert judged(one, acts=acts).conclusion == "success"


def test_a_long_message_is_read_in_no_time() -> None:
    assert signed_off("Change\n\n" + "a:\n" * 20_000) == ()
    assert signed_off("Change\n\n" + "\n \n" * 20_000 + LINE) != ()


def test_first_digits_mean_one_commit_or_none() -> None:
    shas = ("1234567a", "1234567b", "89abcdef")

    assert whole_sha("89ABCDE", shas) == "89abcdef"
    assert whole_sha("1234567", shas) is None
    assert whole_sha("89abcd", shas) is None
    assert whole_sha("", shas) is None


def test_a_name_is_the_same_however_its_accents_are_written() -> None:
    composed, decomposed = "Zo\u00eb", "Zoe\u0308"
    message = f"Change\n\nSigned-off-by: {decomposed} <{address(ADA)}>"

    assert judged(commit(ADA, name=composed, message=message)).conclusion == "success"
