-- Rows for bench/desk_pages.py, made by the database itself: 100,000 skills and 20,000 jobs of 20 tenants, half of them
-- of t1, with what hangs on them. As true to life as a page's cost depends on it: several versions of a skill, a tree of
-- categories, three months of uses, a month of jobs with their steps, events, prompts and calls.

SELECT setseed(0.7);
SET maintenance_work_mem = '256MB';
DROP INDEX idx_kaman_skills_embedding;

INSERT INTO client (id, name, is_system) VALUES ('system', 'Shared', true) ON CONFLICT DO NOTHING;
INSERT INTO client (id, name, is_system) SELECT 't' || n, 'Tenant ' || n, false FROM generate_series(1, 20) n;

-- Half of everything is t1's; the tenant of the n-th row.
CREATE FUNCTION pg_temp.tenant(n bigint) RETURNS text LANGUAGE sql IMMUTABLE AS
    $$ SELECT 't' || CASE WHEN n % 2 = 0 THEN 1 ELSE n % 19 + 2 END $$;
CREATE FUNCTION pg_temp.pick(words text, n bigint) RETURNS text LANGUAGE sql IMMUTABLE AS
    $$ SELECT (string_to_array(words, ' '))[n % array_length(string_to_array(words, ' '), 1) + 1] $$;

INSERT INTO app_user (id, password, username, first_name, last_name, email, display_name, role, client_id,
    is_superuser, is_staff, is_active, date_joined)
SELECT gen_random_uuid(), '!', 'user-' || n, '', '', '', 'User ' || n, 'user', pg_temp.tenant(n), false, false, true, now()
FROM generate_series(1, 2000) n;

INSERT INTO api_key (id, name, prefix, key_sha256, role, created_at, client_id, user_id, scopes)
SELECT gen_random_uuid(), 'key of ' || username, 'kam_' || substr(md5(username), 1, 4), md5(username) || md5(username),
    'user', now(), client_id, id, '{read}'
FROM app_user WHERE client_id IS NOT NULL;

INSERT INTO access_token (id, role, password_mark, created_at, expires_at, client_id, user_id)
SELECT gen_random_uuid(), 'user', '', now() - make_interval(mins => n), now() + make_interval(mins => n), client_id, id
FROM app_user, generate_series(1, 5) n WHERE client_id IS NOT NULL;

-- --- Taxonomy: eight branches a tenant, each with five below it ------------------------------------------------------

INSERT INTO taxonomy_category (client_id, slug, path, name, description, sort_order)
SELECT client.id, word, word, initcap(word), 'Skills about ' || word, 0
FROM client, unnest(string_to_array('data web cloud security docs ops finance support', ' ')) word;

INSERT INTO taxonomy_category (client_id, slug, path, name, description, sort_order, parent_id)
SELECT client_id, word, path || '/' || word, initcap(word), 'Skills about ' || word, 0, id
FROM taxonomy_category, unnest(string_to_array('review build test report plan', ' ')) word;

CREATE TEMP TABLE place AS
SELECT client_id, array_agg(id ORDER BY id) AS ids FROM taxonomy_category GROUP BY client_id;

-- --- Skills: one address in nine has an earlier version beside the newer one --------------------------------------

-- Ten rows to a vector: pgvector keeps up to ten rows at one point of its graph.
CREATE TEMP TABLE point AS
SELECT corner, array_agg(random() - 0.5)::real[]::vector(384) AS vector
FROM generate_series(0, 9999) corner, generate_series(1, 384) GROUP BY corner;

CREATE TEMP TABLE named AS
SELECT n, pg_temp.tenant(first) AS client_id, name, replace(lower(name), ' ', '-') AS slug
FROM generate_series(1, 100000) n, LATERAL (SELECT CASE WHEN n % 20 >= 18 THEN n - 2 ELSE n END AS first) _, LATERAL (
    SELECT initcap(pg_temp.pick('review write test migrate profile document deploy explain plan', first) || ' ' ||
        pg_temp.pick('sql python terraform invoice incident kubernetes spreadsheet contract image audio', first) || ' ' ||
        pg_temp.pick('migrations tables reports notes queries schedules logs', first)) || ' ' || first AS name) __;

INSERT INTO kaman_skills (client_id, name, slug, version, description, content, content_tokens, trigger_embedding,
    embedding_model, trigger_keywords, domains, tags, author, semver, content_sha256, status, is_published,
    source_type, created_via, usage_count, created_at, updated_at, category_id)
