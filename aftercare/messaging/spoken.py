"""What one text of the catalogue is."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Text:
    """One text in both languages; the plain form is the discreet one where nothing is given."""

    en: str
    es: str
    plain_en: str = ""
    plain_es: str = ""
