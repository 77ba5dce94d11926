"""A decision is taken back by another decision, never by changing or deleting the first."""

from django.db import migrations

CREATE = """
CREATE FUNCTION profiles_identitydecision_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Deleting an account may forget who decided, and nothing else.
    IF TG_OP = 'UPDATE' AND NEW.decided_by_id IS NULL
        AND to_jsonb(NEW) - 'decided_by_id' = to_jsonb(OLD) - 'decided_by_id' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'identity decisions are append-only: add one that revokes decision %', OLD.id
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER profiles_identitydecision_append_only
    BEFORE UPDATE OR DELETE ON profiles_identitydecision
    FOR EACH ROW EXECUTE FUNCTION profiles_identitydecision_append_only();
"""
DROP = """
DROP TRIGGER profiles_identitydecision_append_only ON profiles_identitydecision;
DROP FUNCTION profiles_identitydecision_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("profiles", "0002_links_and_trust")]
    operations = [migrations.RunSQL(CREATE, DROP)]
