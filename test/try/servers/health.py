# Has no page at /, only a health check.
import os
from http.server import BaseHTTPRequestHandler, HTTPServer


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/health" else 404)
        self.send_header("Content-Length", "0")
        self.end_headers()


HTTPServer((os.environ["POD_IP"], int(os.environ["PORT"])), Handler).serve_forever()
