"""OpenFeature's provider for remote evaluation, and raw requests, against `ensign serve`: `ofrep_clients.py ENSIGN DIRECTORY`.

The provider gets a flag of each type with value, variant, reason and metadata, and each error as the code that
OpenFeature has for it. The raw requests are those of other clients: odd keys as they send them, an upgrade to HTTP/2,
bodies that are absent, chunked or of another type.
"""

import contextlib
import http.client
import json
import pathlib
import socket
import subprocess
import sys

from openfeature import api
from openfeature.contrib.provider.ofrep import OFREPProvider
from openfeature.evaluation_context import EvaluationContext
from openfeature.exception import ErrorCode
from openfeature.flag_evaluation import Reason

FLAGS = {
  "plain": ("type: boolean\noff: off\n", "enabled: true\notherwise: on\n"),
  "banner": ("type: string\noff: none\nvariants: {none: '', hello: 'Grüße \"x\"'}\n",
             "enabled: true\nrules:\n  - name: premium customers\n    when: {plan: premium}\n    serve: hello\notherwise: none\n"),
  "page-size": ("type: integer\noff: small\nvariants: {small: 10, large: 9007199254740991}\n",
                "enabled: true\notherwise: large\n"),
  "ratio": ("type: number\noff: none\nvariants: {none: 0, one: 1, half: 0.5, tiny: 1e-9, huge: 1e300}\n",
            "enabled: true\nrules:\n  - {name: half, when: {plan: half}, serve: half}\n"
            "  - {name: tiny, when: {plan: tiny}, serve: tiny}\n  - {name: huge, when: {plan: huge}, serve: huge}\notherwise: one\n"),
  "limits": ("type: object\noff: none\nvariants: {none: {}, some: {items: [1, 2.5, null], inner: {a: true}}}\n",
             "enabled: true\notherwise: some\n"),
  "split": ("type: boolean\noff: off\n", "enabled: true\notherwise: {split: {on: 50, off: 50}}\n"),
  "closed": ("type: boolean\noff: off\n", "enabled: false\notherwise: on\n"),
  "dependent": ("type: string\noff: no\nvariants: {no: n, yes: y}\n",
                "enabled: true\nrequires: {closed: on}\notherwise: yes\n"),
  "targeted": ("type: boolean\noff: off\n", "enabled: true\ntargets: {on: [user-1]}\notherwise: off\n"),
}


def write_tree(tree):
  for folder in ["definitions", "environments/production", "environments/staging"]:
    (tree / folder).mkdir(parents=True)
  (tree / "ensign.yaml").write_text(
    "format: 1\nproject: shop\nenvironments: [staging, production]\nattributes: {plan: {type: string}}\nowners: {web: {}}\n")
  for key, (definition, config) in FLAGS.items():
    (tree / f"definitions/{key}.yaml").write_text(f"description: D.\nowner: web\n{definition}")
    (tree / f"environments/production/{key}.yaml").write_text(config)
  (tree / "environments/staging/plain.yaml").write_text("enabled: true\notherwise: off\n")


@contextlib.contextmanager
def server(ensign, tree, *options):
  """A server for the length of a block: its address."""
  with open(tree.parent / "log", "a") as log:
    process = subprocess.Popen([ensign, "serve", "--dev", tree, "--port", "0", *options], stdout=subprocess.PIPE, stderr=log,
                               text=True)
    try:
      address = process.stdout.readline().strip()
      if not address:
        sys.exit("the server does not start: " + (tree.parent / "log").read_text())
      yield address
    finally:
      process.terminate()
      process.wait(10)


def expect(found, wanted, what):
  if found != wanted:
    sys.exit(f"{what}: expected {wanted}, found {found}")


# MARK: The provider


