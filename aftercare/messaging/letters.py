"""Spell a letter for those who chose e-mail: a text's words, a page to answer on, a way to end them (messaging.md).

The subject tells nothing, the words no more than a text would. Where a text asks for an answer by keypad, a letter has
words of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from aftercare.messaging.catalogue_changes import LETTERS_OF_CHANGES
from aftercare.messaging.spoken import Text

LETTERS = {
    **LETTERS_OF_CHANGES,
    "reminder": Text(
        en="Reminder: {when:day}.",
        es="Recordatorio: {when:day}.",
        plain_en="Reminder: {name}, {when:day}[, {place}].",
        plain_es="Recordatorio: {name}, {when:day}[, {place}].",
    ),
    "moved": Text(
        en="Change: {was:day} is now {when:day}.[ Also {count} later.]",
        es="Cambio: {was:day} ahora es {when:day}.[ Y otras {count}.]",
        plain_en="Change: {name} is now {when:day}[, {place}].[ Also {count} later.]",
        plain_es="Cambio: {name} ahora es {when:day}[, {place}].[ Y otras {count}.]",
    ),
    "cancelled_next": Text(
        en="{when:day} is off. Next: {next_when:day}.",
        es="Se cancela: {when:day}. La siguiente: {next_when:day}.",
        plain_en="{name}, {when:day}, is off. Next: {next_when:day}.",
        plain_es="Se cancela: {name}, {when:day}. La siguiente: {next_when:day}.",
    ),
    "offer": Text(
        en="A place is free {when:day}. It is held for you until {until:time}.",
        es="Hay un lugar {when:day}. Es tuyo hasta esta hora: {until:time}.",
        plain_en="A place is free: {name}, {when:day}[, {place}]. It is held for you until {until:time}.",
        plain_es="Hay un lugar: {name}, {when:day}[, {place}]. Es tuyo hasta esta hora: {until:time}.",
    ),
    "missed": Text(
        en="Missed you {when:day}. No need to explain.",
        es="Te echamos de menos {when:day}. No hace falta explicar.",
    ),
    "missed_next": Text(
        en="Missed you {when:day}. Next: {next_when:day}. No need to explain.",
        es="Te echamos de menos {when:day}. La siguiente: {next_when:day}. No hace falta explicar.",
    ),
    "broadcast": Text(en="{words}", es="{words}"),
    "mail_welcome": Text(
        en="You are set. We write to you before each visit, about 3 times a week.",
        es="Listo. Te escribimos antes de cada cita, unas 3 veces por semana.",
    ),
    "mail_confirm": Text(
        en="Is this your e-mail? Then open this page to say so. If you did not ask for it, do nothing.",
        es="Es tuyo este correo? Entonces abre esta hoja para confirmarlo. Si no lo pediste, no hagas nada.",
    ),
}


@dataclass(frozen=True)
class Frame:
    """What stands around the words of every letter, in one language."""

    subject: str
    answer: str
    stop: str
    help: str


FRAMES: Mapping[str, Frame] = {
    "en": Frame(
        subject="A note from {sender}",
        answer="Answer here:",
        stop="No more of these e-mails:",
        help="Nobody reads answers to this address. If you need help now, call or text 988 any time, or call 911.",
    ),
    "es": Frame(
        subject="Un mensaje de {sender}",
        answer="Responde aquí:",
        stop="No recibir más estos correos:",
        help="Nadie lee las respuestas a esta dirección. Si necesitas ayuda ahora, llama al 988 y marca 2, "
        "o llama al 911.",
    ),
}


def compose(words: str, language: str, *, sender: str, answer_at: str | None, stop_at: str) -> str:
    """Put a letter together: the subject is its first line, the address that ends them its last."""
    frame = FRAMES[language if language in FRAMES else "en"]
    parts = [words]
    if answer_at:
        parts.append(f"{frame.answer}\n{answer_at}")
    parts += [frame.help, f"{frame.stop}\n{stop_at}"]
    subject = " ".join(frame.subject.format(sender=sender).split())
    return subject + "\n" + "\n\n".join(parts)
