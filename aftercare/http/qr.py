"""QR codes as paths of an SVG: they print sharp, and need no picture."""

from functools import lru_cache
from itertools import accumulate, groupby
from typing import NamedTuple

from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_M

# What the standard asks to be left white around a code.
MARGIN = 4
KEPT = 256


class Drawing(NamedTuple):
    """A code: the side of its square in modules, the white margin counted, and the path of its dark ones."""

    side: int
    path: str


def draw(address: str) -> Drawing:
    """Draw the QR code of an address."""
    code = QRCode(error_correction=ERROR_CORRECT_M, border=MARGIN)
    code.add_data(address)
    rows = code.get_matrix()
    return Drawing(len(rows), "".join(_dark(row, at) for at, row in enumerate(rows)))


@lru_cache(maxsize=KEPT)
def drawn(address: str) -> Drawing:
    """Draw the code of an address that is no secret, once for all who look at it in a while."""
    return draw(address)


def _dark(row: list[bool], at: int) -> str:
    """Draw the dark stretches of one row."""
    stretches = [(is_dark, len(list(cells))) for is_dark, cells in groupby(row)]
    begins = accumulate((length for _, length in stretches), initial=0)
    return "".join(
        f"M{x} {at}h{length}v1h-{length}z" for x, (is_dark, length) in zip(begins, stretches, strict=False) if is_dark
    )
