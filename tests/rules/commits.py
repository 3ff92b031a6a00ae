"""Small values for the tests of the judgement: people, bots and commits."""

from itertools import count

from core.github import Account, ChangedFile, Commit, GitIdentity
from licensing.rules import judge
from licensing.verdict import Acts, Exemptions, Facts, Terms, Verdict

ADA = Account(1815, "ada")
BO = Account(1954, "bo")
CHEN = Account(1978, "chen")
MARA = Account(1901, "mara")
DEPENDABOT = Account(49_699_333, "dependabot[bot]", "Bot")
WEB_FLOW = Account(19_864_447, "web-flow")

_numbers = count(1)


def address(who: Account) -> str:
    """The noreply address of an account."""
    return f"{who.id}+{who.login}@users.noreply.github.com"


def commit(
    author: Account | None,
    *,
    email: str | None = None,
    name: str | None = None,
    committer: Account | None = None,
    message: str = "Change",
    verified: bool = False,
    parents: tuple[str, ...] = ("base",),
    sha: str | None = None,
) -> Commit:
    """A commit of `author`; None for one that GitHub links to nobody."""
    by = GitIdentity(
        name or (author.login if author else "somebody"),
        email if email is not None else (address(author) if author else "x@example.com"),
    )
    done_by = committer or author
    committed = GitIdentity(
        done_by.login if done_by else by.name, address(done_by) if done_by else by.email
    )
    return Commit(
        sha=sha or f"{next(_numbers):040x}",
        parents=parents,
        message=message,
        author=by,
        committer=committed,
        author_account=author,
        committer_account=done_by,
        verified=verified,
    )


def with_co_author(email: str, name: str = "Somebody") -> str:
    """A message with one co-author."""
    return f"Change\n\nCo-authored-by: {name} <{email}>\n"


def file(path: str, changes: int = 1, blob: str | None = "b1", **more: str) -> ChangedFile:
    """A changed file."""
    status = more.pop("status", "modified")
    return ChangedFile(path, status, blob, changes, more.pop("previous_path", None))


def verdict(
    *commits: Commit,
    opener: Account = ADA,
    signed: tuple[Account, ...] = (),
    exempt: Exemptions | None = None,
    terms: Terms | None = None,
    acts: Acts | None = None,
    **facts: object,
) -> Verdict:
    """Judge a pull request of these commits."""
    given = Facts(opener=opener, commits=commits, **facts)  # type: ignore[arg-type] # named by the caller
    return judge(given, {who.id for who in signed}, exempt or Exemptions(), terms, acts)


def missing(found: Verdict) -> set[int]:
    """The numbers of those who have to sign."""
    return {person.id for person in found.missing}


def problems(found: Verdict) -> list[str]:
    """Why the others cannot be asked."""
    return [item.problem for item in found.unresolved]
