"""Charts as tests look at them: read as XML, piece by piece."""

from xml.etree import ElementTree

SVG = "{http://www.w3.org/2000/svg}"
HARD = '<b onclick="x">&\'é'


def opened(markup):
    """Read markup, which must be well formed, as a page would: an inline SVG needs no namespace there."""
    return ElementTree.fromstring(str(markup).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" '))  # noqa: S314 - our own


def pieces(markup, kind):
    """List the pieces of a picture that have a class."""
    return [piece for piece in opened(markup).iter() if kind in piece.get("class", "").split()]


def written(markup, kind="label"):
    """List the words written in a picture."""
    return [piece.text for piece in pieces(markup, kind)]


def told(markup, kind):
    """List what pieces say when pointed at."""
    return [piece.findtext(f"{SVG}title") for piece in pieces(markup, kind)]


def heights(markup, kind):
    """List how high pieces are."""
    return [float(piece.get("height")) for piece in pieces(markup, kind)]
