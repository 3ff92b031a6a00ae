"""What the guide for maintainers says about the file of rules holds against the code that reads it."""

import re
import tomllib
from pathlib import Path

import msgspec
import pytest

from bot.policy import Policy, parse
from bot.policy import shape as policy_shape
from bot.policy.shape import MODES, OUTBOUND, SCOPES

GUIDE = (Path(__file__).parents[2] / "docs/maintainers.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```toml\n(.*?)^```", GUIDE, re.DOTALL | re.MULTILINE)
(REFERENCE,) = re.findall(r"^## Every setting\n(.*?)^## ", GUIDE, re.DOTALL | re.MULTILINE)
ROWS = re.findall(r"^\| \**`([^`]+)`\** \| (.*?) \| (.*?) \| ", REFERENCE, re.MULTILINE)
SHAPES = (
    policy_shape.File,
    policy_shape.Agreement,
    policy_shape.Field,
    policy_shape.Upkeep,
    policy_shape.Roadmap,
    policy_shape.Stage,
    policy_shape.Funding,
    policy_shape.Appeal,
    policy_shape.Cost,
    policy_shape.Membership,
    policy_shape.Selling,
    policy_shape.Product,
    policy_shape.Sharing,
    policy_shape.Licence,
    policy_shape.Audit,
    policy_shape.Inbound,
)


def keys(shape: type[msgspec.Struct]) -> set[str]:
    return set(shape.__struct_fields__)


@pytest.mark.parametrize("text", EXAMPLES, ids=lambda text: text.partition("\n")[0])
def test_every_example_is_a_set_of_rules(text: str) -> None:
    assert isinstance(parse(text), Policy)


def test_the_complete_example_leaves_nothing_out() -> None:
    (found,) = re.findall(r"^```toml\n(.*?)^```", REFERENCE, re.DOTALL | re.MULTILINE)
    given = tomllib.loads(found)
    agreement = given["agreement"]

    assert set(given) == keys(policy_shape.File)
    assert set(agreement) == keys(policy_shape.Agreement)
    assert set().union(*agreement["fields"]) == keys(policy_shape.Field)
    assert set(agreement["upkeep"]) == keys(policy_shape.Upkeep)
    assert set(agreement["exempt_below"]) == keys(policy_shape.Limits)
    assert set(given["roadmap"]) == keys(policy_shape.Roadmap)
    assert set().union(*given["roadmap"]["stages"]) == keys(policy_shape.Stage)
    assert set(given["funding"]) == keys(policy_shape.Funding)
    (appeal,) = given["funding"]["appeals"]
    assert set(appeal) == keys(policy_shape.Appeal)
    assert set().union(*appeal["costs"]) == keys(policy_shape.Cost)
    assert set().union(*given["funding"]["memberships"]) == keys(policy_shape.Membership)
    assert set(given["licence"]) == keys(policy_shape.Licence)
    assert set(given["audit"]) == keys(policy_shape.Audit)
    assert set(given["inbound"]) == keys(policy_shape.Inbound)
    assert set(given["selling"]) == keys(policy_shape.Selling)
    assert set(given["selling"]["sharing"]) == keys(policy_shape.Sharing)
    assert set().union(*given["selling"]["products"]) == keys(policy_shape.Product)


def test_the_table_has_each_setting_and_no_other() -> None:
    named = {name.strip("[]").rpartition(".")[2] for name, _values, _default in ROWS}

    assert named == set().union(*map(keys, SHAPES))


@pytest.mark.parametrize(
    ("name", "values"), [("mode", MODES), ("scope", SCOPES), ("outbound", OUTBOUND)]
)
def test_the_table_has_each_value(name: str, values: tuple[str, ...]) -> None:
    (said,) = [said for key, said, _default in ROWS if key == name]

    assert re.findall(r'"(\w+)"', said) == list(values)


def test_the_table_has_the_defaults_that_hold() -> None:
    # Sections share names: those of [agreement] come first in the table.
    told = {name: re.findall(r'`"?([^`"]+)"?`', said) for name, _values, said in reversed(ROWS)}
    held = msgspec.to_builtins(policy_shape.Agreement())

    for name, default in held.items():
        if isinstance(default, bool):
            assert told[name] == [str(default).lower()], name
        elif isinstance(default, str) and default:
            assert told[name] == [default], name