SELECT client_id, name, slug, row_number() OVER (PARTITION BY client_id, slug ORDER BY n),
    name || ' with care and as the house does it. Use when somebody asks to ' || lower(name) || '.',
    '# ' || name || E'\n\n## When to Use\n\n' ||
        repeat('Do this part of ' || name || ' carefully, then look at what came of it. ', 20),
    400, vector, 'sentence-transformers/all-MiniLM-L6-v2', ARRAY[lower(name)],
    ARRAY[pg_temp.pick('engineering finance design support', n)],
    ARRAY[pg_temp.pick('daily weekly urgent draft house team', n), 'tag-' || n % 60], 'user-' || n % 2000, '1.0.2',
    md5(n::text) || md5(n::text), CASE WHEN n % 11 = 0 THEN 'deprecated' ELSE 'active' END, n % 7 = 0,
    pg_temp.pick('manual auto_generated', n / 2), pg_temp.pick('kaman code fleet import', n / 2), n % 50,
    now() - make_interval(mins => 2 * n::int), now() - make_interval(mins => n::int % 90000),
    CASE WHEN n % 3 > 0 THEN ids[n % array_length(ids, 1) + 1] END
FROM named JOIN place USING (client_id) JOIN point ON corner = n % 10000;

SET CONSTRAINTS ALL IMMEDIATE;
CREATE INDEX idx_kaman_skills_embedding ON kaman_skills
    USING hnsw (trigger_embedding vector_cosine_ops) WITH (m = 16, ef_construction = 128);

INSERT INTO skill_version (id, skill_id, version, sort_key, description, changes, skill_name, content, document, files,
    content_sha256, created_by, created_at, deleted_by)
SELECT gen_random_uuid(), id, '1.0.' || step, '1.0.' || step, 'Said better', '[]', name, content, content, '[]',
    content_sha256, author, created_at + make_interval(secs => step), ''
FROM kaman_skills, generate_series(0, 2) step;

-- Each of t2's first thousand published skills has a copy with t1.
CREATE TEMP TABLE pair AS
SELECT s.id AS source_id, c.id AS skill_id FROM
    (SELECT id, row_number() OVER (ORDER BY slug) AS n FROM kaman_skills WHERE client_id = 't2' AND is_published) s JOIN
    (SELECT id, row_number() OVER (ORDER BY slug) AS n FROM kaman_skills WHERE client_id = 't1') c USING (n)
LIMIT 1000;
INSERT INTO skill_install (id, client_id, skill_id, source_id, source_client_id, source_semver, source_sha256,
    installed_by, installed_at)
SELECT gen_random_uuid(), 't1', skill_id, source_id, 't2', '1.0.1', 'x', 'user-2', now() FROM pair;

-- --- Jobs: one in nine waits for a person, one in nineteen failed --------------------------------------------------------

INSERT INTO job (id, client_id, owner, type, request, plan, position, round, state, progress, phase, message,
    error_code, error, writer, next_seq, fence, crashes, retries, created_at, updated_at, finished_at)
SELECT gen_random_uuid(), pg_temp.tenant(n), 'user-' || n % 2000, 'skill_creation',
    jsonb_build_object('task_description', 'Write a skill that can ' || lower(name), 'enable_hitl_review', true),
    '{}', 0, 1, state, CASE state WHEN 'completed' THEN 100 ELSE 60 END, 'generation', '',
    CASE state WHEN 'failed' THEN pg_temp.pick('hitl_timeout writer_error budget', n) ELSE '' END,
    CASE state WHEN 'failed' THEN 'It did not come to an end.' ELSE '' END, 'offline', 13, 0, 0, 0, began, began,
    CASE WHEN state IN ('completed', 'failed') THEN began + interval '2 min' END
FROM named, LATERAL (SELECT now() - make_interval(mins => n::int * 3) AS began, CASE WHEN n % 19 = 7 THEN 'failed'
    WHEN n % 9 = 1 THEN 'pending_hitl' WHEN n % 999 = 5 THEN 'running' ELSE 'completed' END AS state) _
WHERE n <= 20000;

INSERT INTO job_step (job_id, name, round, output, duration_ms, created_at)
SELECT id, name, 1, jsonb_build_object('name', 'a-skill', 'text', repeat('What the step made. ', 20)), 120, created_at
FROM job, unnest(ARRAY['intent', 'requirements', 'plan', 'placement', 'generate', 'quality']) name;

INSERT INTO job_event (job_id, seq, kind, phase, message, data, at)
SELECT id, n, CASE n WHEN 1 THEN 'queued' ELSE 'step_finished' END, CASE n WHEN 1 THEN '' ELSE 'generation' END,
    'A step came to its end', '{"duration_ms": 120}', created_at + make_interval(secs => n)
