"""found meetings

Meetings are found by their words (SQLite: FTS5; PostgreSQL: an index of lexemes), near a point, and in each zone; the
rows they are found by hold all that a page of them needs.

Revision ID: 2026_11_23_found_meetings
Revises: 2026_11_23_whole_calendars
Create Date: 2026-11-23
"""

from collections import defaultdict

import sqlalchemy as sa
from alembic import op

from aftercare.meetings import found_days, search_words

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
#: Whoever takes a meeting off the lists, or puts it back, need not know by what it is found.
SHOWN = (
    "UPDATE meeting_days SET is_shown = (new.listed AND new.ended_at IS NULL AND new.vanished_at IS NULL"
    " AND new.kind = 'fellowship') WHERE organisation_id = new.organisation_id AND meeting_id = new.id;"
)
SHOWS = f"CREATE TRIGGER meetings_shown AFTER UPDATE OF listed, ended_at, vanished_at ON meetings BEGIN {SHOWN} END"
FUNCTION = f"CREATE FUNCTION show_meeting() RETURNS trigger AS $$ BEGIN {SHOWN} RETURN NULL; END $$ LANGUAGE plpgsql"
SHOWS_THERE = (
    "CREATE TRIGGER meetings_shown AFTER UPDATE OF listed, ended_at, vanished_at ON meetings FOR EACH ROW"
    " WHEN ((old.listed, old.ended_at, old.vanished_at) IS DISTINCT FROM (new.listed, new.ended_at, new.vanished_at))"
    " EXECUTE FUNCTION show_meeting()"
)
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
KEYS = (sa.column("organisation_id", sa.Uuid), sa.column("meeting_id", sa.Uuid))
MEETINGS = sa.table(
    "meetings", sa.column("organisation_id", sa.Uuid), sa.column("id", sa.Uuid), sa.column("place_id", sa.Uuid),
    *map(sa.column, ("kind", "name", "fellowship", "attendance", "zone", "join_url", "join_phone", "join_notes")),
    *map(sa.column, ("group_name", "place_detail", "minutes", "rule", "holidays", "search_text")),
    sa.column("ended_at"), sa.column("vanished_at"), sa.column("is_open", sa.Boolean), sa.column("listed", sa.Boolean),
    sa.column("is_join_withheld", sa.Boolean), sa.column("languages", sa.JSON), sa.column("days_off", sa.JSON),
    sa.column("start_local", sa.DateTime),
)  # fmt: skip
PLACES = sa.table(
    "places", sa.column("organisation_id", sa.Uuid), sa.column("id", sa.Uuid), sa.column("is_approximate", sa.Boolean),
    *map(sa.column, ("name", "address", "region", "latitude", "longitude")),
)  # fmt: skip


def upgrade() -> None:
    op.create_index("ix_meetings_organisation_id_place_id", "meetings", ["organisation_id", "place_id"])
    op.create_index(
        "ix_meetings_by_appointment", "meetings", ["organisation_id", "id"],
        sqlite_where=TIMELESS, postgresql_where=TIMELESS,
    )  # fmt: skip
    op.add_column("public_bodies", sa.Column("asked_again_on", sa.Date(), nullable=True))
    op.add_column("meeting_sources", sa.Column("formats", sa.LargeBinary(), nullable=True))
    _name_lists()
    _remember_hands()
    _make_words()
    _write_words()
    _widen_days()
    _write_days()
    _show()


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for trigger in (*TRIGGERS, "meetings_shown"):
            op.execute(f"DROP TRIGGER {trigger}")
        op.drop_table("meeting_words")
        op.drop_table("meeting_numbers")
    else:
        op.execute("DROP TRIGGER meetings_shown ON meetings")
        op.execute("DROP FUNCTION show_meeting")
        op.drop_index("ix_meetings_words", table_name="meetings")
    op.drop_index("ix_meeting_days_by_zone", table_name="meeting_days")
    op.drop_index("ix_meeting_days_by_cell", table_name="meeting_days")
    for column in _found_by():
        op.drop_column("meeting_days", column.name)
    op.drop_index("ix_meetings_by_appointment", table_name="meetings")
    op.drop_index("ix_meetings_organisation_id_place_id", table_name="meetings")
    op.drop_column("occurrences", "placed_in")
    op.drop_column("occurrences", "added_local")
    op.drop_column("occurrences", "is_called_off")
    op.drop_column("meeting_sources", "name")
    op.drop_column("meeting_sources", "formats")
    op.drop_column("public_bodies", "asked_again_on")


