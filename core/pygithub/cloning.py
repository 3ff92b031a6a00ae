"""From where a repository is cloned, and with which token.

Source: https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/authenticating-as-a-github-app-installation
"""

from core.config import web_url
from core.github import Repo
from core.pygithub.client import Client
from core.pygithub.tokens import Tokens


class Cloning:
    """What an installation may clone; the two fields are the installation's."""

    id: int
    _client: Client
    _tokens: Tokens

    def clone_of(self, repo: Repo) -> tuple[str, str]:
        """Give the address of a repository's git, and a token that opens it."""
        header = self._tokens.as_installation(self.id)
        address = f"{web_url(self._client.api_url)}/{repo.name}.git"
        return address, header.removeprefix("Bearer ")
