"""What every test may ask for: databases of both kinds, and the house to live in."""

import gc

from hypothesis import settings

from tests import economy, sameness

# How long an example takes says how busy the machine is, not whether a law holds.
settings.register_profile("potluck", deadline=None)
settings.load_profile("potluck")
sameness.keep()
economy.stay_here()
# What is imported from here on stays: looking through it again and again finds nothing.
gc.disable()

pytest_plugins = [
    "tests.databases",
    "tests.house",
    "tests.bank",
    "tests.post_office",
    "tests.stage",
    "tests.workshop",
]


def pytest_collection_finish() -> None:
    """Let the collector of garbage pass over what stays to the end, and come less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 50)
    gc.enable()
