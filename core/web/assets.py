"""Static files under addresses that carry a hash of their content, so that they never go stale."""

import hashlib
from dataclasses import dataclass
from mimetypes import guess_type
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, current_app

FOLDER = Path(__file__).parent / "static"
HASH_LENGTH = 12

blueprint = Blueprint("assets", __name__)


@dataclass(frozen=True)
class Asset:
    """A static file as it is served: `address` is its path on this site."""

    address: str
    content: bytes
    content_type: str


def prepare(app: Flask) -> None:
    """Read every static file once, and let templates say `asset("potluck.css")`."""
    assets = {path.name: _read(path) for path in sorted(FOLDER.iterdir())}
    app.extensions["potluck.assets"] = {asset.address: asset for asset in assets.values()}
    app.jinja_env.globals["asset"] = lambda name: assets[name].address
    app.register_blueprint(blueprint)


def _read(path: Path) -> Asset:
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()[:HASH_LENGTH]
    kind = guess_type(path.name)[0] or "application/octet-stream"
    return Asset(
        address=f"/assets/{path.stem}.{digest}{path.suffix}",
        content=content,
        content_type=f"{kind}; charset=utf-8" if kind.startswith("text/") else kind,
    )


@blueprint.get("/assets/<name>")
def show(name: str) -> Response:
    """Serve one file; an address with another hash is unknown, so every answer may be kept."""
    asset: Asset | None = current_app.extensions["potluck.assets"].get(f"/assets/{name}")
    if asset is None:
        abort(404)
    response = Response(asset.content, content_type=asset.content_type)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
