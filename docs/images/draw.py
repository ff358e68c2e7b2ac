"""Draw the README's picture: what `vigie demo` prints, as an SVG that loads nothing from elsewhere.

Run it from the project's folder: `.venv/bin/python docs/images/draw.py`.
"""

from __future__ import annotations

import io
import re
from pathlib import Path

from rich.console import Console

from app import words
from app.cli import demo, output

PICTURE = Path(__file__).parent / "demo.svg"
_ELSEWHERE = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)


def main() -> None:
    """Run the demo into a console that records, and write the picture."""
    words.speak("en")
    recorder = Console(record=True, file=io.StringIO(), width=128, highlight=False, force_terminal=True)
    output.out = demo.out = recorder
    demo.demo(no_serve=True)
    drawn = recorder.export_svg(title="vigie demo")
    PICTURE.write_text(_ELSEWHERE.sub("", drawn), encoding="utf-8")


if __name__ == "__main__":
    main()
