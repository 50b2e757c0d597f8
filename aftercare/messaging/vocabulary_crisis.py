"""The words of danger, in English and Spanish (part of the rule book; see `vocabulary` for how phrases are spelled)."""

from aftercare.messaging.vocabulary import listed

_ENGLISH = listed("""
    kill myself | killing myself | killed myself | kill me | kms | kys | killmyself | kill yourself | unalive* |
    suicid* | sucide* | suiside* | suicde* | sui cid* | su cide* | su icid* | end it | end it all | ending it |
    ending it all | end my life | ending my life | end my own life | ending my own life | want to end things |
    wanna end things | end everything | take my life | take my own life | taking my own life | taking my life |
    want to die | wanna die | iwanttodie | wanttodie | wantodie | wannadie | want die | might die | may die |
    want to be dead | going to die | gonna die | rather die | rather be dead | let me die | ready to die |
    hope i die | should just die | wish i was dead | wish i were dead | better off dead | better off without me |
    dont want to live | do not want to live | dont wanna live | dont want to be alive | dont wanna be alive |
    dont want to be here anymore | dont wanna be here anymore | dont want to be here any more | dont want to exist |
    dont want to wake up | dont wanna wake up | no reason to live | nothing to live for | not worth living |
    isnt worth living | life isnt worth* | life is not worth* | no point in living | no point living |
    no point to living | no point to life | no point in life | no point in being alive | done living |
    done with living | done with life | tired of living | tired of being alive | want to stop living |
    cant live like this | cannot live like this | want it to be over | want it all to be over | want it all to end |
    cant go on | cannot go on | cant take it anymore | cant take this anymore | cant do this anymore |
    goodbye forever | hurt myself | hurting myself | harm myself | harming myself | self harm* | selfharm* |
    cut myself | cutting myself | cut my wrist* | cutting my wrist* | slit my* | slitting my* | stab myself |
    shoot myself | shooting myself | shot myself | hang myself | hanging myself | hung myself | hanged myself |
    drown myself | drowning myself | poison myself | burn myself | burning myself | have a gun | got a gun |
    jump off* | overdos* | over dos* | od | ods | oded | oding | took too many | too many pills | took all my pills |
    took all the pills | all of my pills | all of the pills | bunch of pills | handful of pills | lot of pills |
    lots of pills | bottle of pills | bottles of pills | whole bottle | entire bottle | full bottle | took pills |
    took some pills | relapsed and | not breathing | isnt breathing | stopped breathing | wont wake up |
    going to hurt me | going to kill* | gonna kill* | help me im dying | im dying | i am dying
""")
_SPANISH = listed("""
    matarme | me mato | me voy a matar | me quiero matar | quitarme la vida | quitar la vida | me quito la vida |
    quitarme mi vida | quiero morir | quiero morirme | me quiero morir | quisiera morir | quisiera estar muert* |
    quiero estar muert* | ojala me muera | me voy a morir | mejor muert* | no quiero vivir | ya no quiero vivir |
    no quiero seguir viviendo | no quiero seguir vivo | no quiero seguir viva | no quiero estar viv* |
    no quiero existir | no quiero estar aqui mas | ya no quiero estar aqui | no quiero despertar |
    sin ganas de vivir | no tengo ganas de vivir | cansado de vivir | cansada de vivir | no tengo razon para vivir |
    no hay razon para vivir | no vale la pena vivir | no tiene sentido vivir | vivir no tiene sentido |
    la vida no tiene sentido | mi vida no tiene sentido | para que vivir | acabar con todo | acabar con mi vida |
    acabar con mi propia vida | terminar con todo | terminar con mi vida | terminar mi vida | poner fin a mi vida |
    ponerle fin a mi vida | hacerme dano | me hago dano | lastimarme | me lastimo | cortarme | me corto |
    las venas | cortarme las munecas | me corte las munecas | ahorcarme | colgarme | ahogarme | envenenarme |
    dispararme | pegarme un tiro | darme un tiro | tengo una pistola | sobredosis | ya no puedo mas |
    ya no aguanto | no aguanto mas | recai y | muchas pastillas | demasiadas pastillas | todas las pastillas |
    todas mis pastillas | frasco de pastillas | bote de pastillas | frasco entero | todo el frasco |
    punado de pastillas | quieromorir | no respira | no despierta | me estoy muriendo | me va a matar
""")
DANGER = {"en": _ENGLISH, "es": _SPANISH}

#: People answer our own words of help with the number that they should call, or ask us to call it.
LINES = frozenset({"911", "988"})
AROUND_LINES = frozenset(
    listed("""
        call | calling | called | text | texting | dial | please | pls | plz | now | someone | somebody | i | im |
        need | we | the | to | help | me | can | could | you | going | gonna | should | just | asap | hurry |
        llama | llamen | llame | llamar | llamo | llamando | al | a | por | favor | ahora | ya | necesito | ayuda |
        alguien | marca | marquen | rapido
    """)
)
