"""The words of stopping and starting texts (part of the rule book; see `vocabulary`; twilio-and-rules.md).

Whatever can be read as a wish to stop is one (47 CFR 64.1200(a)(10): by any reasonable means). Where it may be one and
may not, texts stop all the same, and staff are asked (`UNSURE`).
"""

from itertools import product

from aftercare.messaging.vocabulary import COURTESIES, Row, Shape, Verb, listed

_TEXTS = ("text*", "messag*", "msg*", "reminder*", "notification*", "alert*", "sms*")
_WHOSE = ("", "the ", "all ", "these ", "those ", "your ", "my ", "all the ", "all these ", "any ")
_STOP_TEXTS = tuple(f"{stop} {whose}{what}" for stop, whose, what in product(("stop", "quit"), _WHOSE, _TEXTS))
_STOP_GETTING = tuple(
    f"{stop} {getting} {whose}{what}"
    for stop, getting, whose, what in product(
        ("stop", "quit"), ("getting", "receiving", "the", "with the", "with these", "with your"), _WHOSE, _TEXTS
    )
)
_NO_MORE = tuple(f"no more {what}" for what in _TEXTS)
#: The whole of it: "No texts came today" is none.
_NO_TEXTS = tuple(
    f"no {what}{after}"
    for what, after in product(
        ("text", "texts", "message", "messages", "msg", "msgs", "reminders", "sms", "texting", "alerts"),
        ("", " to me", " to this number", " anymore", " any more", " ever", " again", " at all"),
    )
)
_NEVER_TEXT = tuple(
    f"{never}{text}"
    for never, text in product(
        ("dont ever ", "do not ever ", "dont you ever ", "please never ", "pls never "),
        ("text*", "messag*", "msg*", "contact*", "send me*", "bother*"),
    )
) + tuple(
    f"never {text} {after}"
    for text, after in product(
        ("text", "message", "msg", "contact", "bother"),
        ("me again", "me any more", "me anymore", "me ever", "this number", "this phone", "my phone", "my number"),
    )
)
_DO_NOT_WANT = tuple(
    f"{wish} {whose}{what}"
    for wish, whose, what in product(
        ("dont want", "do not want", "dont want to get", "do not want to get", "dont want to receive"),
        ("", "these ", "those ", "your ", "any ", "any more ", "more "),
        _TEXTS,
    )
)

