"""Every route of the server's own description, asked with every kind of token: `openapi.py ENSIGN DIRECTORY`."""

import base64
import http.client
import json
import os
import pathlib
import subprocess
import sys

import jsonschema
from openapi_spec_validator import validate

SCOPES = ["evaluate", "read", "publish"]


def run(*command, cwd=None):
  variables = {"PATH": os.environ["PATH"], "HOME": str(cwd), "GIT_CONFIG_NOSYSTEM": "1"}
  for role in ["AUTHOR", "COMMITTER"]:
    variables |= {f"GIT_{role}_NAME": "a", f"GIT_{role}_EMAIL": "a@example.com"}
  done = subprocess.run(command, cwd=cwd, env=variables, capture_output=True, text=True)
  if done.returncode:
    sys.exit(f"{command}: {done.stderr}")
  return done.stdout


def make_store(ensign, directory):
  repository = directory / "repository"
  repository.mkdir()
  run("git", "init", "-q", "-b", "main", ".", cwd=repository)
  run(ensign, "init", "flags", "--project", "shop", "--quiet", cwd=repository)
  run("git", "add", "-A", cwd=repository)
  run("git", "commit", "-q", "-m", "first", cwd=repository)
  for name in ["root", "ci"]:
    run(ensign, "key", "new", "--out", f"../{name}.key", "--no-passphrase", cwd=repository)
  run(ensign, "trust", "init", "--root", "../root.key", "--publish", "../ci.key", "--store", "../store", cwd=repository)
  run(ensign, "publish", "--all", "--store", "../store", "--key", "../ci.key", cwd=repository)


def ask(address, method, path, body=None, headers=None):
  connection = http.client.HTTPConnection(address, timeout=10)
  connection.request(method, path, body, headers or {})
  response = connection.getresponse()
  media = (response.getheader("Content-Type") or "").split(";")[0]
  content = response.read() if media != "text/event-stream" else b""
  connection.close()
  return response.status, media, content


def main():
  ensign, directory = sys.argv[1], pathlib.Path(sys.argv[2])
  make_store(ensign, directory)
  file = directory / "tokens"

  def token(scope, environment):
    return run(ensign, "token", "new", "--scope", scope, "--environment", environment, "--tokens", file, "--quiet").strip()

  tokens = {(scope, name): token(scope, name) for scope in SCOPES for name in ["production", "staging"]}
  manifest = (directory / "store/environments/production/latest.json").read_bytes().rstrip(b"\n")
  digest = json.loads(base64.b64decode(json.loads(manifest)["payload"]))["snapshot"]["sha256"]
  snapshot = (directory / f"store/blobs/sha256/{digest}").read_bytes()
  flag = next(iter(json.loads(snapshot)["flags"]))
  values = {"version": "1", "environment": "production", "digest": digest, "key": flag}
  bodies = {"put": manifest + b"\n" + snapshot + b"\n", "post": b'{"context":{"targetingKey":"user-1"}}', "get": None}

  command = [ensign, "serve", directory / "store", "--trust", directory / "store/trust/1.json", "--tokens", file, "--port", "0"]
  with open(directory / "log", "w") as log:
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True)
  try:
    address = server.stdout.readline().strip().removeprefix("http://")
    while ask(address, "GET", "/readyz")[0] != 200:
      pass
    status, _, content = ask(address, "GET", "/openapi.json")
    document = json.loads(content)
    validate(document)
    schemas = {"$schema": "https://json-schema.org/draft/2020-12/schema", "components": document["components"]}
    asked = 0
    for path, operations in document["paths"].items():
      for method, operation in operations.items():
        target = path.format_map(values)
        scope = operation.get("x-ensign-scope")
        # What is the same for all environments needs a token for any of them.
        is_shared = "{environment}" not in path and path.startswith(("/v1/trust", "/v1/environments.json", "/metrics"))
        # These are for the token's own environment.
        is_own = path.startswith(("/ofrep/", "/openfeature/"))
        for who, secret in [(None, None), ("wrong", "ensign-token-wrong"), *tokens.items()]:
          headers = {"Authorization": f"Bearer {secret}"} if secret else {}
          status, media, content = ask(address, method.upper(), target, bodies[method], headers)
          asked += 1
          what = f"{method} {target} with {who}: {status} {media} {content[:200]}"
          if scope is None:
            expected = status == 200
          elif who is None or who == "wrong":
            expected = status == 401
          else:
            opens = SCOPES.index(who[0]) >= SCOPES.index(scope)
            opens = opens and (who[1] == "production" or is_shared or is_own)
            expected = (status in (200, 201)) == opens and (opens or status in (403, 404))
          if not expected:
            sys.exit(what)
          answer = operation["responses"].get(str(status))
          if answer is None or media not in answer["content"]:
            sys.exit(f"not described: {what}")
          schema = answer["content"][media]["schema"]
          if media.endswith("json") and schema is not True:
            jsonschema.validate(json.loads(content), schemas | schema)
          # Unless the request itself names it.
          if who and who[1] == "staging" and method != "put" and "production" not in target and b"production" in content:
            sys.exit(f"a token of staging learns of production: {what}")
    print(f"{len(document['paths'])} paths, {asked} requests: all answered as described, and none to the wrong token")
  finally:
    server.terminate()
    server.wait(10)


main()
