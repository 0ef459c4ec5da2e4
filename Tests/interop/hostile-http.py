#!/usr/bin/env python3
"""Attacks `ensign serve` with sockets: hostile-http.py ENSIGN STORE TRUST [--connections N].

While each attack goes on, another client goes on asking for a manifest. The script ends with 1 when an answer is wrong, takes
long, or the server's memory grows without end.
"""

import argparse
import os
import resource
import select
import socket
import subprocess
import threading
import time

parser = argparse.ArgumentParser()
parser.add_argument("ensign")
parser.add_argument("store")
parser.add_argument("trust")
parser.add_argument("--connections", type=int, default=2000)
parser.add_argument("--seconds", type=float, default=2)
options = parser.parse_args()

soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
options.connections = min(options.connections, hard - 200)

server = subprocess.Popen(
  [options.ensign, "serve", options.store, "--trust", options.trust, "--port", "0", "--request-timeout", "3"],
  stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
port = int(server.stdout.readline().rsplit(":", 1)[1])
failures = []


def check(condition, what):
  if not condition:
    failures.append(what)
    print("WRONG  ", what, flush=True)


def connect(host="127.0.0.1"):
  connection = socket.socket()
  connection.settimeout(10)
  # From addresses of its own, so that a port is left for everybody.
  connection.bind((f"127.0.0.{2 + connect.count % 8}", 0))
  connect.count += 1
  connection.connect((host, port))
  return connection


connect.count = 0


def exchange(request):
  with connect() as connection:
    connection.sendall(request)
    answer = b""
    while True:
      try:
        part = connection.recv(65536)
      except ConnectionResetError:
        return answer
      if not part:
        return answer
      answer += part


def get(path, fields=b""):
  return exchange(b"GET " + path + b" HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + fields + b"\r\n")


def memory():
  for line in open(f"/proc/{server.pid}/status"):
    if line.startswith("VmRSS:"):
      return int(line.split()[1]) / 1024
  return 0


LATEST = b"/v1/environments/production/latest.json"
for _ in range(200):
  if get(b"/readyz").startswith(b"HTTP/1.1 200"):
    break
  time.sleep(0.05)
manifest = get(LATEST).split(b"\r\n\r\n", 1)[1]


class Witness:
  """A client that behaves, while others do not."""

  def __init__(self):
    self.times, self.ends = [], False
    self.thread = threading.Thread(target=self.run)
    self.thread.start()

  def run(self):
    while not self.ends:
      start = time.monotonic()
      try:
        answer = get(LATEST)
      except OSError as error:
        answer = str(error).encode()
      self.times.append(time.monotonic() - start)
      check(answer.endswith(manifest), f"the witness was answered {answer[:80]!r}")
      time.sleep(0.005)

  def finish(self, name):
    self.ends = True
    self.thread.join()
    times = sorted(self.times)
    middle, last = times[len(times) // 2], times[int(len(times) * 0.99)]
    print(f"{name:44} {len(times):5} answers, p50 {middle * 1000:6.1f} ms, p99 {last * 1000:7.1f} ms, "
          f"{memory():6.1f} MB", flush=True)
    check(last < 1.5, f"{name}: others wait for {last:.1f} s")


def attack(name, body):
  witness = Witness()
  try:
    body()
  finally:
    witness.finish(name)


def drip(beginning, byte):
  """Many connections that send a byte a second."""
  connections = []
  for _ in range(options.connections):
    connection = connect()
    connection.setblocking(False)
    connection.send(beginning)
    connections.append(connection)
  end = time.monotonic() + options.seconds
  while time.monotonic() < end:
    for connection in connections:
      try:
        connection.send(byte)
      except OSError:
        pass
    time.sleep(1)
  # Those that took longer than they may are cut.
  end = time.monotonic() + 12
  left = set(connections)
  while left and time.monotonic() < end:
    for connection in list(left):
      try:
        connection.send(byte)
        if connection.recv(4096) == b"":
          left.discard(connection)
      except BlockingIOError:
        pass
      except OSError:
        left.discard(connection)
    time.sleep(0.2)
  check(not left, f"{len(left)} slow connections are still open")
  for connection in connections:
    connection.close()


def floods():
  for request in (
    b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: " + b"a" * 100_000 + b"\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: y\r\n" * 20_000 + b"\r\n",
    b"POST /ofrep/v1/evaluate/flags HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999\r\n\r\n" + b"x" * 100_000,
    b"POST /ofrep/v1/evaluate/flags HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999999\r\n\r\n",
    b"POST /ofrep/v1/evaluate/flags HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
    b"POST /ofrep/v1/evaluate/flags HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    + b"10000\r\n" + b"x" * 65536 + b"\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 500,
    b"\0" * 5000,
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"\r\n" * 5000,
  ):
    for _ in range(5):
      connection = connect()
      connection.settimeout(1)
      try:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(65536):
          pass
      except OSError:
        pass
      connection.close()


def large_chunks():
  """Bodies without an end."""
  for _ in range(20):
    connection = connect()
    try:
      connection.sendall(b"POST /ofrep/v1/evaluate/flags HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
      for _ in range(1000):
        connection.sendall(b"10000\r\n" + b"x" * 65536 + b"\r\n")
    except OSError:
      connection.close()
      continue
    check(False, "a body of 65 MB was read")
    connection.close()


SMUGGLED = b"GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n"


def smuggling():
  for head in (
    b"POST /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nContent-Length: %d\r\n\r\n" % len(SMUGGLED),
    b"POST /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\nContent-Length: 0\r\n\r\n" % len(SMUGGLED),
    b"POST /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"POST /healthz HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
    b"POST /healthz HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    b"POST /healthz HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
    b"POST /healthz HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n",
    b"POST /healthz HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
    b"POST /healthz HTTP/1.1\r\nHost: a\r\nX: y\nContent-Length: %d\r\n\r\n" % len(SMUGGLED),
    b"POST /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: +0\r\n\r\n",
    b"POST /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 0x0\r\n\r\n",
    b"GET /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % len(SMUGGLED),
    b"HEAD /healthz HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    b"GET /healthz HTTP/1.1\r\n\r\n",
    b"GET /healthz HTTP/1.1\r\nHost: a\r\nX: a\rContent-Length: 5\r\n\r\n",
  ):
    answer = exchange(head + SMUGGLED)
    check(answer.startswith(b"HTTP/1.1 400 "), f"{head!r} was answered {answer[:60]!r}")
    check(b" 404 " not in answer and b" 200 " not in answer, f"{head!r} let a second request through")


def traversal():
  up = [b"..", b"%2e%2e", b"%2E.", b"..%2f", b"%252e%252e", b"..%5c", b"..\\", b"%c0%ae%c0%ae", b"..%00", b"\xff.."]
  for part in up:
    for depth in (1, 3, 8):
      for path in (b"/v1/", b"/v1/trust/", b"/v1/environments/", b"/v1/blobs/sha256/", b"/", b"/production/ofrep/"):
        answer = get(path + (part + b"/") * depth + b"etc/passwd")
        check(b"root:" not in answer, f"{path + part!r} left the store")
        check(answer[:13] in (b"HTTP/1.1 404 ", b"HTTP/1.1 400 ", b"HTTP/1.1 405 "), f"{path + part!r}: {answer[:60]!r}")


def pipelining():
  request = b"GET " + LATEST + b" HTTP/1.1\r\nHost: a\r\n\r\n"
  with connect() as connection:
    count, received = 2000, 0
    sender = threading.Thread(target=lambda: connection.sendall(request * count))
    sender.start()
    answer = b""
    while answer.count(manifest) < count:
      part = connection.recv(1 << 20)
      if not part:
        break
      answer += part
    sender.join()
    received = answer.count(manifest)
    check(received == count, f"{received} of {count} requests that were sent ahead were answered")


def truncated():
  whole = b"POST /ofrep/v1/evaluate/flags HTTP/1.1\r\nHost: a\r\nContent-Length: 14\r\n\r\n{\"context\":{}}"
  for length in range(len(whole)):
    connection = connect()
    connection.sendall(whole[:length])
    connection.close()


def never_reading():
  """Clients that ask for a lot and read nothing, of streams and of files."""
  connections = []
  for index in range(200):
    connection = connect()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    path = b"/v1/environments/production/events" if index % 2 else LATEST
    connection.setblocking(False)
    try:
      for _ in range(1 if index % 2 else 2000):
        connection.send(b"GET " + path + b" HTTP/1.1\r\nHost: a\r\n\r\n")
    except OSError:
      pass
    connections.append(connection)
  time.sleep(options.seconds)
  for connection in connections:
    connection.close()


def come_and_go():
  """Streams that are opened and left, again and again."""
  for _ in range(5):
    connections = []
    for _ in range(200):
      connection = connect()
      connection.sendall(b"GET /v1/environments/production/events HTTP/1.1\r\nHost: a\r\n\r\n")
      connections.append(connection)
    for connection in connections:
      connection.close()


try:
  before = memory()
  attack(f"{options.connections} heads at a byte a second", lambda: drip(b"GET / HTTP/1.1\r\n", b"X"))
  attack(f"{options.connections} bodies at a byte a second", lambda: drip(
    b"POST /ofrep/v1/evaluate/flags HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n", b"x"))
  attack("too much of everything", floods)
  attack("bodies without an end", large_chunks)
  attack("requests that hide others", smuggling)
  attack("paths that lead elsewhere", traversal)
  attack("2000 requests sent ahead", pipelining)
  attack("requests that end early", truncated)
  attack("clients that read nothing", never_reading)
  attack("streams that come and go", come_and_go)
  # What the attackers had is freed, a stream's when the next comment finds nobody; and no round needs more than another.
  memories = []
  for _ in range(2):
    for _ in range(3):
      come_and_go()
      large_chunks()
    time.sleep(17)
    memories.append(memory())
  print(f"memory: {before:.1f} MB at first, {memories[0]:.1f} MB after the attacks, {memories[1]:.1f} MB after more of them")
  check(memories[1] < memories[0] + 3, "memory grows with each attack")
  check(server.poll() is None, "the server has ended")
finally:
  server.terminate()
  status = server.wait(timeout=30)
check(status == 0, f"the server ended with {status}")
print("all is well" if not failures else f"{len(failures)} wrong answers")
raise SystemExit(1 if failures else 0)
