#!/usr/bin/env python3
"""Verifies a published store with PyNaCl alone, and evaluates nothing: what a client in another language has to do.

    pip install PyNaCl
    verify_store.py STORE --trust trust.json --project acme-shop --environment production [--state FILE] [--out FILE]

STORE is a folder or an address (https://…). `--trust` is the trust file that this program is installed with: not taken
from the store. With `--state` it remembers what it accepted, and refuses to go back. With `--out` the verified snapshot is
written there. The rules are those of the article "Trust" in Ensign's documentation.
"""

import argparse
import base64
import datetime
import hashlib
import json
import os
import sys
import tempfile
import urllib.error
import urllib.request

import nacl.exceptions
import nacl.signing

ENVELOPE_LIMIT = 65_536  # bytes of latest.json, and of a trust file
SNAPSHOT_LIMIT = 256 << 20
TOLERANCE = datetime.timedelta(minutes=5)  # how wrong a clock may be
TRUST = "application/vnd.ensign.trust.v1+json"
MANIFEST = "application/vnd.ensign.manifest.v1+json"


class Refused(Exception):
  """What is wrong, with the word that Ensign has for it."""

  def __init__(self, status, message):
    super().__init__(f"{status}: {message}")


def no_duplicates(pairs):
  members = dict(pairs)
  if len(members) != len(pairs):
    raise Refused("MALFORMED", "a member stands twice")
  return members


def parse(data):
  try:
    return json.loads(data.decode("utf-8"), object_pairs_hook=no_duplicates)
  except ValueError as error:
    raise Refused("MALFORMED", str(error)) from None


def decode(text):
  return base64.b64decode(text.replace("-", "+").replace("_", "/") + "=" * (-len(text) % 4), validate=True)


def key_id(public):
  text = '{"keytype":"ed25519","keyval":{"public":"%s"},"scheme":"ed25519"}' % public
  return hashlib.sha256(text.encode()).hexdigest()


class Store:
  def __init__(self, place):
    self.place = place.rstrip("/")

  def read(self, path, limit):
    """The bytes of a file; None when there is none."""
    try:
      if "://" in self.place:
        with urllib.request.urlopen(f"{self.place}/{path}", timeout=30) as answer:
          data = answer.read(limit + 1)
      else:
        with open(f"{self.place}/{path}", "rb") as file:
          data = file.read(limit + 1)
    except FileNotFoundError:
      return None
    except urllib.error.HTTPError as error:
      if error.code in (403, 404, 410):
        return None
      raise Refused("UNREACHABLE", str(error)) from None
    except OSError as error:
      raise Refused("UNREACHABLE", str(error)) from None
    if len(data) > limit:
      raise Refused("OVERSIZED", f"{path} has more than {limit} bytes")
    return data


def open_envelope(data, payload_type):
  """The payload of an envelope, and what its signatures sign. Nothing of it may be believed yet."""
  envelope = parse(data)
  try:
    payload, signatures = decode(envelope["payload"]), [decode(entry["sig"]) for entry in envelope["signatures"]]
    if envelope["payloadType"] != payload_type:
      raise Refused("MALFORMED", f"the payload is a {envelope['payloadType']}")
  except (KeyError, TypeError, AttributeError, ValueError) as error:
    raise Refused("MALFORMED", f"no envelope: {error}") from None
  message = b"DSSEv1 %d %s %d " % (len(payload_type), payload_type.encode(), len(payload)) + payload
  return payload, message, signatures


def require(role, keys, message, signatures, name):
  """Counts distinct keys of a role with a valid signature; key ids in the envelope are hints, and not looked at."""
  signers = set()
  for identifier in role["keyids"]:
    public = nacl.signing.VerifyKey(bytes.fromhex(keys[identifier]["public"]))
    for signature in signatures:
      try:
        public.verify(message, signature)
        signers.add(public.encode())
        break
      except (nacl.exceptions.BadSignatureError, nacl.exceptions.ValueError):
        continue
  if len(signers) < role["threshold"]:
    raise Refused("UNTRUSTED", f"signed by {len(signers)} of the {role['threshold']} keys that {name} needs")


def read_trust(payload):
  trust = parse(payload)
  if trust.get("type") != "trust" or trust.get("v") != 1:
    raise Refused("UNSUPPORTED", "no trust file of a known version")
  for identifier, key in trust["keys"].items():
    if key["keytype"] != "ed25519" or key_id(key["public"]) != identifier:
      raise Refused("MALFORMED", f"the key {identifier} is not what its id says")
  return trust


