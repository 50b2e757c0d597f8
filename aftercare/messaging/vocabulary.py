"""The words that people text, and what they mean (law: messaging.md, "What people can text").

The table is the rule book: a new verb is a name in `Verb` and its rows here. Phrases stand as `keywords.fold` spells
them: small letters, no accents, no apostrophes, one space between words; `*` stands for any ending of a word.
"""

import re
from dataclasses import dataclass
from enum import StrEnum


class Verb(StrEnum):
    """What the person wants."""

    YES = "yes"
    NO = "no"
    MAYBE = "maybe"
    HERE = "here"
    NEXT = "next"
    STOP = "stop"
    START = "start"
    HELP = "help"
    OTHER = "other"


class Shape(StrEnum):
    """How much of a text a phrase must fill."""

    WHOLE = "the text is the phrase, courtesies aside"
    HEAD = "the text begins with the phrase, whatever follows"
    NUMBER = "the text begins with the phrase and a number, which is the argument"
    AMONG = "the phrase stands among words that people put around a wish to stop"
    ANYWHERE = "the phrase stands somewhere in the text"


@dataclass(frozen=True)
class Row:
    """Phrases of one verb, shape and language; None where both languages say it so."""

    verb: Verb
    shape: Shape
    language: str | None
    phrases: tuple[str, ...]


def listed(phrases: str) -> tuple[str, ...]:
    """Read phrases that stand in a text, a bar between each two."""
    return tuple(" ".join(phrase.split()) for phrase in phrases.split("|") if phrase.strip())


def any_of(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """Match any of the phrases as whole words, the longest first."""
    longest_first = sorted(phrases, key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(_spelled(phrase) for phrase in longest_first)})\b")


def _spelled(phrase: str) -> str:
    return re.escape(phrase.rstrip("*")) + (r"\w*" if phrase.endswith("*") else "")


