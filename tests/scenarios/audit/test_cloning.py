"""Fetching with real git: private repositories, where the token stands, and the bounds."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.sandbox.git import Objects
from bot.sandbox.seed import seed
from bot.sandbox.server import Sandbox
from bot.sandbox.serving import Request, Response, Server
from core.git.command import GitFailed
from core.git.fetching import Bounds, Source, TooLarge, TooSlow, fetch

ROOMY = Bounds(10_000_000, 60)
TIP = "+refs/heads/main:refs/potluck/tip"
TOKEN = "ghs_neverseenanywhere"


class Spying:
    """A server that wants a token, looks where it stands, and may keep git waiting."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.asked = 0
        self.wait: threading.Event | None = None

    def __call__(self, request: Request) -> Response:
        self.asked += 1
        if self.wait is not None:
            self.wait.wait(30)
        for file in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                self.seen.append(file.read_text(errors="replace"))
            except OSError:
                continue
        if "authorization" not in request.headers:
            return Response(401, headers={"www-authenticate": 'Basic realm="GitHub"'})
        if request.path.endswith("info/refs"):
            return Response(200, b"", {"content-type": "text/plain"})
        return Response(404)


@pytest.fixture
def spying() -> Iterator[tuple[Spying, str]]:
    spy = Spying()
    server = Server("127.0.0.1", 0, spy)
    server.start()
    yield spy, f"http://127.0.0.1:{server.port}/o/r.git"
    server.stop()


def test_the_token_is_on_no_command_line_and_in_no_file(
    spying: tuple[Spying, str], tmp_path: Path
) -> None:
    spy, address = spying
    clone = tmp_path / "clone"
    with pytest.raises(GitFailed) as refused:
        fetch(clone, Source(address, TOKEN), [TIP], ROOMY)
    assert TOKEN not in str(refused.value)
    assert spy.asked >= 2, "it was asked with the token"
    assert any("fetch" in one for one in spy.seen)
    assert not any(TOKEN in one for one in spy.seen)
    files = [file for file in clone.rglob("*") if file.is_file()]
    assert not any(TOKEN.encode() in file.read_bytes() for file in files)


def test_whoever_keeps_git_waiting_or_sends_too_much_is_left(
    spying: tuple[Spying, str], tmp_path: Path
) -> None:
    spy, address = spying
    spy.wait = threading.Event()
    with pytest.raises(TooSlow):
        fetch(tmp_path / "slow", Source(address, TOKEN), [TIP], Bounds(1, 0.1))
    spy.wait.set()
    with Sandbox.start() as sandbox:
        garden = seed(sandbox)
        url = f"{sandbox.web_url}/{garden.repo.full_name}.git"
        with pytest.raises(TooLarge, match="larger than 0 MB"):
            fetch(tmp_path / "large", Source(url), [TIP], Bounds(100, 60))
        assert not (tmp_path / "large").exists(), "what was too large is thrown away"


def test_a_private_repository_opens_to_its_own_installation_alone(tmp_path: Path) -> None:
    with Sandbox.start() as sandbox:
        garden = seed(sandbox)
        garden.repo.private = True
        url = f"{sandbox.web_url}/{garden.repo.full_name}.git"
        other = sandbox.world.repository(garden.ada, "elsewhere", files={"a": "b\n"})
        strange = sandbox.world.install(other, by=garden.ada)
        for installation, opens in ((None, False), (strange, False), (garden.installation, True)):
            token = sandbox.tokens.mint(installation, {}).text if installation else ""
            clone = tmp_path / str(opens)
            if opens:
                fetch(clone, Source(url, token), [TIP], ROOMY)
                assert (clone / "refs/potluck/tip").exists()
            else:
                with pytest.raises(GitFailed):
                    fetch(clone, Source(url, token), [TIP], ROOMY)
        assert isinstance(garden.repo.objects, Objects)