def newest_trust(store, anchor):
  """Follows the chain: each version is signed by the root keys of the one before, and by its own."""
  payload, message, signatures = open_envelope(anchor, TRUST)
  trust = read_trust(payload)
  require(trust["roles"]["root"], trust["keys"], message, signatures, "root")
  while (data := store.read(f"trust/{trust['version'] + 1}.json", ENVELOPE_LIMIT)) is not None:
    payload, message, signatures = open_envelope(data, TRUST)
    require(trust["roles"]["root"], trust["keys"], message, signatures, f"root of version {trust['version']}")
    following = read_trust(payload)
    require(following["roles"]["root"], following["keys"], message, signatures, "root of its own")
    if following["version"] != trust["version"] + 1 or following["epoch"] < trust["epoch"]:
      raise Refused("ROLLBACK", "the chain of trust files goes back, or skips a version")
    trust = following
  return trust


def is_past(text):
  instant = datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=datetime.timezone.utc)
  return datetime.datetime.now(datetime.timezone.utc) - instant > TOLERANCE


def newest_manifest(store, trust, project, environment, accepted):
  data = store.read(f"environments/{environment}/latest.json", ENVELOPE_LIMIT)
  if data is None:
    raise Refused("UNREACHABLE", f"the store has no manifest of {environment}")
  payload, message, signatures = open_envelope(data, MANIFEST)
  publish = trust["roles"]["publish"]
  role = {**publish, **publish.get("environments", {}).get(environment, {})}
  require(role, trust["keys"], message, signatures, "publish")
  manifest = parse(payload)
  if manifest.get("type") != "manifest" or manifest.get("v") != 1:
    raise Refused("UNSUPPORTED", "no manifest of a known version")
  if (manifest["project"], manifest["environment"], manifest["epoch"]) != (project, environment, trust["epoch"]):
    raise Refused("MISMATCH", f"the manifest is of {manifest['project']}, {manifest['environment']}, {manifest['epoch']}")
  if accepted:
    place, before = (manifest["epoch"], manifest["sequence"]), (accepted["epoch"], accepted["sequence"])
    if place < before:
      raise Refused("ROLLBACK", f"{place} is older than {before}, which was accepted before")
    if place == before and manifest["snapshot"]["sha256"] != accepted["sha256"]:
      raise Refused("EQUIVOCATION", f"{place} was another snapshot before")
  return manifest


def verified_snapshot(store, manifest):
  digest, size = manifest["snapshot"]["sha256"], manifest["snapshot"]["size"]
  if size > SNAPSHOT_LIMIT or len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
    raise Refused("MALFORMED", "the manifest names no snapshot")
  data = store.read(f"blobs/sha256/{digest}", size)
  if data is None:
    raise Refused("UNREACHABLE", f"the store has no snapshot {digest}")
  if len(data) != size or hashlib.sha256(data).hexdigest() != digest:
    raise Refused("TAMPERED", "the snapshot is not the one that the manifest names")
  return data


def replace(path, data):
  """Writes a file so that a crash leaves the old content or the new."""
  with tempfile.NamedTemporaryFile(dir=os.path.dirname(os.path.abspath(path)), delete=False) as file:
    file.write(data)
    file.flush()
    os.fsync(file.fileno())
  os.replace(file.name, path)


def main():
  parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
  parser.add_argument("store")
  parser.add_argument("--trust", required=True)
  parser.add_argument("--project", required=True)
  parser.add_argument("--environment", required=True)
  parser.add_argument("--state")
  parser.add_argument("--out")
  options = parser.parse_args()
  accepted = None
  if options.state and os.path.exists(options.state):
    with open(options.state, encoding="utf-8") as file:
      accepted = json.load(file)
  try:
    store = Store(options.store)
    with open(options.trust, "rb") as file:
      trust = newest_trust(store, file.read(ENVELOPE_LIMIT + 1))
    manifest = newest_manifest(store, trust, options.project, options.environment, accepted)
    snapshot = verified_snapshot(store, manifest)
  except Refused as refusal:
    print(refusal, file=sys.stderr)
    return 1
  # Stale flags are still the right ones: a client keeps them, and tells somebody.
  stale = is_past(manifest["expires"]) or is_past(trust["expires"])
  if options.out:
    replace(options.out, snapshot)
  if options.state:
    place = {"epoch": manifest["epoch"], "sequence": manifest["sequence"], "sha256": manifest["snapshot"]["sha256"]}
    replace(options.state, json.dumps(place).encode())
  print(f"{'STALE' if stale else 'CURRENT'}: {manifest['environment']}, epoch {manifest['epoch']}, sequence "
        f"{manifest['sequence']}, commit {manifest['source']['commit']}, {len(snapshot)} bytes")
  return 0


if __name__ == "__main__":
  sys.exit(main())
