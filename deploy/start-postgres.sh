#!/bin/sh
# Makes the cluster at the first start, with the password of the secret, then serves it.
set -eu
data=/var/lib/postgresql/bulletins/data
programs=/usr/lib/postgresql/18/bin
if [ ! -s "$data/PG_VERSION" ]; then
	"$programs/initdb" --pgdata "$data" --username postgres --pwfile /run/secrets/postgres_password \
		--auth scram-sha-256 --locale C.UTF-8 --encoding UTF8
	echo "host all all all scram-sha-256" >>"$data/pg_hba.conf"
fi
exec "$programs/postgres" -D "$data" -c listen_addresses='*' -c shared_preload_libraries=pg_textsearch \
	-c maintenance_work_mem=512MB -c hot_standby_feedback=on
