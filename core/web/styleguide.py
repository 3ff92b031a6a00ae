"""The design system, shown: every token and component with its name and when to use it."""

from flask import Blueprint, render_template

blueprint = Blueprint("styleguide", __name__)

COLOURS = (
    "ground",
    "surface",
    "sunken",
    "ink",
    "muted",
    "line",
    "accent",
    "accent-soft",
)
TONES = ("leaf", "mustard", "tomato", "blueberry")
SPACES = ("1", "2", "3", "4", "5", "6", "7", "8")
SIZES = ("small", "body", "large", "h3", "h2", "h1")


@blueprint.get("/styleguide")
def show() -> str:
    """Show the style guide."""
    return render_template(
        "web/styleguide.html",
        colours=COLOURS,
        tones=TONES,
        spaces=SPACES,
        sizes=SIZES,
        page_address=lambda _number: "#pagination",
    )
