"""All that is proven of a project, for its maintainers to take away and check elsewhere.

GET /OWNER/NAME/maintain/chain.json    what `potluck export --repo OWNER/NAME` writes
"""

from contextlib import ExitStack
from tempfile import TemporaryFile

from flask import Blueprint, Response, send_file

from bot import proofs
from bot.maintaining import desk

blueprint = Blueprint("proof_pages", __name__)


@blueprint.get("/<owner>/<name>/maintain/chain.json")
def chain_file(owner: str, name: str) -> Response:
    """Give all that is proven of the repository, as `potluck export --repo` does."""
    repo = desk.entered(owner, name)
    # Through a file of its own: neither memory nor a snapshot is held while somebody downloads.
    with ExitStack() as kept:
        file = kept.enter_context(TemporaryFile())
        with desk.house().app.read() as connection:
            for piece in proofs.pieces(connection, repo.id):
                file.write(piece.encode())
        size = file.tell()
        file.seek(0)
        kept.pop_all()
    response = send_file(
        file,
        mimetype="application/json",
        as_attachment=True,
        download_name=f"{repo.name.replace('/', '-')}-chain.json",
    )
    response.content_length = size
    response.headers["Cache-Control"] = "no-store"
    return response
