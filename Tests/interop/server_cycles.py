"""A server with tokens under wrong ones, and through cycles of all that happens to it: `server_cycles.py ENSIGN FLAGS
DIRECTORY SECONDS`.

Wrong tokens come as fast as the server refuses them; who has the right one goes on being served, from the same address.
Then everything begins and ends again and again: connections, streams, long polls, evaluations, publications, tokens that
are read again, bodies that are refused. Memory, descriptors and threads must be the same afterwards.
"""

import os
import pathlib
import signal
import socket
import subprocess
import sys
import threading
import time

ensign, flags, folder = sys.argv[1], pathlib.Path(sys.argv[2]).absolute(), pathlib.Path(sys.argv[3])
seconds = float(sys.argv[4])
ATTACKERS, AHEAD = 4, 50
FLAG = "payments-api"
LATEST, EVENTS = "/v1/environments/production/latest.json", "/v1/environments/production/events"
failures = []
os.environ |= {"GIT_CONFIG_GLOBAL": "/dev/null"} | {
  f"GIT_{role}_{name}": value for role in ["AUTHOR", "COMMITTER"] for name, value in [("NAME", "Ann"), ("EMAIL", "ann@example.com")]}


def check(condition, what):
  if not condition and what not in failures:
    failures.append(what)
    print("WRONG  ", what, flush=True)


