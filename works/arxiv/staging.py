"""The statements of the loader: COPY of new works, and for known ones staging tables and what merges their rows.

The staging tables are temporary: private to the connection, never logged, empty again after each commit.
Each statement works on the whole page at once. A NULL in a staged text column means that the
source does not say, so it never replaces what is known.
"""

CREATE_STAGING = """
CREATE TEMPORARY TABLE IF NOT EXISTS stage_work (
    arxiv_id text PRIMARY KEY, work_id bigint, record_digest bytea, datestamp date,
    title text, abstract text, first_submitted_at timestamptz, current_version smallint,
    current_version_at timestamptz, withdrawn boolean, and_others boolean, submitter text,
    comments text, journal_ref text, doi text, report_no text, license text
) ON COMMIT DELETE ROWS;
CREATE TEMPORARY TABLE IF NOT EXISTS stage_version (
    arxiv_id text, number smallint, submitted_at timestamptz, size text, source_type text
) ON COMMIT DELETE ROWS;
CREATE TEMPORARY TABLE IF NOT EXISTS stage_topic (
    arxiv_id text, code text, position smallint
) ON COMMIT DELETE ROWS;
CREATE TEMPORARY TABLE IF NOT EXISTS stage_authorship (
    arxiv_id text, position integer, kind text, printed_name text, given_name text, particle text,
    family_name text, suffix text, name_key text, printed_affiliation text, occurrence integer,
    work_id bigint, authorship_id bigint
) ON COMMIT DELETE ROWS;
"""

# The order in which `prepare` gives the values. Of the works' columns those from the abstract on may be unsaid.
WORK_COLUMNS = """arxiv_id, record_digest, datestamp, title, and_others, current_version_at, first_submitted_at,
    current_version, abstract, withdrawn, submitter, comments, journal_ref, doi, report_no, license"""
VERSION_COLUMNS = "number, submitted_at, size, source_type"
AUTHORSHIP_COLUMNS = """position, kind, printed_name, given_name, particle, family_name, suffix, name_key,
    printed_affiliation"""

COPY_STAGED_WORKS = f"COPY stage_work ({WORK_COLUMNS}) FROM STDIN"
COPY_STAGED_VERSIONS = f"COPY stage_version (arxiv_id, {VERSION_COLUMNS}) FROM STDIN"
COPY_STAGED_TOPICS = "COPY stage_topic (arxiv_id, code, position) FROM STDIN"
COPY_STAGED_AUTHORSHIPS = f"COPY stage_authorship (arxiv_id, {AUTHORSHIP_COLUMNS}, occurrence) FROM STDIN"

# Works that nobody has seen go straight into the real tables, under keys taken beforehand. The columns that the
# database fills by itself are left to it: `changed_at` is then the start of the COPY, not of a transaction that
# waited for its turn, so trust counted meanwhile does not look newer.
TAKE_WORK_IDS = "SELECT nextval(pg_get_serial_sequence('works_work', 'id')) FROM generate_series(1, %s)"
COPY_WORKS = f"COPY works_work (id, kind, source, hidden, topic_ids, {WORK_COLUMNS}) FROM STDIN"
COPY_VERSIONS = f"COPY works_workversion (work_id, {VERSION_COLUMNS}) FROM STDIN"
COPY_TOPICS = "COPY works_worktopic (work_id, topic_id, position, current_version_at) FROM STDIN"
COPY_AUTHORSHIPS = f"COPY works_authorship (work_id, attribution, {AUTHORSHIP_COLUMNS}) FROM STDIN"

# Whether a source that gives a day only (`arXiv`, `oai_dc`) speaks of the version that is known already.
SAME_DAY = "(w.current_version_at AT TIME ZONE 'UTC')::date = (s.current_version_at AT TIME ZONE 'UTC')::date"
# Those sources turn TeX into letters by a greedy rule (`\\topσ`): of a text with TeX that `arXivRaw`
# gave, theirs of the same version says less. Without a backslash there is nothing to spoil:
# a difference is a correction.
SAME_VERSION = f"s.current_version IS NULL AND w.current_version IS NOT NULL AND {SAME_DAY}"
SPOILT = f"{SAME_VERSION} AND strpos(w.{{0}}, E'\\\\') > 0"

