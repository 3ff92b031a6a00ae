"""What every test may ask for: databases of both kinds, and the house to live in."""

import gc

pytest_plugins = ["tests.databases", "tests.house", "tests.bank", "tests.stage", "tests.workshop"]


def pytest_collection_finish() -> None:
    """Let the collector of garbage pass over what stays to the end, and come less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
