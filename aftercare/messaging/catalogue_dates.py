"""The texts about dates: reminders, answers, news, check-in (merged in `catalogue`)."""

from aftercare.messaging.spoken import Text

DATES = {
    "reminder": Text(
        en="Reminder: {when:day}. Reply Y if you are coming, N if not. HELP for help, STOP to end texts.",
        es="Recordatorio: {when:day}. Responde S si vienes, N si no. AYUDA para ayuda, ALTO para terminar.",
        plain_en="Reminder: {name}, {when:day}[, {place}]. Reply Y if you are coming, N if not. STOP to end texts.",
        plain_es="Recordatorio: {name}, {when:day}[, {place}]. Responde S si vienes, N si no. ALTO para terminar.",
    ),
    "thanks": Text(
        en="Thank you. See you {when:day}.[ And {also:day}? Reply Y or N.]",
        es="Gracias. Nos vemos {when:day}.[ ¿Y {also:day}? Responde S o N.]",
        plain_en="Thank you. See you {when:day}: {name}[, {place}].[ And {also:day}? Reply Y or N.]",
        plain_es="Gracias. Nos vemos {when:day}: {name}[, {place}].[ ¿Y {also:day}? Responde S o N.]",
    ),
    "no_thanks": Text(
        en="Thanks for telling us. Noted: not coming {when:day}. You can come another time."
        "[ And {also:day}? Reply Y or N.]",
        es="Gracias por avisar. Anotado: no vienes {when:day}. Te esperamos cuando puedas."
        "[ ¿Y {also:day}? Responde S o N.]",
    ),
    "maybe_also": Text(
        en="Thank you. Noted as maybe: {when:day}. And {also:day}? Reply Y or N.",
        es="Gracias. Anotado que no sabes: {when:day}. ¿Y {also:day}? Responde S o N.",
    ),
    "maybe": Text(
        en="Thank you. {when:day}: reply Y when you know you can come, N if not.",
        es="Gracias. Responde S cuando sepas que vienes {when:day}, N si no.",
        plain_en="Thank you. {name}, {when:day}: reply Y when you know you can come, N if not.",
        plain_es="Gracias. Responde S cuando sepas que vienes {when:day} ({name}), N si no.",
    ),
    "waitlisted": Text(
        en="{when:day} is full. You are number {position} in line. We text you if a place is free.",
        es="No queda lugar {when:day}. Tu puesto en la lista es el {position}. Te avisamos si se abre un lugar.",
        plain_en="{name}, {when:day}, is full. You are number {position} in line. We text you if a place is free.",
        plain_es="No queda lugar {when:day} ({name}). Tu puesto en la lista es el {position}. "
        "Te avisamos si se abre un lugar.",
    ),
    "offer": Text(
        en="A place is free {when:day}. Reply Y by {until:time}, N if not.",
        es="Hay un lugar {when:day}. Responde S si lo quieres, N si no. Plazo: {until:time}.",
        plain_en="A place is free: {name}, {when:day}[, {place}]. Reply Y by {until:time}, N if not.",
        plain_es="Hay un lugar: {name}, {when:day}[, {place}]. Responde S si lo quieres, N si no. Plazo: {until:time}.",
    ),
    "offer_gone": Text(
        en="Sorry, the place {when:day} is no longer free.",
        es="Lo sentimos, el lugar {when:day} ya no queda libre.",
    ),
    "moved": Text(
        en="Change: {was:day} is now {when:day}.[ Also {count} later.] Reply Y if you can come, N if not.",
        es="Cambio: {was:day} ahora es {when:day}.[ Y otras {count}.] Responde S si puedes venir, N si no.",
        plain_en="Change: {name} is now {when:day}[, {place}].[ Also {count} later.] "
        "Reply Y if you can come, N if not.",
        plain_es="Cambio: {name} ahora es {when:day}[, {place}].[ Y otras {count}.] "
        "Responde S si puedes venir, N si no.",
    ),
    "cancelled": Text(
        en="{when:day} is off. Sorry for the change.",
        es="Se cancela: {when:day}. Perdona el cambio.",
        plain_en="{name}, {when:day}, is off. Sorry for the change.",
        plain_es="Se cancela: {name}, {when:day}. Perdona el cambio.",
    ),
    "cancelled_next": Text(
        en="{when:day} is off. Next: {next_when:day}. Reply Y if you can come, N if not.",
        es="Se cancela: {when:day}. La siguiente: {next_when:day}. Responde S si puedes venir, N si no.",
        plain_en="{name}, {when:day}, is off. Next: {next_when:day}. Reply Y if you can come, N if not.",
        plain_es="Se cancela: {name}, {when:day}. La siguiente: {next_when:day}. Responde S si puedes venir, N si no.",
    ),
    "missed": Text(
        en="Missed you {when:day}. No need to explain. Reply CALL if you would like to talk.",
        es="Te echamos de menos {when:day}. No hace falta explicar. Responde LLAMAR si quieres hablar.",
        plain_en="Missed you at {name}, {when:day}. No need to explain. Reply CALL if you would like to talk.",
        plain_es="Te echamos de menos en {name}, {when:day}. No hace falta explicar. LLAMAR si quieres hablar.",
    ),
    "missed_next": Text(
        en="Missed you {when:day}. Next: {next_when:day}. Reply Y to come, CALL to talk. No need to explain.",
        es="Te echamos de menos {when:day}. La siguiente: {next_when:day}. Responde S si vienes, LLAMAR para hablar. "
        "No hace falta explicar.",
    ),
    "full": Text(
        en="Sorry, {when:day} is full.",
        es="Lo sentimos, no queda lugar {when:day}.",
    ),
    "closed": Text(
        en="It is too late to answer for {when:day}.",
        es="Ya no se puede responder para {when:day}.",
    ),
    "next": Text(
        en="Next: {when:day}. Reply N if you cannot come.",
        es="La siguiente: {when:day}. Responde N si no puedes venir.",
        plain_en="Next: {name}, {when:day}[, {place}]. Reply N if you cannot come.",
        plain_es="La siguiente: {name}, {when:day}[, {place}]. Responde N si no puedes venir.",
    ),
    "seat_free": Text(
        en="A place is free {when:day}. Reply Y if you are coming, N if not.",
        es="Hay lugar {when:day}. Responde Y si vienes, N si no.",
    ),
    "next_none": Text(
        en="Nothing is planned for you yet. Reply HELP for choices.",
        es="Por ahora no tienes nada planeado. Responde AYUDA para ver opciones.",
    ),
    "nothing_open": Text(
        en="There is nothing to answer now. Reply NEXT for your next visit, HELP for choices.",
        es="Ahora no hay nada que responder. Responde PROXIMA para ver tu siguiente cita, AYUDA para ver opciones.",
    ),
}
