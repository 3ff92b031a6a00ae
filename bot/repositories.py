"""Where we are installed: installations, repositories and pull requests as last heard of.

Rows are keyed by GitHub's numbers, so a rename or a transfer changes a name and nothing else.
What is written is never older than what stands: each row keeps GitHub's own `updated_at`.
"""

from datetime import datetime

from sqlalchemy import (
    Connection,
    Row,
    and_,
    bindparam,
    func,
    select,
    update,
)

from bot import former_names, sightings
from bot.places import installation, pull_request, repository
from core.db import Clause, New, insert_once, upsert
from core.github import Account, PullRequest, Repo


def note_installation(
    connection: Connection,
    installation_id: int,
    account: Account,
    state: str,
    updated_at: datetime,
) -> bool:
    """Write down the state of an installation unless what stands is newer; `deleted` is final.

    `state` is `active`, `suspended` or `deleted`. Says whether it was written.
    """
    return upsert(
        connection,
        installation,
        {"id": installation_id},
        {
            "account_id": account.id,
            "account_login": account.login,
            "state": state,
            "updated_at": updated_at,
        },
        _may_change,
    )


def _may_change(new: New) -> Clause:
    return and_(installation.c.state != "deleted", installation.c.updated_at <= new.updated_at)


def note_reached(connection: Connection, installation_id: int, at: datetime) -> bool:
    """Take it that an installation which let us read at `at` is not suspended; says if it counts.

    Suspension and its end within one second may be told in either order.
    """
    connection.execute(
        update(installation)
        .where(installation.c.id == installation_id, installation.c.state == "suspended")
        .where(installation.c.updated_at <= at)
        .values(state="active")
    )
    return installation_state(connection, installation_id) in {None, "active"}


def installation_state(connection: Connection, installation_id: int) -> str | None:
    """Give `active`, `suspended` or `deleted`; None if never heard of."""
    return connection.scalar(
        select(installation.c.state).where(installation.c.id == installation_id)
    )


def note_repo(connection: Connection, repo: Repo, now: datetime) -> None:
    """Write down a repository that an event named; `now` becomes its installation date if new.

    Such an event may be old, and says nothing of when it was true. What it says differently
    from what stands is not believed but asked for: a fresh reading decides. Only a repository
    that was private then is hidden at once. An event without an installation (a repository's
    own webhook) leaves that to others.
    """
    if insert_once(connection, repository, sightings.fresh(repo, now)):
        return
    sightings.doubt(connection, repo, now)
    hidden = update(repository).where(repository.c.id == repo.id)
    if repo.private:
        connection.execute(hidden.where(~repository.c.private).values(private=True))
    if repo.installation_id:
        connection.execute(
            hidden.where(repository.c.installation_id == 0).values(
                installation_id=repo.installation_id
            )
        )


def hold(connection: Connection, repo_id: int) -> None:
    """Let whoever holds or changes the same repository wait until the transaction ends."""
    here = select(repository.c.id).where(repository.c.id == repo_id)
    connection.execute(here.with_for_update(key_share=True))


def owner_id(connection: Connection, repo_id: int) -> int:
    """Give the number of the account that owns a repository; 0 where nobody told.

    An installation reaches repositories of its own account only.
    """
    row = connection.execute(
        select(repository.c.owner_id, installation.c.account_id)
        .outerjoin(installation, installation.c.id == repository.c.installation_id)
        .where(repository.c.id == repo_id)
    ).one_or_none()
    return int(row.account_id or row.owner_id or 0) if row else 0


def set_state(connection: Connection, repo_id: int, state: str) -> None:
    """Set `active`, `archived`, `removed` (from the installation) or `gone` (deleted)."""
    connection.execute(update(repository).where(repository.c.id == repo_id).values(state=state))


def installed_at(connection: Connection, repo_id: int) -> datetime | None:
    """Give the instant from which we watch the repository."""
    return connection.scalar(select(repository.c.installed_at).where(repository.c.id == repo_id))


def note_watched(connection: Connection, repo_id: int, since: datetime) -> None:
    """Take an event's word for it that the repository was watched at `since` already.

    GitHub tells of an opening only where we are installed; the installation's own event may
    come later than those that it lets through.
    """
    connection.execute(
        update(repository)
        .where(repository.c.id == repo_id, repository.c.installed_at > since)
        .values(installed_at=since)
    )


# Asked again and again: it is put into words once.
_REPO = select(repository).where(repository.c.id == bindparam("_id"))


def repo(connection: Connection, repo_id: int) -> Repo | None:
    """Give a repository by its number, whatever its state."""
    row = connection.execute(_REPO, {"_id": repo_id}).one_or_none()
    return _repo(row) if row else None


