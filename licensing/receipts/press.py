"""The press: a process of its own that sets one receipt and ends; it is given data and no secrets.

`python -I press.py FOLDER` reads JSON on its input and writes the PDF on its output. A process of
its own can be stopped when a text is too much for it, and gives its memory back: typst keeps what
it has computed, and would grow by more than 100 MB for each long text.
"""

import resource
import sys
from pathlib import Path

CPU_S = 20
MEMORY = 3 * 2**30
"""Address space, of which the fonts and the threads' stacks take most without ever using it."""

UNPRINTABLE = 3
"""How it ends where a letter cannot be shown after all."""


def main() -> int:
    """Set the receipt that stands on the input."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    folder = Path(sys.argv[1])
    import typst

    receipt = sys.stdin.buffer.read().decode("utf-8")
    try:
        made = typst.compile(
            folder / "receipt.typ",
            root=folder,
            # What the machine has installed must not change what a receipt looks like.
            font_paths=typst.Fonts(include_system_fonts=False),
            sys_inputs={"receipt": receipt},
            # To be kept for decades, and to be read aloud: ISO 19005-3 and ISO 14289-1.
            pdf_standards=["a-3a", "ua-1"],
            package_path=folder / "none",
            package_cache_path=folder / "none",
            timestamp=0,
        )
    except typst.TypstError as error:
        sys.stderr.write(str(error)[:2000])
        return UNPRINTABLE
    sys.stdout.buffer.write(made or b"")
    return 0


if __name__ == "__main__":
    sys.exit(main())
