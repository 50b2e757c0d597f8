"""What people read when a sentence of theirs is not understood, by their language; it names the word."""

SENTENCES = {
    "en": {
        "unknown": "We do not understand “{}”. Say it like: every other Tuesday at 7 PM until June.",
        "half": "Say whether “{}” is AM or PM.",
        "clock": "“{}” is no time of the day.",
        "day": "There is no day like “{}”.",
        "weekday": "“{}” is another day of the week.",
        "holidays": "We do not know the holidays of “{}”.",
        "twice": "Say this only once: “{}”.",
        "mixed": "All days must be in the same weeks of the month. We cannot follow “{}”.",
        "nothing": "Say when it is, like: every other Tuesday at 7 PM until June.",
    },
    "es": {
        "unknown": "No entendemos «{}». Dilo así: cada dos martes a las 7 de la tarde hasta junio.",
        "half": "Di si «{}» es de la mañana o de la tarde.",
        "clock": "«{}» no es una hora del día.",
        "day": "No hay un día como «{}».",
        "weekday": "«{}» es otro día de la semana.",
        "holidays": "No conocemos los días festivos de «{}».",
        "twice": "Di esto una sola vez: «{}».",
        "mixed": "Todos los días deben ser de las mismas semanas del mes. No podemos seguir «{}».",
        "nothing": "Di cuándo es, así: cada dos martes a las 7 de la tarde hasta junio.",
    },
}  # fmt: skip
