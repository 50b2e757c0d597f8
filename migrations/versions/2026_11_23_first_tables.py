"""first tables

Revision ID: 2026_11_23_first_tables
Revises:
Create Date: 2026-11-23
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_23_first_tables"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "carrier_events",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sid", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("error_code", sa.Integer(), nullable=False),
        sa.Column("message_ref", sa.String(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carrier_events")),
        sa.UniqueConstraint("sid", "status", "error_code", name=op.f("uq_carrier_events_sid_status_error_code")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("carrier_events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_carrier_events_at"), ["at"], unique=False)

    op.create_table(
        "inbound_texts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sid", sa.String(), nullable=False),
        sa.Column("number_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("number_hash", sa.LargeBinary(), nullable=False),
        sa.Column("sent_to", sa.String(), nullable=False),
        sa.Column("body_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("opt_out_type", sa.String(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("verb", sa.String(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbound_texts")),
        sa.UniqueConstraint("sid", name=op.f("uq_inbound_texts_sid")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("inbound_texts", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_inbound_texts_number_hash_received_at"), ["number_hash", "received_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_inbound_texts_organisation_id_person_id_received_at"),
            ["organisation_id", "person_id", "received_at"],
            unique=False,
        )
        batch_op.create_index(
            "ix_inbound_texts_unread",
            ["received_at"],
            unique=False,
            sqlite_where=sa.text("verb IS NULL"),
            postgresql_where=sa.text("verb IS NULL"),
        )

    op.create_table(
        "job_turns",
        sa.Column("job", sa.String(), nullable=False),
        sa.Column("slot", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("job", "slot", name=op.f("pk_job_turns")),
        sqlite_strict=True,
    )
    op.create_table(
        "organisations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("discreet_name", sa.String(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("contact_phone", sa.String(), nullable=False),
        sa.Column("quiet_until", sa.Integer(), nullable=False),
        sa.Column("quiet_from", sa.Integer(), nullable=False),
        sa.Column("reminder_hours", sa.JSON(), nullable=False),
        sa.Column("calendar_version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("language IN ('en', 'es')", name=op.f("ck_organisations_language")),
        sa.CheckConstraint(
            "quiet_until >= 0 AND quiet_until < quiet_from AND quiet_from <= 1440",
            name=op.f("ck_organisations_quiet_window"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
        sa.UniqueConstraint("slug", name=op.f("uq_organisations_slug")),
        sqlite_strict=True,
    )
    op.create_table(
        "rate_buckets",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("full_until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_rate_buckets")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("rate_buckets", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rate_buckets_full_until"), ["full_until"], unique=False)

    op.create_table(
        "sign_in_codes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("phone_hash", sa.LargeBinary(), nullable=False),
        sa.Column("browser_hash", sa.LargeBinary(), nullable=False),
        sa.Column("link_hash", sa.LargeBinary(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("texted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("language IN ('en', 'es')", name=op.f("ck_sign_in_codes_language")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_codes")),
        sa.UniqueConstraint("browser_hash", name=op.f("uq_sign_in_codes_browser_hash")),
        sa.UniqueConstraint("link_hash", name=op.f("uq_sign_in_codes_link_hash")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("sign_in_codes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_codes_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(
            "ix_sign_in_codes_untexted",
            ["asked_at"],
            unique=False,
            sqlite_where=sa.text("texted_at IS NULL"),
            postgresql_where=sa.text("texted_at IS NULL"),
        )

    op.create_table(
        "simulated_texts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sid", sa.String(), nullable=False),
        sa.Column("message_ref", sa.String(), nullable=False),
        sa.Column("number_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("number_hash", sa.LargeBinary(), nullable=False),
        sa.Column("body_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("order", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_simulated_texts")),
        sa.UniqueConstraint("sid", name=op.f("uq_simulated_texts_sid")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("simulated_texts", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_simulated_texts_number_hash_created_at"), ["number_hash", "created_at"], unique=False
        )

    op.create_table(
        "audit_events",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("about_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column(
            "facts", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_audit_events_organisation_id")
        ),
        sa.PrimaryKeyConstraint("organisation_id", "number", name=op.f("pk_audit_events")),
        sqlite_strict=True,
    )
    op.create_table(
        "audit_heads",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_audit_heads_organisation_id")),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_audit_heads")),
        sqlite_strict=True,
    )
    op.create_table(
        "directory",
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_directory_organisation_id")),
        sa.PrimaryKeyConstraint("purpose", "key", "organisation_id", "subject_id", name=op.f("pk_directory")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("directory", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_directory_organisation_id_subject_id"), ["organisation_id", "subject_id"], unique=False
        )

    op.create_table(
        "kept_answers",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("request_hash", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_kept_answers_organisation_id")
        ),
        sa.PrimaryKeyConstraint("organisation_id", "key", name=op.f("pk_kept_answers")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("kept_answers", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_kept_answers_organisation_id_created_at"), ["organisation_id", "created_at"], unique=False
        )

    op.create_table(
        "meeting_sources",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("location", sa.String(), nullable=False),
        sa.Column("format", sa.String(), nullable=False),
        sa.Column("fellowship", sa.String(), nullable=False),
        sa.Column("zone", sa.String(), nullable=True),
        sa.Column("last_read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "last_report", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_meeting_sources_organisation_id")
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_meeting_sources")),
        sa.UniqueConstraint("organisation_id", "location", name=op.f("uq_meeting_sources_organisation_id_location")),
        sqlite_strict=True,
    )
    op.create_table(
        "people",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("phone_hash", sa.LargeBinary(), nullable=True),
        sa.Column("phone_verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("phone_frozen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("email_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("text_level", sa.String(), nullable=False),
        sa.Column("calendar_version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("language IN ('en', 'es')", name=op.f("ck_people_language")),
        sa.CheckConstraint("text_level IN ('discreet', 'plain')", name=op.f("ck_people_text_level")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_people_organisation_id")),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_people")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_people_organisation_id_phone_hash"), ["organisation_id", "phone_hash"], unique=False
        )

    op.create_table(
        "places",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("is_approximate", sa.Boolean(), nullable=False),
        sa.Column("notes", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_places_organisation_id")),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_places")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("places", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_places_organisation_id_name"), ["organisation_id", "name"], unique=False)

    op.create_table(
        "public_bodies",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("tag", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_public_bodies_organisation_id")
        ),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_public_bodies")),
        sqlite_strict=True,
    )
    op.create_table(
        "accounts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("password", sa.String(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("fs_uniquifier", sa.String(), nullable=False),
        sa.Column("fs_webauthn_user_handle", sa.String(), nullable=True),
        sa.Column("mf_recovery_codes", sa.JSON(), nullable=True),
        sa.Column("tf_primary_method", sa.String(), nullable=True),
        sa.Column("tf_totp_secret", sa.String(), nullable=True),
        sa.Column("tf_phone_number", sa.String(), nullable=True),
        sa.Column("us_totp_secrets", sa.String(), nullable=True),
        sa.Column("us_phone_number", sa.String(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("create_datetime", sa.DateTime(timezone=True), nullable=False),
        sa.Column("update_datetime", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "person_id"],
            ["people.organisation_id", "people.id"],
            name=op.f("fk_accounts_organisation_id_person_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("email", name=op.f("uq_accounts_email")),
        sa.UniqueConstraint("fs_uniquifier", name=op.f("uq_accounts_fs_uniquifier")),
        sa.UniqueConstraint("fs_webauthn_user_handle", name=op.f("uq_accounts_fs_webauthn_user_handle")),
        sa.UniqueConstraint("organisation_id", "person_id", name=op.f("uq_accounts_organisation_id_person_id")),
        sqlite_strict=True,
    )
    op.create_table(
        "api_tokens",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("key_hash", sa.LargeBinary(), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id", "person_id"],
            ["people.organisation_id", "people.id"],
            name=op.f("fk_api_tokens_organisation_id_person_id"),
        ),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_api_tokens_organisation_id")),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_api_tokens")),
        sqlite_strict=True,
    )
    op.create_table(
        "consent_events",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("wording", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("phone_hash", sa.LargeBinary(), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("act IN ('grant', 'withdraw')", name=op.f("ck_consent_events_act")),
        sa.CheckConstraint("purpose IN ('text', 'disclosure')", name=op.f("ck_consent_events_purpose")),
        sa.CheckConstraint("way IN ('text', 'web', 'staff', 'paper', 'carrier')", name=op.f("ck_consent_events_way")),
        sa.ForeignKeyConstraint(
            ["organisation_id", "person_id"],
            ["people.organisation_id", "people.id"],
            name=op.f("fk_consent_events_organisation_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_consent_events_organisation_id")
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_consent_events")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("consent_events", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_consent_events_organisation_id_person_id_purpose_at"),
            ["organisation_id", "person_id", "purpose", "at"],
            unique=False,
        )

    op.create_table(
        "devices",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("key_hash", sa.LargeBinary(), nullable=False),
        sa.Column("is_own_phone", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_on", sa.Date(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id", "person_id"],
            ["people.organisation_id", "people.id"],
            name=op.f("fk_devices_organisation_id_person_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_devices_organisation_id")),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_devices")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("devices", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_devices_organisation_id_person_id"), ["organisation_id", "person_id"], unique=False
        )

    op.create_table(
        "feeds",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("key_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_read_on", sa.Date(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("level IN ('full', 'discreet', 'busy')", name=op.f("ck_feeds_level")),
        sa.ForeignKeyConstraint(
            ["organisation_id", "person_id"],
            ["people.organisation_id", "people.id"],
            name=op.f("fk_feeds_organisation_id_person_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_feeds_organisation_id")),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_feeds")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("feeds", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_feeds_organisation_id_person_id"), ["organisation_id", "person_id"], unique=False
        )

    op.create_table(
        "goals",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("set_on", sa.Date(), nullable=False),
        sa.Column("meetings", sa.Integer(), nullable=False),
        sa.CheckConstraint("meetings >= 1 AND meetings <= 21", name=op.f("ck_goals_meetings")),
        sa.ForeignKeyConstraint(
            ["organisation_id", "person_id"],
            ["people.organisation_id", "people.id"],
            name=op.f("fk_goals_organisation_id_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "person_id", "set_on", name=op.f("pk_goals")),
        sqlite_strict=True,
    )
    op.create_table(
        "meetings",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lineage_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("discreet_title", sa.String(), nullable=False),
        sa.Column("fellowship", sa.String(), nullable=False),
        sa.Column("group_name", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("attendance", sa.String(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=True),
        sa.Column("place_id", sa.Uuid(), nullable=True),
        sa.Column("place_detail", sa.String(), nullable=False),
        sa.Column("join_url", sa.String(), nullable=False),
        sa.Column("join_phone", sa.String(), nullable=False),
        sa.Column("join_notes", sa.String(), nullable=False),
        sa.Column("is_join_withheld", sa.Boolean(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("start_local", sa.DateTime(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("rule", sa.String(), nullable=True),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("closes_minutes_before", sa.Integer(), nullable=True),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.Column("horizon_until", sa.Date(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=True),
        sa.Column("source_key", sa.String(), nullable=True),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column(
            "extra", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "attendance IN ('in_person', 'online', 'hybrid', 'inactive')", name=op.f("ck_meetings_attendance")
        ),
        sa.CheckConstraint(
            "kind = 'fellowship' OR source_id IS NULL", name=op.f("ck_meetings_programme_is_never_imported")
        ),
        sa.CheckConstraint(
            "kind = 'fellowship' OR start_local IS NOT NULL", name=op.f("ck_meetings_programme_has_a_time")
        ),
        sa.CheckConstraint("kind = 'programme' OR capacity IS NULL", name=op.f("ck_meetings_fellowship_has_no_seats")),
        sa.CheckConstraint(
            "kind = 'programme' OR closes_minutes_before IS NULL", name=op.f("ck_meetings_fellowship_takes_no_replies")
        ),
        sa.CheckConstraint("kind IN ('programme', 'fellowship')", name=op.f("ck_meetings_kind")),
        sa.CheckConstraint("capacity IS NULL OR capacity >= 1", name=op.f("ck_meetings_capacity")),
        sa.CheckConstraint("minutes IS NULL OR (minutes >= 1 AND minutes <= 1440)", name=op.f("ck_meetings_minutes")),
        sa.ForeignKeyConstraint(
            ["organisation_id", "place_id"],
            ["places.organisation_id", "places.id"],
            name=op.f("fk_meetings_organisation_id_place_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "source_id"],
            ["meeting_sources.organisation_id", "meeting_sources.id"],
            name=op.f("fk_meetings_organisation_id_source_id"),
        ),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_meetings_organisation_id")),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_meetings")),
        sa.UniqueConstraint("organisation_id", "id", "kind", name=op.f("uq_meetings_organisation_id_id_kind")),
        sa.UniqueConstraint(
            "organisation_id", "source_id", "source_key", name=op.f("uq_meetings_organisation_id_source_id_source_key")
        ),
        sqlite_strict=True,
    )
    with op.batch_alter_table("meetings", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_meetings_organisation_id_horizon_until"), ["organisation_id", "horizon_until"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_meetings_organisation_id_kind_ended_at"),
            ["organisation_id", "kind", "ended_at"],
            unique=False,
        )

    op.create_table(
        "messages",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("occurs_on", sa.Date(), nullable=False),
        sa.Column("once", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("occurrence_id", sa.Uuid(), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("number_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("number_hash", sa.LargeBinary(), nullable=False),
        sa.Column("body_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("asks", sa.Boolean(), nullable=False),
        sa.Column("is_answer", sa.Boolean(), nullable=False),
        sa.Column("needs_consent", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("useful_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_owner", sa.String(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("looks", sa.Integer(), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sid", sa.String(), nullable=True),
        sa.Column("carrier_rank", sa.Integer(), nullable=False),
        sa.Column("error_code", sa.Integer(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('pending', 'sending', 'unknown', 'accepted', 'sent', 'delivered', 'undelivered', 'failed', 'cancelled', 'expired')",
            name=op.f("ck_messages_state"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "person_id"],
            ["people.organisation_id", "people.id"],
            name=op.f("fk_messages_organisation_id_person_id"),
        ),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_messages_organisation_id")),
        sa.PrimaryKeyConstraint("organisation_id", "id", "occurs_on", name=op.f("pk_messages")),
        sa.UniqueConstraint(
            "organisation_id", "occurs_on", "once", name=op.f("uq_messages_organisation_id_occurs_on_once")
        ),
        sqlite_strict=True,
    )
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.create_index(
            "ix_messages_in_flight",
            ["organisation_id", "claimed_at"],
            unique=False,
            sqlite_where=sa.text("state IN ('sending', 'unknown')"),
            postgresql_where=sa.text("state IN ('sending', 'unknown')"),
        )
        batch_op.create_index(
            batch_op.f("ix_messages_organisation_id_occurrence_id"), ["organisation_id", "occurrence_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_messages_organisation_id_person_id_created_at"),
            ["organisation_id", "person_id", "created_at"],
            unique=False,
        )
        batch_op.create_index(
            "ix_messages_unfinished",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("state IN ('pending', 'sending', 'unknown')"),
            postgresql_where=sa.text("state IN ('pending', 'sending', 'unknown')"),
        )
        batch_op.create_index(
            "ix_messages_waiting",
            ["organisation_id", "useful_until", "due_at"],
            unique=False,
            sqlite_where=sa.text("state = 'pending'"),
            postgresql_where=sa.text("state = 'pending'"),
        )

    op.create_table(
        "milestones",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reached_on", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('meetings', 'weeks')", name=op.f("ck_milestones_kind")),
        sa.ForeignKeyConstraint(
            ["organisation_id", "person_id"],
            ["people.organisation_id", "people.id"],
            name=op.f("fk_milestones_organisation_id_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "person_id", "kind", "number", name=op.f("pk_milestones")),
        sqlite_strict=True,
    )
    op.create_table(
        "outreach_tasks",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("is_urgent", sa.Boolean(), nullable=False),
        sa.Column(
            "facts", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("once", sa.String(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('crisis', 'call', 'contact', 'roll', 'not_understood')", name=op.f("ck_outreach_tasks_kind")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "person_id"],
            ["people.organisation_id", "people.id"],
            name=op.f("fk_outreach_tasks_organisation_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_outreach_tasks_organisation_id")
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_outreach_tasks")),
        sa.UniqueConstraint("organisation_id", "once", name=op.f("uq_outreach_tasks_organisation_id_once")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("outreach_tasks", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_outreach_tasks_organisation_id_closed_at_due_at"),
            ["organisation_id", "closed_at", "due_at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_outreach_tasks_organisation_id_person_id"), ["organisation_id", "person_id"], unique=False
        )

    op.create_table(
        "paths",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("enrolled_on", sa.Date(), nullable=False),
        sa.Column("week_start", sa.Integer(), nullable=False),
        sa.Column("shows_streak", sa.Boolean(), nullable=False),
        sa.Column("noted_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("week_start >= 0 AND week_start <= 6", name=op.f("ck_paths_week_start")),
        sa.ForeignKeyConstraint(
            ["organisation_id", "person_id"],
            ["people.organisation_id", "people.id"],
            name=op.f("fk_paths_organisation_id_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "person_id", name=op.f("pk_paths")),
        sqlite_strict=True,
    )
    op.create_table(
        "pauses",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.CheckConstraint("last_day >= first_day", name=op.f("ck_pauses_days")),
        sa.ForeignKeyConstraint(
            ["organisation_id", "person_id"],
            ["people.organisation_id", "people.id"],
            name=op.f("fk_pauses_organisation_id_person_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_pauses_organisation_id")),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_pauses")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("pauses", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_pauses_organisation_id_person_id"), ["organisation_id", "person_id"], unique=False
        )

    op.create_table(
        "person_roles",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "role IN ('patient', 'counsellor', 'manager', 'admin', 'support', 'referrer')",
            name=op.f("ck_person_roles_role"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "person_id"],
            ["people.organisation_id", "people.id"],
            name=op.f("fk_person_roles_organisation_id_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "person_id", "role", name=op.f("pk_person_roles")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("person_roles", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_person_roles_organisation_id_role"), ["organisation_id", "role"], unique=False
        )

    op.create_table(
        "facilitators",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("kind = 'programme'", name=op.f("ck_facilitators_programme_only")),
        sa.ForeignKeyConstraint(
            ["organisation_id", "meeting_id", "kind"],
            ["meetings.organisation_id", "meetings.id", "meetings.kind"],
            name=op.f("fk_facilitators_organisation_id_meeting_id_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "person_id"],
            ["people.organisation_id", "people.id"],
            name=op.f("fk_facilitators_organisation_id_person_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "meeting_id", "person_id", name=op.f("pk_facilitators")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("facilitators", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_facilitators_organisation_id_person_id"), ["organisation_id", "person_id"], unique=False
        )

    op.create_table(
        "feed_bodies",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("feed_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("tag", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "feed_id"],
            ["feeds.organisation_id", "feeds.id"],
            name=op.f("fk_feed_bodies_organisation_id_feed_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "feed_id", name=op.f("pk_feed_bodies")),
        sqlite_strict=True,
    )
    op.create_table(
        "meeting_days",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("start_minute", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("start_minute >= 0 AND start_minute < 1440", name=op.f("ck_meeting_days_start_minute")),
        sa.CheckConstraint("weekday >= 0 AND weekday <= 6", name=op.f("ck_meeting_days_weekday")),
        sa.ForeignKeyConstraint(
            ["organisation_id", "meeting_id"],
            ["meetings.organisation_id", "meetings.id"],
            name=op.f("fk_meeting_days_organisation_id_meeting_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "organisation_id", "weekday", "start_minute", "meeting_id", name=op.f("pk_meeting_days")
        ),
        sqlite_strict=True,
    )
    with op.batch_alter_table("meeting_days", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_meeting_days_organisation_id_meeting_id"), ["organisation_id", "meeting_id"], unique=False
        )

    op.create_table(
        "meeting_types",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("fellowship", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "meeting_id"],
            ["meetings.organisation_id", "meetings.id"],
            name=op.f("fk_meeting_types_organisation_id_meeting_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "meeting_id", "fellowship", "code", name=op.f("pk_meeting_types")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("meeting_types", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_meeting_types_organisation_id_code_meeting_id"),
            ["organisation_id", "code", "meeting_id"],
            unique=False,
        )

    op.create_table(
        "members",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.CheckConstraint("kind = 'programme'", name=op.f("ck_members_programme_only")),
        sa.ForeignKeyConstraint(
            ["organisation_id", "meeting_id", "kind"],
            ["meetings.organisation_id", "meetings.id", "meetings.kind"],
            name=op.f("fk_members_organisation_id_meeting_id_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "person_id"],
            ["people.organisation_id", "people.id"],
            name=op.f("fk_members_organisation_id_person_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "meeting_id", "person_id", "since", name=op.f("pk_members")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("members", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_members_organisation_id_person_id"), ["organisation_id", "person_id"], unique=False
        )

    op.create_table(
        "occurrences",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("slot_local", sa.DateTime(), nullable=False),
        sa.Column("occurs_on", sa.Date(), nullable=False),
        sa.Column("start_local", sa.DateTime(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("closes_minutes_before", sa.Integer(), nullable=True),
        sa.Column("place_id", sa.Uuid(), nullable=True),
        sa.Column("roll", sa.String(), nullable=False),
        sa.Column("roll_final_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind = 'programme'", name=op.f("ck_occurrences_programme_only")),
        sa.CheckConstraint("roll IN ('open', 'held', 'final')", name=op.f("ck_occurrences_roll")),
        sa.CheckConstraint("status IN ('scheduled', 'moved', 'cancelled', 'held')", name=op.f("ck_occurrences_status")),
        sa.CheckConstraint("capacity IS NULL OR capacity >= 1", name=op.f("ck_occurrences_capacity")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_occurrences_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["organisation_id", "meeting_id", "kind"],
            ["meetings.organisation_id", "meetings.id", "meetings.kind"],
            name=op.f("fk_occurrences_organisation_id_meeting_id_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "place_id"],
            ["places.organisation_id", "places.id"],
            name=op.f("fk_occurrences_organisation_id_place_id"),
        ),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_occurrences_organisation_id")),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_occurrences")),
        sa.UniqueConstraint(
            "organisation_id", "id", "occurs_on", name=op.f("uq_occurrences_organisation_id_id_occurs_on")
        ),
        sa.UniqueConstraint(
            "organisation_id",
            "meeting_id",
            "slot_local",
            name=op.f("uq_occurrences_organisation_id_meeting_id_slot_local"),
        ),
        sqlite_strict=True,
    )
    with op.batch_alter_table("occurrences", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_occurrences_organisation_id_roll_ends_at"),
            ["organisation_id", "roll", "ends_at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_occurrences_organisation_id_starts_at"), ["organisation_id", "starts_at"], unique=False
        )

    op.create_table(
        "passkeys",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.Integer(), nullable=False),
        sa.Column("transports", sa.JSON(), nullable=True),
        sa.Column("backup_state", sa.Boolean(), nullable=False),
        sa.Column("device_type", sa.String(), nullable=False),
        sa.Column("extensions", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("usage", sa.String(), nullable=False),
        sa.Column("lastuse_datetime", sa.DateTime(timezone=True), nullable=False),
        sa.Column("create_datetime", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["accounts.id"], name=op.f("fk_passkeys_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkeys")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkeys_credential_id")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("passkeys", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_passkeys_user_id"), ["user_id"], unique=False)

    op.create_table(
        "answer_links",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("occurrence_id", sa.Uuid(), nullable=False),
        sa.Column("key_hash", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "occurrence_id"],
            ["occurrences.organisation_id", "occurrences.id"],
            name=op.f("fk_answer_links_organisation_id_occurrence_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "person_id"],
            ["people.organisation_id", "people.id"],
            name=op.f("fk_answer_links_organisation_id_person_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_answer_links_organisation_id")
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_answer_links")),
        sqlite_strict=True,
    )
    op.create_table(
        "attendance_events",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("occurs_on", sa.Date(), nullable=False),
        sa.Column("occurrence_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("assurance", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("act IN ('attended', 'late', 'excused', 'undone')", name=op.f("ck_attendance_events_act")),
        sa.CheckConstraint(
            "way IN ('roll', 'qr', 'code', 'text', 'online', 'poster', 'self')", name=op.f("ck_attendance_events_way")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "occurrence_id", "occurs_on"],
            ["occurrences.organisation_id", "occurrences.id", "occurrences.occurs_on"],
            name=op.f("fk_attendance_events_organisation_id_occurrence_id_occurs_on"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "person_id"],
            ["people.organisation_id", "people.id"],
            name=op.f("fk_attendance_events_organisation_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_attendance_events_organisation_id")
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", "occurs_on", name=op.f("pk_attendance_events")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("attendance_events", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_attendance_events_organisation_id_at"), ["organisation_id", "at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_attendance_events_organisation_id_occurs_on_occurrence_id_person_id"),
            ["organisation_id", "occurs_on", "occurrence_id", "person_id"],
            unique=False,
        )

    op.create_table(
        "attendances",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("occurs_on", sa.Date(), nullable=False),
        sa.Column("occurrence_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("credit_date", sa.Date(), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("assurance", sa.Integer(), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('attended', 'late', 'excused')", name=op.f("ck_attendances_state")),
        sa.CheckConstraint(
            "way IN ('roll', 'qr', 'code', 'text', 'online', 'poster', 'self')", name=op.f("ck_attendances_way")
        ),
        sa.CheckConstraint("assurance >= 0 AND assurance <= 3", name=op.f("ck_attendances_assurance")),
        sa.ForeignKeyConstraint(
            ["organisation_id", "occurrence_id", "occurs_on"],
            ["occurrences.organisation_id", "occurrences.id", "occurrences.occurs_on"],
            name=op.f("fk_attendances_organisation_id_occurrence_id_occurs_on"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "person_id"],
            ["people.organisation_id", "people.id"],
            name=op.f("fk_attendances_organisation_id_person_id"),
        ),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_attendances_organisation_id")),
        sa.PrimaryKeyConstraint("organisation_id", "id", "occurs_on", name=op.f("pk_attendances")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("attendances", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_attendances_organisation_id_person_id_credit_date"),
            ["organisation_id", "person_id", "credit_date"],
            unique=False,
        )
        batch_op.create_index(
            "uq_attendances_one_record", ["organisation_id", "occurs_on", "occurrence_id", "person_id"], unique=True
        )

    op.create_table(
        "code_tries",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("occurrence_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "occurrence_id"],
            ["occurrences.organisation_id", "occurrences.id"],
            name=op.f("fk_code_tries_organisation_id_occurrence_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "person_id"],
            ["people.organisation_id", "people.id"],
            name=op.f("fk_code_tries_organisation_id_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "occurrence_id", "person_id", name=op.f("pk_code_tries")),
        sqlite_strict=True,
    )
    op.create_table(
        "rsvps",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("occurrence_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("occurs_on", sa.Date(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("voided_from", sa.String(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("offered_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_demoted", sa.Boolean(), nullable=False),
        sa.Column("is_late_cancel", sa.Boolean(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_via", sa.String(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(status = 'offered') = (offered_until IS NOT NULL)", name=op.f("ck_rsvps_offered_has_an_end")
        ),
        sa.CheckConstraint(
            "confirmed_via IS NULL OR confirmed_via IN ('sms', 'link', 'web', 'staff')", name=op.f("ck_rsvps_via")
        ),
        sa.CheckConstraint(
            "status <> 'waitlisted' OR position IS NOT NULL", name=op.f("ck_rsvps_waitlisted_has_a_position")
        ),
        sa.CheckConstraint(
            "status IN ('maybe', 'going', 'waitlisted', 'offered', 'declined', 'cancelled', 'void')",
            name=op.f("ck_rsvps_status"),
        ),
        sa.CheckConstraint("voided_from IS NULL OR status = 'void'", name=op.f("ck_rsvps_voided_from")),
        sa.ForeignKeyConstraint(
            ["organisation_id", "occurrence_id", "occurs_on"],
            ["occurrences.organisation_id", "occurrences.id", "occurrences.occurs_on"],
            name=op.f("fk_rsvps_organisation_id_occurrence_id_occurs_on"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "person_id"],
            ["people.organisation_id", "people.id"],
            name=op.f("fk_rsvps_organisation_id_person_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "occurrence_id", "person_id", name=op.f("pk_rsvps")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("rsvps", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_rsvps_organisation_id_person_id_occurs_on"),
            ["organisation_id", "person_id", "occurs_on"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_rsvps_organisation_id_status_offered_until"),
            ["organisation_id", "status", "offered_until"],
            unique=False,
        )
    _guard_audit()


def downgrade() -> None:
    _unguard_audit()
    with op.batch_alter_table("rsvps", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rsvps_organisation_id_status_offered_until"))
        batch_op.drop_index(batch_op.f("ix_rsvps_organisation_id_person_id_occurs_on"))

    op.drop_table("rsvps")
    op.drop_table("code_tries")
    with op.batch_alter_table("attendances", schema=None) as batch_op:
        batch_op.drop_index("uq_attendances_one_record")
        batch_op.drop_index(batch_op.f("ix_attendances_organisation_id_person_id_credit_date"))

    op.drop_table("attendances")
    with op.batch_alter_table("attendance_events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attendance_events_organisation_id_occurs_on_occurrence_id_person_id"))
        batch_op.drop_index(batch_op.f("ix_attendance_events_organisation_id_at"))

    op.drop_table("attendance_events")
    op.drop_table("answer_links")
    with op.batch_alter_table("passkeys", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_passkeys_user_id"))

    op.drop_table("passkeys")
    with op.batch_alter_table("occurrences", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_occurrences_organisation_id_starts_at"))
        batch_op.drop_index(batch_op.f("ix_occurrences_organisation_id_roll_ends_at"))

    op.drop_table("occurrences")
    with op.batch_alter_table("members", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_members_organisation_id_person_id"))

    op.drop_table("members")
    with op.batch_alter_table("meeting_types", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_meeting_types_organisation_id_code_meeting_id"))

    op.drop_table("meeting_types")
    with op.batch_alter_table("meeting_days", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_meeting_days_organisation_id_meeting_id"))

    op.drop_table("meeting_days")
    op.drop_table("feed_bodies")
    with op.batch_alter_table("facilitators", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_facilitators_organisation_id_person_id"))

    op.drop_table("facilitators")
    with op.batch_alter_table("person_roles", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_roles_organisation_id_role"))

    op.drop_table("person_roles")
    with op.batch_alter_table("pauses", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pauses_organisation_id_person_id"))

    op.drop_table("pauses")
    op.drop_table("paths")
    with op.batch_alter_table("outreach_tasks", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outreach_tasks_organisation_id_person_id"))
        batch_op.drop_index(batch_op.f("ix_outreach_tasks_organisation_id_closed_at_due_at"))

    op.drop_table("outreach_tasks")
    op.drop_table("milestones")
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_messages_waiting",
            sqlite_where=sa.text("state = 'pending'"),
            postgresql_where=sa.text("state = 'pending'"),
        )
        batch_op.drop_index(
            "ix_messages_unfinished",
            sqlite_where=sa.text("state IN ('pending', 'sending', 'unknown')"),
            postgresql_where=sa.text("state IN ('pending', 'sending', 'unknown')"),
        )
        batch_op.drop_index(batch_op.f("ix_messages_organisation_id_person_id_created_at"))
        batch_op.drop_index(batch_op.f("ix_messages_organisation_id_occurrence_id"))
        batch_op.drop_index(
            "ix_messages_in_flight",
            sqlite_where=sa.text("state IN ('sending', 'unknown')"),
            postgresql_where=sa.text("state IN ('sending', 'unknown')"),
        )

    op.drop_table("messages")
    with op.batch_alter_table("meetings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_meetings_organisation_id_kind_ended_at"))
        batch_op.drop_index(batch_op.f("ix_meetings_organisation_id_horizon_until"))

    op.drop_table("meetings")
    op.drop_table("goals")
    with op.batch_alter_table("feeds", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_feeds_organisation_id_person_id"))

    op.drop_table("feeds")
    with op.batch_alter_table("devices", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_devices_organisation_id_person_id"))

    op.drop_table("devices")
    with op.batch_alter_table("consent_events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consent_events_organisation_id_person_id_purpose_at"))

    op.drop_table("consent_events")
    op.drop_table("api_tokens")
    op.drop_table("accounts")
    op.drop_table("public_bodies")
    with op.batch_alter_table("places", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_places_organisation_id_name"))

    op.drop_table("places")
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_people_organisation_id_phone_hash"))

    op.drop_table("people")
    op.drop_table("meeting_sources")
    with op.batch_alter_table("kept_answers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_kept_answers_organisation_id_created_at"))

    op.drop_table("kept_answers")
    with op.batch_alter_table("directory", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_directory_organisation_id_subject_id"))

    op.drop_table("directory")
    op.drop_table("audit_heads")
    op.drop_table("audit_events")
    with op.batch_alter_table("simulated_texts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_simulated_texts_number_hash_created_at"))

    op.drop_table("simulated_texts")
    with op.batch_alter_table("sign_in_codes", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_sign_in_codes_untexted",
            sqlite_where=sa.text("texted_at IS NULL"),
            postgresql_where=sa.text("texted_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_sign_in_codes_expires_at"))

    op.drop_table("sign_in_codes")
    with op.batch_alter_table("rate_buckets", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rate_buckets_full_until"))

    op.drop_table("rate_buckets")
    op.drop_table("organisations")
    op.drop_table("job_turns")
    with op.batch_alter_table("inbound_texts", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_inbound_texts_unread", sqlite_where=sa.text("verb IS NULL"), postgresql_where=sa.text("verb IS NULL")
        )
        batch_op.drop_index(batch_op.f("ix_inbound_texts_organisation_id_person_id_received_at"))
        batch_op.drop_index(batch_op.f("ix_inbound_texts_number_hash_received_at"))

    op.drop_table("inbound_texts")
    with op.batch_alter_table("carrier_events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_carrier_events_at"))

    op.drop_table("carrier_events")


def _guard_audit() -> None:
    """Refuse any change of the audit trail in the database itself."""
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER audit_events_no_{act.lower()} BEFORE {act} ON audit_events "
                "BEGIN SELECT RAISE(ABORT, 'The audit trail is only added to.'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'The audit trail is only added to.'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_events_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_events "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()"
    )


def _unguard_audit() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER audit_events_no_update")
        op.execute("DROP TRIGGER audit_events_no_delete")
        return
    op.execute("DROP TRIGGER audit_events_no_change ON audit_events")
    op.execute("DROP FUNCTION refuse_audit_change()")
