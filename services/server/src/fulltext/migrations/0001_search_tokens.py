from django.db import migrations

# What each line does, and why: fulltext/tokens.py.
CREATE = r"""
CREATE FUNCTION search_tokens(document text) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 1000 AS $$
BEGIN
  IF octet_length(document) = length(document) THEN
    document := lower(document COLLATE pg_catalog."C");
  ELSE
    document := lower(normalize(upper(document COLLATE pg_catalog.pg_c_utf8), NFKC));
    document := replace(normalize(document, NFC), 'ß', 'ss');
  END IF;
  IF document ~ '[\u0001-\u001f\u007f-\u009f\u2028\u2029]' THEN
    document := regexp_replace(document, '[\u0001-\u001f\u007f-\u009f\u2028\u2029]', ' ', 'g');
  END IF;
  RETURN array_remove(string_to_array(regexp_replace(
    document COLLATE pg_catalog.pg_c_utf8,
    '[[:punct:]\u0e00-\u109f\u1780-\u17ff\u2e80-\ua4cf\uac00-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff]',
    ' \& ', 'g'), ' '), '');
END $$
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [migrations.RunSQL(CREATE, "DROP FUNCTION search_tokens(text)")]
