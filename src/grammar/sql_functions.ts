/**
 * Functions that do more than compute: what they do, as data. A name ends with `*` where all names
 * that begin so are meant, and has a schema where the schema says it (`cron.*`). Functions that are
 * not here are taken to compute.
 *
 * A name of one server counts in front of every other, for a dialect is what somebody wrote into a
 * policy: only names that are ordinary words (`eval`, `edit`) count in their own dialect alone.
 * @module
 */

import type { SqlDialect, SqlEffect } from "./sql_facts.ts";

type Table = Readonly<Partial<Record<SqlEffect, string>>>;

const POSTGRES: Table = {
  file: "pg_read_file pg_read_binary_file pg_read_file_* pg_ls_* pg_stat_file pg_file_* " +
    "pg_logdir_ls pg_hba_file_rules pg_ident_file_mappings pg_show_all_file_settings " +
    "lo_import lo_import_* lo_export lo_creat lo_create lo_from_bytea lo_open lo_put lo_unlink " +
    "lo_truncate lo_truncate64 lowrite loread file_fdw_*",
  network: "dblink dblink_* http_get http_post http_put http_patch http_delete http_head " +
    "http_set_curlopt http_reset_curlopt net.* aws_s3.* aws_lambda.* azure_storage.* " +
    "google_ml_integration.* postgres_fdw_disconnect postgres_fdw_disconnect_all",
  exec: "query_to_xml query_to_xmlschema query_to_xml_and_xmlschema cursor_to_xml " +
    "cursor_to_xmlschema ts_stat ts_rewrite crosstab2 crosstab3 crosstab4 crosstab_hash " +
    "xpath_table cron.* pgagent.* " +
    "pg_background_* plv8_* run_command_on_* master_run_on_worker",
  sleep: "pg_sleep pg_sleep_for pg_sleep_until pg_wal_replay_wait",
  sequence: "nextval setval pg_nextoid",
  setting: "set_config setseed pg_reload_conf set_limit",
  lock: "pg_advisory_* pg_try_advisory_*",
  administration: "pg_terminate_backend pg_cancel_backend pg_log_backend_memory_contexts " +
    "pg_rotate_logfile pg_rotate_logfile_* pg_logfile_rotate pg_promote pg_switch_wal pg_switch_xlog " +
    "pg_create_restore_point pg_backup_start pg_backup_stop pg_start_backup pg_stop_backup " +
    "pg_wal_replay_pause pg_wal_replay_resume pg_xlog_replay_pause pg_xlog_replay_resume " +
    "pg_create_physical_replication_slot pg_create_logical_replication_slot " +
    "pg_drop_replication_slot pg_copy_physical_replication_slot " +
    "pg_copy_logical_replication_slot pg_replication_slot_advance pg_sync_replication_slots " +
    "pg_logical_slot_* pg_logical_emit_message pg_replication_origin_* pg_export_snapshot " +
    "pg_notify pg_stat_reset pg_stat_reset_* pg_stat_statements_reset pg_stat_monitor_reset " +
    "pg_stat_force_next_flush pg_restore_relation_stats pg_restore_attribute_stats " +
    "pg_restore_extended_stats pg_clear_relation_stats pg_clear_attribute_stats " +
    "pg_import_system_collations brin_summarize_* brin_desummarize_range gin_clean_pending_list " +
    "pg_extension_config_dump pg_truncate_visibility_map heap_force_kill heap_force_freeze " +
    "pg_prewarm autoprewarm_* pg_buffercache_evict pg_buffercache_evict_* binary_upgrade_* " +
    "pg_stop_making_pinned_objects pg_injection_points_* injection_points_* " +
    "addgeometrycolumn dropgeometrycolumn dropgeometrytable updategeometrysrid " +
    "populate_geometry_columns create_hypertable drop_chunks add_retention_policy " +
    "remove_retention_policy add_compression_policy compress_chunk decompress_chunk " +
    "create_distributed_table undistribute_table partman.* pgmq.*",
};

