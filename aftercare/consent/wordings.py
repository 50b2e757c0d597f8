"""The sentences that people agree to, by version. A version never changes once somebody has agreed to it (law)."""

WORDINGS: dict[str, dict[str, str]] = {
    "texts-1": {
        "en": "I agree to get texts from {organisation} about my visits, about 3 a week. Message and data rates may "
        "apply. I can text STOP at any time to end them, or HELP for help. My care does not depend on this.",
        "es": "Acepto recibir mensajes de {organisation} sobre mis citas, unos 3 por semana. Mi plan puede cobrar por "
        "mensajes y datos. Puedo mandar ALTO cuando quiera para terminar, o AYUDA para pedir ayuda. Mi atención no "
        "depende de esto.",
    },
}


def wording(version: str, language: str, *, organisation: str) -> str:
    """Spell the sentences of a version in a language."""
    return WORDINGS[version][language].format(organisation=organisation)
