"""The words of wishes: late, excused, find, wait, call, streak, goal, pause, language, proof (see `vocabulary`)."""

from aftercare.messaging.vocabulary import Row, Shape, Verb, listed

WISHES = (
    Row(
        Verb.LATE,
        Shape.WHOLE,
        "en",
        listed("on my way | im on my way | i am on my way | omw | almost there | be there soon"),
    ),
    Row(
        Verb.LATE, Shape.WHOLE, "es", listed("voy en camino | en camino | estoy en camino | voy tarde | ya casi llego")
    ),
    Row(
        Verb.LATE,
        Shape.HEAD,
        "en",
        listed("late | running late | im running late | im late | ill be late | i will be late | going to be late"),
    ),
    Row(Verb.LATE, Shape.HEAD, "es", listed("tarde | llego tarde | voy tarde | llegare tarde | voy a llegar tarde")),
    Row(
        Verb.CANT,
        Shape.REASON,
        "en",
        listed("""
            cant | i cant | cannot | i cannot | cant come | i cant come | i cannot come | cant make it |
            i cant make it | i cannot make it | wont make it | i wont make it | cant go | i cant go
        """),
    ),
    Row(
        Verb.CANT,
        Shape.REASON,
        "es",
        listed("""
            no puedo | no puedo ir | no puedo venir | no puedo llegar | no podre | no podre ir | hoy no puedo |
            no puedo hoy | no voy a poder | no voy a poder ir
        """),
    ),
    Row(Verb.FIND, Shape.NUMBER, "en", listed("find | find one | find near | near | near me")),
    Row(Verb.FIND, Shape.NUMBER, "es", listed("buscar | busca | busco | cerca | cerca de")),
    Row(Verb.FIND, Shape.HEAD, "en", listed("find")),
    Row(Verb.FIND, Shape.HEAD, "es", listed("buscar")),
    Row(
        Verb.WAIT,
        Shape.WHOLE,
        "en",
        listed("""
            wait | waitlist | wait list | waiting list | i will wait | ill wait | put me on the list |
            put me on the waitlist | put me on the waiting list | join the waitlist
        """),
    ),
    Row(
        Verb.WAIT,
        Shape.WHOLE,
        "es",
        listed("espera | esperar | espero | lista de espera | a la lista | ponme en la lista | apuntame"),
    ),
    Row(Verb.CALL, Shape.WHOLE, "en", listed("call | call please | a call | phone me | talk | i want to talk")),
    Row(Verb.CALL, Shape.WHOLE, "es", listed("llamar | llamada | una llamada | quiero hablar | hablar")),
    Row(
        Verb.CALL,
        Shape.HEAD,
        "en",
        listed("""
            call me | can you call me | could you call me | can someone call me | can somebody call me |
            i need a call | i want a call | have someone call me | give me a call
        """),
    ),
    Row(
        Verb.CALL,
        Shape.HEAD,
        "es",
        listed("""
            llamame | llameme | llamenme | me puedes llamar | me puede llamar | me pueden llamar |
            quiero que me llamen | necesito hablar con
        """),
    ),
    Row(Verb.STREAK, Shape.WHOLE, "en", listed("streak | my streak | my visits | progress | my progress")),
    Row(Verb.STREAK, Shape.WHOLE, "es", listed("racha | mi racha | mis visitas | progreso | mi progreso")),
    Row(Verb.GOAL, Shape.NUMBER, "en", listed("goal | my goal | goal is | my goal is | set goal | set my goal to")),
    Row(Verb.GOAL, Shape.NUMBER, "es", listed("meta | mi meta | mi meta es")),
    Row(Verb.GOAL, Shape.WHOLE, "en", listed("goal | my goal | whats my goal | what is my goal")),
    Row(Verb.GOAL, Shape.WHOLE, "es", listed("meta | mi meta | cual es mi meta")),
    Row(Verb.QUIET, Shape.NUMBER, "en", listed("quiet | quiet for | pause | pause for | pause texts for")),
    Row(Verb.QUIET, Shape.NUMBER, "es", listed("pausa | pausa de | pausa por | silencio")),
    Row(Verb.QUIET, Shape.WHOLE, "en", listed("quiet | pause")),
    Row(Verb.QUIET, Shape.WHOLE, "es", listed("pausa | silencio")),
    # The language is the one that they want, whichever they ask in.
    Row(Verb.LANGUAGE, Shape.WHOLE, "en", listed("english | in english | ingles | en ingles | english only")),
    Row(
        Verb.LANGUAGE,
        Shape.WHOLE,
        "es",
        listed("spanish | in spanish | espanol | en espanol | castellano | no english | no ingles | solo espanol"),
    ),
    Row(Verb.PROOF, Shape.WHOLE, "en", listed("proof | a proof | proof letter | attendance letter")),
    Row(Verb.PROOF, Shape.WHOLE, "es", listed("comprobante | un comprobante | constancia | una constancia")),
    Row(Verb.PROOF, Shape.HEAD, "en", listed("proof of | i need proof | i need a proof")),
    Row(Verb.PROOF, Shape.HEAD, "es", listed("comprobante de | constancia de | necesito un comprobante")),
)

#: Words of time say when, not why.
NO_REASON = frozenset(
    listed("""
        today | tonight | tomorrow | now | it | this | that | time | week | come | make | be | there | on | in |
        at | the | morning | evening | afternoon | monday | tuesday | wednesday | thursday | friday | saturday |
        sunday | hoy | manana | noche | esta | este | semana | vez | el | la | lunes | martes | miercoles |
        jueves | viernes | sabado | domingo | ir | venir
    """)
)
#: "I can't sleep" is no word about a visit.
OTHER_CANNOTS = frozenset(
    listed("""
        stop | sleep | wait | believe | hear | open | see | read | find | remember | understand | breathe | help
        | log | sign | click | do | think | even | say | tell | text | call | use | take | feel | eat | quit |
        keep | handle | deal | cope | live | concentrate | check | reply | answer | download | mas | creer |
        more | enough | thank | thanks | imagine | promise | complain | explain | express | agree | lie | miss |
        wake | calm | relax | you | we | they | anyone | anybody
    """)
)
#: "No puedo dormir" is none either: so is any other infinitive but these.
COMING = frozenset(listed("ir | venir | llegar | asistir | estar | acudir | hoy | ayer | mujer | taller"))
