"""The texts of arriving, of milestones, and of talk that is about no date (merged in `catalogue`)."""

from aftercare.messaging.spoken import Text

TALK = {
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
    "unknown": Text(
        en="Sorry, we did not understand. Reply HELP for choices.",
        es="Perdona, no entendimos. Responde AYUDA para ver opciones.",
    ),
    "broadcast": Text(
        en="[{sender}: ]{words} STOP to end texts.",
        es="[{sender}: ]{words} ALTO para terminar.",
    ),
}
