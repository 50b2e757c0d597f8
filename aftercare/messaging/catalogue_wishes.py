"""The texts that answer what people text by themselves: late, find, call, streak, goal (merged in `catalogue`)."""

from aftercare.messaging.spoken import Text

WISHES = {
    "late": Text(
        en="Thank you. We let your host know that you are on your way: {when:day}.",
        es="Gracias. Avisamos que vienes en camino: {when:day}.",
        plain_en="Thank you. We let your host know that you are on your way: {name}, {when:day}.",
        plain_es="Gracias. Avisamos que vienes en camino: {name}, {when:day}.",
    ),
    "excused": Text(
        en="Thanks for telling us. You are excused {when:day}.[ And {also:day}? Reply Y or N.]",
        es="Gracias por avisar. Anotamos por que no vienes {when:day}.[ ¿Y {also:day}? Responde S o N.]",
    ),
    "find": Text(
        en="Near {postal}: {when:day}[, {street}].",
        es="Cerca de {postal}: {when:day}[, {street}].",
        plain_en="Near {postal}: {name}, {when:day}[, {street}].",
        plain_es="Cerca de {postal}: {name}, {when:day}[, {street}].",
    ),
    "find_none": Text(
        en="We know of nothing near {postal} this week. Reply CALL to talk to a person.",
        es="No sabemos de nada cerca de {postal} esta semana. Responde LLAMAR para hablar con alguien.",
    ),
    "find_how": Text(
        en="Please reply FIND and your 5-digit zip code, like FIND 97201.",
        es="Responde BUSCAR y las 5 cifras de tu zona postal, como BUSCAR 97201.",
    ),
    "call": Text(
        en="Thank you. A person will call you. We read this {hours}.",
        es="Gracias. Una persona te va a llamar. Leemos esto {hours}.",
    ),
    "streak": Text(
        en="Total visits: {visits}.[ Weeks on your goal: {weeks}.][ This week: {done} of {goal}.]"
        "[ Weeks in a row: {row}.]",
        es="Total de visitas: {visits}.[ Semanas con tu meta: {weeks}.][ Esta semana: {done} de {goal}.]"
        "[ Semanas seguidas: {row}.]",
    ),
    "streak_new": Text(
        en="Your first visit will count. We look forward to seeing you.",
        es="Tu primera visita va a contar. Nos va a alegrar verte.",
    ),
    "goal": Text(
        en="Your goal: {goal} a week. To change it, reply GOAL and a number from 1 to 21.",
        es="Tu meta: {goal} por semana. Para cambiarla, responde META y una cantidad de 1 a 21.",
    ),
    "goal_set": Text(
        en="Your goal is now {goal} a week.",
        es="Tu meta ahora es {goal} por semana.",
    ),
    "goal_raised": Text(
        en="Your goal is {goal} a week, from next week on.",
        es="Tu meta es {goal} por semana, desde la semana que viene.",
    ),
    "goal_limits": Text(
        en="Please reply GOAL and a number from 1 to 21.",
        es="Responde META y una cantidad de 1 a 21.",
    ),
    "quiet": Text(
        en="No reminders through {until:date}. Reply NEXT for your next visit, QUIET 0 to end the pause.",
        es="Sin recordatorios hasta el {until:date}. Responde PROXIMA para ver tu siguiente cita, PAUSA 0 para seguir.",
    ),
    "quiet_over": Text(
        en="Your pause is over. We remind you again.",
        es="Listo. Te vamos a recordar otra vez.",
    ),
    "quiet_how": Text(
        en="Please reply QUIET and a number of days from 1 to 366, like QUIET 7.",
        es="Responde PAUSA y una cifra de 1 a 366, como PAUSA 7 para una semana.",
    ),
    "language": Text(
        en="From now on we text you in English.",
        es="Desde ahora te escribimos en español.",
    ),
    "proof": Text(
        en="Thank you. We noted that you asked for a proof of your visits. A person will answer you {hours}.",
        es="Gracias. Anotamos que pides un comprobante de tus visitas. Una persona te va a responder {hours}.",
    ),
    "who": Text(
        en="Who is this? Reply {choices}",
        es="¿De parte de quién? Responde {choices}",
    ),
    "picture": Text(
        en="Thank you. We cannot see pictures here. Please write it in words, or reply HELP for choices.",
        es="Gracias. No podemos ver fotos. Por favor escribe con palabras, o responde AYUDA para ver opciones.",
    ),
    "tapped": Text(
        en="Thank you. To answer us, please reply Y or N.",
        es="Gracias. Para contestar, por favor responde S o N.",
    ),
}