def run(*arguments):
  return subprocess.run(arguments, cwd=folder, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def token(scope, name):
  return run(ensign, "token", "new", "--scope", scope, "-e", "production", "--tokens", "tokens", "--name", name, "--quiet")


def prepare():
  run("cp", "-r", flags, ".")
  run("git", "init", "-q", "-b", "main", ".")
  run("git", "add", "-A")
  run("git", "commit", "-qm", "flags")
  for key in ["root", "ci"]:
    run(ensign, "key", "new", "--no-passphrase", "--out", f"{key}.key")
  run(ensign, "trust", "init", "--root", "root.key", "--publish", "ci.key", "--store", "store")
  run(ensign, "publish", "--all", "--store", "store", "--key", "ci.key")
  (folder / "publish").write_text(token("publish", "publisher"))
  return token("read", "reader")


class Server:
  def __init__(self, *options):
    self.log = folder / f"log{len(options)}"
    arguments = [ensign, "serve", "store", "--trust", "store/trust/1.json", "--port", "0", "--tokens", "tokens", *options]
    self.process = subprocess.Popen(arguments, cwd=folder, stdout=subprocess.PIPE, stderr=open(self.log, "w"), text=True)
    self.address = self.process.stdout.readline().strip()
    self.port = int(self.address.rsplit(":", 1)[1])

  def connect(self):
    connection = socket.create_connection(("127.0.0.1", self.port), timeout=10)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection

  def state(self):
    """Resident megabytes, descriptors, threads."""
    lines = dict(line.split(":", 1) for line in open(f"/proc/{self.process.pid}/status") if ":" in line)
    return int(lines["VmRSS"].split()[0]) / 1024, len(os.listdir(f"/proc/{self.process.pid}/fd")), int(lines["Threads"])

  def stop(self):
    self.process.terminate()
    check(self.process.wait(timeout=30) == 0, "the server did not end as it should")


def request(path, secret=None, method="GET", fields="", body=""):
  authorization = f"Authorization: Bearer {secret}\r\n" if secret else ""
  return f"{method} {path} HTTP/1.1\r\nHost: a\r\n{authorization}{fields}\r\n{body}".encode()


def answer(connection):
  """The status and the body of the next answer."""
  data = b""
  while b"\r\n\r\n" not in data:
    part = connection.recv(65536)
    if not part:
      return 0, b""
    data += part
  head, body = data.split(b"\r\n\r\n", 1)
  length = next((int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0)
  while len(body) < length:
    body += connection.recv(65536)
  return int(head[9:12]), body


# MARK: - Wrong tokens

def attack(server, ends, counts):
  """Sends requests ahead, each with another wrong token: made up, empty, too long, another's with a letter changed."""
  with server.connect() as connection:
    number = 0
    while not ends.is_set():
      wrong = ["ensign-token-" + os.urandom(32).hex(), "x" * (number % 800 + 1), reader[:-1] + "g", reader + "0", "\xe9"]
      connection.sendall(b"".join(request(LATEST, wrong[(number + i) % len(wrong)]) for i in range(AHEAD)))
      answers = 0
      data = b""
      while answers < AHEAD:
        part = connection.recv(1 << 16)
        if not part:
          check(False, "the server closed the connection of wrong tokens")
          return
        data = data[-12:] + part
        answers = answers + data.count(b"HTTP/1.1 401") + data.count(b"HTTP/1.1 429")
        data = data[data.rfind(b"HTTP/1.1 4") + 12:] if b"HTTP/1.1 4" in data else data
        check(b"HTTP/1.1 2" not in data, "a wrong token opened something")
      counts.append(AHEAD)
      number += AHEAD


def witness(server, ends, times):
  """Has the right token."""
  with server.connect() as connection:
    while not ends.is_set():
      start = time.monotonic()
      connection.sendall(request(LATEST, reader))
      status, body = answer(connection)
      times.append(time.monotonic() - start)
      check(status == 200 and body == manifest, f"the right token was answered {status}")
      time.sleep(0.02)


def percentiles(times):
  times = sorted(times)
  return [times[min(len(times) - 1, int(len(times) * part))] * 1000 for part in [0.5, 0.99, 1]]


def wrong_tokens(duration, *options):
  server = Server(*options)
  ends, counts, alone, times = threading.Event(), [], [], []
  wait_until_ready(server)
  still = threading.Event()
  thread = threading.Thread(target=witness, args=(server, still, alone))
  thread.start()
  time.sleep(0.5)
  still.set()
  thread.join()
  before, lines = server.state(), len(server.log.read_text().splitlines())
  threads = [threading.Thread(target=attack, args=(server, ends, counts)) for _ in range(ATTACKERS)]
  threads.append(threading.Thread(target=witness, args=(server, ends, times)))
  start = time.monotonic()
  for thread in threads:
    thread.start()
  time.sleep(duration)
  ends.set()
  for thread in threads:
    thread.join()
  rate = sum(counts) / (time.monotonic() - start)
  middle, most, longest = percentiles(times)
  after = server.state()
  print(f"{' '.join(options) or 'without a limit':16} {rate:7.0f} wrong tokens a second; the right one: {len(times)} answers, "
        f"p50 {middle:.1f} ms, p99 {most:.1f} ms, longest {longest:.1f} ms (alone: p50 {percentiles(alone)[0]:.1f}); "
        f"{before[0]:.1f} -> {after[0]:.1f} MB", flush=True)
  check(sum(counts) > 1000, "hardly any wrong token was refused")
  check(len(times) > 10 * duration and most < 500, f"the right token waited for {most:.0f} ms")
  check(after[0] < before[0] + 12, "wrong tokens take memory")
  with server.connect() as connection:
    connection.sendall(request("/metrics", reader))
    text = answer(connection)[1].decode()
  denied = sum(float(line.split()[1]) for line in text.splitlines() if line.startswith("ensign_access_denied_total"))
  check(denied >= sum(counts), f"{denied} of {sum(counts)} wrong tokens were counted")
  log = server.log.read_text()
  check(len(log.splitlines()) == lines, "wrong tokens fill the log")
  check(reader not in log and reader not in text, "a token stands in the log or the metrics")
  server.stop()


def wait_until_ready(server):
  for _ in range(200):
    with server.connect() as connection:
      connection.sendall(request(LATEST, reader))
      status, body = answer(connection)
    if status == 200:
      return body
    time.sleep(0.05)
  raise SystemExit("the server does not serve")


# MARK: - Cycles

def publish(server, number):
  """Commits another state of a flag, and publishes it to the server."""
  verb = "enable" if number % 2 else "disable"
  run(ensign, "--quiet", verb, FLAG, "--environment", "production")
  run("git", "commit", "-qam", f"cycle {number}", "--allow-empty")
  run(ensign, "publish", "-e", "production", "--store", server.address + "/v1", "--key", "ci.key", "--token-file", "publish")


def cycle(server, number):
  connections = []
  for index in range(20):  # streams, and those who wait
    connection = server.connect()
    wait = index % 2
    fields = f"If-None-Match: {tag(server)}\r\nPrefer: wait=60\r\n" if wait else ""
    connection.sendall(request(LATEST if wait else EVENTS, reader, fields=fields))
    connections.append(connection)
  for index in range(50):  # one after the other, each on its own connection
    with server.connect() as connection:
      kind = index % 5
      if kind == 0:
        connection.sendall(request(LATEST, "ensign-token-" + os.urandom(32).hex()))
      elif kind == 1:
        connection.sendall(request("/v1/environments/production/snapshot.json", reader, fields="Accept-Encoding: gzip\r\n"))
      elif kind == 2:
        body = '{"context":{"targetingKey":"user-%d"}}' % index
        connection.sendall(request("/production/ofrep/v1/evaluate/flags", reader, "POST", f"Content-Length: {len(body)}\r\n", body))
      elif kind == 3:
        connection.sendall(request("/production/ofrep/v1/evaluate/flags", reader, "POST", "Content-Length: 2000000\r\n", "x" * 100_000))
      else:
        connection.sendall(request(f"/v1/nothing/{os.urandom(8).hex()}", reader))
      status, _ = answer(connection)
      check(status == [401, 200, 200, 413, 404][kind], f"request {kind} was answered {status}")
  for _ in range(10):  # gone before anything was answered
    connection = server.connect()
    connection.sendall(request(LATEST, reader)[: 20 + number % 40])
    connection.close()
  server.process.send_signal(signal.SIGHUP)
  publish(server, number)
  for connection in connections[: len(connections) // 2]:
    check(answer(connection)[0] == 200, "a stream or a long poll was not answered")
  for connection in connections:
    connection.close()


def tag(server):
  with server.connect() as connection:
    connection.sendall(request(LATEST, reader, "HEAD"))
    head = connection.recv(65536).decode()
  return next(line[6:] for line in head.split("\r\n") if line.lower().startswith("etag:"))


def settled(server):
  """The state once what has ended is gone: streams go with the next event, the rest with the time-out at the latest."""
  publish(server, 1)
  publish(server, 2)
  lowest = since = None
  while since is None or time.monotonic() < since + 3:
    state = server.state()
    if lowest is None or state[1:] < lowest[1:]:
      lowest, since = state, time.monotonic()
    time.sleep(0.1)
  return server.state()


def cycles():
  server = Server("--request-timeout", "2")
  wait_until_ready(server)
  for number in range(4):
    cycle(server, number)
  idle = settled(server)
  end, number = time.monotonic() + seconds, 4
  while time.monotonic() < end:
    cycle(server, number)
    number += 1
  after = settled(server)
  for name, state in [("at first", idle), ("at last", after)]:
    print(f"{name:9} {state[0]:6.1f} MB, {state[1]} descriptors, {state[2]} threads", flush=True)
  print(f"{number} cycles: {number * 50} requests, {number * 20} streams and long polls, {number} publications and reloads")
  check(after[1] == idle[1], f"descriptors: {idle[1]} before, {after[1]} after")
  check(after[2] == idle[2], f"threads: {idle[2]} before, {after[2]} after")
  check(after[0] < idle[0] + 4, f"memory: {idle[0]:.1f} MB before, {after[0]:.1f} MB after")
  log = server.log.read_text()
  check(reader not in log, "a token stands in the log")
  check(log.count('"event":"reloaded"') >= number // 2, "the tokens were not read again")
  server.stop()


reader = prepare()
first = Server()
manifest = wait_until_ready(first)
first.stop()
wrong_tokens(2)
wrong_tokens(2, "--rate", "200")
cycles()
print("all is well" if not failures else f"{len(failures)} things are wrong")
sys.exit(1 if failures else 0)
