"""What people can say to the bot: one file for each command, found by its presence."""

from importlib import import_module
from pkgutil import iter_modules

from bot.commands import known

for _module in sorted(module.name for module in iter_modules(__path__)):
    import_module(f"{__name__}.{_module}")


def registry() -> tuple[known.Command, ...]:
    """Give every command, by name; `/help` and the README show them so."""
    return known.commands()
