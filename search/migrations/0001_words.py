"""The words of names and titles with the triggers that collect them, and the functions that the indexes read by."""

from django.db import migrations, models

# Every Han, kana and Hangul letter is a word of its own: such names are printed without spaces.
NAME_WORDS = r"""
CREATE FUNCTION search_name_words(names text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN array_to_tsvector(array_remove(regexp_split_to_array(
    regexp_replace(names, '([々぀-ヺー-ヿ㐀-䶿一-鿿가-힣豈-﫿])', ' \1 ', 'g'), '[ /''-]+'), ''));
"""
# A word with each of its letters left out in turn: two words one slip apart (a letter more, less, other, or two
# exchanged) have one of these in common.
DELETIONS = """
CREATE FUNCTION search_deletions(word text) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN (
    SELECT array_agg(DISTINCT overlay(word PLACING '' FROM place FOR 1)) || word
    FROM generate_series(1, length(word)) AS place);
"""
TITLE_WORDS = """
CREATE FUNCTION search_title_words(title text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN to_tsvector('bzpeer'::regconfig, title);
"""
# Words as they are spelt: a slip in the ending of a word gives it another stem.
TITLE_SPELLINGS = """
CREATE TEXT SEARCH CONFIGURATION search_spellings (COPY = simple);
ALTER TEXT SEARCH CONFIGURATION search_spellings ALTER MAPPING FOR hword, hword_part, word WITH unaccent, simple;
CREATE FUNCTION search_title_spellings(title text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN to_tsvector('search_spellings'::regconfig, title);
"""
NO_TITLE_SPELLINGS = """
DROP FUNCTION search_title_spellings(text);
DROP TEXT SEARCH CONFIGURATION search_spellings;
"""
# Longer than 40 letters is a formula or a list, and nobody misspells it.
COLLECT = """
CREATE FUNCTION search_collect_{kind}_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO search_{kind}word (word)
    SELECT DISTINCT word FROM written, unnest(tsvector_to_array({words}({column}))) AS word
    WHERE length(word) BETWEEN 3 AND 40 AND word !~ '[0-9\\\\]'
        AND NOT EXISTS (SELECT FROM search_{kind}word known WHERE known.word = word.word)
    ORDER BY word ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER search_collect_{kind}_words_of_new AFTER INSERT ON {table}
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION search_collect_{kind}_words();
CREATE FUNCTION search_collect_changed_{kind}_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO search_{kind}word (word)
    SELECT DISTINCT word
    FROM written JOIN before USING (id), unnest(tsvector_to_array({words}(written.{column}))) AS word
    WHERE written.{column} <> before.{column} AND length(word) BETWEEN 3 AND 40 AND word !~ '[0-9\\\\]'
        AND NOT EXISTS (SELECT FROM search_{kind}word known WHERE known.word = word.word)
    ORDER BY word ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER search_collect_{kind}_words_of_changed AFTER UPDATE ON {table}
    REFERENCING OLD TABLE AS before NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION search_collect_changed_{kind}_words();
INSERT INTO search_{kind}word (word)
    SELECT DISTINCT word FROM {table}, unnest(tsvector_to_array({words}({column}))) AS word
    WHERE length(word) BETWEEN 3 AND 40 AND word !~ '[0-9\\\\]' ORDER BY word;
"""
STOP_COLLECTING = """
DROP TRIGGER search_collect_{kind}_words_of_new ON {table};
DROP TRIGGER search_collect_{kind}_words_of_changed ON {table};
DROP FUNCTION search_collect_{kind}_words();
DROP FUNCTION search_collect_changed_{kind}_words();
"""


def collecting(kind, words, table, column):
    return migrations.RunSQL(
        COLLECT.format(kind=kind, words=words, table=table, column=column),
        STOP_COLLECTING.format(kind=kind, table=table),
    )


class Migration(migrations.Migration):
    initial = True
    dependencies = [("profiles", "0003_decisions_are_append_only"), ("works", "0003_taxonomy")]
    operations = [
        migrations.CreateModel("NameWord", [("word", models.TextField(primary_key=True, serialize=False))]),
        migrations.CreateModel("TitleWord", [("word", models.TextField(primary_key=True, serialize=False))]),
        migrations.RunSQL(NAME_WORDS, "DROP FUNCTION search_name_words(text)"),
        migrations.RunSQL(TITLE_WORDS, "DROP FUNCTION search_title_words(text)"),
        migrations.RunSQL(TITLE_SPELLINGS, NO_TITLE_SPELLINGS),
        migrations.RunSQL(DELETIONS, "DROP FUNCTION search_deletions(text)"),
        collecting("name", "search_name_words", "profiles_researcher", "search_name"),
        collecting("title", "search_title_spellings", "works_work", "title"),
    ]
