"""Draws weigh_daily.png beside this file: `python dialogs/pathways/heart_failure/pictures/draw.py`.

Needs Pillow, a dependency of the product, and Debian's `fonts-noto-cjk` (SIL Open Font License 1.1), which only whoever
draws must have: the picture carries its letters with it. The words are those of the lesson, in simple shapes."""

import argparse
from collections.abc import Callable
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

FONT = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc")
CHINESE = 2  # the face of simplified Chinese in that collection
OUT = Path(__file__).parent / "weigh_daily.png"
FINE = 2  # drawn so many times larger, so that edges are smooth
WIDTH, HEIGHT, HEAD, CELL, FOOT = 720, 1040, 104, 408, 120  # pixels of the picture as it is shown
INK, SOFT, HAIR, PAPER, BLUE, SKIN, PALE = "#1f2328", "#57606a", "#d0d7de", "#ffffff", "#0757ba", "#e9b48a", "#dcebfd"
SUN, RED, WOOD = "#f2b705", "#b3261e", "#b98a5a"
TITLE, WARNING = "每天早上称体重", ("三天内增加2公斤以上", "当天联系医院")
STEPS = (("1", "起床、排尿后"), ("2", "早饭前"), ("3", "穿同样多的衣服"), ("4", "记在本子上"))


class Pen:
    """Shapes in the picture's own pixels, moved to where a step stands."""

    def __init__(self, image: Image.Image, font: Path, x: int = 0, y: int = 0) -> None:
        self._image, self._font, self._x, self._y = image, font, x, y
        self._draw = ImageDraw.Draw(image)

    def at(self, x: int, y: int) -> "Pen":
        return Pen(self._image, self._font, x, y)

    def _place(self, spots: tuple[int, ...]) -> list[int]:
        return [FINE * (spot + (self._y if index % 2 else self._x)) for index, spot in enumerate(spots)]

    def box(self, *spots: int, fill: str, radius: int = 0, edge: str | None = None) -> None:
        self._draw.rounded_rectangle(self._place(spots), FINE * radius, fill, edge, FINE * 5 if edge else 0)

    def oval(self, *spots: int, fill: str, edge: str | None = None) -> None:
        self._draw.ellipse(self._place(spots), fill, edge, FINE * 5 if edge else 0)

    def half(self, *spots: int, fill: str) -> None:
        """The lower half of an oval."""
        self._draw.pieslice(self._place(spots), 0, 180, fill)

    def shape(self, *spots: int, fill: str) -> None:
        self._draw.polygon(self._place(spots), fill)

    def line(self, *spots: int, fill: str = INK, wide: int = 6) -> None:
        self._draw.line(self._place(spots), fill, FINE * wide, joint="curve")

    def words(self, x: int, y: int, text: str, size: int, *, fill: str = INK) -> None:
        """Their middle stands at the place."""
        font = ImageFont.truetype(self._font, FINE * size, index=CHINESE)
        left, top = self._place((x, y))
        self._draw.text((left, top), text, fill, font, anchor="mm")


def bed(pen: Pen) -> None:
    """Somebody sits on the edge of the bed, the sun is up."""
    pen.oval(250, 30, 310, 90, fill=SUN)
    for spots in ((280, 8, 280, 20), (280, 100, 280, 112), (228, 60, 240, 60), (320, 60, 332, 60)):
        pen.line(*spots, fill=SUN, wide=7)
    pen.box(40, 120, 56, 270, fill=WOOD, radius=6)
    pen.box(40, 200, 300, 244, fill=PALE, radius=10)
    pen.box(62, 176, 128, 204, fill=PAPER, radius=12, edge=HAIR)
    pen.box(284, 200, 300, 270, fill=WOOD, radius=6)
    pen.oval(172, 62, 228, 118, fill=SKIN)
    pen.box(166, 122, 234, 214, fill=BLUE, radius=22)
    pen.line(212, 204, 256, 208, 258, 262, fill=SOFT, wide=24)
    pen.line(258, 266, 282, 266, fill=INK, wide=10)


