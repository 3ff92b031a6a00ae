"""Make the pictures of the README and the guides: `python -m docs.pictures`, or `make screenshots`.

They are taken of the real pages with the tests' sample data, in the headless browser that the
tests use. Headings look as in the committed pictures where the URW fonts are installed (Debian:
fonts-urw-base35).
"""

import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser.conftest import ARGUMENTS, SIZES
from tests.browser.site import live, make, served
from tests.prepare import browser as installed_browser

FOLDER = Path(__file__).parent / "pictures"
PAGES = {
    "home": ("sandbox", "/"),
    "project": ("live", "/acme/kettle/"),
    "cla": ("live", "/acme/kettle/cla"),
    "setup": ("public", "/setup"),
    "styleguide": ("sandbox", "/styleguide"),
}


def main() -> int:
    """Take every picture at the sizes of a phone and of a desktop; says which."""
    path = installed_browser()
    if path is None:
        print("No Chromium was found; install the package `chromium`.", file=sys.stderr)
        return 1
    FOLDER.mkdir(exist_ok=True)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        public = {"PUBLIC_URL": "https://potluck.example"}
        made = {
            "sandbox": make(folder / "sandbox", {"POTLUCK_SANDBOX_URL": "http://127.0.0.1:9"}),
            "live": make(folder / "live", live(public), app_slug=lambda: "potluck-acme"),
            "public": make(folder / "public"),
        }
        sites = {name: stack.enter_context(served(site)) for name, site in made.items()}
        browser = stack.enter_context(sync_playwright()).chromium.launch(
            executable_path=path, args=ARGUMENTS
        )
        for name, (site, address) in PAGES.items():
            for size in ("phone", "desktop"):
                take(browser, sites[site] + address, size, FOLDER / f"{name}-{size}.png")
        browser.close()
    return 0


def take(browser: Browser, address: str, size: str, file: Path) -> None:
    """Take one picture of the first screen."""
    width, height = SIZES[size]
    page = browser.new_page(viewport={"width": width, "height": height}, locale="en")
    page.goto(address)
    page.screenshot(path=file)
    page.close()
    print(file.relative_to(Path.cwd()))


if __name__ == "__main__":
    sys.exit(main())
