"""`make bench`: measures webhooks beside a bare application, the console's pages, plans of routing and files, one after the other."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from bench import prompts, queue, recordings, routing_plan, routing_weeks, webhooks
from bench.circumstances import ENVIRONMENT, migrated
from bench.servers import everywhere
from helpline import db, environment
from helpline.db import embedded


def main() -> None:
    """Measure, and print what was measured with what it was measured on."""
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {cores[-1]})
    print(
        f"{len(cores)} cores; the generator is pinned to core {cores[-1]}, servers and database use all of them"
    )
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o711)  # the database's own account has to pass
        environ = ENVIRONMENT | {"HELPLINE_DATA_DIR": folder}
        try:
            with everywhere(cores):
                settings = migrated(environ)
            environ |= environment.addresses(settings)
            webhooks.measure(settings, environ, cores)
            queue.main(settings)
            prompts.main(settings)
            recordings.main()
            with everywhere(cores):
                routing_plan.main()
                routing_weeks.main()
            db.disconnect()
        finally:
            embedded.stop(Path(folder))
    with everywhere(cores):
        for measured_alone in (
            "bench.routing_commit",
            "bench.figures",
            "bench.exports",
        ):  # their memory is measured too
            subprocess.run([sys.executable, "-m", measured_alone], check=True)


if __name__ == "__main__":
    main()
