"""What is said of a repository, by whom, and how far it is believed: old news must undo nothing."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, exists, select, text, update

from bot import former_names, tasks
from bot.places import installation, repository
from core.context import Task
from core.db import insert_once
from core.github import Repo


def note_facts(connection: Connection, repo: Repo, at: datetime) -> bool:
    """Write down what was certainly so at `at`, unless later facts stand; says whether it was.

    For GitHub's own telling of a change, and for what was just read. Within one second (GitHub
    counts no less) nothing becomes public again.
    """
    at = at.replace(microsecond=0)
    if insert_once(connection, repository, fresh(repo, at) | {"changed_at": at}):
        return True
    known = connection.execute(
        select(repository).where(repository.c.id == repo.id).with_for_update()
    ).one()
    if known.changed_at and (
        known.changed_at > at or (known.changed_at == at and known.private and not repo.private)
    ):
        return False
    if known.name_key != repo.name.lower():
        former_names.note(connection, known.name_key, repo.id, at)
    values = _facts(repo) | {"changed_at": at}
    if repo.installation_id:
        values["installation_id"] = repo.installation_id
    connection.execute(update(repository).where(repository.c.id == repo.id).values(**values))
    return True


def doubt(connection: Connection, repo: Repo, now: datetime) -> bool:
    """Ask for a fresh reading if `repo` is not what we know; says whether it is not."""
    known = connection.execute(select(repository).where(repository.c.id == repo.id)).one_or_none()
    if known is None or known.state == "gone":
        return False
    asked = repo.installation_id or known.installation_id
    said = _facts(repo)
    if not known.owner_id:
        said.pop("owner_id", None)
    same = all(getattr(known, name) == value for name, value in said.items())
    if not asked or (same and asked == known.installation_id):
        return False
    entity, task = f"installation:{asked}", tasks.task.c
    waits = exists().where(
        text("task.state = 'due'"), task.name == "refresh_installation", task.entity == entity
    )
    # The same old event told a hundred times is one doubt.
    if not connection.scalar(select(waits)):
        key = f"refresh:{asked}:{repo.id}:{now.isoformat()}"
        about = {"installation_id": asked}
        # In a later second than what is doubted: GitHub's times tell no more than that apart.
        due_at = now + timedelta(seconds=1)
        tasks.put(connection, Task("refresh_installation", key, due_at, entity, about), now)
    return True


def _facts(repo: Repo) -> dict[str, object]:
    return {
        "name": repo.name,
        # GitHub's names do not mind case.
        "name_key": repo.name.lower(),
        "default_branch": repo.default_branch,
        "private": repo.private,
        # Some events do not name the owner.
        **({"owner_id": repo.owner_id} if repo.owner_id else {}),
    }


def fresh(repo: Repo, now: datetime) -> dict[str, object]:
    """Give the row of a repository that is heard of for the first time."""
    where = {"id": repo.id, "installation_id": repo.installation_id, "state": "active"}
    return where | _facts(repo) | {"installed_at": now}


def announce(connection: Connection, repo: Repo, now: datetime, *, certain: bool) -> bool:
    """Take an installation's event for it that it reaches `repo`; False if that is yet to be read.

    Without a time of its own (`certain` says that it has one) the event may be older than
    what took the repository away.
    """
    if insert_once(connection, repository, fresh(repo, now)):
        return True
    known = connection.execute(
        select(repository, installation.c.state.label("reach"))
        .outerjoin(installation, installation.c.id == repository.c.installation_id)
        .where(repository.c.id == repo.id)
    ).one()
    elsewhere = known.installation_id not in {0, repo.installation_id}
    if known.state == "gone" or not (
        certain or (known.state != "removed" and not (elsewhere and known.reach == "active"))
    ):
        return False
    take_up(connection, repo, now)
    return True


def take_up(connection: Connection, repo: Repo, now: datetime) -> bool:
    """Let a repository be in use through its installation; says whether it had been taken away.

    If it had, we watch it from `now` on: what was opened in between was there before us.
    """
    ours = update(repository).where(repository.c.id == repo.id)
    connection.execute(ours.values(installation_id=repo.installation_id))
    back = ours.where(repository.c.state == "removed").values(state="active", installed_at=now)
    return connection.execute(back).rowcount == 1


def remove(connection: Connection, repo_id: int, installation_id: int) -> None:
    """Note that an installation no longer reaches a repository, unless another one does."""
    connection.execute(
        update(repository)
        .where(repository.c.id == repo_id, repository.c.state != "gone")
        .where(repository.c.installation_id == installation_id)
        .values(state="removed")
    )
