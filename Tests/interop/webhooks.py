"""Targets of webhooks against `ensign serve`: `webhooks.py ENSIGN DIRECTORY`.

One verifies signatures with Python's hmac, fails now and then, and is gone for a while; the server is killed in between.
Every publication arrives, in order, at least once; Slack's form goes to another target.
"""

import hashlib
import hmac
import http.server
import json
import os
import pathlib
import signal
import subprocess
import sys
import threading
import time

SECRET = "0123456789abcdef0123"
VARIABLES = {"PATH": os.environ["PATH"], "GIT_CONFIG_NOSYSTEM": "1"} | {
  f"GIT_{role}_{name}": value for role in ["AUTHOR", "COMMITTER"] for name, value in [("NAME", "Ann"), ("EMAIL", "ann@example.com")]}


class Target(http.server.BaseHTTPRequestHandler):
  """Takes messages; every third one is answered with an error first."""

  protocol_version = "HTTP/1.1"
  taken, texts, attempts, faults = [], [], 0, []

  def do_POST(self):
    body = self.rfile.read(int(self.headers["Content-Length"]))
    if self.path == "/slack":
      Target.texts.append(json.loads(body)["text"])
      return self.answer(200)
    Target.attempts += 1
    wanted = "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(self.headers.get("X-Ensign-Signature-256", ""), wanted):
      Target.faults.append("a wrong signature")
    if Target.attempts % 3 == 0:
      return self.answer(503)
    message = json.loads(body)
    if self.headers["X-Ensign-Delivery"] != f"{message['environment']}-{message['version']}":
      Target.faults.append("a delivery of another name")
    Target.taken.append(message)
    self.answer(204)

  def answer(self, status):
    self.send_response(status)
    self.send_header("Content-Length", "0")
    self.end_headers()

  def log_message(self, *arguments):
    pass


def listen(port):
  server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Target)
  threading.Thread(target=server.serve_forever, daemon=True).start()
  return server


def main():
  ensign, directory = sys.argv[1], pathlib.Path(sys.argv[2])
  repository = directory / "repository"
  repository.mkdir()

  def run(*command):
    done = subprocess.run(command, cwd=repository, env=VARIABLES, capture_output=True, text=True)
    if done.returncode:
      sys.exit(f"{command}: {done.stderr}")

  def publish(state):
    (repository / "flags/environments/production/new.yaml").write_text(f"enabled: true\notherwise: {state}\n")
    run("git", "add", "-A")
    run("git", "commit", "-q", "-m", f"new is {state}")
    run(ensign, "publish", "--environment", "production", "--store", "../store", "--key", "../ci.key")

  run("git", "init", "-q", "-b", "main", ".")
  run(ensign, "init", "flags", "--project", "shop", "--quiet")
  (repository / "flags/definitions/new.yaml").write_text("description: New.\ntype: boolean\noff: off\n")
  for name in ["root", "ci"]:
    run(ensign, "key", "new", "--out", f"../{name}.key", "--no-passphrase")
  run("git", "add", "-A")
  run(ensign, "trust", "init", "--root", "../root.key", "--publish", "../ci.key", "--store", "../store")
  publish("off")

  target = listen(0)
  port = target.server_address[1]
  (directory / "webhooks").write_text(
    f"audit json http://127.0.0.1:{port}/json secret={SECRET} environments=production\n"
    f"channel slack http://127.0.0.1:{port}/slack\n")
  command = [ensign, "serve", directory / "store", "--trust", directory / "store/trust/1.json", "--port", "0",
             "--state", directory / "state", "--webhooks", directory / "webhooks", "--repository", repository]
  log = open(directory / "log", "w")

  def serve():
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True, env=VARIABLES)
    process.stdout.readline()
    return process

  def until(condition, what):
    limit = time.monotonic() + 30
    while not condition():
      if time.monotonic() > limit:
        sys.exit(f"in vain: {what}: {[message['version'] for message in Target.taken]}\n{(directory / 'log').read_text()}")
      time.sleep(0.02)

  def versions():
    """What the target has taken, without what came twice in a row."""
    found = []
    for message in Target.taken:
      if not found or found[-1] != message["version"]:
        found.append(message["version"])
    return found

  server = serve()
  try:
    until(lambda: (directory / "state/announced/production").exists(), "the first state is remembered")
    for count, state in enumerate(["on", "off", "on"], 2):
      publish(state)
      # The store tells the server of each: none may be skipped.
      until(lambda: f"1.{count}\n" == (directory / "state/announced/production").read_text()[:4], f"1.{count} is noticed")
    until(lambda: versions() == ["1.2", "1.3", "1.4"], "three messages")
    # The target is gone; the server is killed; both come back.
    target.shutdown()
    target.server_close()
    publish("off")
    until(lambda: (directory / "state/announced/production").read_text().startswith("1.5\n"), "1.5 is noticed")
    server.send_signal(signal.SIGKILL)
    server.wait()
    publish("on")
    target = listen(port)
    server = serve()
    until(lambda: versions() == [f"1.{count}" for count in range(2, 7)], "what waited, and what came meanwhile")
  finally:
    server.terminate()
    server.wait(10)
  message = Target.taken[0]
  change = {"after": {"variant": "on"}, "before": {"variant": "off"}, "flag": "new", "path": "otherwise", "text": "otherwise off → on"}
  if message["changes"] != [change] or message["author"] != {"email": "ann@example.com", "name": "Ann"}:
    sys.exit(f"not what was changed: {message}")
  if len(message["source"]["commit"]) != 40 or message["previousVersion"] != "1.1":
    sys.exit(f"not where it comes from: {message}")
  text = f"*shop production* is at 1.2, commit {message['source']['commit'][:12]} by Ann\n• new: otherwise off → on"
  if Target.texts[0] != text or Target.faults:
    sys.exit(f"{Target.texts[:1]} {Target.faults}")
  lines = (directory / "log").read_text()
  if SECRET in lines or f":{port}/" in lines:
    sys.exit("the log has a secret or an address")
  print(f"{len(versions())} publications told in order, in {Target.attempts} attempts, over a kill and a target that was gone")


main()
