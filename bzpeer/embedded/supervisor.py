"""`make demo` and `make run`: the whole site in the foreground, until a person stops it."""

import os
import sys
from contextlib import ExitStack

import psutil

from bzpeer.embedded.foreground import in_front
from bzpeer.embedded.instance import Instance
from bzpeer.embedded.processes import end_processes, orphans_of
from bzpeer.embedded.say import complain, say, step
from bzpeer.embedded.servers import Servers, running
from bzpeer.embedded.site import Site, site_on
from bzpeer.embedded.watch import Part, Watch
from bzpeer.sample.oai_endpoint import serving

_TERMINATE = 15
_ORPHAN_SECONDS = 10


def supervise(instance: Instance, harvest: list[str] | None = None) -> None:
    """Run the site of an instance; with words for `demo_harvest`, harvest the sample first. Ends by an exception.

    Raises AlreadyRunning, Failure, and Stopped when a signal asks to stop.
    """
    with instance.locked(), ExitStack() as stack:
        instance.update_state(pid=os.getpid(), started=psutil.Process().create_time(), site_url=None)
        end_processes(orphans_of(instance.folder), _TERMINATE, _ORPHAN_SECONDS)
        say("Starting the site; Ctrl-C stops it.")
        with step("Valkey and PostgreSQL"):
            servers = stack.enter_context(running(instance))
        site = stack.enter_context(site_on(instance, servers))
        with step("Tables and static files"):
            site.prepare()
        with step("Web server, worker and scheduler"):
            site.start()
        _say_where_things_are(site)
        _keep_running(site, servers, harvest)


def _keep_running(site: Site, servers: Servers, harvest: list[str] | None) -> None:
    def after_restart(part: Part) -> None:
        if part in servers.parts:
            site.follow_servers()

    watch = Watch(after_restart)
    watch.add([*servers.parts, *site.children])
    with ExitStack() as stack:
        if harvest is not None:
            endpoint = stack.enter_context(serving(site.instance.read_state().get("endpoint_port")))
            site.instance.update_state(endpoint_port=endpoint.server_port)
            _harvest(site, watch, [f"--endpoint={endpoint.url}", *harvest])
        watch.until(lambda: False)


def _harvest(site: Site, watch: Watch, words: list[str]) -> None:
    command = [sys.executable, "manage.py", "demo_harvest", *words]
    with in_front(command, site.environment) as process:
        watch.until(lambda: process.poll() is not None)
    if process.returncode:
        complain("The harvest did not come to its end (see above); the site goes on with what there is.")


def _say_where_things_are(site: Site) -> None:
    say()
    say(f"  Site      {site.url}/")
    say(f"  Mail      {site.mail_folder} (messages become files there)")
    say(f"  Logs      {site.instance.log_folder}")
    say('  Curator   make manage ARGS="createsuperuser", then ' + site.url + "/admin/")
    say()