def check_values(client):
  checked = 0

  def check(kind, key, context, value, variant, reason, **metadata):
    nonlocal checked
    default = {"boolean": not value, "string": "?", "integer": -1, "float": -1.5, "object": {"?": 1}}[kind]
    details = getattr(client, f"get_{kind}_details")(key, default, EvaluationContext(*context))
    expect((details.value, type(details.value), details.variant, details.reason, details.error_code),
           (value, type(value), variant, reason, None), f"{key} for {context}")
    known = {"flagSetId": "production", "version": "0.1", "owner": "web", "unsigned": True}
    expect(dict(details.flag_metadata), known | metadata, f"metadata of {key}")
    checked += 1

  nobody, user = (), ("user-1",)
  check("boolean", "plain", nobody, True, "on", Reason.STATIC)
  check("string", "banner", nobody, "", "none", Reason.DEFAULT)
  check("string", "banner", ("u", {"plan": "premium"}), 'Grüße "x"', "hello", Reason.TARGETING_MATCH, rule="premium customers")
  check("integer", "page-size", nobody, 2**53 - 1, "large", Reason.STATIC)
  check("float", "ratio", nobody, 1.0, "one", Reason.DEFAULT)
  for plan, value in [("half", 0.5), ("tiny", 1e-9), ("huge", 1e300)]:
    check("float", "ratio", ("u", {"plan": plan}), value, plan, Reason.TARGETING_MATCH, rule=plan)
  check("object", "limits", nobody, {"items": [1, 2.5, None], "inner": {"a": True}}, "some", Reason.STATIC)
  check("boolean", "closed", user, False, "off", Reason.DEFAULT, ensignReason="DISABLED")
  check("string", "dependent", user, "n", "no", Reason.DEFAULT, ensignReason="PREREQUISITE_FAILED")
  check("boolean", "targeted", user, True, "on", Reason.TARGETING_MATCH)
  check("boolean", "targeted", ("user-2", {"list": [1, {"a": 2}], "nested": {"x": None}, "n": 1.5}), False, "off",
        Reason.DEFAULT)
  check("boolean", "split", nobody, False, "off", Reason.DEFAULT)
  shares = [client.get_boolean_details("split", False, EvaluationContext(f"user-{n}")) for n in range(200)]
  expect({details.reason for details in shares}, {Reason.SPLIT}, "reasons of split")
  if not 70 < sum(details.value for details in shares) < 130:
    sys.exit("50 % is another share")
  return checked


def check_errors(client):
  def check(kind, key, code, context=None):
    default = {"boolean": True, "string": "mine", "integer": 1, "float": 1.5}[kind]
    details = getattr(client, f"get_{kind}_details")(key, default, context)
    expect((details.value, details.error_code, details.reason), (default, code, Reason.ERROR), f"{key} as {kind}")
    if not details.error_message:
      sys.exit(f"{key} as {kind}: an error without a message")

  odd = ["nothing", "Plain", "a/b", "../../../../x", "../../x", "..", ".", "with space", "käse", "100%", "a;b", "a\\b", "[", "a" * 1000]
  for key in odd:
    check("boolean", key, ErrorCode.FLAG_NOT_FOUND)
  check("string", "plain", ErrorCode.TYPE_MISMATCH)
  check("integer", "ratio", ErrorCode.TYPE_MISMATCH)
  check("float", "page-size", ErrorCode.TYPE_MISMATCH)
  check("boolean", "plain", ErrorCode.INVALID_CONTEXT, EvaluationContext("u", {"now": "2026-01-01T00:00:00Z"}))
  # What `?` and `#` cut off is no part of the key.
  expect(client.get_boolean_value("plain?x=1", False), True, "plain?x=1")
  expect(client.get_boolean_value("plain#x", False), True, "plain#x")


# MARK: Raw requests


def ask(address, method, path, body=None, headers=()):
  connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=10)
  connection.putrequest(method, path, skip_accept_encoding=True)
  headers = dict(headers)
  if body is not None and "Transfer-Encoding" not in headers:
    headers["Content-Length"] = str(len(body))
  for name, value in headers.items():
    connection.putheader(name, value)
  connection.endheaders()
  if body is not None:
    connection.send(body)
  response = connection.getresponse()
  content = response.read()
  connection.close()
  return response.status, dict((name.lower(), value) for name, value in response.getheaders()), content