def bowl(pen: Pen) -> None:
    """First the scale, then the full bowl with its chopsticks."""
    pen.box(24, 84, 144, 190, fill=HAIR, radius=14, edge=INK)
    pen.box(54, 98, 114, 126, fill=PAPER, radius=4)
    pen.oval(52, 140, 76, 178, fill=SOFT)
    pen.oval(92, 140, 116, 178, fill=SOFT)
    pen.line(156, 136, 176, 136, fill=SOFT, wide=9)
    pen.shape(174, 118, 174, 154, 198, 136, fill=SOFT)
    pen.oval(208, 156, 328, 200, fill=PAPER, edge=HAIR)
    pen.half(202, 112, 334, 250, fill=BLUE)
    pen.box(240, 240, 296, 258, fill=BLUE, radius=6)
    pen.line(248, 176, 306, 62, fill=WOOD, wide=7)
    pen.line(266, 178, 326, 72, fill=WOOD, wide=7)


def scale(pen: Pen) -> None:
    """Somebody stands on the scale, arms down, in a shirt and trousers."""
    pen.oval(146, 4, 202, 60, fill=SKIN)
    pen.line(150, 88, 132, 150, fill=BLUE, wide=18)
    pen.line(198, 88, 216, 150, fill=BLUE, wide=18)
    pen.box(142, 64, 206, 158, fill=BLUE, radius=20)
    pen.line(158, 156, 158, 226, fill=SOFT, wide=24)
    pen.line(190, 156, 190, 226, fill=SOFT, wide=24)
    pen.line(140, 230, 166, 230, wide=10)
    pen.line(182, 230, 208, 230, wide=10)
    pen.box(90, 236, 258, 272, fill=HAIR, radius=10, edge=INK)
    pen.box(140, 244, 208, 264, fill=PAPER, radius=4)


def notebook(pen: Pen) -> None:
    """Days and weights in a book, a pen at the newest line."""
    pen.box(64, 24, 284, 266, fill=PAPER, radius=10, edge=INK)
    for row, (day, weight) in enumerate((("3日", "61.0"), ("4日", "61.2"), ("5日", "61.1"))):
        y = 72 + 66 * row
        pen.words(104, y, day, 28, fill=SOFT)
        pen.words(206, y, f"{weight}公斤", 29)
        pen.line(84, y + 30, 264, y + 30, fill=HAIR, wide=3)
    pen.line(274, 242, 332, 150, fill=BLUE, wide=16)
    pen.shape(260, 264, 267, 237, 282, 247, fill=INK)


DRAWN: tuple[Callable[[Pen], None], ...] = (bed, bowl, scale, notebook)


def draw(font: Path) -> Image.Image:
    image = Image.new("RGB", (FINE * WIDTH, FINE * HEIGHT), PAPER)
    pen = Pen(image, font)
    pen.words(WIDTH // 2, HEAD // 2, TITLE, 54)
    for index, ((number, words), drawing) in enumerate(zip(STEPS, DRAWN, strict=True)):
        cell = pen.at(index % 2 * WIDTH // 2, HEAD + index // 2 * CELL)
        cell.box(8, 4, WIDTH // 2 - 8, CELL - 8, fill=PAPER, radius=16, edge=HAIR)
        cell.oval(20, 322, 68, 370, fill=BLUE)
        cell.words(44, 345, number, 32, fill=PAPER)
        cell.words(208, 345, words, 36)
        drawing(cell.at(index % 2 * WIDTH // 2 + 6, HEAD + index // 2 * CELL + 28))
    low = pen.at(0, HEIGHT - FOOT)
    low.box(8, 2, WIDTH - 8, FOOT - 10, fill=PAPER, radius=16, edge=RED)
    low.words(WIDTH // 2, 34, WARNING[0], 36, fill=RED)
    low.words(WIDTH // 2, 80, WARNING[1], 36, fill=RED)
    return image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--font", type=Path, default=FONT)
    draw(parser.parse_args().font).quantize(48).save(OUT, "PNG", optimize=True)
