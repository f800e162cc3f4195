"""Serves a folder of wheels as a package index, as a company has one."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def package_index(wheels: Path, folder: Path) -> Iterator[str]:
    """Write the index's pages into a folder, serve them and yield the index's URL.

    See https://packaging.python.org/en/latest/specifications/simple-repository-api/
    """
    for wheel in wheels.glob("*.whl"):
        page = folder / re.sub(r"[-_.]+", "-", wheel.name.partition("-")[0]).lower()
        page.mkdir()
        (page / wheel.name).symlink_to(wheel)
        (page / "index.html").write_text(f'<a href="{wheel.name}">{wheel.name}</a>')
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Silent, directory=str(folder))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
