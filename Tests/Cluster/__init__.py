"""The real parts around Mandate, started on loopback ports in temporary folders: PostgreSQL, pgbouncer, HAProxy, etcd and Patroni, pgBackRest.

    sys.path.insert(0, "Tests")
    from Cluster.postgres import Postgres

    with Postgres(fast=True) as database:
        print(database.url())

Standard library only. Started by root, everything runs as the system user `postgres`, since PostgreSQL refuses root.
"""