def checked(address, method, path, body=None, headers=(), status=200):
  """A request, whose response must be one that every released client reads."""
  found, fields, content = ask(address, method, path, body, headers)
  what = f"{method} {path} {body}"
  expect(found, status, what + f" ({content})")
  if found in (204, 304):
    expect(content, b"", what)
    return fields, None
  expect(fields.get("content-type"), "application/json", what)
  document = json.loads(content)
  if "flags" not in document:
    for member, kind in [("key", str), ("reason", str), ("variant", str), ("metadata", dict)]:
      if not isinstance(document.get(member), kind):
        sys.exit(f"{what}: no {member} in {document}")
    if found != 200 and not (document["errorCode"] and document["errorDetails"] and document["reason"] == "ERROR"):
      sys.exit(f"{what}: no error in {document}")
  return fields, document


def check_requests(address):
  root = "/ofrep/v1/evaluate/flags"
  good = b'{"context":{"targetingKey":"user-1"}}'
  for body, headers in [
    (None, {"Content-Length": "0"}), (b"", {}), (b"{}", {}), (b'{"context":{}}', {}), (good, {"Content-Type": "text/plain"}),
    (good, {"Content-Type": "application/x-www-form-urlencoded"}), (good, {"Content-Type": "application/json; charset=utf-8"}),
    (b"25\r\n" + good + b"\r\n0\r\n\r\n", {"Transfer-Encoding": "chunked"}),
    (good, {"Connection": "Upgrade, HTTP2-Settings", "Upgrade": "h2c", "HTTP2-Settings": "AAMAAABkAAQBAAAAAAIAAAAA"}),
    (good, {"Accept": "text/html"}), (good, {"Flagd-Selector": "flagSetId=production"}),
  ]:
    checked(address, "POST", f"{root}/plain", body, headers)
  for path in ["a%2Fb", "a%252Fb", "%2e%2e%2fplain", "plain/", "", "%", "%zz", "%ff", "%00", "a+b", "plain%20", "//", "..%5c"]:
    checked(address, "POST", f"{root}/{path}", good, status=404)
  for path in ["/ofrep", "/ofrep/", "/ofrep/v1", "/ofrep/v2/evaluate/flags/plain", "/nowhere" + root]:
    checked(address, "POST", path, good, status=404)
  for body in [b"{", b"[]", b"\xff", b'{"a":1,"a":2}', b'{"context":1}', b"x=1"]:
    checked(address, "POST", f"{root}/plain", body, status=400)
  checked(address, "POST", f"{root}/plain", good, {"Content-Encoding": "gzip"}, status=415)
  # The answer comes before the body: what it says about its length is enough.
  checked(address, "POST", f"{root}/plain", None, {"Content-Length": str((1 << 20) + 1)}, status=413)
  for method in ["GET", "PUT", "DELETE", "PATCH"]:
    fields, _ = checked(address, method, f"{root}/plain", status=405)
    expect(fields["allow"], "POST, OPTIONS", method)
  fields, _ = checked(address, "OPTIONS", root, headers={
    "Origin": "https://shop.example", "Access-Control-Request-Method": "POST"}, status=204)
  expect(fields["access-control-allow-origin"], "*", "OPTIONS")
  _, answer = checked(address, "POST", f"/staging{root}/plain", good)
  expect((answer["value"], answer["metadata"]["flagSetId"]), (False, "staging"), "the environment of the path")
  _, answer = checked(address, "POST", f"{root}/plain", good, {"Flagd-Selector": "flagSetId=staging"})
  expect(answer["metadata"]["flagSetId"], "staging", "the environment of the selector")

  fields, bulk = checked(address, "POST", root, good)
  expect([flag["key"] for flag in bulk["flags"]], sorted(FLAGS), "all flags")
  tag = fields["etag"]
  for condition in [tag, f'"x", W/{tag}', "*"]:
    fields, _ = checked(address, "POST", root, b'{ "context": {"targetingKey":"user-1"} }', {"If-None-Match": condition}, 304)
    expect(fields["etag"], tag, "the tag of 304")
  checked(address, "POST", root, b"{}", {"If-None-Match": tag})
  # Two requests at once on one connection, then a body that never ends: the first two are answered.
  with socket.create_connection(address.removeprefix("http://").split(":"), timeout=10) as raw:
    request = f"POST {root}/plain HTTP/1.1\r\nHost: x\r\nContent-Length: {len(good)}\r\n\r\n".encode() + good
    raw.sendall(request + request + request[:-5])
    raw.shutdown(socket.SHUT_WR)
    received = b""
    while received.count(b'"variant"') < 2 and (piece := raw.recv(65536)):
      received += piece
    expect(received.count(b"HTTP/1.1 200 "), 2, "pipelined requests")


