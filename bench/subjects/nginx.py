"""nginx answering a constant: what the machine and the load generator allow at most."""

import os
from pathlib import Path

from harness.bench import Bench
from harness.process import Launch
from harness.server import Ports, Server

from .floor import ANSWER

_CONFIG = """
daemon off;
worker_processes {workers};
pid {folder}/nginx.pid;
error_log stderr error;
events {{ worker_connections 2048; }}
http {{
  access_log off;
  keepalive_requests 1000000000;
  client_max_body_size 0;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port} reuseport backlog=1024;
    location / {{ default_type application/json; return 200 '{answer}'; }}
  }}
}}
"""


class Nginx(Server):
    key = "nginx"

    def prepare(self, bench: Bench) -> None:
        bench.tools.find("nginx")

    def launch(self, bench: Bench, ports: Ports, folder: Path) -> Launch:
        path, env = bench.tools.find("nginx")
        config = folder / "nginx.conf"
        config.write_text(_CONFIG.format(workers=os.cpu_count(), folder=folder, port=ports.http, answer=ANSWER))
        return Launch([path, "-p", folder, "-c", config, "-e", "stderr"], env)
