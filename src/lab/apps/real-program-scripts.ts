/**
 * Writes nginx.conf into the pod's directory. `/` is a small page, `/1m.bin` is 1 MiB, with `?rate=400k` at that speed;
 * `/healthz` is 200. With UPSTREAM_PORT all else goes to that port of the pod, with FASTCGI_PORT to php-fpm there.
 */
export const nginxScript = `
mkdir -p html temp
echo "hello from $HOSTNAME" >html/index.html
head -c 1048576 /dev/zero | tr '\\0' x >html/1m.bin
if [ -n "$UPSTREAM_PORT" ]; then
  place="proxy_pass http://$POD_IP:$UPSTREAM_PORT;"
elif [ -n "$FASTCGI_PORT" ]; then
  place="fastcgi_pass $POD_IP:$FASTCGI_PORT;
      fastcgi_param SCRIPT_FILENAME $PWD/index.php;
      fastcgi_param QUERY_STRING \\$query_string;
      fastcgi_param REQUEST_METHOD \\$request_method;
      fastcgi_param CONTENT_TYPE \\$content_type;
      fastcgi_param CONTENT_LENGTH \\$content_length;"
else
  place='limit_rate $arg_rate;'
fi
[ "$(id -u)" = 0 ] && user='user root;'
cat >nginx.conf <<END
$user
worker_processes 2;
error_log stderr notice;
pid nginx-$PORT.pid;
events { worker_connections 1024; }
http {
  types { text/html html; application/octet-stream bin; }
  access_log off;
  sendfile on;
  keepalive_timeout 65;
  client_body_temp_path temp;
  proxy_temp_path temp;
  fastcgi_temp_path temp;
  uwsgi_temp_path temp;
  scgi_temp_path temp;
  server {
    listen $POD_IP:$PORT;
    root html;
    add_header X-Pod-Name "$HOSTNAME" always;
    location = /healthz { return 200 "ok\\n"; }
    location / {
      $place
    }
  }
}
END`

/** Writes php-fpm.conf and index.php (`/?ms=200` answers after 200 ms, else after DELAY_MS) into the pod's directory. */
export const phpFpmScript = `
cat >index.php <<'END'
<?php
$ms = (int) ($_GET['ms'] ?? getenv('DELAY_MS'));
usleep($ms * 1000);
header('Content-Type: text/plain');
echo gethostname(), ' slept ', $ms, " ms\\n";
END
[ "$(id -u)" = 0 ] && user='user = root'
cat >php-fpm.conf <<END
[global]
error_log = $PWD/php-fpm-$PORT.log
daemonize = no
process_control_timeout = \${PROCESS_CONTROL_TIMEOUT:-0}
[www]
$user
listen = $POD_IP:$PORT
pm = static
pm.max_children = \${WORKERS:-8}
catch_workers_output = yes
clear_env = no
END`
