"""The words of answers: yes, no, maybe, here, next, help (part of the rule book; see `vocabulary`)."""

from aftercare.messaging.vocabulary import Row, Shape, Verb, listed

ANSWERS = (
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
            ill come | im coming | i am coming | coming | see you there | confirm | confirmed | i can come | yess
        """),
    ),
    Row(
        Verb.YES,
        Shape.WHOLE,
        "es",
        listed("""
            s | si | sip | claro | claro que si | si claro | voy | si voy | voy a ir | si voy a ir | ahi estare |
            alli estare | ahi voy | si ahi estare | si puedo | si puedo ir | puedo | puedo ir | confirmo | de acuerdo
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
            nope | nah | no i | n i | not coming | im not coming | i wont be there | not today | not this time |
            no not today | noo
        """),
    ),
    Row(
        Verb.NO,
        Shape.WHOLE,
        "es",
        listed("no voy | no voy a ir | no ire | hoy no | no hoy"),
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
    Row(Verb.NO, Shape.HEAD, "es", listed("no pero | no porque | no voy | no lo siento | no hoy")),
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

#: What a text that begins with no says when it is none about the date: "No, I will be there", "no, I'm not cancelling".
NO_DECLINE = listed("""
    ill be there | i will be there | ill be here | i will come | ill come | im coming | i am coming | i can come |
    i can make it | i will make it | ill make it | im still coming | i am still coming | still coming | still going |
    still on | still plan* | count me in | wouldnt miss | wont miss | dont want to miss | cant wait |
    not cancel* | not canceling | not skipping | not missing | not bailing | not quitting | not late | wont be late |
    dont cancel | do not cancel | wont cancel | didnt cancel | have a question | i have questions | ahi estare |
    alli estare | si voy | si ire | si puedo ir | no cancelo | no cancelen | no la cancel* | no lo cancel* |
    no voy a cancelar | no estoy cancelando | no quiero cancelar | no voy a faltar | no faltare | no me lo pierdo
""")
#: Words that make one after all: "no, I don't think I'll be there".
DECLINE_AFTER_ALL = listed("""
    dont think ill be there | dont think i will be there | dont think ill come | dont think i will come |
    dont think i can come | dont think i can make it | dont think ill make it | dont think i will make it |
    dont think im coming | do not think i will be there | do not think i can make it | not sure i can make it |
    not sure i can come | not sure ill be there | not sure im coming | doubt i can make it | doubt ill be there |
    doubt ill make it | doubt ill come | no se si voy | no creo que si voy | doubt i can come
""")
#: "No, but I can come next week" is one.
ANOTHER_TIME = listed("""
    next | tomorrow | another | instead | following | other day | proxima | proximo | manana | otro dia | otra vez
""")
#: A question that names two answers gives none.
OR_ANOTHER = listed("""
    y or n | y or no | yes or no | yes or n | yes or maybe | yes or not | no or yes | n or y | s o n | s o no |
    si o no | si o n | no o si | yeah or no | yep or nope
""")
