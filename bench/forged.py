"""How many forged pull requests pass here, and by the rules of CLA Assistant Lite."""

from contextlib import ExitStack

from bench.signers import house_on_files
from bot import running
from tests.scenarios.agreement import conclusions
from tests.scenarios.forged_pulls import (
    buried,
    forged_commits,
    forged_merges,
    passes_elsewhere,
    through,
)
from tests.scenarios.forgeries import Cast

NAME = "forged"
HELP = "forged identities that pass (0), beside the published rules of CLA Assistant Lite"


def run(arguments: list[str]) -> dict[str, object]:
    """Open the whole corpus in the sandbox, judge it here, and by the other rules."""
    del arguments
    running.register_handlers()
    with ExitStack() as stack:
        cast = Cast(house_on_files(stack))
        pulls = forged_commits(cast) | forged_merges(cast)
        pulls |= {"an unsigned commit behind 250 of a signer": buried(cast)}
        cast.house.settle()
        here = through(conclusions(cast.house, pulls))
        elsewhere = {label for label, pull in pulls.items() if passes_elsewhere(cast, pull)}
    return {
        "forged": len(pulls),
        "allowed": 0,
        "pass_here": len(here),
        "pass_by_rules_of_lite": len(elsewhere),
        "share_of_lite": round(len(elsewhere) / len(pulls), 2),
        "which": sorted(elsewhere),
    }
