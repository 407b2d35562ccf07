"""Draws the pictures of this folder with Pillow 12: 48 x 24 dots, white, its upper left quarter black."""
from pathlib import Path

from PIL import Image

here = Path(__file__).parent
gray = Image.new("L", (48, 24), 255)
gray.paste(0, (0, 0, 24, 12))
color = gray.convert("RGB")
exif = Image.Exif()
exif[0x0112] = 6  # the first row is the right side
exif[0x010F] = "A camera"
gray.save(here / "gray.jpg", quality=80)
color.save(here / "color.jpg", quality=80, subsampling=2)
color.save(here / "progressive.jpg", quality=80, progressive=True)
color.save(here / "rgb.jpg", quality=80, keep_rgb=True)
color.save(here / "on-its-side.jpg", quality=80, exif=exif, comment="taken at home")
color.convert("CMYK").save(here / "cmyk.jpg", quality=80)