def _remember_hands() -> None:
    """Keep which dates somebody cancelled by hand, and where extra ones were put at first.

    Whatever is off by now, and is not closed, may have been cancelled by hand: nothing brings it back by itself.
    """
    op.add_column("occurrences", sa.Column("is_called_off", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("occurrences", sa.Column("added_local", sa.DateTime(), nullable=True))
    op.add_column("occurrences", sa.Column("placed_in", sa.Integer(), nullable=True))
    op.execute(
        sa.text("UPDATE occurrences SET is_called_off = :yes WHERE status = 'cancelled' AND closure_id IS NULL")
        .bindparams(yes=True)
    )  # fmt: skip
    op.execute("UPDATE occurrences SET added_local = start_local WHERE slot_local IS NULL")
    if op.get_bind().dialect.name != "sqlite":
        op.alter_column("occurrences", "is_called_off", server_default=None)


def _name_lists() -> None:
    op.add_column("meeting_sources", sa.Column("name", sa.String(), nullable=False, server_default=""))
    if op.get_bind().dialect.name != "sqlite":
        op.alter_column("meeting_sources", "name", server_default=None)


def _found_by() -> list[sa.Column]:
    return [
        sa.Column("zone", sa.String(), nullable=False, server_default=""),
        sa.Column("is_shown", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("attendance", sa.String(), nullable=False, server_default=""),
        sa.Column("minutes", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("since", sa.Date(), nullable=False, server_default="2026-01-01"),
        sa.Column("series", sa.String(), nullable=False, server_default=""),
        sa.Column("words", sa.String(), nullable=False, server_default=""),
        sa.Column("marks", sa.String(), nullable=False, server_default=""),
        sa.Column("place_id", sa.Uuid(), nullable=True),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("cell", sa.Integer(), nullable=True),
        sa.Column("told", sa.String(), nullable=False, server_default=""),
    ]


def _widen_days() -> None:
    # They are all written anew, from the meetings.
    op.execute("DELETE FROM meeting_days")
    for column in _found_by():
        op.add_column("meeting_days", column)
    by_zone = ["organisation_id", "zone", "weekday", "start_minute", "meeting_id"]
    if op.get_bind().dialect.name == "sqlite":
        # What does not hold the words is passed over without a look at its row; PostgreSQL's entries may not be as long.
        by_zone += ["is_shown", "attendance", "marks", "words"]
    else:
        for column in _found_by():
            if column.server_default is not None:
                op.alter_column("meeting_days", column.name, server_default=None)
    op.create_index("ix_meeting_days_by_zone", "meeting_days", by_zone)
    op.create_index(
        "ix_meeting_days_by_cell",
        "meeting_days",
        ["organisation_id", "cell", "weekday", "start_minute"],
    )


def _write_days() -> None:
    bind = op.get_bind()
    codes = defaultdict(list)
    for row in bind.execute(sa.select(*KEYS, sa.column("code")).select_from(sa.table("meeting_types"))):
        codes[row.organisation_id, row.meeting_id].append(row.code)
    places = {(row["organisation_id"], row["id"]): row for row in bind.execute(sa.select(PLACES)).mappings()}
    written = []
    for row in bind.execute(sa.select(MEETINGS)).mappings():
        keys = {"organisation_id": row["organisation_id"], "meeting_id": row["id"]}
        place = places.get((row["organisation_id"], row["place_id"]))
        mine = codes[row["organisation_id"], row["id"]]
        written += [keys | day for day in found_days.rows(row, place, mine)]
    columns = (*KEYS, sa.column("weekday"), sa.column("start_minute"), *_found_by())
    days = sa.table("meeting_days", *(sa.column(each.name, each.type) for each in columns))
    for start in range(0, len(written), MANY):
        bind.execute(sa.insert(days), written[start : start + MANY])


def _show() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(SHOWS)
    else:
        op.execute(FUNCTION)
        op.execute(SHOWS_THERE)


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
