"""trusted texts

What people choose of texts, e-mail beside texts, own words of an organisation, numbers that change hands, check-ups, and
the states of senders and workers.

Revision ID: 2026_11_23_trusted_texts
Revises: 2026_11_23_first_tables
Create Date: 2026-11-23
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision = "2026_11_23_trusted_texts"
down_revision = "2026_11_23_first_tables"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
NOT_REACHED = sa.text("state IN ('failed', 'undelivered')")
READABLE = sa.text("body_sealed IS NOT NULL")
TAKEN_BACK = sa.text("purpose = 'text' AND act = 'withdraw'")
UNATTENDED = sa.text("closed_at IS NULL AND kind IN ('worker_silent', 'sender_paused', 'texts_filtered')")
UNREDACTED = sa.text("body_sealed IS NULL AND sid IS NOT NULL AND redacted_at IS NULL")
UNREDACTED_IN = sa.text("body_sealed IS NULL AND redacted_at IS NULL")
DELIVERED = sa.text("state = 'delivered'")
TAKEN = sa.text("state IN ('accepted', 'sent')")
WANTED_BACK = sa.text("recalled AND state = 'sending'")
URGENT = sa.text("state = 'pending' AND kind IN ('crisis', 'stop')")
UNSETTLED = sa.text("NOT is_settled")
CHANGED = sa.text("hear_by IS NOT NULL")
TASKS = ("crisis", "call", "contact", "roll", "not_understood")
MORE_TASKS = (
    "stop_unsure", "number", "proof", "worker_silent", "sender_paused", "texts_filtered", "late_news",
)  # fmt: skip
TO_TEXT = sa.text("texted_at IS NULL AND number_hash IS NOT NULL")
CHOSE_LETTERS = sa.text("channel = 'email'")
OF_DATE = "ix_messages_organisation_id_occurrence_id"
OF_DATE_AND_PERSON = "ix_messages_organisation_id_occurrence_id_person_id"
ACTS = ("grant", "withdraw")
PURPOSES = ("text", "disclosure")
WAYS = ("text", "web", "staff", "paper", "carrier")
NEW_TABLES = (
    "checkups", "instruments", "number_changes", "text_templates", "worker_beats", "sender_states",
)  # fmt: skip


def upgrade() -> None:
    _widen_people()
    _widen_messages()
    _widen_inbox()
    _widen_dates()
    _allow("outreach_tasks", kind=(*TASKS, *MORE_TASKS))
    _partial("ix_outreach_tasks_unattended", "outreach_tasks", ["kind"], UNATTENDED)
    _allow("consent_events", act=(*ACTS, "lapse"), purpose=("text", "email", "disclosure"), way=(*WAYS, "email"))
    _partial("ix_consent_events_taken_back", "consent_events", ["organisation_id", "at"], TAKEN_BACK)
    # Why somebody cannot come is kept in their text alone, and goes with it.
    for table in ("attendances", "attendance_events"):
        op.execute(sa.text(f"UPDATE {table} SET reason_sealed = NULL WHERE way = 'self'"))
    _make_global_tables()
    _make_templates()
    _make_number_changes()
    _make_checkups()


def downgrade() -> None:
    for table in NEW_TABLES:
        op.drop_table(table)
    op.execute(sa.text("DELETE FROM consent_events WHERE purpose = 'email' OR way = 'email'"))
    # The old shape knows no lapse; no agreement may come back by going down.
    op.execute(sa.text("UPDATE consent_events SET act = 'withdraw' WHERE act = 'lapse'"))
    op.drop_index("ix_consent_events_taken_back", table_name="consent_events")
    _allow("consent_events", act=ACTS, purpose=PURPOSES, way=WAYS)
    op.drop_index("ix_outreach_tasks_unattended", table_name="outreach_tasks")
    named = ", ".join(f"'{kind}'" for kind in MORE_TASKS)
    op.execute(sa.text(f"DELETE FROM outreach_tasks WHERE kind IN ({named})"))
    _allow("outreach_tasks", kind=TASKS)
    _narrow_dates()
    _narrow_inbox()
    _narrow_messages()
    _narrow_people()


def _widen_people() -> None:
    with _rebuilt("people") as people:
        people.add_column(sa.Column("email_frozen_at", MOMENT, nullable=True))
        people.add_column(sa.Column("email_asked_hash", sa.LargeBinary(), nullable=True))
        people.add_column(sa.Column("email_asked_at", MOMENT, nullable=True))
        people.add_column(sa.Column("phone_since", MOMENT, nullable=True))
        people.add_column(sa.Column("channel", sa.String(), nullable=False, server_default="text"))
        people.add_column(sa.Column("state", sa.String(), nullable=True))
        people.add_column(sa.Column("phone_state", sa.String(), nullable=True))
        people.add_column(sa.Column("texts_a_day", sa.Integer(), nullable=False, server_default="1"))
        people.add_column(sa.Column("texts_a_week", sa.Integer(), nullable=False, server_default="3"))
        people.create_check_constraint("channel", "channel IN ('text', 'email')")
        people.create_check_constraint("caps", "texts_a_day >= 0 AND texts_a_week >= 0")
    _drop_defaults("people", "channel", "texts_a_day", "texts_a_week")
    _partial("ix_people_letters", "people", ["organisation_id"], CHOSE_LETTERS)
    op.create_index("ix_people_whereabouts", "people", ["organisation_id", "zone", "state", "phone_state"])


def _narrow_people() -> None:
    op.drop_index("ix_people_whereabouts", table_name="people")
    op.drop_index("ix_people_letters", table_name="people")
    with _rebuilt("people") as people:
        people.drop_constraint("caps", type_="check")
        people.drop_constraint("channel", type_="check")
        for column in ("texts_a_week", "texts_a_day", "phone_state", "state", "channel"):
            people.drop_column(column)
        people.drop_column("phone_since")
        people.drop_column("email_asked_at")
        people.drop_column("email_asked_hash")
        people.drop_column("email_frozen_at")


def _widen_messages() -> None:
    with _rebuilt("messages") as messages:
        messages.add_column(sa.Column("channel", sa.String(), nullable=False, server_default="text"))
        messages.add_column(sa.Column("recalled", sa.Boolean(), nullable=False, server_default=sa.false()))
        messages.add_column(sa.Column("redacted_at", MOMENT, nullable=True))
        messages.add_column(sa.Column("left_at", MOMENT, nullable=True))
        messages.alter_column("number_sealed", existing_type=sa.LargeBinary(), nullable=True)
        messages.create_check_constraint("channel", "channel IN ('text', 'email')")
    _drop_defaults("messages", "channel", "recalled")
    op.execute(sa.text("UPDATE messages SET left_at = sent_at"))
    op.drop_index(OF_DATE, table_name="messages")
    op.create_index(OF_DATE_AND_PERSON, "messages", ["organisation_id", "occurrence_id", "person_id"])
    _partial("ix_messages_failed", "messages", ["organisation_id", "claimed_at"], NOT_REACHED)
    _partial("ix_messages_readable", "messages", ["organisation_id", "created_at"], READABLE)
    _partial("ix_messages_unredacted", "messages", ["organisation_id", "created_at"], UNREDACTED)
    _partial("ix_messages_delivered", "messages", ["claimed_at"], DELIVERED)
    _partial("ix_messages_taken", "messages", ["sid"], TAKEN)
    _partial("ix_messages_wanted_back", "messages", ["lease_owner"], WANTED_BACK)
    _partial("ix_messages_urgent", "messages", ["due_at"], URGENT)


def _narrow_messages() -> None:
    op.drop_index(OF_DATE_AND_PERSON, table_name="messages")
    op.create_index(OF_DATE, "messages", ["organisation_id", "occurrence_id"])
    op.drop_index("ix_messages_urgent", table_name="messages")
    op.drop_index("ix_messages_wanted_back", table_name="messages")
    op.drop_index("ix_messages_taken", table_name="messages")
    op.drop_index("ix_messages_delivered", table_name="messages")
    op.drop_index("ix_messages_unredacted", table_name="messages")
    op.drop_index("ix_messages_readable", table_name="messages")
    op.drop_index("ix_messages_failed", table_name="messages")
    # What waits without a number of its own, or for another channel, cannot be said in the old shape.
    op.execute(sa.text("DELETE FROM messages WHERE number_sealed IS NULL OR channel <> 'text'"))
    with _rebuilt("messages") as messages:
        messages.drop_constraint("channel", type_="check")
        messages.alter_column("number_sealed", existing_type=sa.LargeBinary(), nullable=False)
        for column in ("left_at", "redacted_at", "recalled", "channel"):
            messages.drop_column(column)


def _widen_inbox() -> None:
    op.add_column("carrier_events", sa.Column("is_settled", sa.Boolean(), nullable=False, server_default=sa.false()))
    # What came before this was settled when it came.
    op.execute(sa.text("UPDATE carrier_events SET is_settled = true"))
    _partial("ix_carrier_events_unsettled", "carrier_events", ["at"], UNSETTLED)
    op.add_column("inbound_texts", sa.Column("media_count", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("inbound_texts", sa.Column("sent_at", MOMENT, nullable=True))
    op.add_column("inbound_texts", sa.Column("occurrence_id", sa.Uuid(), nullable=True))
    op.add_column("inbound_texts", sa.Column("looked_at", MOMENT, nullable=True))
    op.add_column("inbound_texts", sa.Column("redacted_at", MOMENT, nullable=True))
    for table in ("inbound_texts", "simulated_texts"):
        with _rebuilt(table) as rebuilt:
            rebuilt.alter_column("number_sealed", existing_type=sa.LargeBinary(), nullable=True)
    _partial("ix_inbound_texts_readable", "inbound_texts", ["received_at"], READABLE)
    _partial("ix_inbound_texts_unredacted", "inbound_texts", ["received_at"], UNREDACTED_IN)
    _partial("ix_simulated_texts_readable", "simulated_texts", ["created_at"], READABLE)


def _narrow_inbox() -> None:
    op.drop_index("ix_simulated_texts_readable", table_name="simulated_texts")
    op.drop_index("ix_inbound_texts_unredacted", table_name="inbound_texts")
    op.drop_index("ix_inbound_texts_readable", table_name="inbound_texts")
    for table in ("inbound_texts", "simulated_texts"):
        # What was erased cannot be said in the old shape, and there is nothing left in it.
        op.execute(sa.text(f"DELETE FROM {table} WHERE number_sealed IS NULL"))
        with _rebuilt(table) as rebuilt:
            rebuilt.alter_column("number_sealed", existing_type=sa.LargeBinary(), nullable=False)
    op.drop_column("inbound_texts", "redacted_at")
    op.drop_column("inbound_texts", "looked_at")
    op.drop_column("inbound_texts", "occurrence_id")
    op.drop_column("inbound_texts", "sent_at")
    op.drop_column("inbound_texts", "media_count")
    op.drop_index("ix_carrier_events_unsettled", table_name="carrier_events")
    op.drop_column("carrier_events", "is_settled")


def _widen_dates() -> None:
    op.add_column("occurrences", sa.Column("hear_by", MOMENT, nullable=True))
    _partial("ix_occurrences_changed", "occurrences", ["hear_by"], CHANGED)
    op.add_column("rsvps", sa.Column("on_the_way_at", MOMENT, nullable=True))


def _narrow_dates() -> None:
    op.drop_column("rsvps", "on_the_way_at")
    op.drop_index("ix_occurrences_changed", table_name="occurrences")
    op.drop_column("occurrences", "hear_by")


def _make_global_tables() -> None:
    op.create_table(
        "sender_states",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("paused_until", MOMENT, nullable=True),
        sa.Column("paused_at", MOMENT, nullable=True),
        sa.Column("failure", sa.String(), nullable=True),
        sa.Column("code", sa.Integer(), nullable=True),
        sa.Column("counted_on", sa.Date(), nullable=True),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_sender_states")),
        sqlite_strict=True,
    )
    op.create_table(
        "worker_beats",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("beat_at", MOMENT, nullable=False),
        sa.Column("stopped_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_worker_beats")),
        sqlite_strict=True,
    )


def _make_templates() -> None:
    op.create_table(
        "text_templates",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("language IN ('en', 'es')", name=op.f("ck_text_templates_language")),
        sa.CheckConstraint("level IN ('discreet', 'plain')", name=op.f("ck_text_templates_level")),
        _owned("text_templates"),
        sa.PrimaryKeyConstraint("organisation_id", "kind", "language", "level", name=op.f("pk_text_templates")),
        sqlite_strict=True,
    )


def _make_number_changes() -> None:
    op.create_table(
        "number_changes",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("number_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("number_hash", sa.LargeBinary(), nullable=True),
        sa.Column("code_hash", sa.LargeBinary(), nullable=True),
        sa.Column("browser_hash", sa.LargeBinary(), nullable=True),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("texted_at", MOMENT, nullable=True),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.CheckConstraint("way IN ('own', 'staff')", name=op.f("ck_number_changes_way")),
        _belongs("number_changes", "people", "person_id", ondelete="CASCADE"),
        _owned("number_changes"),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_number_changes")),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_number_changes_organisation_id_person_id"), "number_changes", ["organisation_id", "person_id"]
    )
    op.create_index(
        op.f("ix_number_changes_organisation_id_expires_at"), "number_changes", ["organisation_id", "expires_at"]
    )
    _partial("ix_number_changes_untexted", "number_changes", ["made_at"], TO_TEXT)


def _make_checkups() -> None:
    op.create_table(
        "instruments",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("low", sa.Integer(), nullable=False),
        sa.Column("high", sa.Integer(), nullable=False),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("loaded_at", MOMENT, nullable=False),
        sa.CheckConstraint("language IN ('en', 'es')", name=op.f("ck_instruments_language")),
        sa.CheckConstraint("low >= 0 AND low < high AND high <= 9", name=op.f("ck_instruments_scale")),
        _owned("instruments"),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_instruments")),
        sa.UniqueConstraint(
            "organisation_id", "name", "language", name=op.f("uq_instruments_organisation_id_name_language")
        ),
        sqlite_strict=True,
    )
    op.create_table(
        "checkups",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("instrument_id", sa.Uuid(), nullable=False),
        sa.Column("answers_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("closes_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        _belongs("checkups", "instruments", "instrument_id"),
        _belongs("checkups", "people", "person_id"),
        _owned("checkups"),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_checkups")),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_checkups_organisation_id_person_id_asked_at"),
        "checkups",
        ["organisation_id", "person_id", "asked_at"],
    )


def _rebuilt(table: str):
    """Change a table in place, or on SQLite make it anew: it stays STRICT, which only its making can say."""
    return op.batch_alter_table(table, table_kwargs={"sqlite_strict": True})


def _allow(table: str, **values: Sequence[str]) -> None:
    """Say anew which values columns may hold."""
    with _rebuilt(table) as rebuilt:
        for column, allowed in values.items():
            rebuilt.drop_constraint(op.f(f"ck_{table}_{column}"), type_="check")
            named = ", ".join(f"'{value}'" for value in allowed)
            rebuilt.create_check_constraint(op.f(f"ck_{table}_{column}"), f"{column} IN ({named})")


def _drop_defaults(table: str, *columns: str) -> None:
    """Let nobody write a row without saying these; the default was for the rows that were there."""
    if op.get_bind().dialect.name != "sqlite":
        for column in columns:
            op.alter_column(table, column, server_default=None)


def _partial(name: str, table: str, columns: list[str], where: sa.TextClause) -> None:
    op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)


def _owned(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f(f"fk_{table}_organisation_id"))


def _belongs(table: str, owner: str, column: str, *, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["organisation_id", column],
        [f"{owner}.organisation_id", f"{owner}.id"],
        name=op.f(f"fk_{table}_organisation_id_{column}"),
        ondelete=ondelete,
    )
