"""found meetings

Meetings are found by their words (SQLite: FTS5; PostgreSQL: an index of lexemes), near a point, and in each zone.

Revision ID: 2026_11_23_found_meetings
Revises: 2026_11_23_whole_calendars
Create Date: 2026-11-23
"""

from collections import defaultdict

import sqlalchemy as sa
from alembic import op

from aftercare.meetings import geography, search_words

revision = "2026_11_23_found_meetings"
down_revision = "2026_11_23_whole_calendars"
branch_labels = None
depends_on = None

#: A later migration that makes `meetings` anew on SQLite (batch_alter_table) loses these and must make them again.
TRIGGERS = {
    "meetings_found": """AFTER INSERT ON meetings BEGIN
        INSERT INTO meeting_numbers (organisation_id, meeting_id) VALUES (new.organisation_id, new.id);
        INSERT INTO meeting_words (rowid, words)
            SELECT number, '_o_' || new.organisation_id || new.search_text FROM meeting_numbers
            WHERE organisation_id = new.organisation_id AND meeting_id = new.id;
    END""",
    "meetings_reworded": """AFTER UPDATE OF search_text ON meetings WHEN old.search_text <> new.search_text BEGIN
        INSERT INTO meeting_words (meeting_words, rowid, words)
            SELECT 'delete', number, '_o_' || old.organisation_id || old.search_text FROM meeting_numbers
            WHERE organisation_id = old.organisation_id AND meeting_id = old.id;
        INSERT INTO meeting_words (rowid, words)
            SELECT number, '_o_' || new.organisation_id || new.search_text FROM meeting_numbers
            WHERE organisation_id = new.organisation_id AND meeting_id = new.id;
    END""",
    "meetings_lost": """AFTER DELETE ON meetings BEGIN
        INSERT INTO meeting_words (meeting_words, rowid, words)
            SELECT 'delete', number, '_o_' || old.organisation_id || old.search_text FROM meeting_numbers
            WHERE organisation_id = old.organisation_id AND meeting_id = old.id;
        DELETE FROM meeting_numbers WHERE organisation_id = old.organisation_id AND meeting_id = old.id;
    END""",
}
#: FTS5 knows rows by numbers; those of a table without a whole number as its key may change.
NUMBERS = """CREATE TABLE meeting_numbers (
    number INTEGER PRIMARY KEY, organisation_id TEXT NOT NULL, meeting_id TEXT NOT NULL,
    UNIQUE (organisation_id, meeting_id)
) STRICT"""
WORDS = """CREATE VIRTUAL TABLE meeting_words USING fts5(
    words, content='', detail='none', prefix='2 3', tokenize="unicode61 remove_diacritics 0 tokenchars '_'"
)"""
#: The words are folded and parted already: no parser of PostgreSQL looks at them.
LEXEMES = (
    "array_to_tsvector(string_to_array('_o_' || replace(CAST(organisation_id AS text), '-', '') || search_text, ' '))"
)
TIMELESS = sa.text("start_local IS NULL")
MANY = 500


def upgrade() -> None:
    op.add_column("places", sa.Column("cell", sa.Integer(), nullable=True))
    op.create_index("ix_places_organisation_id_cell", "places", ["organisation_id", "cell"])
    op.create_index("ix_meetings_organisation_id_place_id", "meetings", ["organisation_id", "place_id"])
    op.create_index(
        "ix_meetings_by_appointment", "meetings", ["organisation_id", "id"],
        sqlite_where=TIMELESS, postgresql_where=TIMELESS,
    )  # fmt: skip
    op.add_column("public_bodies", sa.Column("asked_again_on", sa.Date(), nullable=True))
    op.add_column("meeting_sources", sa.Column("formats", sa.LargeBinary(), nullable=True))
    _name_lists()
    _remember_hands()
    _put_days_into_zones()
    _put_places_into_cells()
    _make_words()
    _write_words()


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for trigger in TRIGGERS:
            op.execute(f"DROP TRIGGER {trigger}")
        op.drop_table("meeting_words")
        op.drop_table("meeting_numbers")
    else:
        op.drop_index("ix_meetings_words", table_name="meetings")
    op.drop_index("ix_meeting_days_by_zone", table_name="meeting_days")
    op.drop_column("meeting_days", "zone")
    op.drop_index("ix_meetings_by_appointment", table_name="meetings")
    op.drop_index("ix_meetings_organisation_id_place_id", table_name="meetings")
    op.drop_index("ix_places_organisation_id_cell", table_name="places")
    op.drop_column("places", "cell")
    op.drop_column("occurrences", "added_local")
    op.drop_column("occurrences", "is_called_off")
    op.drop_column("meeting_sources", "name")
    op.drop_column("meeting_sources", "formats")
    op.drop_column("public_bodies", "asked_again_on")


