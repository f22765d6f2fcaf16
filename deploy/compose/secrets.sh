#!/bin/sh
# Writes what compose.yaml needs, with fresh secrets: .env for the stores and the proxy, guildhall.env for Guildhall itself
# (every setting of .env.example may be added there). The argument is the name that browsers will use: localhost.
set -eu
umask 077
for file in .env guildhall.env; do
  if [ -e "$file" ]; then echo "$file exists; move it away first: its secrets may be in use" >&2; exit 1; fi
done
secret() { head -c 48 /dev/urandom | base64 | tr '+/' '-_' | tr -d '\n'; }
address="${1:-localhost}"
cat > .env <<ENV
GUILDHALL_ADDRESS=$address
POSTGRES_PASSWORD=$(secret)
GUILDHALL_DATABASE_PASSWORD=$(secret)
ENV
cat > guildhall.env <<ENV
ALLOWED_HOSTS=$address
CSRF_TRUSTED_ORIGINS=https://$address
SECRET_KEY=$(secret)
JWT_SIGNING_KEY=$(secret)
ENV
