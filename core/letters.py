"""Which letters the fonts of a receipt have: the others are shown as an empty box, and counted.

The fonts come with typst (Libertinus Serif, DejaVu Sans Mono), so that a receipt has the same
bytes on every machine. They hold Latin with all accents, Greek, Cyrillic, Armenian, Georgian,
Hebrew, Arabic, Lao and common symbols; not Chinese, Japanese, Korean, Thai, the scripts of India,
nor coloured pictures. A PDF/A may not show a letter that its fonts lack.
"""

import re
import unicodedata

MISSING = "\u25a1"
SEGMENT = 40
"""Where a word is longer than this without a place to break, it may break after so many letters."""

_UPRIGHT = """
    20-7e a0-ac ae-34e 350-36f 374-377 37a-37f 384-38a 38e-3a1 3a3-3ce 3d0-3e1 3f0-45f
    470-477 490-4c4 4c7-4cc 4cf-4f9 51a-51d 531-556 559-55f 561-587 5b0-5c3 5d0-5ea 5f0-5f4
    621-63a 640-655 660-66d 6f0-6f9 e94-e97 e99-e9f ead-eb9 ec8-ecd 10d0-10fc 1d30-1d3c
    1d3e-1d5f 1d62-1d67 1d9b-1db7 1db9-1dbf 1e00-1e9b 1e9e-1ef9 1f00-1f15 1f18-1f1d
    1f20-1f45 1f48-1f4d 1f50-1f57 1f5f-1f7d 1f80-1fb4 1fb6-1fc4 1fc6-1fd3 1fd6-1fdb
    1fdd-1fef 1ff6-1ffe 2000-200a 2010-2027 202f-2037 2039-203f 2044-204b 2074-208e
    2090-209c 20a0-20b5 2100-2103 210c-210f 2135-2139 2153-2184 2190-2220 2223-222d
    2234-223d 2241-226b 226d-228b 228d-22a5 22b2-22b5 22c2-22c6 22cd-22d1 22da-22e9
    2300-2306 2308-2315 231c-2321 2325-232b 2335-237a 2380-2383 2388-238b 239b-23ae
    2460-2473 24ff-262f 2638-268b 2690-269c 26a0-26a5 2701-2704 2706-2709 270c-2727
    2729-274b 274f-2752 2758-275e 2761-277f 2798-27af 27b1-27be 27e6-27eb 2b05-2b0d
    2b12-2b1a 2c60-2c70 2c74-2c77 2c7c-2c7f 2e22-2e25 a708-a716 a71b-a727 a789-a78e
    fb29-fb36 fb38-fb3c fb46-fb4e fb52-fb81 fb8a-fb95 fbaa-fbad fbfc-fbff fe70-fe74
    fe76-fefc
"""
"""Ranges of code points that are there both upright and bold, in hexadecimal."""

_SLANTED = """
    20-7e a0-ac ae-1c3 1cd-1e3 1e6-1ef 1fc-21f 224-241 250-34e 350-36f 374-377 37a-37f
    384-38a 38e-3a1 3a3-3ce 3d0-3e1 3f0-45f 490-49b 4a2-4a5 4aa-4b3 4c0-4c4 4cf-4f9 51a-51d
    531-556 559-55f 561-587 5b0-5c3 5d0-5ea 5f0-5f4 e94-e97 e99-e9f ead-eb9 ec8-ecd
    10d0-10fc 1d30-1d3c 1d3e-1d5b 1d62-1d65 1d9b-1db7 1db9-1dbf 1e00-1ef9 1f00-1f15
    1f18-1f1d 1f20-1f45 1f48-1f4d 1f50-1f57 1f5f-1f7d 1f80-1fb4 1fb6-1fc4 1fc6-1fd3
    1fd6-1fdb 1fdd-1fef 1ff6-1ffe 2000-200a 2010-2027 202f-2037 2039-203f 2044-204b
    2074-208e 2090-209c 20a0-20b5 2100-2103 210c-210f 2135-2139 2153-2184
"""

_BARE = "20-7e a0-ac ae-17f 384-38a 38e-3a1 3a3-3ce 400-45f 2010-2022 2026 20ac 25a1"
"""What stands by itself: no marks that join a letter, nothing that joins or turns."""

_INVISIBLE = {"Cc", "Cf", "Zl", "Zp"}


def _outside(ranges: str) -> re.Pattern[str]:
    parts = (part.partition("-") for part in ranges.split())
    inside = "".join(
        f"\\U{int(first, 16):08x}-\\U{int(last or first, 16):08x}" for first, _, last in parts
    )
    return re.compile(f"[^{inside}]")


_NOT_UPRIGHT = _outside(_UPRIGHT)
_NOT_SLANTED = _outside(_SLANTED)
_NOT_BARE = _outside(_BARE)
_RIGHT_TO_LEFT = {"R", "AL"}
_LONG_WORD = re.compile(rf"\S{{{SEGMENT}}}(?=\S)")


def shown(text: str, *, bare: bool = False) -> tuple[str, int]:
    """Give `text` as the fonts can show it, and how many of its letters they cannot.

    Invisible characters, which could turn or hide what stands beside them, are left out.
    `bare` keeps only letters that never join with others.
    """
    missing = 0

    def instead(match: re.Match[str]) -> str:
        nonlocal missing
        if match[0] in "\n\t":
            return match[0]
        missing += 1
        return "" if unicodedata.category(match[0]) in _INVISIBLE else MISSING

    pattern = _NOT_BARE if bare else _NOT_UPRIGHT
    return pattern.sub(instead, unicodedata.normalize("NFC", text)), missing


def can_slant(text: str) -> bool:
    """Say whether the fonts have all of it in italics."""
    return not _NOT_SLANTED.search(text.replace("\n", " "))


def is_right_to_left(text: str) -> bool:
    """Say whether the first letter that has a direction is of a script written to the left."""
    for letter in text:
        direction = unicodedata.bidirectional(letter)
        if direction in _RIGHT_TO_LEFT:
            return True
        if direction == "L":
            return False
    return False


def breakable(text: str) -> list[str]:
    """Cut it where a word is too long for a line."""
    return _LONG_WORD.sub(lambda match: f"{match[0]}\x00", text).split("\x00")
