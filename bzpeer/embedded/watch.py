"""Starting again what dies, and giving up on what keeps dying."""

import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterable

from bzpeer.embedded.processes import Child
from bzpeer.embedded.say import Failure, say
from bzpeer.embedded.servers import Servers

MOST_RESTARTS = 5
WITHIN_SECONDS = 120.0


class Watch:
    """Looks after the servers and programs of one site; `look` is called again and again."""

    def __init__(self, servers: Servers, programs: Iterable[Child]) -> None:
        self._servers = servers
        self._programs = list(programs)
        self._restarts: dict[str, deque[float]] = defaultdict(lambda: deque(maxlen=MOST_RESTARTS))

    def look(self) -> None:
        """Start again whatever is not alive. Raises Failure when it died too often of late."""
        for server in (self._servers.valkey, self._servers.postgres):
            if server.child is not None and not server.child.alive:
                self._start_again(server.child, server.start)
        for program in self._programs:
            if not program.alive:
                self._start_again(program, program.start)

    def _start_again(self, child: Child, start: Callable[[], None]) -> None:
        restarts, now = self._restarts[child.name], time.monotonic()
        if len(restarts) == MOST_RESTARTS and now - restarts[0] < WITHIN_SECONDS:
            raise Failure(f"{child.name} keeps dying; its log says more: {child.log}")
        say(f"  {child.name} ended (exit code {child.exit_code}); starting it again")
        child.kill_group()
        time.sleep(min(len(restarts), 4) / 2)
        restarts.append(now)
        start()
