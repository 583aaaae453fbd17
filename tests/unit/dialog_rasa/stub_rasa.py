"""A server with the shape of ours and none of its weight: started by tests in Rasa's place.

The conversation "hang" stops it answering; "exit" ends it.
"""

import argparse
import json
import os
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3] / "dialogs"))
from run_rasa import die_with_parent

HANGS = threading.Event()


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        while HANGS.is_set():
            threading.Event().wait(60)
        self._answer({"status": "ok"})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if body["sender"] == "exit":
            os._exit(3)
        if body["sender"] == "hang":
            HANGS.set()
        self._answer([{"custom": {"move": {"kind": "deny", "confidence": 1.0}}}])

    def _answer(self, body: object) -> None:
        data = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args: object) -> None:
        pass


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--model")
    parser.add_argument("--interface")
    parser.add_argument("--port", type=int)
    parser.add_argument("--parent", type=int)
    args = parser.parse_args()
    die_with_parent(args.parent)
    if args.model == "broken":
        sys.exit(2)
    ThreadingHTTPServer((args.interface, args.port), Handler).serve_forever()


if __name__ == "__main__":
    main()