TITLE = f"CASE WHEN {SPOILT.format('title')} THEN w.title ELSE s.title END"
ABSTRACT = f"CASE WHEN {SPOILT.format('abstract')} THEN w.abstract ELSE COALESCE(s.abstract, w.abstract) END"
CHANGES = f"""
    record_digest = s.record_digest, datestamp = s.datestamp, and_others = s.and_others,
    comments = CASE WHEN {SPOILT.format("comments")} THEN w.comments ELSE COALESCE(s.comments, w.comments) END,
    journal_ref = CASE WHEN {SPOILT.format("journal_ref")} THEN w.journal_ref
        ELSE COALESCE(s.journal_ref, w.journal_ref) END,
    -- Of a version known to the second, the second stays.
    current_version_at = CASE WHEN s.current_version IS NULL AND {SAME_DAY}
        THEN w.current_version_at ELSE s.current_version_at END,
    -- A newer version whose number the source does not give: the old number is not the current one any more.
    current_version = CASE WHEN s.current_version IS NOT NULL THEN s.current_version
        WHEN {SAME_DAY} THEN w.current_version END,
    -- Not now(), the start of a transaction that waited for its turn: trust counted meanwhile would look newer.
    changed_at = clock_timestamp(),
    first_submitted_at = CASE WHEN s.current_version IS NULL
        THEN COALESCE(w.first_submitted_at, s.first_submitted_at)
        ELSE COALESCE(s.first_submitted_at, w.first_submitted_at) END,
    withdrawn = COALESCE(s.withdrawn, w.withdrawn),
    submitter = COALESCE(s.submitter, w.submitter),
    doi = COALESCE(s.doi, w.doi),
    report_no = COALESCE(s.report_no, w.report_no),
    license = COALESCE(s.license, w.license)
"""
# In two statements, because an UPDATE that names the title or the abstract computes the search vector anew, which
# costs more than all the rest: first the works whose texts change, then those that still have their old digest.
UPDATE_WORKS_WITH_TEXTS = f"""
UPDATE works_work w SET title = {TITLE}, abstract = {ABSTRACT}, {CHANGES}
FROM stage_work s WHERE w.arxiv_id = s.arxiv_id AND (w.title, w.abstract) IS DISTINCT FROM ({TITLE}, {ABSTRACT})
"""  # noqa: S608 - put together from the constants above
UPDATE_OTHER_WORKS = f"""
UPDATE works_work w SET {CHANGES}
FROM stage_work s WHERE w.arxiv_id = s.arxiv_id AND w.record_digest <> s.record_digest
"""  # noqa: S608 - put together from the constants above
FILL_WORK_IDS = "UPDATE stage_work s SET work_id = w.id FROM works_work w WHERE w.arxiv_id = s.arxiv_id"

UPSERT_VERSIONS = """
INSERT INTO works_workversion AS v (work_id, number, submitted_at, size, source_type)
SELECT s.work_id, sv.number, sv.submitted_at, sv.size, sv.source_type
FROM stage_version sv JOIN stage_work s USING (arxiv_id)
ON CONFLICT (work_id, number) DO UPDATE
-- The metadata snapshot gives neither size nor source type.
SET submitted_at = excluded.submitted_at, size = COALESCE(NULLIF(excluded.size, ''), v.size),
    source_type = COALESCE(NULLIF(excluded.source_type, ''), v.source_type)
WHERE v.submitted_at <> excluded.submitted_at OR excluded.size NOT IN ('', v.size)
    OR excluded.source_type NOT IN ('', v.source_type)
"""

# A category that the taxonomy does not know yet: kept under its own code rather than dropped.
ADD_UNKNOWN_TOPICS = """
INSERT INTO works_topic (code, name, archive, archive_name, "group", group_name, active)
SELECT code, code, split_part(code, '.', 1), split_part(code, '.', 1), '', '', false
FROM unnest(%s::text[]) code ORDER BY code
ON CONFLICT (code) DO NOTHING
"""
TOPIC_IDS = "SELECT code, id FROM works_topic WHERE code = ANY(%s)"
DELETE_TOPICS = """
DELETE FROM works_worktopic wt USING stage_work s
WHERE wt.work_id = s.work_id AND s.arxiv_id IN (SELECT arxiv_id FROM stage_topic)
    AND (s.arxiv_id, wt.topic_id) NOT IN (SELECT st.arxiv_id, t.id FROM stage_topic st JOIN works_topic t USING (code))
"""
UPSERT_TOPICS = """
INSERT INTO works_worktopic AS wt (work_id, topic_id, position)
SELECT s.work_id, t.id, st.position
FROM stage_topic st JOIN stage_work s USING (arxiv_id) JOIN works_topic t USING (code)
ON CONFLICT (work_id, topic_id) DO UPDATE SET position = excluded.position
WHERE wt.position <> excluded.position
"""

