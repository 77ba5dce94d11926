"""Both servers of an instance together, and the environment that tells the site where they are."""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bzpeer.embedded import postgres, valkey
from bzpeer.embedded.identity import servers_identity
from bzpeer.embedded.instance import AlreadyRunning, Instance, instances_folder

_TEST_PREFIX = "test-"


class Servers:
    """The PostgreSQL and the Valkey of one instance."""

    def __init__(self, instance: Instance) -> None:
        identity = servers_identity(instance.folder, postgres.binary("postgres"))
        self.instance = instance
        self.postgres = postgres.Postgres(instance, identity)
        self.valkey = valkey.Valkey(instance, identity)

    @property
    def parts(self) -> tuple[postgres.Postgres, valkey.Valkey]:
        return self.postgres, self.valkey

    @property
    def urls(self) -> dict[str, str]:
        """The addresses, secrets included, under the names that the settings read."""
        return {"DATABASE_URL": self.postgres.url, "REDIS_URL": self.valkey.url}

    def start(self) -> None:
        self.valkey.start()
        self.postgres.start()

    def stop(self) -> None:
        """Stop both; the broker last, so that nobody finds a queue whose database is gone."""
        self.postgres.stop()
        self.valkey.stop()

    def environment(self, site_url: str) -> dict[str, str]:
        """The environment for the site's own processes; what the person set about hosts wins."""
        ours = {
            **self.urls,
            "SECRET_KEY": self.instance.secret("secret_key"),
            "BZPEER_VAR": str(self.instance.folder / "site"),
            "PYTHONUNBUFFERED": "1",
            # The venv's programs first, also when nobody activated it.
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}",
        }
        defaults = {"BZPEER_SITE_URL": site_url, "BZPEER_ALLOWED_HOSTS": "127.0.0.1,localhost"}
        return defaults | dict(os.environ) | ours


@contextmanager
def running(instance: Instance) -> Iterator[Servers]:
    """Both servers, for the length of a with block. The caller holds the instance's lock."""
    servers = Servers(instance)
    try:
        servers.start()
        yield servers
    finally:
        servers.stop()


@contextmanager
def throw_away() -> Iterator[Servers]:
    """Both servers with a new, empty instance of their own that is removed afterwards."""
    _sweep()
    instance = Instance.named(f"{_TEST_PREFIX}{os.getpid()}", durable=False)
    with instance.locked():
        try:
            with running(instance) as servers:
                yield servers
        finally:
            shutil.rmtree(instance.folder, ignore_errors=True)


def _sweep() -> None:
    """Remove the throw-away instances of killed runs, and stop what still runs in them."""
    for folder in instances_folder().glob(f"{_TEST_PREFIX}*"):
        instance = Instance(folder.name, folder, durable=False)
        try:
            with instance.locked():
                discard(instance)
        except AlreadyRunning:
            continue


def discard(instance: Instance) -> None:
    """Stop whatever still runs in an instance that nobody supervises, and remove its folder. Needs its lock."""
    servers = Servers(instance)
    servers.postgres.stop_leftovers()
    servers.valkey.stop_leftovers()
    shutil.rmtree(instance.folder, ignore_errors=True)
