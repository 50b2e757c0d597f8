"""Every text we send, in English and Spanish (law: messaging.md, "Rules"; product.md 7.5 and 7.11).

A discreet text names nothing. A plain one, for people who chose it, may name the meeting and the place. `[...]` is
left out when a value in it is not given; `{when:day}` and `{when:time}` spell a moment. Spanish is written around the
accented letters that GSM-7 lacks, so that nothing is misspelled. We ask for Y (S) or N, never for a word that the
carrier takes as opt-in or opt-out; START alone makes the carrier let texts through again, in any language.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Text:
    """One text in both languages; the plain form is the discreet one where nothing is given."""

    en: str
    es: str
    plain_en: str = ""
    plain_es: str = ""


CATALOGUE = {
    "opt_in": Text(
        en="{sender}: Reply Y to get reminders by text, about 3 a week. Msg & data rates may apply. "
        "HELP for help, STOP to end texts.",
        es="{sender}: Responde S para recibir recordatorios, unos 3 por semana. Tu plan puede cobrar. "
        "AYUDA para ayuda, STOP o ALTO para terminar.",
    ),
    "welcome": Text(
        en="[{sender}: ]You are set. We text you before each visit, about 3 a week. Msg & data rates may apply. "
        "HELP for help, STOP to end texts.",
        es="[{sender}: ]Listo. Te escribimos antes de cada cita, unos 3 por semana. Tu plan puede cobrar. "
        "AYUDA para ayuda, STOP o ALTO para terminar.",
    ),
    "reminder": Text(
        en="Reminder: {when:day}. Reply Y if you are coming, N if not. HELP for help, STOP to end texts.",
        es="Recordatorio: {when:day}. Responde S si vienes, N si no. AYUDA para ayuda, ALTO para terminar.",
        plain_en="Reminder: {name}, {when:day}[, {place}]. Reply Y if you are coming, N if not. STOP to end texts.",
        plain_es="Recordatorio: {name}, {when:day}[, {place}]. Responde S si vienes, N si no. ALTO para terminar.",
    ),
    "thanks": Text(
        en="Thank you. See you {when:day}.",
        es="Gracias. Nos vemos {when:day}.",
        plain_en="Thank you. See you {when:day}: {name}[, {place}].",
        plain_es="Gracias. Nos vemos {when:day}: {name}[, {place}].",
    ),
    "no_thanks": Text(
        en="Thanks for telling us. You can come another time.",
        es="Gracias por avisar. Te esperamos cuando puedas.",
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
        en="Change: {was:day} is now {when:day}. Reply Y if you can come, N if not.",
        es="Cambio: {was:day} ahora es {when:day}. Responde S si puedes venir, N si no.",
        plain_en="Change: {name} is now {when:day}[, {place}]. Reply Y if you can come, N if not.",
        plain_es="Cambio: {name} ahora es {when:day}[, {place}]. Responde S si puedes venir, N si no.",
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
    "next_none": Text(
        en="Nothing is planned for you yet. Reply HELP for choices.",
        es="Por ahora no tienes nada planeado. Responde AYUDA para ver opciones.",
    ),
    "nothing_open": Text(
        en="There is nothing to answer now. Reply NEXT for your next visit, HELP for choices.",
        es="Ahora no hay nada que responder. Responde PROXIMA para ver tu siguiente cita, AYUDA para ver opciones.",
    ),
    "here_ok": Text(
        en="You are checked in. Good to see you. Total visits: {count}.",
        es="Llegada registrada. Nos alegra verte. Total de visitas: {count}.",
    ),
    "here_noted": Text(
        en="Thank you. We noted that you are here.",
        es="Gracias. Anotamos que llegaste.",
    ),
    "here_wrong_code": Text(
        en="That number does not match. Please reply HERE and the 4 numbers.",
        es="Esa clave no coincide. Responde AQUI y las 4 cifras.",
    ),
    "here_ask_host": Text(
        en="That number does not match. Please tell the host that you are here.",
        es="Esa clave no coincide. Por favor, avisa a quien te recibe que ya llegaste.",
    ),
    "here_tell_host": Text(
        en="Please tell the host that you are here.",
        es="Por favor, avisa a quien te recibe que ya llegaste.",
    ),
    "here_closed": Text(
        en="Check-in is not open now. It opens 30 minutes before the start.",
        es="Ahora no se puede registrar la llegada. Abre 30 minutos antes del inicio.",
    ),
    "milestone": Text(
        en="Today makes {count}. Well done.",
        es="Con hoy ya son {count}. Bien hecho.",
    ),
    "milestone_weeks": Text(
        en="{count} weeks on your goal. Well done.",
        es="{count} semanas con tu meta. Bien hecho.",
    ),
    "signin_code": Text(
        en="{code} is your sign-in code. It works for 10 minutes. We never ask you for it.[ Or open {link}]",
        es="{code} es tu clave para entrar. Sirve 10 minutos. Nunca te la vamos a pedir.[ O abre {link}]",
    ),
    "stop": Text(
        en="Your texts are off. You can still come. Reply START to get texts again.",
        es="Ya no vas a recibir mensajes. Puedes seguir viniendo. Responde START para volver a recibirlos.",
    ),
    "start": Text(
        en="[{sender}: ]You will get texts again, about 3 a week. Msg & data rates may apply. "
        "HELP for help, STOP to end texts.",
        es="[{sender}: ]Vas a recibir mensajes otra vez, unos 3 por semana. Tu plan puede cobrar. "
        "AYUDA para ayuda, STOP o ALTO para terminar.",
    ),
    "help": Text(
        en="[{sender}: ]Reminder texts, about 3 a week.[ Call {phone}.] Reply Y, N, MAYBE, NEXT, or HERE and the code. "
        "STOP to end texts. Msg & data rates may apply. If you need help now, call or text 988 any time, or call 911.",
        es="[{sender}: ]Mensajes para recordarte, unos 3 por semana.[ Llama al {phone}.] Responde S, N, QUIZAS, "
        "PROXIMA, o AQUI y la clave. STOP o ALTO para terminar. Tu plan puede cobrar. "
        "Si necesitas ayuda ahora, llama al 988 y marca 2, o llama al 911.",
    ),
    "unknown": Text(
        en="Sorry, we did not understand. Reply HELP for choices.",
        es="Perdona, no entendimos. Responde AYUDA para ver opciones.",
    ),
    "unknown_sender": Text(
        en="Sorry, we did not understand. If you need help now, call or text 988 any time, or call 911.",
        es="Perdona, no entendimos. Si necesitas ayuda ahora, llama al 988 y marca 2, o llama al 911.",
    ),
    "crisis": Text(
        en="Thank you for telling us. You matter to us. If you are in danger, call 911. To talk now, call or text 988, "
        "free, any time. Or call SAMHSA: 1-800-662-4357, day or night. "
        "A person reads replies {hours}, not all the time.",
        es="Gracias por avisarnos. Nos importas. Si hay peligro, llama al 911. Para hablar ahora, llama al 988 y "
        "marca 2, o manda AYUDA por texto al 988, gratis, a toda hora. O llama a SAMHSA: 1-800-662-4357. "
        "Una persona lee las respuestas {hours}, no a toda hora.",
    ),
}

# Longer than one part, or not ours to shorten.
MAY_BE_LONGER = {
    "crisis": "three lines of help and the hours of our own are worth more than a part",
    "help": "the carrier's rules ask for sender, frequency, cost and the way out; ours for the lines of help",
    "signin_code": "the link is as long as the address of the installation",
}
