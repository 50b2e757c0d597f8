"""Ten sentences about a week, written for the demo; no measure of anything, and nobody's property."""

import json

_WORDS = {
    "en": (
        "I slept well enough.",
        "I ate well enough.",
        "I have a safe place to live.",
        "I have somebody I can call.",
        "I spent time with people who are good for me.",
        "I had things to do that matter to me.",
        "I can pay for what I need.",
        "I got through the hard moments.",
        "I am hopeful about next week.",
        "I came where I wanted to come.",
    ),
    "es": (
        "Pude dormir bien.",
        "Pude comer bien.",
        "Tengo un lugar seguro donde vivir.",
        "Tengo a quien llamar.",
        "Pasé tiempo con gente que me hace bien.",
        "Tuve cosas que hacer que me importan.",
        "Puedo pagar lo que necesito.",
        "Pude con los momentos duros.",
        "Tengo esperanza para la semana que viene.",
        "Llegué a donde me propuse.",
    ),
}
NAMES = {"en": "My week in ten", "es": "Mi semana en diez"}


def files() -> list[bytes]:
    """Give the questionnaire in each language, as a clinic would load it."""
    scale = {"low": 1, "high": 6}
    return [
        json.dumps({"name": NAMES[language], "language": language, "items": list(items)} | scale).encode()
        for language, items in _WORDS.items()
    ]
