"""Run measurements: `python -m bench` for all, `python -m bench NAME [ARGUMENT...]` for one."""

import importlib
import json
import pkgutil
import sys
from types import ModuleType

import bench
from bench import machine


def measurements() -> dict[str, ModuleType]:
    """Find the modules of this folder that measure something: they have NAME, HELP and `run`."""
    names = (module.name for module in pkgutil.iter_modules(bench.__path__, "bench."))
    modules = (importlib.import_module(name) for name in names if name != "bench.__main__")
    return {module.NAME: module for module in modules if hasattr(module, "NAME")}


def main(arguments: list[str]) -> int:
    """Run what is asked for; print one JSON line for each measurement."""
    known = measurements()
    if arguments and arguments[0] not in known:
        for name, module in known.items():
            print(f"{name:10} {module.HELP}")
        return 0 if arguments[0] in {"-h", "--help"} else 2
    for name in arguments[:1] or known:
        before = machine.load()
        result = known[name].run(arguments[1:])
        facts = machine.facts() | {"load_before": before, "load_after": machine.load()}
        print(json.dumps({"name": name} | result | {"machine": facts}), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
