-- The roles of an installation. Each has one use, and its own password.
create role mandate login password '@secret.mandate@';
create role pgbouncer login password '@secret.pgbouncer@';

create database @name@ owner mandate;
-- Here, not in the installation's own database, where its views would be open to everybody who reads reports there. It counts for all databases.
create extension pg_stat_statements;

\connect @name@
-- pgbouncer asks the server for a password's hash instead of keeping a list of its own; it may see those of ordinary roles only.
create schema pgbouncer authorization pgbouncer;
create function pgbouncer.user_lookup(wanted text, out uname text, out phash text) returns record
language sql security definer set search_path = pg_catalog as $$
  select a.rolname, a.rolpassword from pg_authid a
  where a.rolname = wanted and a.rolcanlogin and not a.rolsuper and not a.rolreplication
$$;
revoke all on function pgbouncer.user_lookup(text) from public;
grant execute on function pgbouncer.user_lookup(text) to pgbouncer;
