#!/usr/bin/python3
"""Draws the texts of PresenceTests in faces and sizes that are hard to read: type.py [FOLDER]

Needs python3-pil and the fonts that are named here (fonts-dejavu-core, fonts-liberation2, fonts-open-sans, fonts-lato,
fonts-urw-base35, fonts-freefont-ttf).
"""
import subprocess, sys

from PIL import Image, ImageDraw, ImageFont

TEXTS = [("serif-s", "BS", "Nimbus Mono PS", 14, 0, 255), ("large-brackets", "(open) 27", "Open Sans", 120, 30, 250),
         ("large-point", ".35", "DejaVu Sans Mono", 120, 230, 40),
         ("large-comma", "Qty 1,888", "Liberation Sans", 120, 20, 245), ("large-o", "Outline", "Nimbus Sans", 120, 20, 240),
         ("grouped-digits", "1 734 562", "DejaVu Sans Mono", 14, 0, 255), ("large-tilde", "~7 files", "Lato", 120, 20, 240),
         ("tiny-word", "closed", "Liberation Sans", 8, 0, 255), ("tiny-code", "C0A", "FreeSerif", 8, 0, 255),
         ("low-letters", "sow", "DejaVu Sans", 48, 0, 255)]

for name, text, face, size, ink, ground in TEXTS:
    file = subprocess.run(["fc-match", "-f", "%{file}", face], capture_output=True, text=True, check=True).stdout
    font = ImageFont.truetype(file, size)
    _, _, right, bottom = font.getbbox(text)
    picture = Image.new("RGB", (max(right + 80, 320), max(bottom + 60, 80)), (ground,) * 3)
    ImageDraw.Draw(picture).text((40, 30), text, font=font, fill=(ink,) * 3)
    picture.save(f"{sys.argv[1] if len(sys.argv) > 1 else '.'}/{name}.png", optimize=True)
