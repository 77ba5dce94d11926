"""The database knows the steps of a claim, wants an event for each, and keeps the logs append-only."""

from django.db import migrations

STEPS = {
    "submitted": "needs_evidence approved rejected withdrawn expired",
    "needs_evidence": "submitted approved rejected withdrawn expired",
    "approved": "objected frozen revoked withdrawn",
    "objected": "approved frozen revoked withdrawn",
    "frozen": "approved revoked withdrawn",
    "rejected": "submitted",
    "revoked": "submitted",
}

GUARDS = """
CREATE FUNCTION claims_claim_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'claim % is never deleted, only withdrawn', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'submitted' THEN
            RAISE EXCEPTION 'a claim begins as submitted, not as %', NEW.state USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.researcher_id <> OLD.researcher_id
        OR (NEW.claimant_id IS DISTINCT FROM OLD.claimant_id AND NEW.claimant_id IS NOT NULL) THEN
        RAISE EXCEPTION 'claim % cannot change hands', OLD.id USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state <> OLD.state AND NOT EXISTS (
        SELECT 1 FROM claims_transition WHERE from_state = OLD.state AND to_state = NEW.state
    ) THEN
        RAISE EXCEPTION 'a claim that is % cannot become %', OLD.state, NEW.state USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER claims_claim_step BEFORE INSERT OR UPDATE OR DELETE ON claims_claim
    FOR EACH ROW EXECUTE FUNCTION claims_claim_step();

-- Looked at when the transaction ends: by then the newest event must say what the row says.
CREATE FUNCTION claims_claim_has_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT state FROM claims_claim WHERE id = NEW.id) IS DISTINCT FROM
        (SELECT to_state FROM claims_claimevent WHERE claim_id = NEW.id ORDER BY id DESC LIMIT 1) THEN
        RAISE EXCEPTION 'claim % changed its state without an event', NEW.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER claims_claim_has_event AFTER INSERT OR UPDATE OF state ON claims_claim
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION claims_claim_has_event();

CREATE FUNCTION claims_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Deleting an account may forget who acted, and nothing else.
    IF TG_OP = 'UPDATE' AND NEW.actor_id IS NULL AND to_jsonb(NEW) - 'actor_id' = to_jsonb(OLD) - 'actor_id' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER claims_claimevent_append_only BEFORE UPDATE OR DELETE ON claims_claimevent
    FOR EACH ROW EXECUTE FUNCTION claims_append_only();
CREATE TRIGGER claims_recordchange_append_only BEFORE UPDATE OR DELETE ON claims_recordchange
    FOR EACH ROW EXECUTE FUNCTION claims_append_only();
"""
UNGUARD = """
DROP TRIGGER claims_recordchange_append_only ON claims_recordchange;
DROP TRIGGER claims_claimevent_append_only ON claims_claimevent;
DROP FUNCTION claims_append_only();
DROP TRIGGER claims_claim_has_event ON claims_claim;
DROP FUNCTION claims_claim_has_event();
DROP TRIGGER claims_claim_step ON claims_claim;
DROP FUNCTION claims_claim_step();
"""


def fill_steps(apps, schema_editor):
    transition = apps.get_model("claims", "Transition")
    transition.objects.bulk_create(
        transition(from_state=before, to_state=after) for before, targets in STEPS.items() for after in targets.split()
    )


class Migration(migrations.Migration):
    dependencies = [("claims", "0001_tables")]
    operations = [
        migrations.RunPython(fill_steps, migrations.RunPython.noop),
        migrations.RunSQL(GUARDS, UNGUARD),
    ]
