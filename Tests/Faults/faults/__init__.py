"""The faults, in the order in which they are run. Importing a module puts its faults into the list."""

from faults import server_killed, database, failover, disk, clock, network, connections, race, job, page  # noqa: F401