STOPS = (
    Row(Verb.STOP, Shape.AMONG, None, listed("stop | stopall | stops | optout | alto")),
    Row(Verb.STOP, Shape.AMONG, "en", listed("unsubscribe | unsubscribed | unsuscribe | unsub | stopit | revoke")),
    Row(Verb.STOP, Shape.AMONG, "es", listed("parar | pare | paren | basta | desuscribir | desuscribirme")),
    Row(
        Verb.STOP,
        Shape.WHOLE,
        "en",
        (
            *_NO_TEXTS,
            *listed("""
                end | quit | cancel | remove | opt out | cancel texts | cancel messages | end all | remove me |
                take me off | take me off this | take me off these | take me off of this | end texts | end messages |
                end now | quit now | cancel now | end this | end these | quit this | quit these | quit it |
                cancel this number | cancel these | cancel all texts | cancel all messages | never text me |
                never message me | never contact me
            """),
        ),
    ),
    Row(
        Verb.STOP,
        Shape.WHOLE,
        "es",
        listed("""
            para | para ya | ya para | cancelar | cancela | cancele | cancelen | no mensajes | no textos |
            terminar | detener | baja | fin | borrar
        """),
    ),
    Row(
        Verb.STOP,
        Shape.ANYWHERE,
        "en",
        (
            *_STOP_TEXTS,
            *_STOP_GETTING,
            *_NEVER_TEXT,
            *_NO_MORE,
            *_DO_NOT_WANT,
            *listed("""
                stop sending* | stop contact* | stop bothering* | quit sending* | opt out | opt me out |
                unsubscribe me | to unsubscribe | dont text | do not text | dont message | do not message |
                dont contact | do not contact | dont send me | do not send me | dont bother me | do not bother me |
                remove my number | delete my number | lose my number | leave me alone | leave me be |
                revoke my consent | revoke consent | revoke all consent | withdraw my consent | withdraw consent |
                no longer consent* | do not consent | dont consent | take back my consent | stop getting these |
                stop getting this | stop getting them | stop receiving these | stop receiving this |
                take me off your list | take me off the list |
                take me off this list | take me off of your* | remove me from your* | remove me from the list |
                remove me from this | do i unsubscribe
            """),
        ),
    ),
    Row(
        Verb.STOP,
        Shape.ANYWHERE,
        "es",
        listed("""
            no mas mensaj* | no mas texto* | no mas recordatorio* | no quiero mensaj* | no quiero mas mensaj* |
            no quiero recibir* | no quiero mas texto* | no quiero sus mensaj* | no quiero tus mensaj* |
            no quiero estos mensaj* | no me manden* | no me mande | no me mandes | no me envie* | no me escrib* |
            no me molest* | no me text* | no me contact* | nunca mas me escrib* | nunca mas me mand* |
            deja de text* | deje de text* | dejen de text* | retiro mi consentimiento | revoco mi consentimiento |
            no doy mi consentimiento | no quiero recibir mensaj* | quiero dejar de recibir* | deja de mandar* |
            deje de mandar* | dejen de mandar* | deja de enviar* | deje de enviar* |
            dejen de enviar* | deja de escrib* | deje de escrib* | dejen de escrib* | deja de molestar* |
            deje de molestar* | dejen de molestar* | para de mandar* | para de escrib* | pare de mandar* |
            paren de mandar* | pare de escrib* | paren de escrib* | cancelar suscripcion | cancelar la suscripcion |
            cancelar mi suscripcion | cancelar mensajes | cancelar los mensajes | de baja | quitame de* |
            quitenme de* |
            borrame | borrenme | borra mi numero | borren mi numero | dejame en paz | dejenme en paz | dejeme en paz
        """),
    ),
    Row(Verb.STOP, Shape.HEAD, "en", listed("stop or | stop and | stop because | stop i | stop im | stop before")),
    Row(
        Verb.WRONG_NUMBER,
        Shape.ANYWHERE,
        "en",
        listed("""
            wrong number | wrong phone | wrong guy | wrong lady | not my number | you have the wrong person |
            you got the wrong person | youve got the wrong person | u have the wrong person | u got the wrong person |
            you have wrong person | you got wrong person | this is the wrong person | you texted the wrong person |
            texting the wrong person | you have the wrong man | you have the wrong woman | you have the wrong girl |
            you got the wrong man | you got the wrong woman | you got the wrong girl | this isnt her number |
            this isnt his number | this is not her number |
            this is not his number | no longer her number | no longer his number
        """),
    ),
    Row(
        Verb.WRONG_NUMBER,
        Shape.ANYWHERE,
        "es",
        listed("""
            numero equivocado | equivocado de numero | equivocada de numero | se equivoco de numero |
            se equivocaron de numero | te equivocaste de numero | tiene la persona equivocada |
            tienes la persona equivocada | tienen la persona equivocada | soy la persona equivocada |
            esta es la persona equivocada | no es mi numero |
            no soy esa persona | ya no es su numero
        """),
    ),
    Row(Verb.START, Shape.WHOLE, "en", listed("start | unstop | resume | subscribe | opt in | optin | start texts")),
    Row(Verb.START, Shape.WHOLE, "es", listed("iniciar | inicio | comenzar | empezar | reanudar | suscribir")),
)

AROUND_STOP = COURTESIES | frozenset(
    listed("""
        i | said | me | this | it | all | the | these | those | text | texts | texting | message | messages |
        messaging | msg | msgs | sending | to | my | from | phone | number | now | just | right | n | y | no | yes |
        si | s | ya | ahora | los | las | mensaje | mensajes | textos | de | a | mi | numero | telefono | alto |
        stop | parar | basta | already | asap |
        thank | you | por | favor
    """)
)

