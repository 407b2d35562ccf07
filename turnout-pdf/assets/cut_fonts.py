"""Cuts Liberation Sans, Serif and Mono 2.1.5 to Latin, Greek, Cyrillic and Hebrew letters without hints for screens,
under names of our own: the license keeps "Liberation" for the whole fonts. Needs fonttools 4.68; run as `cut_fonts.py FOLDER`, where FOLDER holds the fonts."""

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

LETTERS = [
    (0x20, 0x7E), (0xA0, 0x24F), (0x2B0, 0x36F), (0x370, 0x3FF), (0x400, 0x52F), (0x1E00, 0x1FFF), (0x2000, 0x206F),
    (0x20A0, 0x20BF), (0x2116, 0x2116), (0x2122, 0x2122), (0x25CC, 0x25CC),
]
# the others fall back to Sans
HEBREW = [(0x590, 0x5FF), (0xFB1D, 0xFB4F)]

for family, more in (("Sans", HEBREW), ("Serif", []), ("Mono", [])):
    for cut in ("Regular", "Bold"):
        font = TTFont(Path(sys.argv[1]) / f"Liberation{family}-{cut}.ttf", recalcTimestamp=False)
        options = subset.Options(hinting=False, layout_features=["*"], name_IDs=["*"], notdef_outline=True)
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=[code for first, last in LETTERS + more for code in range(first, last + 1)])
        cutter.subset(font)
        for record in font["name"].names:
            # the copyright and the trademark stay as they are
            if record.nameID not in (0, 7, 13, 14):
                record.string = record.toUnicode().replace("Liberation", "Turnout")
        font.save(Path(__file__).parent / "fonts" / f"Turnout{family}-{cut}.ttf")