const MYSQL: Table = {
  file: "load_file audit_log_read audit_log_rotate",
  network: "http_get http_post http_put http_delete http_request",
  exec: "sys_exec sys_eval sys_bineval sys_set sys_get lib_mysqludf_sys_* mysql_query_rewrite_*",
  sleep: "sleep benchmark master_pos_wait source_pos_wait wait_for_executed_gtid_set " +
    "wait_until_sql_thread_after_gtids master_gtid_wait",
  sequence: "nextval setval next_value",
  setting: "set_firewall_mode set_firewall_group_mode version_tokens_* session_track_*",
  lock: "get_lock release_lock release_all_locks service_get_read_locks service_get_write_locks " +
    "service_release_locks",
  administration: "group_replication_* asynchronous_connection_failover_* keyring_key_* " +
    "audit_log_filter_* audit_log_encryption_password_set mysql_firewall_* read_firewall_* " +
    "flush_rewrite_rules load_rewrite_rules masking_dictionary_term_add " +
    "masking_dictionary_term_remove masking_dictionary_remove gen_dictionary_load " +
    "gen_dictionary_drop firewall_group_enlist firewall_group_delist wsrep_*",
};

const SQLITE: Table = {
  file: "readfile writefile fsdir lsdir zipfile zipfile_cds sqlar_* fileio_* sqlite_dbpage " +
    "sqlite_dbdata",
  exec: "load_extension define_free fts3_tokenizer",
  setting: "sqlite_drop_column sqlite_rename_column sqlite_rename_table sqlite_rename_test",
  administration: "sqlite_log crsql_*",
};

/** SQL Server, Oracle, DuckDB: calls that the three grammars parse as well. */
const OTHERS: Table = {
  file: "utl_file.* bfilename read_text read_blob read_csv read_csv_auto read_json_auto " +
    "read_parquet",
  network: "openrowset openquery opendatasource utl_http.* utl_inaddr.* utl_tcp.* utl_smtp.* " +
    "dbms_ldap.* httpuritype",
  exec: "xp_* sp_executesql sp_execute_external_script sp_oacreate sp_oamethod sp_start_job " +
    "dbms_scheduler.* dbms_java.* dbms_xmlgen.* dbms_xmlquery.* dbms_sql.*",
  sleep: "dbms_pipe.* dbms_lock.* dbms_session.*",
  administration: "sp_configure sp_addlinkedserver sp_addsrvrolemember",
};

/** Ordinary words, each dangerous on one server only. */
const OWN: Readonly<Record<SqlDialect, Table>> = {
  postgres: { network: "http", exec: "crosstab connectby" },
  mysql: {},
  sqlite: { file: "edit csv", exec: "eval shell exec define" },
};

const EVERYWHERE = indexed([POSTGRES, MYSQL, SQLITE, OTHERS]);
const ALONE: Readonly<Record<SqlDialect, ReadonlyMap<string, SqlEffect>>> = {
  postgres: indexed([OWN.postgres]),
  mysql: indexed([OWN.mysql]),
  sqlite: indexed([OWN.sqlite]),
};

/** A function by its name, lower-cased. */
export interface SqlFunctionName {
  readonly schema: string | undefined;
  readonly name: string;
}

/** What a function does besides computing; undefined when nothing is known of it. */
export function effectOf(
  { schema, name }: SqlFunctionName,
  dialect: SqlDialect,
): SqlEffect | undefined {
  const named = ALONE[dialect].get(name) ?? EVERYWHERE.get(name) ??
    (schema === undefined ? undefined : EVERYWHERE.get(`${schema}.*`));
  if (named !== undefined) return named;
  // A longer name is in no family.
  for (let at = name.lastIndexOf("_", 60); at > 0; at = name.lastIndexOf("_", at - 1)) {
    const family = EVERYWHERE.get(`${name.slice(0, at + 1)}*`);
    if (family !== undefined) return family;
  }
  return undefined;
}

function indexed(tables: readonly Table[]): ReadonlyMap<string, SqlEffect> {
  return new Map(tables.flatMap(entriesOf));
}

function entriesOf(table: Table): readonly (readonly [string, SqlEffect])[] {
  return (Object.keys(table) as (keyof Table)[]).flatMap((effect) =>
    (table[effect] ?? "").split(" ").map((name) => [name, effect] as const)
  );
}
