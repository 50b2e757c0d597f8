"""whole calendars

Meetings that change in every way, with their history; closures and substitutes; lists that are read again and again.

Revision ID: 2026_11_23_whole_calendars
Revises: 2026_11_23_trusted_texts
Create Date: 2026-11-23
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_23_whole_calendars"
down_revision = "2026_11_23_trusted_texts"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
FACTS = sa.JSON().with_variant(sa.dialects.postgresql.JSONB(), "postgresql")
NEW_TABLES = ("rule_suggestions", "import_steps", "import_runs", "substitutes", "closures", "meeting_changes")


def upgrade() -> None:
    _widen_meetings()
    _widen_dates()
    _widen_sources()
    _widen_feeds()
    _make_changes()
    _make_closures()
    _make_substitutes()
    _make_imports()


def downgrade() -> None:
    for table in NEW_TABLES:
        op.drop_table(table)
    op.drop_column("feed_bodies", "failed_at")
    _make_public_bodies(key=("organisation_id",))
    op.drop_column("feeds", "alarm_minutes")
    with _rebuilt("meeting_sources") as sources:
        for column in ("failures", "failure", "next_read_at", "every_hours", "last_modified", "etag"):
            sources.drop_column(column)
    # A date that no rule gave cannot be said in the old shape.
    op.execute(sa.text("UPDATE occurrences SET slot_local = start_local WHERE slot_local IS NULL"))
    with _rebuilt("occurrences") as dates:
        dates.alter_column("slot_local", existing_type=sa.DateTime(), nullable=False)
        for column in ("closure_id", "note"):
            dates.drop_column(column)
    op.drop_index("ix_meetings_heirs", table_name="meetings")
    op.drop_index("ix_meetings_organisation_id_zone_data", table_name="meetings")
    with _rebuilt("meetings") as meetings:
        for column in ("vanished_at", "local_edits", "search_text", "zone_data", "days_off", "holidays"):
            meetings.drop_column(column)


def _widen_meetings() -> None:
    with _rebuilt("meetings") as meetings:
        meetings.add_column(sa.Column("holidays", sa.String(), nullable=False, server_default=""))
        meetings.add_column(sa.Column("days_off", sa.JSON(), nullable=False, server_default="[]"))
        meetings.add_column(sa.Column("zone_data", sa.String(), nullable=False, server_default=""))
        meetings.add_column(sa.Column("search_text", sa.String(), nullable=False, server_default=""))
        meetings.add_column(sa.Column("local_edits", FACTS, nullable=False, server_default="{}"))
        meetings.add_column(sa.Column("vanished_at", MOMENT, nullable=True))
    _drop_defaults("meetings", "holidays", "days_off", "zone_data", "search_text", "local_edits")
    op.create_index("ix_meetings_organisation_id_zone_data", "meetings", ["organisation_id", "zone_data"])
    is_heir = sa.text("lineage_id <> id")
    op.create_index(
        "ix_meetings_heirs",
        "meetings",
        ["organisation_id", "lineage_id"],
        sqlite_where=is_heir,
        postgresql_where=is_heir,
    )


def _widen_dates() -> None:
    with _rebuilt("occurrences") as dates:
        dates.add_column(sa.Column("note", sa.String(), nullable=False, server_default=""))
        dates.add_column(sa.Column("closure_id", sa.Uuid(), nullable=True))
        dates.alter_column("slot_local", existing_type=sa.DateTime(), nullable=True)
    _drop_defaults("occurrences", "note")


def _widen_sources() -> None:
    with _rebuilt("meeting_sources") as sources:
        sources.add_column(sa.Column("etag", sa.String(), nullable=True))
        sources.add_column(sa.Column("last_modified", sa.String(), nullable=True))
        sources.add_column(sa.Column("every_hours", sa.Integer(), nullable=True))
        sources.add_column(sa.Column("next_read_at", MOMENT, nullable=True))
        sources.add_column(sa.Column("failure", sa.String(), nullable=True))
        sources.add_column(sa.Column("failures", sa.Integer(), nullable=False, server_default="0"))
    _drop_defaults("meeting_sources", "failures")


def _widen_feeds() -> None:
    op.add_column("feeds", sa.Column("alarm_minutes", sa.Integer(), nullable=True))
    op.add_column("feed_bodies", sa.Column("failed_at", MOMENT, nullable=True))
    about, failed_at = sa.Column("about", sa.String(), nullable=False), sa.Column("failed_at", MOMENT, nullable=True)
    _make_public_bodies(about, failed_at, key=("organisation_id", "about"))


def _make_public_bodies(*more: sa.Column, key: tuple[str, ...]) -> None:
    """Begin them anew: they are written again when somebody asks."""
    op.drop_table("public_bodies")
    op.create_table(
        "public_bodies",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        *more,
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("tag", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        _owned("public_bodies"),
        sa.PrimaryKeyConstraint(*key, name=op.f("pk_public_bodies")),
        sqlite_strict=True,
    )


def _make_changes() -> None:
    op.create_table(
        "meeting_changes",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("occurrence_id", sa.Uuid(), nullable=True),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("before", FACTS, nullable=False),
        sa.Column("after", FACTS, nullable=False),
        sa.Column("undone_at", MOMENT, nullable=True),
        sa.Column("undone_by", sa.Uuid(), nullable=True),
        _owned("meeting_changes"),
        _belongs("meeting_changes", "meetings", "meeting_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_meeting_changes")),
        sqlite_strict=True,
    )
    _index("meeting_changes", "meeting_id", "at")


def _make_closures() -> None:
    op.create_table(
        "closures",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("place_id", sa.Uuid(), nullable=True),
        sa.Column("meeting_id", sa.Uuid(), nullable=True),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("lifted_at", MOMENT, nullable=True),
        sa.Column("lifted_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(scope = 'organisation' AND place_id IS NULL AND meeting_id IS NULL)"
            " OR (scope = 'place' AND place_id IS NOT NULL AND meeting_id IS NULL)"
            " OR (scope = 'meeting' AND place_id IS NULL AND meeting_id IS NOT NULL)",
            name=op.f("ck_closures_scope"),
        ),
        sa.CheckConstraint("last_day >= first_day", name=op.f("ck_closures_days")),
        _owned("closures"),
        _belongs("closures", "places", "place_id"),
        _belongs("closures", "meetings", "meeting_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_closures")),
        sqlite_strict=True,
    )
    _index("closures", "last_day")


def _make_substitutes() -> None:
    op.create_table(
        "substitutes",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("occurrence_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("occurs_on", sa.Date(), nullable=False),
        sa.Column("stands_in_for", sa.Uuid(), nullable=True),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "occurrence_id", "occurs_on"],
            ["occurrences.organisation_id", "occurrences.id", "occurrences.occurs_on"],
            name=op.f("fk_substitutes_organisation_id_occurrence_id_occurs_on"),
        ),
        _belongs("substitutes", "people", "person_id"),
        sa.PrimaryKeyConstraint("organisation_id", "occurrence_id", "person_id", name=op.f("pk_substitutes")),
        sqlite_strict=True,
    )
    _index("substitutes", "person_id", "occurs_on")


def _make_imports() -> None:
    op.create_table(
        "import_runs",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("report", FACTS, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("undone_at", MOMENT, nullable=True),
        sa.Column("undone_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("state IN ('done', 'waiting', 'refused', 'undone')", name=op.f("ck_import_runs_state")),
        _owned("import_runs"),
        _belongs("import_runs", "meeting_sources", "source_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_import_runs")),
        sqlite_strict=True,
    )
    _index("import_runs", "source_id", "at")
    op.create_table(
        "import_steps",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("before", FACTS, nullable=False),
        sa.CheckConstraint("act IN ('new', 'changed', 'vanished', 'returned')", name=op.f("ck_import_steps_act")),
        _belongs("import_steps", "import_runs", "run_id", ondelete="CASCADE"),
        _belongs("import_steps", "meetings", "meeting_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("organisation_id", "run_id", "meeting_id", name=op.f("pk_import_steps")),
        sqlite_strict=True,
    )
    op.create_table(
        "rule_suggestions",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("sentence", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("found_at", MOMENT, nullable=False),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.Column("settled_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("state IN ('open', 'taken', 'dismissed')", name=op.f("ck_rule_suggestions_state")),
        _owned("rule_suggestions"),
        _belongs("rule_suggestions", "meetings", "meeting_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_rule_suggestions")),
        sa.UniqueConstraint(
            "organisation_id", "meeting_id", "sentence",
            name=op.f("uq_rule_suggestions_organisation_id_meeting_id_sentence"),
        ),
        sqlite_strict=True,
    )  # fmt: skip
    _index("rule_suggestions", "state")


def _rebuilt(table: str):
    """Change a table in place, or on SQLite make it anew: it stays STRICT, which only its making can say."""
    return op.batch_alter_table(table, table_kwargs={"sqlite_strict": True})


def _drop_defaults(table: str, *columns: str) -> None:
    """Let nobody write a row without saying these; the default was for the rows that were there."""
    if op.get_bind().dialect.name != "sqlite":
        for column in columns:
            op.alter_column(table, column, server_default=None)


def _index(table: str, *columns: str) -> None:
    name = "_".join(["ix", table, "organisation_id", *columns])
    op.create_index(op.f(name), table, ["organisation_id", *columns])


def _owned(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f(f"fk_{table}_organisation_id"))


def _belongs(table: str, owner: str, column: str, *, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["organisation_id", column],
        [f"{owner}.organisation_id", f"{owner}.id"],
        name=op.f(f"fk_{table}_organisation_id_{column}"),
        ondelete=ondelete,
    )