def _name_lists() -> None:
    op.add_column("meeting_sources", sa.Column("name", sa.String(), nullable=False, server_default=""))
    if op.get_bind().dialect.name != "sqlite":
        op.alter_column("meeting_sources", "name", server_default=None)


def _remember_hands() -> None:
    """Keep which dates somebody cancelled by hand, and where extra ones were put at first.

    Whatever is off by now, and is not closed, may have been cancelled by hand: nothing brings it back by itself.
    """
    op.add_column("occurrences", sa.Column("is_called_off", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("occurrences", sa.Column("added_local", sa.DateTime(), nullable=True))
    op.execute(
        sa.text("UPDATE occurrences SET is_called_off = :yes WHERE status = 'cancelled' AND closure_id IS NULL")
        .bindparams(yes=True)
    )  # fmt: skip
    op.execute("UPDATE occurrences SET added_local = start_local WHERE slot_local IS NULL")
    if op.get_bind().dialect.name != "sqlite":
        op.alter_column("occurrences", "is_called_off", server_default=None)


def _put_days_into_zones() -> None:
    op.add_column("meeting_days", sa.Column("zone", sa.String(), nullable=False, server_default=""))
    op.execute(
        "UPDATE meeting_days SET zone = (SELECT zone FROM meetings WHERE"
        " meetings.organisation_id = meeting_days.organisation_id AND meetings.id = meeting_days.meeting_id)"
    )
    if op.get_bind().dialect.name != "sqlite":
        op.alter_column("meeting_days", "zone", server_default=None)
    op.create_index(
        "ix_meeting_days_by_zone",
        "meeting_days",
        ["organisation_id", "zone", "weekday", "start_minute", "meeting_id"],
    )


def _put_places_into_cells() -> None:
    bind = op.get_bind()
    known = bind.execute(sa.text("SELECT organisation_id, id, latitude, longitude FROM places")).all()
    located = [
        {"o": row.organisation_id, "i": row.id, "cell": found}
        for row in known
        if (found := geography.cell(row.latitude, row.longitude)) is not None
    ]
    kept = sa.text("UPDATE places SET cell = :cell WHERE organisation_id = :o AND id = :i")
    for start in range(0, len(located), MANY):
        bind.execute(kept, located[start : start + MANY])


def _make_words() -> None:
    if op.get_bind().dialect.name != "sqlite":
        # Without `fastupdate`, a search after an import does not read the whole import.
        op.execute(f"CREATE INDEX ix_meetings_words ON meetings USING gin (({LEXEMES})) WITH (fastupdate = off)")
        return
    op.execute(NUMBERS)
    op.execute(WORDS)
    op.execute("INSERT INTO meeting_numbers (organisation_id, meeting_id) SELECT organisation_id, id FROM meetings")
    op.execute(
        "INSERT INTO meeting_words (rowid, words) SELECT number, '_o_' || n.organisation_id || m.search_text"
        " FROM meeting_numbers n JOIN meetings m ON m.organisation_id = n.organisation_id AND m.id = n.meeting_id"
    )
    for trigger, body in TRIGGERS.items():
        op.execute(f"CREATE TRIGGER {trigger} {body}")


def _write_words() -> None:
    bind = op.get_bind()
    pairs = defaultdict(list)
    for row in bind.execute(sa.text("SELECT organisation_id, meeting_id, fellowship, code FROM meeting_types")):
        pairs[row.organisation_id, row.meeting_id].append((row.fellowship, row.code))
    meetings = sa.table("meetings", *map(sa.column, ("organisation_id", "id", "name", "group_name", "fellowship")))
    meetings.append_column(sa.column("languages", sa.JSON))
    meetings.append_column(sa.column("attendance"))
    meetings.append_column(sa.column("is_open", sa.Boolean))
    meetings.append_column(sa.column("place_id"))
    places = {
        (row["organisation_id"], row["id"]): row
        for row in bind.execute(sa.text("SELECT organisation_id, id, name, address, region FROM places")).mappings()
    }
    written = [
        {
            "o": row["organisation_id"],
            "i": row["id"],
            "words": search_words.written(
                row,
                places.get((row["organisation_id"], row["place_id"]), {}),
                pairs[row["organisation_id"], row["id"]],
            ),
        }
        for row in bind.execute(sa.select(meetings)).mappings()
    ]
    kept = sa.text("UPDATE meetings SET search_text = :words WHERE organisation_id = :o AND id = :i")
    for start in range(0, len(written), MANY):
        bind.execute(kept, written[start : start + MANY])