FROM job, generate_series(1, 12) n;

INSERT INTO writer_call (client_id, job_id, step, round, purpose, writer, model, prompt, prompt_version, input_tokens,
    output_tokens, is_estimated, cost, duration_ms, outcome, created_at)
SELECT client_id, id, 'generate', 1, 'draft', 'model', 'a-model', 'draft', 1, 900, 700, false, 0.01, 2000, 'ok', created_at
FROM job, generate_series(1, 3) n;

-- Each job was asked once and answered; those that wait are asked again.
INSERT INTO hitl_prompt (id, job_id, client_id, kind, round, data, created_at, deadline_at, answered_at, answered_by,
    response)
SELECT gen_random_uuid(), id, client_id, 'confirm', 1, '{"summary": "Skill: a-skill", "path": "data/review"}',
    created_at, created_at + interval '1 h', created_at + interval '5 min', 'user-1', '{"action": "proceed"}'
FROM job;
INSERT INTO hitl_prompt (id, job_id, client_id, kind, round, data, created_at, deadline_at, answered_by)
SELECT gen_random_uuid(), id, client_id, 'review', 1, jsonb_build_object('content', '# A skill' || E'\n\n' ||
        repeat('Do it well. ', 200), 'passed', true, 'validation_score', 0.9, 'findings', '[]'::jsonb),
    created_at, created_at + interval '90 days', ''
FROM job WHERE state = 'pending_hitl';

INSERT INTO job_draft (job_id, client_id, slug, description, taxonomy_path, content, files, trigger_keywords, domains,
    tags, report, passed, score, created_at, promoted_by)
SELECT id, client_id, 'a-skill', 'Does it. Use when it must be done.', 'data/review',
    '# A skill' || E'\n\n' || repeat('Do it well. ', 200), '[]', '{}', '{}', '{}', '{}', true, 0.9, created_at, ''
FROM job WHERE state = 'completed';

-- --- What was recorded ------------------------------------------------------------------------------------------------

INSERT INTO usage_event (event_id, client_id, skill_id, user_ref, session_ref, task_ref, success, at, metadata)
SELECT 'e' || n, client_id, id, 'user-' || n % 500, '', 'task-' || n / 3, n % 9 > 0,
    now() - make_interval(secs => n * 26), '{}'
FROM generate_series(1, 300000) n
JOIN (SELECT id, client_id, row_number() OVER (ORDER BY slug) AS k FROM kaman_skills LIMIT 5000) s ON k = n % 5000 + 1;

INSERT INTO audit_event (client_id, actor, surface, action, subject_type, subject_id, subject, detail, at)
SELECT pg_temp.tenant(n), 'user-' || n % 2000, pg_temp.pick('admin kaman code fleet', n),
    pg_temp.pick('create update update update publish revoke', n), pg_temp.pick('skill skill skill job api_key', n),
    n::text, 'skill-' || n, '{}', now() - make_interval(secs => (200000 - n::int) * 40)
FROM generate_series(1, 200000) n;

INSERT INTO search_query (client_id, query, times, hits, top_similarity, at)
SELECT pg_temp.tenant(n), 'how does one do number ' || n, n % 9 + 1, n % 4 * 3,
    CASE WHEN n % 4 > 0 THEN random() END, now() - make_interval(mins => n::int)
FROM generate_series(1, 40000) n;

INSERT INTO outbox_event (event_id, topic, key, payload, headers, created_at, published_at, attempts, last_error)
SELECT gen_random_uuid(), 'extension_saved', md5((n % 20000)::text), '{}', '{}', now() - make_interval(secs => 100000 - n),
    CASE WHEN n < 99000 THEN now() - make_interval(secs => 100000 - n) END, 1, ''
FROM generate_series(1, 100000) n;

INSERT INTO conversation_session (client_id, owner, key, status, asked, next_seq, created_at, updated_at, asked_data)
SELECT pg_temp.tenant(n), 'user-' || n % 2000, 'session-' || n, 'active', '', 11, now(), now() - make_interval(mins => n::int), '{}'
FROM generate_series(1, 10000) n;
INSERT INTO conversation_message (session_id, seq, role, content, data, at, attempt, state)
SELECT id, n, CASE n % 2 WHEN 1 THEN 'user' ELSE 'assistant' END, 'Something was said here.', '{}', updated_at, 1, 'done'
FROM conversation_session, generate_series(1, 10) n;