def repo_named(connection: Connection, name: str) -> Repo | None:
    """Give the repository that bears "owner/name" now; the one heard of last, if several did."""
    row = connection.execute(
        select(repository)
        .where(repository.c.name_key == name.lower())
        .where(repository.c.state.in_(("active", "archived")))
        .order_by(repository.c.installed_at.desc(), repository.c.id.desc())
        .limit(1)
    ).one_or_none()
    return _repo(row) if row else None


def repo_called(connection: Connection, name: str) -> Repo | None:
    """Give the repository that bears "owner/name" now, else the one in use that bore it last."""
    found = repo_named(connection, name)
    if found is not None:
        return found
    number = former_names.bearer(connection, name)
    here = (repository.c.id == number) & repository.c.state.in_(("active", "archived"))
    row = connection.execute(select(repository).where(here)).one_or_none()
    return _repo(row) if row else None


def repos_of(connection: Connection, installation_id: int) -> tuple[Repo, ...]:
    """Give the repositories of an installation that are in use."""
    rows = connection.execute(
        select(repository)
        .where(
            repository.c.installation_id == installation_id,
            repository.c.state == "active",
        )
        .order_by(repository.c.id)
    )
    return tuple(_repo(row) for row in rows)


def active_repos(connection: Connection) -> tuple[Repo, ...]:
    """Give every repository in use of every active installation."""
    rows = connection.execute(
        select(repository)
        .outerjoin(installation, installation.c.id == repository.c.installation_id)
        .where(repository.c.state == "active")
        .where(func.coalesce(installation.c.state, "active") == "active")
        .order_by(repository.c.id)
    )
    return tuple(_repo(row) for row in rows)


def public_repositories(connection: Connection, most: int = 100) -> tuple[Repo, ...]:
    """Give the repositories that anybody may see, by name."""
    rows = connection.execute(
        select(repository)
        .where(repository.c.private.is_(False), repository.c.state == "active")
        .order_by(repository.c.name_key, repository.c.id.desc())
        .limit(most)
    )
    return tuple(_repo(row) for row in rows)


def note_pull(connection: Connection, repo: Repo, pull: PullRequest) -> bool:
    """Write down a pull request unless what stands is newer; says whether it was written."""
    return upsert(
        connection,
        pull_request,
        {"repo_id": repo.id, "number": pull.number},
        {
            "opener_id": pull.opener.id,
            "opener_login": pull.opener.login,
            "opener_type": pull.opener.type,
            "head_sha": pull.head_sha,
            "base_ref": pull.base_ref,
            "state": pull.state,
            "draft": pull.draft,
            "created_at": pull.created_at,
            "updated_at": pull.updated_at,
        },
        _is_no_older,
    )


def _is_no_older(new: New) -> Clause:
    return pull_request.c.updated_at <= new.updated_at


def pull(connection: Connection, repo_id: int, number: int) -> PullRequest | None:
    """Give a pull request as last heard of."""
    row = connection.execute(
        select(pull_request).where(
            pull_request.c.repo_id == repo_id, pull_request.c.number == number
        )
    ).one_or_none()
    return _pull(row) if row else None


def open_pulls(connection: Connection, repo_id: int) -> tuple[PullRequest, ...]:
    """Give the open pull requests, oldest first."""
    rows = connection.execute(
        select(pull_request)
        .where(pull_request.c.repo_id == repo_id, pull_request.c.state == "open")
        .order_by(pull_request.c.number)
    )
    return tuple(_pull(row) for row in rows)


def pulls_with_head(connection: Connection, repo_id: int, sha: str) -> tuple[PullRequest, ...]:
    """Give the pull requests whose head is this commit (forks are not named in check events)."""
    rows = connection.execute(
        select(pull_request)
        .where(pull_request.c.repo_id == repo_id, pull_request.c.head_sha == sha)
        .order_by(pull_request.c.number)
    )
    return tuple(_pull(row) for row in rows)


def _repo(row: Row[tuple[object, ...]]) -> Repo:
    found = row._mapping  # noqa: SLF001 - SQLAlchemy's documented name for it
    return Repo(
        id=found["id"],
        name=found["name"],
        installation_id=found["installation_id"],
        default_branch=found["default_branch"],
        private=found["private"],
        owner_id=found["owner_id"],
    )


def _pull(row: Row[tuple[object, ...]]) -> PullRequest:
    found = row._mapping  # noqa: SLF001 - SQLAlchemy's documented name for it
    return PullRequest(
        number=found["number"],
        opener=Account(found["opener_id"], found["opener_login"], found["opener_type"]),
        head_sha=found["head_sha"],
        base_ref=found["base_ref"],
        state=found["state"],
        created_at=found["created_at"],
        updated_at=found["updated_at"],
        draft=found["draft"],
    )
