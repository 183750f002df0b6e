"""A cache of packages between the guests and the host's mirrors.

Guests use it as apt's http proxy. What is missing is fetched by apt's own helper, so that the host's
proxies, certificates and passwords for mirrors count; apt in the guest checks the signatures, as
ever. Within one run everybody sees one state of the archive.
"""

import http.server
import pathlib
import re
import shutil
import subprocess
import threading

HELPER = "/usr/lib/apt/apt-helper"
FETCH_SECONDS = 180


class Archive:
    def __init__(self, mirrors, directory, port=0):
        self.origin = mirrors.origin
        self.directory = pathlib.Path(directory)
        self.directory.mkdir(parents=True, exist_ok=True)
        self.locks, self.guard, self.absent = {}, threading.Lock(), set()
        archive = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            timeout = 300

            def do_GET(self):
                try:
                    archive.answer(self)
                except ConnectionError:
                    self.close_connection = True  # The machine lost its power.

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def answer(self, request):
        file = self.file(request.path)
        if file is None:
            request.send_response(404)
            request.send_header("Content-Length", "0")
            request.end_headers()
            return
        with open(file, "rb") as content:
            request.send_response(200)
            request.send_header("Content-Length", str(file.stat().st_size))
            request.end_headers()
            shutil.copyfileobj(content, request.wfile, 1 << 20)

    def file(self, uri):
        """The file behind a URI of a guest, fetched if it is not here; None if there is none."""
        known = next((base for base in self.origin if uri.startswith(base + "/")), None)
        rest = uri[len(known) :] if known else ""
        if not known or not re.fullmatch(r"[A-Za-z0-9/._+~%:=-]+", rest) or ".." in rest:
            return None
        target = self.directory / re.sub(r"[^A-Za-z0-9._+~-]", "_", uri)
        with self.guard:
            lock = self.locks.setdefault(target, threading.Lock())
        with lock:
            if target in self.absent:
                return None
            if target.exists():
                return target
            fetched = target.with_name(target.name + ".fetched")
            done = subprocess.run(
                [HELPER, "-oAcquire::Retries=2", "download-file", self.origin[known] + rest, fetched],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=FETCH_SECONDS,
                check=False,
            )
            if done.returncode != 0 or not fetched.exists():
                fetched.unlink(missing_ok=True)
                # apt asks for files that need not be there; the answer is the same for the whole run.
                self.absent.add(target)
                return None
            fetched.rename(target)
            return target
