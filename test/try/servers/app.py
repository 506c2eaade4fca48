# A Python server as many begin: it has no handler for SIGTERM.
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "6")
        self.end_headers()
        self.wfile.write(b"hello\n")


server = ThreadingHTTPServer((os.environ["POD_IP"], int(os.environ["PORT"])), Handler)
if os.environ.get("END") == "graceful":
    import signal
    import threading

    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
server.serve_forever()
