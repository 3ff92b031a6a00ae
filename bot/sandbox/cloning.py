"""Cloning from the sandbox: its repositories as plain files over HTTP, for a real git.

This is git's “dumb” protocol (https://git-scm.com/docs/http-protocol): a list of references, and
each object under its name. Who asks for a private one needs a token, as on GitHub.
"""

import base64
import binascii
import re
import zlib
from dataclasses import replace

from bot.sandbox import objects
from bot.sandbox.auth import ApiError, Tokens
from bot.sandbox.git import Objects
from bot.sandbox.records import PullRequest, Repository
from bot.sandbox.serving import Request, Response
from bot.sandbox.world import World

_PATH = re.compile(r"/([^/]+/[^/]+?)\.git/(info/refs|HEAD|objects/([0-9a-f]{2})/([0-9a-f]{38}))")
PLAIN = {"content-type": "text/plain; charset=utf-8"}
BYTES = {"content-type": "application/octet-stream"}


class Cloning:
    """Answers git; what is no address of a repository's files is not answered."""

    def __init__(self, world: World, tokens: Tokens) -> None:
        """Serve the repositories of a world to whoever bears one of these tokens."""
        self._world = world
        self._tokens = tokens
        self._stored: dict[int, dict[str, objects.Stored]] = {}
        self._known: dict[int, int] = {}

    def __call__(self, request: Request) -> Response | None:
        """Answer, or give None for what is somebody else's."""
        match = _PATH.fullmatch(request.path)
        if match is None or request.method != "GET":
            return Response(404) if ".git/objects/" in request.path else None
        repo = self._world.find_repository(match[1])
        if repo is None or not self._may(repo, request):
            return Response(401, headers={"www-authenticate": 'Basic realm="GitHub"'})
        if match[2] == "info/refs":
            lines = "".join(f"{sha}\t{name}\n" for name, sha in sorted(_refs(repo).items()))
            return Response(200, lines.encode(), PLAIN)
        if match[2] == "HEAD":
            return Response(200, f"ref: refs/heads/{repo.default_branch}\n".encode(), PLAIN)
        stored = self._find(repo.objects, match[3] + match[4])
        if stored is None:
            return Response(404)
        kind, content = stored
        whole = f"{kind} {len(content)}\0".encode() + content
        return Response(200, zlib.compress(whole, 1), BYTES)

    def _may(self, repo: Repository, request: Request) -> bool:
        scheme, _, text = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "basic":
            return not repo.private
        try:
            _user, _, token = base64.b64decode(text).decode().partition(":")
            bearing = replace(request, headers={"authorization": f"Bearer {token}"})
            installation = self._tokens.caller(bearing).installation
        except (ApiError, binascii.Error, ValueError):
            return False
        return installation is not None and installation.covers(repo)

    def _find(self, held: Objects, sha: str) -> objects.Stored | None:
        if sha in held.blobs:
            return "blob", held.blobs[sha]
        known = self._stored.setdefault(id(held), {})
        if self._known.get(id(held)) != len(held.commits):
            self._known[id(held)] = len(held.commits)
            for commit in list(held.commits.values()):
                if commit.sha not in known:
                    known.update((objects.name_of(one), one) for one in objects.trees(commit.tree))
                    known[commit.sha] = objects.commit(
                        commit.tree_sha,
                        commit.parents,
                        commit.author,
                        commit.committer,
                        commit.message,
                    )
        return known.get(sha)


def _refs(repo: Repository) -> dict[str, str]:
    """Give the references, those of pull requests too."""
    found = {f"refs/heads/{name}": sha for name, sha in repo.branches.items()}
    found |= {f"refs/tags/{name}": sha for name, sha in repo.tags.items()}
    for number, thread in repo.threads.items():
        if isinstance(thread, PullRequest):
            found[f"refs/pull/{number}/head"] = thread.head_sha
    return found
