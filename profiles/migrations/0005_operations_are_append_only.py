"""An operation is undone by another operation, never by changing or deleting the first."""

from django.db import migrations

CREATE = """
CREATE FUNCTION profiles_identityoperation_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Deleting an account may forget who did it, and nothing else.
    IF TG_OP = 'UPDATE' AND NEW.performed_by_id IS NULL
        AND to_jsonb(NEW) - 'performed_by_id' = to_jsonb(OLD) - 'performed_by_id' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'identity operations are append-only: undo operation % by another', OLD.id
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER profiles_identityoperation_append_only
    BEFORE UPDATE OR DELETE ON profiles_identityoperation
    FOR EACH ROW EXECUTE FUNCTION profiles_identityoperation_append_only();
"""
DROP = """
DROP TRIGGER profiles_identityoperation_append_only ON profiles_identityoperation;
DROP FUNCTION profiles_identityoperation_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("profiles", "0004_identity_operations")]
    operations = [migrations.RunSQL(CREATE, DROP)]
