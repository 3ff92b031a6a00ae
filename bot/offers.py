"""What the rules of a repository offer to publish: their terms and the document's bytes."""

from sqlalchemy import Connection

from bot import repositories
from bot.policy import Policy
from core.github import Repo
from licensing.versions import ORGANISATION, Offer


def offer(
    connection: Connection,
    repo: Repo,
    current: Policy,
    place: str,
    content: bytes,
    for_companies: bytes = b"",
) -> Offer | None:
    """Make the offer of the rules that stand in the repository called `place`.

    None where they are about all of an owner's repositories, and whose this one is is unsure.
    """
    scope_id = repo.id
    if current.scope == ORGANISATION:
        scope_id = _owner_id(connection, repo, place)
    if not scope_id:
        return None
    return Offer(
        version=current.version,
        mode=current.mode,
        phrase=current.phrase,
        language=current.language,
        document=current.document,
        content=content,
        scope=current.scope,
        scope_id=scope_id,
        outbound=current.outbound,
        outbound_licences=current.outbound_licences,
        reaches_back=current.reaches_back,
        paths=current.paths,
        company_document=current.company_document,
        company_content=for_companies,
    )


def _owner_id(connection: Connection, repo: Repo, place: str) -> int:
    # Old news may name an owner to whom the repository belonged before.
    stands = repositories.repo(connection, repo.id)
    if stands is None or stands.owner.lower() != place.partition("/")[0].lower():
        return 0
    return repositories.owner_id(connection, repo.id)
