import pg from "pg";

const KEYS_EACH = 10;

/** What a directory is filled for. */
export interface FillOrder {
  databaseUrl: string;
  keys: number;
  teamId: string;
  planId: string;
  revision: number;
}

/**
 * Gives an installation so many keys, ten to a consumer, as rows written by the database itself: as verbs they would take
 * an hour. The key numbered n, from 1 on, has the id `keyId(n)`.
 */
export async function fillDirectory({ databaseUrl, keys, teamId, planId, revision }: FillOrder): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const consumers = Math.ceil(keys / KEYS_EACH);
  try {
    await client.query("BEGIN");
    const { rows } = await client.query("SELECT value FROM sequence WHERE name = 'directory' FOR UPDATE");
    const head = Number(rows[0].value);
    await client.query(
      `INSERT INTO consumer (id, team_id, name, plan_id, min_revision, created_by, updated_at)
       SELECT 'con_' || md5('c' || n), $1, 'consumer ' || n, $2, $3, 'bench', now() FROM generate_series(1, $4::int) n`,
      [teamId, planId, revision, consumers],
    );
    await client.query(
      `INSERT INTO directory_entry (kind, id, sequence, body)
       SELECT 'consumer', id, $1 + row_number() OVER (ORDER BY id), jsonb_build_object('id', id, 'name', name,
         'teamId', team_id, 'planId', plan_id, 'suspendedReason', NULL, 'minRevision', min_revision)
       FROM consumer WHERE created_by = 'bench'`,
      [head],
    );
    await client.query(
      `INSERT INTO api_key (id, consumer_id, team_id, name, prefix, last4, sha256, created_by, updated_at)
       SELECT 'key_' || md5('k' || n), 'con_' || md5('c' || (n - 1) / $3 + 1), $1, 'key ' || n, 'tp_bench', 'last',
         encode(sha256(('bench ' || n)::bytea), 'hex'), 'bench', now() FROM generate_series(1, $2::int) n`,
      [teamId, keys, KEYS_EACH],
    );
    await client.query(
      `INSERT INTO directory_entry (kind, id, sequence, body)
       SELECT 'apiKey', id, $1 + row_number() OVER (ORDER BY id), jsonb_build_object('id', id, 'consumerId', consumer_id,
         'sha256', sha256, 'expiresAt', NULL, 'routes', NULL)
       FROM api_key WHERE created_by = 'bench'`,
      [head + consumers],
    );
    await client.query("UPDATE sequence SET value = $1 WHERE name = 'directory'", [head + consumers + keys]);
    await client.query("COMMIT");
    await client.query("VACUUM ANALYZE");
  } finally {
    await client.end();
  }
}

/** The ids of the first so many keys. */
export async function someKeyIds(databaseUrl: string, count: number): Promise<string[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query("SELECT id FROM api_key WHERE created_by = 'bench' LIMIT $1", [count]);
    return rows.map((row: { id: string }) => row.id);
  } finally {
    await client.end();
  }
}

/** Where the directory's log ends, and the version of the credentials: what a node that has everything says it has. */
export async function headsNow(databaseUrl: string): Promise<{ directory: number; credential: number; epoch: number }> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query("SELECT name, value FROM sequence");
    const of = (name: string) => Number(rows.find((row: { name: string }) => row.name === name)?.value ?? 0);
    const installation = await client.query("SELECT epoch FROM installation");
    return { directory: of("directory"), credential: of("credential"), epoch: installation.rows[0].epoch };
  } finally {
    await client.end();
  }
}
