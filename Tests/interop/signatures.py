"""Other people's libraries for signatures.sh: `key SEED NAME`, `verify FILE TRUST`, `sign SIGNER FILE`."""

import base64
import copy
import hashlib
import json
import subprocess
import sys
import tempfile

import nacl.signing
from securesystemslib.dsse import Envelope
from securesystemslib.signer import SSlibKey, CryptoSigner  # noqa: F401  (the latter proves that cryptography is there)


def key_id(public):
  """TUF's key id, computed as securesystemslib does."""
  text = json.dumps(
    {"keytype": "ed25519", "scheme": "ed25519", "keyval": {"public": public}}, sort_keys=True, separators=(",", ":"))
  return hashlib.sha256(text.encode()).hexdigest()


def library_key(public):
  """The key as securesystemslib makes it from raw bytes, with the id that it computes itself."""
  from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
  return SSlibKey.from_crypto(Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)))


def make_key(seed, name):
  public = nacl.signing.SigningKey(bytes.fromhex(seed)).verify_key.encode().hex()
  shared = {"v": 1, "keytype": "ed25519", "keyid": key_id(public), "public": public}
  with open(f"{name}.pub", "w") as file:
    json.dump({"type": "ensign-public-key", **shared}, file)
  with open(f"{name}.key", "w") as file:
    subprocess.run(["chmod", "600", f"{name}.key"], check=True)
    json.dump({"type": "ensign-secret-key", **shared, "encryption": "none", "seed": seed}, file, indent=2)


def pae(payload_type, payload):
  return b"DSSEv1 %d %s %d %s" % (len(payload_type), payload_type.encode(), len(payload), payload)


def verify(path, trust_path):
  with open(trust_path) as file:
    trust = json.loads(base64.b64decode(json.load(file)["payload"]))
  with open(path) as file:
    document = json.load(file)
  envelope = Envelope.from_dict(copy.deepcopy(document))
  assert envelope.pae() == pae(document["payloadType"], base64.b64decode(document["payload"]))
  keys = []
  for name, entry in trust["keys"].items():
    key = library_key(entry["public"])
    assert key.keyid == name == key_id(entry["public"]), (key.keyid, name)
    keys.append(key)
  accepted = envelope.verify(keys, threshold=len(document["signatures"]))
  assert set(accepted) == {signature["keyid"] for signature in document["signatures"]}
  for signature in document["signatures"]:
    public = bytes.fromhex(trust["keys"][signature["keyid"]]["public"])
    nacl.signing.VerifyKey(public).verify(envelope.pae(), base64.b64decode(signature["sig"]))
  print(f"securesystemslib and PyNaCl accept {len(accepted)} signatures")


def sign(signer, path):
  with open(path) as file:
    document = json.load(file)
  message = pae(document["payloadType"], base64.b64decode(document["payload"]))
  if signer == "openssl":
    with tempfile.NamedTemporaryFile() as file:
      file.write(message)
      file.flush()
      command = ["openssl", "pkeyutl", "-sign", "-inkey", "openssl.pem", "-rawin", "-in", file.name]
      signature = subprocess.run(command, check=True, capture_output=True).stdout
  else:
    with open("nacl.seed") as file:
      signature = nacl.signing.SigningKey(bytes.fromhex(file.read())).sign(message).signature
  # Without a key id, which is a hint only, and in the other alphabet.
  document["signatures"] = [{"sig": base64.urlsafe_b64encode(signature).decode()}]
  json.dump(document, sys.stdout)


{"key": make_key, "verify": verify, "sign": sign}[sys.argv[1]](*sys.argv[2:])
