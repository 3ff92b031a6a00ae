"""Links by which somebody is told of nothing more, without signing in: signed with the secret key."""

from itsdangerous import BadData, URLSafeSerializer

LONGEST = 200


def write(secret_key: str, github_id: int, repo_id: int) -> str:
    """Sign who wants to be told of nothing more in which repository (0: in any)."""
    return _serializer(secret_key).dumps([github_id, repo_id])


def read(secret_key: str, token: str) -> tuple[int, int] | None:
    """Give (number of the account, number of the repository); None for what we did not sign."""
    if len(token) > LONGEST:
        return None
    try:
        github_id, repo_id = _serializer(secret_key).loads(token)
    except (BadData, ValueError, TypeError):
        return None
    return int(github_id), int(repo_id)


def _serializer(secret_key: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret_key, salt="potluck quiet")