# They also rewrite names (`A.N. Gorban` to `A. N. Gorban`) and drop collaborations, while arXiv changes a byline with a
# new version only: the byline that `arXivRaw` gave for the same version stands. Runs before the works are updated: that
# moves the day.
KEEP_BYLINES = f"""
DELETE FROM stage_authorship sa USING stage_work s, works_work w
WHERE sa.arxiv_id = s.arxiv_id AND w.arxiv_id = s.arxiv_id AND {SAME_VERSION}
    AND EXISTS (SELECT FROM works_authorship a WHERE a.work_id = w.id)
"""  # noqa: S608 - put together from the constants above

# Bylines. An authorship that is still printed keeps its row, and so its researcher, wherever it moved to.
FILL_AUTHORSHIP_WORK_IDS = """
UPDATE stage_authorship sa SET work_id = s.work_id FROM stage_work s WHERE s.arxiv_id = sa.arxiv_id
"""
MATCH_BY_NAME = """
UPDATE stage_authorship sa SET authorship_id = a.id
FROM (
    SELECT id, work_id, printed_name,
        row_number() OVER (PARTITION BY work_id, printed_name ORDER BY position) AS occurrence
    FROM works_authorship WHERE work_id IN (SELECT work_id FROM stage_authorship)
) a
WHERE a.work_id = sa.work_id AND a.printed_name = sa.printed_name AND a.occurrence = sa.occurrence
"""
# Of what is left, the same surname and first letter is the same person printed anew, wherever in the byline:
# `E. Hu` became `Edward Hu`. Somebody else who now stands in that place is not: neither the affiliation nor what
# a person decided about the one may pass to the other.
MATCH_BY_SURNAME_AND_INITIAL = """
UPDATE stage_authorship sa SET authorship_id = a.id
FROM (
    SELECT id, work_id, surname, initial,
        row_number() OVER (PARTITION BY work_id, surname, initial ORDER BY position) AS occurrence
    FROM works_authorship, split_part(name_key, '|', 1) surname, left(split_part(name_key, '|', 2), 1) initial
    WHERE work_id IN (SELECT work_id FROM stage_authorship) AND kind = 'person'
        AND id NOT IN (SELECT authorship_id FROM stage_authorship WHERE authorship_id IS NOT NULL)
) a
JOIN (
    SELECT work_id, position, surname, initial,
        row_number() OVER (PARTITION BY work_id, surname, initial ORDER BY position) AS occurrence
    FROM stage_authorship, split_part(name_key, '|', 1) surname, left(split_part(name_key, '|', 2), 1) initial
    WHERE kind = 'person' AND authorship_id IS NULL
) printed USING (work_id, surname, initial, occurrence)
WHERE sa.work_id = printed.work_id AND sa.position = printed.position
"""
DELETE_AUTHORSHIPS = """
DELETE FROM works_authorship a
WHERE a.work_id IN (SELECT work_id FROM stage_authorship)
    AND a.id NOT IN (SELECT authorship_id FROM stage_authorship WHERE authorship_id IS NOT NULL)
RETURNING a.researcher_id
"""
# A name that now folds to another key has to be resolved again, unless a person decided whose it is.
UPDATE_AUTHORSHIPS = """
UPDATE works_authorship a SET
    position = sa.position, kind = sa.kind, printed_name = sa.printed_name, given_name = sa.given_name,
    particle = sa.particle, family_name = sa.family_name, suffix = sa.suffix, name_key = sa.name_key,
    printed_affiliation = COALESCE(NULLIF(sa.printed_affiliation, ''), a.printed_affiliation),
    researcher_id = CASE WHEN sa.kind = a.kind
        AND (sa.name_key = a.name_key OR a.attribution IN ('confirmed', 'disputed')) THEN a.researcher_id END,
    attribution = CASE WHEN sa.kind = a.kind
        AND (sa.name_key = a.name_key OR a.attribution IN ('confirmed', 'disputed')) THEN a.attribution
        ELSE 'automatic' END
FROM stage_authorship sa JOIN works_authorship old ON old.id = sa.authorship_id
WHERE a.id = sa.authorship_id AND (
    (a.position, a.kind, a.printed_name, a.given_name, a.particle, a.family_name, a.suffix, a.name_key)
    IS DISTINCT FROM (sa.position, sa.kind, sa.printed_name, sa.given_name, sa.particle, sa.family_name,
        sa.suffix, sa.name_key)
    OR sa.printed_affiliation NOT IN ('', a.printed_affiliation))
RETURNING old.researcher_id
"""
INSERT_AUTHORSHIPS = """
INSERT INTO works_authorship (work_id, position, kind, printed_name, given_name, particle, family_name,
    suffix, name_key, printed_affiliation, attribution)
SELECT work_id, position, kind, printed_name, given_name, particle, family_name, suffix, name_key,
    printed_affiliation, 'automatic'
FROM stage_authorship WHERE authorship_id IS NULL ORDER BY work_id, position
"""
