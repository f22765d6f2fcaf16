#!/bin/sh
# Run once by the image of PostgreSQL: a role that owns its database and is no superuser, and the extensions it needs.
set -eu
psql -v ON_ERROR_STOP=1 -v password="$GUILDHALL_DATABASE_PASSWORD" --username postgres <<'SQL'
CREATE ROLE guildhall LOGIN PASSWORD :'password' NOSUPERUSER NOCREATEDB NOCREATEROLE;
CREATE DATABASE guildhall OWNER guildhall;
\connect guildhall
CREATE EXTENSION vector;
SQL
