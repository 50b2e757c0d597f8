"""The texts of numbers that change (merged in `catalogue`)."""

from aftercare.messaging.spoken import Text

NUMBERS = {
    "number_code": Text(
        en="{code} is your code. It shows that this phone is yours. It works for 10 minutes. We never ask you for it.",
        es="{code} es tu clave. Muestra que este celular es tuyo. Sirve 10 minutos. Nunca te la vamos a pedir.",
    ),
    "number_start": Text(
        en="Thank you. We noted your new phone. Reply START to get texts on it.",
        es="Gracias. Anotamos tu celular nuevo. Responde START para recibir mensajes en este celular.",
    ),
}