# MARK: Access


def check_access(ensign, tree):
  file = tree.parent / "tokens"

  def token(scope, *environments):
    options = [option for name in environments for option in ("--environment", name)]
    return subprocess.run([ensign, "token", "new", "--scope", scope, "--tokens", file, *options, "--quiet"], check=True,
                          capture_output=True, text=True).stdout.strip()

  staging, both = token("evaluate", "staging"), token("evaluate", "staging", "production")
  root = "/ofrep/v1/evaluate/flags"
  with server(ensign, tree, "--tokens", file, "--default-environment", "production", "--rate", "20") as address:
    for secret, path, status, environment in [
      (None, root, 401, None), ("ensign-token-00", root, 401, None), (staging, root, 200, "staging"),
      (staging, "/production" + root, 403, None), (staging, "/nowhere" + root, 403, None), (both, root, 200, "production"),
      (both, "/staging" + root, 200, "staging"),
    ]:
      for headers in [{"X-API-Key": secret}, {"Authorization": f"Bearer {secret}"}] if secret else [{}]:
        _, answer = checked(address, "POST", f"{path}/plain", b"{}", headers, status)
        expect(answer["metadata"].get("flagSetId"), environment, f"{headers} at {path}")
    provider = OFREPProvider(f"{address}/", headers_factory=lambda: {"X-API-Key": staging})
    expect(provider.resolve_boolean_details("plain", True).value, False, "the token's environment")
    limited = [ask(address, "POST", f"{root}/plain", b"{}", {"X-API-Key": both}) for _ in range(60)]
    refused = [(fields, json.loads(content)) for status, fields, content in limited if status == 429]
    if not refused or {int(fields["retry-after"]) for fields, _ in refused} - {1, 2}:
      sys.exit(f"no limit of the rate: {len(refused)}")
    expect(refused[0][1]["key"], "plain", "the shape of 429")
    expect({status for status, _, _ in limited}, {200, 429}, "at the limit")
    for path in ["/v1/environments/production/snapshot.json", "/v1/environments/production/flagd.json",
                 "/openfeature/v0/manifest", "/v1/environments/staging/snapshot.json"]:
      status, _, _ = ask(address, "GET", path, headers={"X-API-Key": staging})
      expect(status in (401, 403), True, f"{path} with a token to evaluate, in staging: {status}")


def main():
  ensign, directory = sys.argv[1], pathlib.Path(sys.argv[2])
  tree = directory / "shop" / "flags"
  write_tree(tree)
  with server(ensign, tree, "--default-environment", "production") as address:
    api.set_provider_and_wait(OFREPProvider(address))
    client = api.get_client()
    values = check_values(client)
    check_errors(client)
    # A path prefix in the base URL chooses the environment, with clients that keep it.
    expect(OFREPProvider(f"{address}/staging").resolve_boolean_details("plain", True).value, False, "the prefix")
    check_requests(address)
    flagd = json.loads(ask(address, "GET", "/v1/environments/production/flagd.json")[2])
    expect(sorted(flagd["flags"]), sorted(FLAGS), "the export for flagd")
    pull = json.loads(ask(address, "GET", "/openfeature/v0/manifest")[2])
    expect([flag["key"] for flag in pull["flags"]], sorted(FLAGS), "the manifest for OpenFeature's command line")
  check_access(ensign, tree)
  log = (directory / "shop/log").read_text()
  if "user-1" in log or "ensign-token-" in log:
    sys.exit("the log has a targeting key or a token")
  print(f"the provider got {values} values with variant, reason and metadata, and every error; raw requests and tokens too")


main()
