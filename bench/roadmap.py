"""What the board, lists and pages of requests cost where there are very many requests and votes."""

import gc
import secrets
import statistics
import time
from pathlib import Path

from bench import wishes
from bot.app import create_app
from core.config import load
from core.db import Database

NAME = "roadmap"
HELP = "p99 of board, list and request pages with 100,000 requests and 1,000,000 votes (50 ms), on SQLite"
REQUESTS, VOTES = 100_000, 1_000_000
VIEWS = 300
PLACE = f"/{wishes.REPO.name}/requests"


def run(arguments: list[str]) -> dict[str, object]:
    """View each kind of page so often; so many requests (100,000) with ten times as many votes."""
    many = int(arguments[0]) if arguments else REQUESTS
    with wishes.files() as database:
        titles = wishes.fill(database, many, many * (VOTES // REQUESTS))
        folder = Path(str(database.engine.url.database)).parent
        found = _measured(database, folder, _addresses(titles, many))
    worst = max(one["p99_ms"] for one in found.values())
    return {"requests": many, "allowed_p99_ms": 50, "worst_p99_ms": worst, "pages": found}


def _addresses(titles: wishes.Titles, many: int) -> dict[str, str]:
    common, rare = titles.words[0], titles.words[-1]
    return {
        "list": PLACE,
        "newest": f"{PLACE}?sort=newest",
        "deep": f"{PLACE}?after=1.{many // 2}",
        "closed": f"{PLACE}?state=closed&sort=oldest",
        "rare origin": f"{PLACE}?origin=co_created&sort=newest",
        "common word": f"{PLACE}?q={common}",
        "common words": f"{PLACE}?q={common}+{titles.words[1]}+{titles.words[2]}",
        "rare word": f"{PLACE}?q={rare}&sort=oldest",
        "no such word": f"{PLACE}?q=xylophon",
        "most voted request": f"{PLACE}/1",
        "a request": f"{PLACE}/{many // 2}",
        "people": f"{PLACE}/1/people?after=40000",
        "project": f"/{wishes.REPO.name}/",
        "board": f"/{wishes.REPO.name}/roadmap",
        "a stage": f"/{wishes.REPO.name}/roadmap?stage=asked",
        "a stage, deep": f"/{wishes.REPO.name}/roadmap?stage=asked&after=1.{many // 2}",
        "shipped": f"/{wishes.REPO.name}/roadmap?stage=shipped",
        "why": f"{PLACE}/{many // 2}/why",
        "figures": f"/{wishes.REPO.name}/roadmap/figures",
        "changelog": f"/{wishes.REPO.name}/changelog",
        "changelog, deep": f"/{wishes.REPO.name}/changelog?after=1700000000000000.{many // 2}",
        "feed of the board": f"/{wishes.REPO.name}/roadmap/feed.atom",
        "feed of what shipped": f"/{wishes.REPO.name}/changelog/feed.atom",
        "feed of a request": f"{PLACE}/1/feed.atom",
        "badge of the roadmap": f"/{wishes.REPO.name}/roadmap/badge.svg",
        "badge of a request": f"{PLACE}/1/badge.svg",
        "widget": f"/{wishes.REPO.name}/widget",
        "a person": f"/@{wishes.PEOPLE // 2}",
    }


def _measured(
    database: Database, folder: Path, addresses: dict[str, str]
) -> dict[str, dict[str, float]]:
    given = {"SECRET_KEY": secrets.token_hex(32), "POTLUCK_VAR": str(folder / "var")}
    settings = load(given | {"DATABASE_URL": database.url})
    inbox = Database(settings.inbox_database_url)
    browser = create_app(settings, database, inbox, lambda: wishes.NOW).test_client()
    found = {}
    # A person's page bears their login, which only the first answer tells.
    named = {name: browser.get(one).location or one for name, one in addresses.items()}
    # As the server does before it serves: what is there now need not be looked at again.
    gc.collect()
    gc.freeze()
    for name, address in named.items():
        times: list[float] = []
        for _view in range(VIEWS):
            began = time.perf_counter()
            answer = browser.get(address)
            times.append((time.perf_counter() - began) * 1000)
            assert answer.status_code == 200, (address, answer.status)
        found[name] = {
            "median_ms": round(statistics.median(times), 1),
            "p99_ms": round(statistics.quantiles(times, n=100)[98], 1),
        }
    inbox.close()
    return found
