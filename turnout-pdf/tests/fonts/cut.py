"""Cuts the fonts of this folder, for tests alone, out of Debian's fonts-noto-core (OFL 1.1) and fonts-droid-fallback
(Apache-2.0), and draws one with PostScript outlines. Needs fonttools 4.68; run as `cut.py /usr/share/fonts/truetype`."""

import sys
from pathlib import Path

from fontTools import subset
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.ttLib import TTFont

here, source = Path(__file__).parent, Path(sys.argv[1])
for name, path, letters in [
    ("arabic", "noto/NotoNaskhArabic-Regular.ttf", "محمد علي السلام ٥، \u200c"),
    ("devanagari", "noto/NotoSansDevanagari-Regular.ttf", "हिन्दी क्षत्रिय शर्मा \u200c\u200d"),
    ("chinese", "droid/DroidSansFallbackFull.ttf", "李明王小紅"),
]:
    font = TTFont(source / path, recalcTimestamp=False)
    options = subset.Options(hinting=False, layout_features=["*"], notdef_outline=True)
    cutter = subset.Subsetter(options)
    cutter.populate(text=letters)
    cutter.subset(font)
    font.save(here / f"{name}.ttf")


def bar(left, right):
    pen = T2CharStringPen(1000, None)
    pen.moveTo((left, 0))
    for corner in [(left, 700), (right, 700), (right, 0)]:
        pen.lineTo(corner)
    pen.closePath()
    return pen.getCharString()


glyphs = {".notdef": bar(100, 900), "uni738B": bar(200, 800), "uni5C0F": bar(300, 700)}
font = FontBuilder(1000, isTTF=False)
font.setupGlyphOrder(list(glyphs))
font.setupCharacterMap({0x738B: "uni738B", 0x5C0F: "uni5C0F"})
font.setupCFF("Bars", {}, glyphs, {})
font.setupHorizontalMetrics({name: (1000, 0) for name in glyphs})
font.setupHorizontalHeader(ascent=880, descent=-120)
font.setupNameTable({"familyName": "Bars", "styleName": "Regular", "psName": "Bars"})
font.setupOS2()
font.setupPost()
font.save(here / "postscript.otf")
