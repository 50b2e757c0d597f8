"""The sentences that people agree to, by version. A version never changes once somebody has agreed to it (law)."""

WORDINGS: dict[str, dict[str, str]] = {
    "texts-1": {
        "en": "I agree to get texts from {organisation} about my visits, about 3 a week. Message and data rates may "
        "apply. I can text STOP at any time to end them, or HELP for help. My care does not depend on this.",
        "es": "Acepto recibir mensajes de {organisation} sobre mis citas, unos 3 por semana. Mi plan puede cobrar por "
        "mensajes y datos. Puedo mandar ALTO cuando quiera para terminar, o AYUDA para pedir ayuda. Mi atención no "
        "depende de esto.",
    },
    "mail-1": {
        "en": "I agree to get e-mails from {organisation} about my visits, about 3 a week, instead of texts. I can "
        "end them at any time by the link in each. My care does not depend on this.",
        "es": "Acepto recibir correos de {organisation} sobre mis citas, unos 3 por semana, en lugar de mensajes. "
        "Puedo terminarlos cuando quiera con el enlace de cada uno. Mi atención no depende de esto.",
    },
}


def wording(version: str, language: str, *, organisation: str) -> str:
    """Spell the sentences of a version in a language."""
    return WORDINGS[version][language].format(organisation=organisation)
