"""The rules read anew from GitHub: the file, the organisation's file in its place, the document."""

from dataclasses import replace

from bot.policies import NO_FILE, Reading, Refusal, Rules, Source, decoded, parsed
from bot.policy import PATH, Policy
from core.github import File, GitHub, NotFound, NotModified, Refused, Repo, Suspended

LARGEST_DOCUMENT = 512_000


def read(github: GitHub, repo: Repo, known: Rules) -> Reading:
    """Read rules and document from GitHub, asking only for what changed; 1 to 3 calls."""
    found = _read_file(github, repo, known)
    current = parsed(found.text) if found.text is not None else None
    if current is None and found.text is not None:
        current = known.policy
    if current is None or current.mode == "off":
        return found
    return _with_company(
        github, repo, known, _with_document(github, repo, known, found, current), current
    )


def _read_file(github: GitHub, repo: Repo, known: Rules) -> Reading:
    try:
        own = github.file(
            repo, PATH, None, known.etag if _is_of(known, "repository", repo) else None
        )
    except Refused:
        return Reading("repository", repo.name, NO_FILE, None, calls=1)
    if own is not None:
        return _seen(own, known, "repository", repo.name, calls=1)
    everybody = organisation(repo)
    if everybody is None:
        return Reading("none", repo.name, None, None, calls=1)
    try:
        etag = known.etag if _is_of(known, "organisation", everybody) else None
        shared = github.file(everybody, PATH, None, etag)
    except (NotFound, Refused, Suspended) as error:
        if isinstance(error, Refused) and known.source == "organisation":
            # We read them before: rules do not go away because they can be read no more.
            return Reading("organisation", everybody.name, NO_FILE, None, calls=2)
        # Not installed there, or no such repository: then there are no shared rules for us.
        shared = None
    if shared is None:
        return Reading("none", repo.name, None, None, calls=2)
    found = _seen(shared, known, "organisation", everybody.name, calls=2)
    return found if _serves(found, repo) else Reading("none", repo.name, None, None, calls=2)


def _is_of(known: Rules, source: Source, place: Repo) -> bool:
    """Say whether the rules that we know are from there: GitHub's tags say nothing elsewhere."""
    return known.source == source and known.source_name.lower() == place.name.lower()


def _serves(found: Reading, repo: Repo) -> bool:
    """Say whether an organisation's rules are about this repository: all, or those they name."""
    current = parsed(found.text) if found.text is not None else None
    named = current.repositories if current else frozenset()
    return not named or repo.name.partition("/")[2].lower() in named


def organisation(repo: Repo) -> Repo | None:
    """Give the repository whose rules hold for the owner's others; None for that one itself."""
    name = f"{repo.owner}/.github"
    if repo.name.lower() == name.lower():
        return None
    return Repo(0, name, repo.installation_id)


def _seen(
    file: File | NotModified, known: Rules, source: Source, name: str, calls: int
) -> Reading:
    if isinstance(file, NotModified):
        text = known.rejected if known.rejected is not None else known.text
        return Reading(source, name, text, known.etag, calls=calls)
    return Reading(source, name, decoded(file.content), file.etag, calls=calls)


def _with_document(
    github: GitHub, repo: Repo, known: Rules, found: Reading, current: Policy
) -> Reading:
    place = _place(repo, found)
    etag = known.document_etag if _is_same(known, found) else None
    calls = found.calls + 1
    try:
        file = github.file(place, current.document, None, etag)
    except Refused:
        return replace(found, refusal="too_big", calls=calls)
    if isinstance(file, NotModified):
        return replace(found, document_etag=etag, calls=calls)
    if file is None:
        return replace(found, refusal="missing", calls=calls)
    refusal = _unfit(file.content)
    return replace(
        found,
        document=None if refusal else file.content,
        document_etag=file.etag,
        refusal=refusal,
        calls=calls,
    )


def _place(repo: Repo, found: Reading) -> Repo:
    return repo if found.source == "repository" else organisation(repo) or repo


def _is_same(known: Rules, found: Reading) -> bool:
    # A document that was refused before is read anew: a change of the rules may allow it now.
    return (
        found.text == known.text
        and known.refusal is None
        and known.version is not None
        and known.source_name.lower() == found.source_name.lower()
    )


def _with_company(
    github: GitHub, repo: Repo, known: Rules, found: Reading, current: Policy
) -> Reading:
    """Read the text for companies too, where there is one: both texts change together, or neither."""
    if not current.company_document or found.refusal is not None:
        return found
    version = known.version
    etag = known.company_etag if _is_same(known, found) else None
    calls = found.calls + 1
    try:
        file = github.file(_place(repo, found), current.company_document, None, etag)
    except Refused:
        return replace(found, document=None, refusal="too_big", calls=calls)
    if isinstance(file, NotModified):
        before = version.company_content if version else b""
        return replace(found, company=before, company_etag=etag, calls=calls)
    refusal = "missing" if file is None else _unfit(file.content)
    if file is None or refusal is not None:
        return replace(found, document=None, refusal=refusal, calls=calls)
    document = found.document if found.document is not None or not version else version.content
    return replace(
        found, document=document, company=file.content, company_etag=file.etag, calls=calls
    )


def _unfit(content: bytes) -> Refusal | None:
    if len(content) > LARGEST_DOCUMENT:
        return "too_big"
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return "not_text"
    return None if text.strip() and "\0" not in text else "not_text"
