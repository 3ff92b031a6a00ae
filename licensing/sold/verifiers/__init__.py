"""What verifies a licence file without us: two short programs, to be pasted into a product."""

from functools import cache
from importlib.resources import files

from licensing.sold.keys import Key
from licensing.sold.paseto import encoded_key

LANGUAGES = {"verify.py": "text/x-python", "verify.mjs": "text/javascript"}
"""Each file, and how it is called on the web."""

_HERE = {"verify.py": "KEYS: dict[str, str] = {}\n", "verify.mjs": "const KEYS = {}\n"}
_FILLED = {
    "verify.py": "KEYS: dict[str, str] = {{\n{}}}\n",
    "verify.mjs": "const KEYS = {{\n{}}}\n",
}


def filled(name: str, keys: tuple[Key, ...]) -> str:
    """Give a program of `LANGUAGES` with the keys in it that are not retired."""
    lines = "".join(
        f'    "{one.kid}": "{encoded_key(one.public)}",\n'
        for one in keys
        if one.state != "retired"
    )
    return _text(name).replace(_HERE[name], _FILLED[name].format(lines), 1)


@cache
def _text(name: str) -> str:
    return files(__name__).joinpath(name).read_text(encoding="utf-8")