#: It may be a wish to stop: said as a part of a sentence,
UNSURE = {
    "en": listed("""
        not interested | no longer interested | too many text* | too many messag* | so many text* | so many messag* |
        sick of these* | sick of your* | tired of these text* | tired of your text* | tired of these messag* |
        done with these text* | done with your text* | fuck off | piss off | spam | spamming | report you |
        reported you | why do you keep | why are you still texting | if you dont stop |
        if you do not stop | why dont you stop | why wont you stop | you wont stop | wont stop texting* |
        wont stop sending* | take me out of this | delete me from | dont want to get these |
        do not want to get these |
        dont want to receive* | do not want to receive* | take me off this | take me off these | cancel my texts |
        how do i stop these | make these stop | make it stop texting*
    """),
    "es": listed("""
        no me interesa | ya no me interesa | demasiados mensajes | tantos mensajes | muchos mensajes |
        cansado de sus mensajes | cansada de sus mensajes | por que me siguen | por que siguen escribiendo |
        dejen de | ya no quiero mas | ya no quiero esto | ya no quiero nada de ustedes | no quiero saber nada |
        no me llamen | es spam
    """),
}
#: or as a whole clause.
UNSURE_ALONE = {
    "en": frozenset(
        listed("""
            enough | enough already | thats enough | go away | get lost | not for me | i want out | delete me |
            no more |
            cancel all | cancel it all | cancel everything | block | block me | blocked | blocking you |
            wrong person |
            i think wrong person | think wrong person | the wrong person
        """)
    ),
    "es": frozenset(
        listed("""
            ya basta | basta ya | dejenme | dejame | vayanse | ya no | suficiente | ya no mas | no mas |
            cancela todo | cancelar todo | cancelen todo | persona equivocada | la persona equivocada | bloquear |
            bloqueado
        """)
    ),
}

#: Words before a wish to stop that turn it round: "please don't stop texting me", "I can't stop laughing".
NEGATORS = listed("""
    dont | do not | doesnt | does not | didnt | did not | never | not | isnt | arent | cant | cannot | can not |
    couldnt | could not |
    wont | will not | wouldnt | havent | hasnt | no quiero | no puedo | no pienso | no voy a | no vaya a | no vayan a
""")
BETWEEN = listed("want | wanna | you | to | ever | dare | going | gonna | need | a | the | que | quiero | just")
NEGATED = listed("""
    stop | stops | quit | end | unsubscribe | opt | take | remove | leave | cancel | revoke | wrong | parar | pare |
    paren | dejar | deje | dejen | cancelar | delete | lose | alto
""")
#: What is turned round in Spanish by the "no" right before it.
NEGATED_ES = listed("""
    no pares | no pare | no paren | no para de | no pares de | no paren de | no dejes de | no dejen de | no deje de |
    no parar de | no dejes | no te detengas
""")
#: Where the word stop is about a bus, or about something else that is stopped.
OTHER_STOPS = listed("""
    bus stop* | train stop* | tram stop* | next stop* | last stop* | first stop* | one stop* | my stop* | the stop*
    | a stop | rest stop* | truck stop* | pit stop* | full stop* | non stop | stop sign* | stop light* | stop by |
    stop at | stop in | stop over | stop off | stop on | stop for | stop here | stop there | stop near | stop
    between | stop my | stop the | stop his | stop her | stop our | stop their | stop and | stops at | stops by |
    stops here | stops running | stop to end | stop o alto | stop to quit | basta con que | basta con eso | eso
    basta | me basta | muy alto | mas alto | tan alto | es alto | lo alto | en alto | salario alto
""")
#: Of what is stopped, only this is about texts: "I want to stop drinking" is not.
STOPPED_TEXTS = listed("""
    texting | messaging | sending | contacting | bothering | bugging | spamming | harassing | pestering | writing |
    reminding | asking | calling | notifying | messing | annoying
""")
#: One letter from "stop", but words of their own, that somebody may answer with: "shop", "top", "next step".
NEAR_STOP = listed("""
    top | sop | step | stoop | stow | shop | slop | swop | stomp | strop | atop | estop | stops | stop
""")
