"""The texts of agreement, sign-in, stopping and help (merged in `catalogue`)."""

from aftercare.messaging.spoken import Text

HELP = {
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
        en="[{sender}: ]Reminder texts, about 3 a week.[ Call {phone}.] Reply Y, N, MAYBE, LATE, CANT, NEXT, WAIT, "
        "CALL, HERE and the code, FIND and a zip code, STREAK, GOAL 2, QUIET 7, PROOF or SPANISH. STOP to end texts. "
        "Msg & data rates may apply. If you need help now, call or text 988 any time, or call 911.",
        es="[{sender}: ]Mensajes para recordarte, unos 3 por semana.[ Llama al {phone}.] Responde S, N, QUIZAS, TARDE, "
        "NO PUEDO, PROXIMA, ESPERA, LLAMAR, AQUI y la clave, BUSCAR y tu zona postal, RACHA, META 2, PAUSA 7, "
        "COMPROBANTE o INGLES. STOP o ALTO para terminar. Tu plan puede cobrar. "
        "Si necesitas ayuda ahora, llama al 988 y marca 2, o llama al 911.",
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
