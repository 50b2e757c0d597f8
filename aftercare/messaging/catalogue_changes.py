"""The texts about dates that come back, are elsewhere, are added, or are closed for a time (merged in `catalogue`)."""

from aftercare.messaging.spoken import Text

CHANGES = {
    "restored": Text(
        en="{when:day} is on after all. Reply Y if you can come, N if not.",
        es="Al final no se cancela: {when:day}. Responde S si puedes venir, N si no.",
        plain_en="{name}, {when:day}[, {place}], is on after all. Reply Y if you can come, N if not.",
        plain_es="Al final no se cancela: {name}, {when:day}[, {place}]. Responde S si puedes venir, N si no.",
    ),
    "placed": Text(
        en="Change: {when:day} is in a different place.[ Also {count} later.] Reply CALL to ask where.",
        es="Cambio: {when:day} es en otro lugar.[ Y otras {count}.] Responde LLAMAR para preguntar.",
        plain_en="Change: {name}, {when:day}, is in a different place[: {place}].[ Also {count} later.]",
        plain_es="Cambio: {name}, {when:day}, es en otro lugar[: {place}].[ Y otras {count}.]",
    ),
    "extra": Text(
        en="One more date: {when:day}. Reply Y if you can come, N if not.",
        es="Hay otra fecha: {when:day}. Responde S si puedes venir, N si no.",
        plain_en="One more date: {name}, {when:day}[, {place}]. Reply Y if you can come, N if not.",
        plain_es="Hay otra fecha: {name}, {when:day}[, {place}]. Responde S si puedes venir, N si no.",
    ),
    "closure": Text(
        en="{when:day} is off.[ Also off: {count} more, until {until:day}.][ Next: {next_when:day}. Reply Y or N.]",
        es="Se cancela: {when:day}.[ Y otras {count}, hasta {until:day}.][ Sigue: {next_when:day}. Responde S o N.]",
        plain_en="{name}: {when:day} is off.[ And {count} more until {until:day}.]"
        "[ Next: {next_when:day}. Reply Y or N.]",
        plain_es="Se cancela {name}, {when:day}.[ Y otras {count} hasta {until:day}.]"
        "[ Sigue: {next_when:day}. Responde S o N.]",
    ),
    "reopened": Text(
        en="{when:day} is on after all.[ Also on: {count} more, until {until:day}.]",
        es="Al final no se cancela: {when:day}.[ Otras: {count}, hasta {until:day}.]",
        plain_en="{name}: {when:day} is on after all.[ Also on: {count} more, until {until:day}.]",
        plain_es="Al final no se cancela: {name}, {when:day}.[ Otras: {count}, hasta {until:day}.]",
    ),
}

#: What a letter says in their place, where a text asks for an answer by keypad.
LETTERS_OF_CHANGES = {
    "restored": Text(
        en="{when:day} is on after all.",
        es="Al final no se cancela: {when:day}.",
        plain_en="{name}, {when:day}[, {place}], is on after all.",
        plain_es="Al final no se cancela: {name}, {when:day}[, {place}].",
    ),
    "placed": Text(
        en="Change: {when:day} is in a different place.[ Also {count} later.]",
        es="Cambio: {when:day} es en otro lugar.[ Y otras {count}.]",
        plain_en="Change: {name}, {when:day}, is in a different place[: {place}].[ Also {count} later.]",
        plain_es="Cambio: {name}, {when:day}, es en otro lugar[: {place}].[ Y otras {count}.]",
    ),
    "extra": Text(
        en="One more date: {when:day}.",
        es="Hay otra fecha: {when:day}.",
        plain_en="One more date: {name}, {when:day}[, {place}].",
        plain_es="Hay otra fecha: {name}, {when:day}[, {place}].",
    ),
    "closure": Text(
        en="{when:day} is off.[ Also off: {count} more, until {until:day}.][ Next: {next_when:day}.]",
        es="Se cancela: {when:day}.[ Y otras {count}, hasta {until:day}.][ Sigue: {next_when:day}.]",
        plain_en="{name}: {when:day} is off.[ And {count} more until {until:day}.][ Next: {next_when:day}.]",
        plain_es="Se cancela {name}, {when:day}.[ Y otras {count} hasta {until:day}.][ Sigue: {next_when:day}.]",
    ),
}
