"""What every test may ask for: databases of both kinds, and the house to live in."""

pytest_plugins = ["tests.databases", "tests.house", "tests.bank", "tests.stage", "tests.workshop"]