# Whatever can be read as a wish to stop is one (47 CFR 64.1200(a)(10): by any reasonable means).
RULES = (
    Row(Verb.STOP, Shape.AMONG, None, listed("stop | stopall | stops | optout | alto")),
    Row(Verb.STOP, Shape.AMONG, "en", listed("unsubscribe | unsubscribed | unsuscribe | revoke")),
    Row(Verb.STOP, Shape.AMONG, "es", listed("parar | pare | paren | basta | desuscribir | desuscribirme")),
    Row(
        Verb.STOP,
        Shape.WHOLE,
        "en",
        listed("""
            end | quit | cancel | remove | opt out | end texts | end messages | cancel texts | cancel messages |
            end all | remove me | take me off
        """),
    ),
    Row(
        Verb.STOP,
        Shape.WHOLE,
        "es",
        listed("""
            para | para ya | ya para | cancelar | terminar | detener | baja | fin | borrar
        """),
    ),
    Row(
        Verb.STOP,
        Shape.ANYWHERE,
        "en",
        listed("""
            stop text* | stop the text* | stop all text* | stop these text* | stop messag* | stop the messag* |
            stop these messag* | stop sending* | stop contact* | stop bothering* | quit text* | quit messag* |
            quit sending* | no more text* | no more messag* | no more msg* | opt out | opt me out | unsubscribe me |
            to unsubscribe | dont text | do not text | dont message | do not message | dont contact | do not contact |
            dont send me | do not send me | remove my number | delete my number | lose my number | leave me alone |
            wrong number | wrong person | revoke my consent | withdraw my consent | take me off your list |
            take me off the list | take me off this list | remove me from your* | remove me from the list |
            remove me from this | do i unsubscribe
        """),
    ),
    Row(
        Verb.STOP,
        Shape.ANYWHERE,
        "es",
        listed("""
            no mas mensaj* | no mas texto* | no quiero mensaj* | no quiero mas mensaj* | no quiero recibir* |
            no quiero mas texto* | no me manden* | no me mande | no me mandes | no me envie* | no me escrib* |
            deja de mandar* | deje de mandar* | dejen de mandar* | deja de enviar* | deje de enviar* |
            dejen de enviar* | deja de escrib* | deje de escrib* | dejen de escrib* | para de mandar* |
            para de escrib* | cancelar suscripcion | cancelar la suscripcion | cancelar mi suscripcion |
            cancelar mensajes | cancelar los mensajes | de baja | quitame de* | quitenme de* | borrame | borrenme |
            borra mi numero | borren mi numero | numero equivocado | dejame en paz | dejenme en paz
        """),
    ),
    Row(Verb.STOP, Shape.HEAD, "en", listed("stop or | stop and | stop because | stop i | stop im")),
    Row(Verb.START, Shape.WHOLE, "en", listed("start | unstop | resume | subscribe | opt in | optin | start texts")),
    Row(Verb.START, Shape.WHOLE, "es", listed("iniciar | inicio | comenzar | empezar | reanudar | suscribir")),
    Row(Verb.HELP, Shape.WHOLE, None, listed("info | menu")),
    Row(
        Verb.HELP,
        Shape.WHOLE,
        "en",
        listed("""
            help | help me | i need help | information | options | choices | who is this | who are you | whos this
        """),
    ),
    Row(
        Verb.HELP,
        Shape.WHOLE,
        "es",
        listed("""
            ayuda | ayudame | necesito ayuda | informacion | opciones | quien es | quien eres | quien habla
        """),
    ),
    Row(Verb.YES, Shape.WHOLE, None, listed("1 | ok | k")),
    Row(
        Verb.YES,
        Shape.WHOLE,
        "en",
        listed("""
            y | yes | yep | yea | yeah | yup | okay | okey | sure | yes i | y i | ill be there | i will be there |
            ill come | im coming | i am coming | coming | see you there | confirm | confirmed | i can come | yess |
            on my way
        """),
    ),
    Row(
        Verb.YES,
        Shape.WHOLE,
        "es",
        listed("""
            s | si | sip | claro | claro que si | si claro | voy | si voy | voy a ir | si voy a ir | ahi estare |
            alli estare | ahi voy | si ahi estare | si puedo | si puedo ir | puedo ir | confirmo | de acuerdo
        """),
    ),
    Row(Verb.YES, Shape.HEAD, "en", listed("yes | yep | yeah | y but | y and | y i | y im | y ill | y see | ok but")),
    Row(Verb.YES, Shape.HEAD, "es", listed("s | si pero | si y | si ahi | si alli | si voy | si claro")),
    Row(Verb.NO, Shape.WHOLE, None, listed("n | no | 2")),
    Row(
        Verb.NO,
        Shape.WHOLE,
        "en",
        listed("""
            nope | nah | no i | n i | cant | i cant | cant come | i cant come | cant make it | i cant make it |
            not coming | im not coming | i wont be there | not today | not this time | no not today | noo
        """),
    ),
    Row(
        Verb.NO,
        Shape.WHOLE,
        "es",
        listed("""
            no puedo | no puedo ir | no voy | no voy a ir | no ire | no podre | no podre ir | hoy no | no hoy |
            no puedo hoy | hoy no puedo
        """),
    ),
    Row(Verb.NO, Shape.HEAD, None, listed("n")),
    Row(
        Verb.NO,
        Shape.HEAD,
        "en",
        listed("""
            nope | no but | no and | no because | no i cant | no i wont | no i cannot | no i will not | no im not |
            no im sick | no im out | no i have | no i am | no not | no cant
        """),
    ),
    Row(
        Verb.NO,
        Shape.HEAD,
        "es",
        listed("""
            no pero | no porque | no voy | no puedo ir | no podre | no lo siento | no hoy
        """),
    ),
    Row(Verb.MAYBE, Shape.WHOLE, None, listed("3")),
    Row(Verb.MAYBE, Shape.WHOLE, "en", listed("not sure | im not sure | perhaps | i dont know | idk | dont know")),
    Row(Verb.MAYBE, Shape.WHOLE, "es", listed("puede ser | a lo mejor | no se | no estoy seguro | no estoy segura")),
    Row(Verb.MAYBE, Shape.HEAD, "en", listed("maybe")),
    Row(Verb.MAYBE, Shape.HEAD, "es", listed("quizas | quiza | tal vez | talvez")),
    Row(Verb.HERE, Shape.NUMBER, "en", listed("here | im here | i am here | here code | here is | code")),
    Row(Verb.HERE, Shape.NUMBER, "es", listed("aqui | estoy aqui | ya estoy aqui | aqui codigo | codigo | ya llegue")),
    Row(Verb.HERE, Shape.WHOLE, "en", listed("here | im here | i am here | i made it")),
    Row(Verb.HERE, Shape.WHOLE, "es", listed("aqui | estoy aqui | ya estoy aqui | aqui estoy | ya llegue | llegue")),
    Row(
        Verb.NEXT,
        Shape.WHOLE,
        "en",
        listed("""
            next | next one | next meeting | next group | next visit | when | when is it | when is next |
            when is the next one | whens the next one | when is my next one | whats next
        """),
    ),
    Row(
        Verb.NEXT,
        Shape.WHOLE,
        "es",
        listed("""
            proxima | proximo | la proxima | el proximo | siguiente | la siguiente | el siguiente | cuando |
            cuando es | cuando es la proxima | cuando es el proximo | proxima cita | proxima reunion
        """),
    ),
)

COURTESIES = frozenset(
    listed(
        "please | pls | plz | thanks | thx | ty | hi | hello | hey | sir | maam | sorry | amen | gracias | hola | "
        "saludos | porfa | porfavor | perdon"
    )
)
COURTEOUS_PHRASES = any_of(
    listed("thank you | por favor | muchas gracias | good morning | good evening | buenos dias | buenas tardes")
)
AROUND_STOP = COURTESIES | frozenset(
    listed("""
        i | said | me | this | it | all | the | these | those | text | texts | texting | message | messages |
        messaging | msg | msgs | sending | to | my | from | phone | number | now | just | right | n | y | no | yes |
        si | s | ya | ahora | los | las | mensaje | mensajes | textos | de | a | mi | numero | telefono | alto |
        stop | parar | basta |
        thank | you | por | favor
    """)
)
# "Please don't stop texting me" is no wish to stop.
NOT_STOP = any_of(
    listed("""
        dont stop | do not stop | never stop | didnt stop | dont quit | no pares de | no paren de | no dejes de |
        no dejen de | no deje de
    """)
)
