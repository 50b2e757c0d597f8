"""The texts of check-ups (merged in `catalogue`). An item is spelled, or named by its line on the person's sheet."""

from aftercare.messaging.spoken import Text

CHECKUPS = {
    "checkup": Text(
        en="Time for your check-up: {count} short questions by text. Reply Y to begin, N if not now.",
        es="Es hora de unas {count} preguntas cortas por mensaje. Responde S para empezar, N si ahora no.",
    ),
    "checkup_item": Text(
        en="{nth} of {count}: see line {nth} of your sheet. Reply {low} to {high}.",
        es="{nth} de {count}: mira la fila {nth} de tu hoja. Responde de {low} a {high}.",
    ),
    "checkup_item_said": Text(
        en="{nth} of {count}: {item} Reply {low} to {high}.",
        es="{nth} de {count}: {item} Responde de {low} a {high}.",
    ),
    "checkup_range": Text(
        en="Please reply with one number from {low} to {high}.",
        es="Responde con una sola cifra, de {low} a {high}.",
    ),
    "checkup_done": Text(
        en="Thank you. That was the last question. A person here will read your answers.",
        es="Gracias. Esa era la pregunta final. Una persona lee tus respuestas.",
    ),
    "checkup_later": Text(
        en="That is fine. Reply CALL if you would like to talk.",
        es="De acuerdo. Responde LLAMAR si quieres hablar.",
    ),
}
