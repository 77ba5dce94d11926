"""The local PostgreSQL and Valkey, and the supervisor that runs the whole site on one machine."""
