"""Words that may mean danger to life, in English and Spanish (law: product.md 7.11, twilio-and-rules.md).

A false alarm costs a text; a missed one may cost a life. Phrases stand as `keywords.fold` spells them.
"""

from aftercare.messaging.vocabulary import any_of, listed

_ENGLISH = listed("""
    kill myself | killing myself | kill my self | killed myself | kill me | kms | killmyself | unalive* | suicid* |
    sucide* | suiside* | suicde* | end it | end it all | ending it | ending it all | end my life | ending my life |
    end everything | take my life | take my own life | taking my own life | want to die | wanna die |
    want to be dead | going to die | gonna die | rather die | rather be dead | let me die | ready to die |
    hope i die | should just die | wish i was dead | wish i were dead | better off dead | better off without me |
    dont want to live | do not want to live | dont wanna live | dont want to be alive | dont want to be here anymore |
    dont want to wake up | no reason to live | nothing to live for | not worth living | want to stop living |
    cant go on | cannot go on | cant take it anymore | cant take this anymore | cant do this anymore | hurt myself |
    hurting myself | harm myself | harming myself | self harm* | selfharm* | cut myself | cutting myself |
    shoot myself | hang myself | hanging myself | jump off* | overdos* | over dos* | od | ods | oded | oding |
    took too many pills | took all my pills | took a bunch of pills | took pills | took some pills |
    relapsed and | not breathing | isnt breathing | stopped breathing | wont wake up |
    going to hurt me | going to kill* | gonna kill* | help me im dying | im dying
""")
_SPANISH = listed("""
    matarme | me mato | me voy a matar | me quiero matar | quitarme la vida | quitar la vida | me quito la vida |
    quiero morir | quiero morirme | me quiero morir | quisiera morir | quisiera estar muert* | ojala me muera |
    me voy a morir | mejor muert* | no quiero vivir | ya no quiero vivir | no quiero seguir viviendo |
    no quiero estar aqui mas | no quiero despertar | sin ganas de vivir | no tengo ganas de vivir |
    no tengo razon para vivir | no hay razon para vivir | no vale la pena vivir | acabar con todo |
    acabar con mi vida | terminar con todo | terminar con mi vida | terminar mi vida | hacerme dano | me hago dano |
    lastimarme | me lastimo | cortarme | me corto | ahorcarme | dispararme | sobredosis | ya no puedo mas |
    ya no aguanto | no aguanto mas | recai y | tome muchas pastillas | tome todas las pastillas | no respira |
    no despierta | me estoy muriendo | me va a matar
""")
_PATTERNS = {"en": any_of(_ENGLISH), "es": any_of(_SPANISH)}
# People answer our own crisis text with the number that they should call.
_ALONE = frozenset({"911", "988"})


def take_out(folded: str) -> tuple[str, str | None]:
    """Take the words of danger out of a folded text; say their language, None if there are none."""
    found = [language for language, pattern in _PATTERNS.items() if pattern.search(folded)]
    if not found and folded in _ALONE:
        return "", "en"
    for language in found:
        folded = _PATTERNS[language].sub(" ", folded)
    return " ".join(folded.split()), found[0] if found else None
