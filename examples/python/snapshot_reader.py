#!/usr/bin/env python3
"""A reader of Ensign's snapshots in Python, with nothing but the standard library.

It is written from the description of the format and shares no code with the reader in Swift, so it shows two things:
that a service in another language can evaluate the flags, and (Tests/interop/python-reader.sh) that both readers agree.
It favours plainness over speed. Regular expressions go to Python's `re`, which knows most of RE2's syntax, but not its
guarantee of linear time: a reader for hostile input needs RE2 itself.

    snapshot_reader.py SNAPSHOT CONTEXTS [--now TIMESTAMP]

CONTEXTS is a file with one context, a JSON object, on each line. Prints one line of JSON for each: all flags, sorted.
"""

import ipaddress
import json
import re
import sys
from datetime import datetime, timedelta, timezone

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
BUCKETS = 100_000
IDENTIFIER = r"(?:0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*)"
VERSION = re.compile(rf"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-({IDENTIFIER}(?:\.{IDENTIFIER})*))?"
                     r"(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?", re.ASCII)
TIMESTAMP = re.compile(r"(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d:\d\d)(?:\.(\d+))?([Zz]|[+-]\d\d:\d\d)", re.ASCII)


def murmur3(data):
  """MurmurHash3 x86_32 with seed 0."""
  def rotate(value, by):
    return (value << by | value >> (32 - by)) & 0xffffffff

  def mix(block):
    return rotate(block * 0xcc9e2d51 & 0xffffffff, 15) * 0x1b873593 & 0xffffffff

  state, whole = 0, len(data) // 4 * 4
  for start in range(0, whole, 4):
    state = rotate(state ^ mix(int.from_bytes(data[start:start + 4], "little")), 13) * 5 + 0xe6546b64 & 0xffffffff
  if whole < len(data):
    state ^= mix(int.from_bytes(data[whole:], "little"))
  state ^= len(data)
  state = (state ^ state >> 16) * 0x85ebca6b & 0xffffffff
  state = (state ^ state >> 13) * 0xc2b2ae35 & 0xffffffff
  return state ^ state >> 16


def bucket(seed, value, share=False):
  text = seed + ("/share/" if share else "/") + value
  return murmur3(text.encode("utf-8")) * BUCKETS >> 32


def folded(text):
  """Unicode simple case folding: one character becomes one character."""
  return "".join(c.casefold() if len(c.casefold()) == 1 else c.lower() if len(c.lower()) == 1 else c for c in text)


def version(text):
  """A sort key in the order of SemVer 2.0, or None. Build metadata is left out."""
  match = VERSION.fullmatch(text)
  if not match:
    return None
  prerelease = match.group(4)
  identifiers = [] if prerelease is None else [
    (0, int(part), "") if part.isdigit() else (1, 0, part) for part in prerelease.split(".")]
  return tuple(map(int, match.group(1, 2, 3))), prerelease is None, identifiers


def instant(text):
  """Milliseconds since 1970, or None; what is finer than a millisecond is cut off."""
  match = TIMESTAMP.fullmatch(text)
  if not match:
    return None
  zone = "+00:00" if match.group(4) in "Zz" else match.group(4)
  try:
    moment = datetime.fromisoformat(f"{match.group(1)}T{match.group(2)}{zone}")
  except ValueError:
    return None
  return (moment - EPOCH) // timedelta(milliseconds=1) + int((match.group(3) or "0").ljust(3, "0")[:3])


def address(text):
  try:
    return ipaddress.ip_address(text)
  except ValueError:
    return None


def typed(value, kind):
  """What a context's value is for an attribute of this type; None when it has another type, which counts as missing."""
  if kind == "boolean":
    return value if isinstance(value, bool) else None
  if kind == "list":
    return value if isinstance(value, list) and all(isinstance(item, str) for item in value) else None
  if kind in ("integer", "number"):
    if isinstance(value, bool) or not isinstance(value, (int, float)):
      return None
    return value if kind == "number" or value == int(value) else None
  if not isinstance(value, str):
    return None
  return {"string": str, "version": version, "timestamp": instant, "ip": address}[kind](value)


def flattened(context, prefix=""):
  """A context with the members of nested objects under dotted names."""
  flat = {}
  for name, value in context.items():
    if isinstance(value, dict):
      flat.update(flattened(value, f"{prefix}{name}."))
    else:
      flat[prefix + name] = value
  return flat


class Snapshot:
  def __init__(self, text):
    content = json.loads(text)
    if content["minimumReader"] > 1:
      raise ValueError(f"the snapshot asks for reader {content['minimumReader']}, this is reader 1")
    self.flags = content["flags"]
    self.segments = content.get("segments", {})
    self.types = {**content.get("attributes", {}), "targetingKey": "string", "now": "timestamp"}

  def evaluate(self, key, context, now):
    """One flag for one context at an instant in milliseconds: value, variant, reason and the rule that decided."""
    if key not in self.flags:
      return {"errorCode": "FLAG_NOT_FOUND"}
    flag = self.flags[key]
    variant, reason, rule = Evaluation(self, flattened(context), now).flag(flag)
    result = {"value": flag["variants"][variant], "variant": variant, "reason": reason}
    return result if rule is None else {**result, "rule": rule}


class Evaluation:
  def __init__(self, snapshot, context, now):
    self.snapshot, self.context, self.now = snapshot, context, now

  def flag(self, flag):
    if not self.enabled(flag["enabled"]):
      return flag["off"], "DISABLED", None
    for required in flag.get("requires", []):
      if self.flag(self.snapshot.flags[required["flag"]])[0] not in required["variants"]:
        return flag["off"], "PREREQUISITE_FAILED", None
    for target in flag.get("targets", []):
      if self.context.get("targetingKey") in target["keys"]:
        return target["variant"], "TARGETING_MATCH", None
    for rule in flag.get("rules", []):
      if "when" in rule and not self.holds(rule["when"]):
        continue
      if "share" in rule:
        share = rule["share"]
        value = self.hashed(share["by"])
        if value is None or bucket(share["seed"], value, share=True) >= share["buckets"]:
          continue
      variant = self.serve(rule["serve"])
      if variant is not None:
        plain = "variant" in rule["serve"] and "share" not in rule
        return variant, "TARGETING_MATCH" if plain else "SPLIT", rule["name"]
    served = self.serve(flag["otherwise"])
    if served is None:
      return flag["off"], "DEFAULT", None
    if "variant" not in flag["otherwise"]:
      return served, "SPLIT", None
    steered = any(flag.get(part) for part in ("requires", "targets", "rules"))
    return served, "DEFAULT" if steered else "STATIC", None

  def enabled(self, enabled):
    if isinstance(enabled, bool):
      return enabled
    return enabled.get("from", self.now) <= self.now and ("until" not in enabled or self.now < enabled["until"])

  def hashed(self, name):
    """The text of an attribute that is hashed, whatever its declared type; None counts as missing."""
    value = self.context.get(name)
    if isinstance(value, bool):
      return "true" if value else "false"
    return str(value) if isinstance(value, (int, str)) else None

  def serve(self, serve):
    if "variant" in serve:
      return serve["variant"]
    if serve["algorithm"] != "murmur3-100000":
      raise ValueError(f"unknown algorithm {serve['algorithm']}")
    value = self.hashed(serve["by"])
    if value is None:
      return None
    place = bucket(serve["seed"], value)
    if "ramp" in serve:
      ramp = serve["ramp"]
      return ramp["variant"] if place < self.ramped(ramp) else ramp["from"]
    return next(variant for variant, start, end in serve["ranges"] if start <= place < end)

  def ramped(self, ramp):
    """How many buckets have the ramped variant now."""
    reached = [step for step in ramp["steps"] if step[0] <= self.now]
    if not reached:
      return 0
    at, buckets = reached[-1]
    if ramp["shape"] == "step" or len(reached) == len(ramp["steps"]):
      return buckets
    next_at, next_buckets = ramp["steps"][len(reached)]
    return buckets + (next_buckets - buckets) * (self.now - at) // (next_at - at)

  def holds(self, condition):
    if "all" in condition:
      return all(self.holds(child) for child in condition["all"])
    if "any" in condition:
      return any(self.holds(child) for child in condition["any"])
    if "not" in condition:
      return not self.holds(condition["not"])
    if "segment" in condition:
      return any(self.within(self.snapshot.segments[key]) for key in condition["segment"])
    return self.passes(condition)

  def within(self, segment):
    key = self.context.get("targetingKey")
    if key in segment.get("exclude", []):
      return False
    return key in segment.get("include", []) or ("when" in segment and self.holds(segment["when"]))

  def passes(self, test):
    name, op, operands = test["attribute"], test["op"], test.get("values", [])
    kind = self.snapshot.types[name]
    value = self.now if name == "now" else typed(self.context.get(name), kind)
    if op == "missing":
      return value is None
    if value is None or op == "exists":
      return value is not None
    if test.get("ignoreCase") and op != "matches":
      value = folded(value)
    if op == "matches":
      return re.search(operands[0], value, re.IGNORECASE if test.get("ignoreCase") else 0) is not None
    if kind == "list":
      found = set(value) & set(operands)
      return {"includes": bool(found), "includesAll": len(found) == len(operands), "includesNone": not found}[op]
    if op == "within":
      networks = [ipaddress.ip_network(operand) for operand in operands]
      return any(value.version == network.version and value in network for network in networks)
    if op in ("contains", "startsWith", "endsWith"):
      return {"contains": operands[0] in value, "startsWith": value.startswith(operands[0]),
              "endsWith": value.endswith(operands[0])}[op]
    prepared = {"version": version, "ip": address}.get(kind)
    constants = [prepared(operand) for operand in operands] if prepared else operands
    if op in ("in", "notIn"):
      return (value in constants) == (op == "in")
    limit = constants[0]
    return {"lessThan": value < limit, "atMost": value <= limit,
            "greaterThan": value > limit, "atLeast": value >= limit}[op]


def main():
  arguments = sys.argv[1:]
  now = (datetime.now(timezone.utc) - EPOCH) // timedelta(milliseconds=1)
  if "--now" in arguments:
    index = arguments.index("--now")
    now = instant(arguments[index + 1]) if index + 1 < len(arguments) else None
    del arguments[index:index + 2]
  if len(arguments) != 2 or now is None:
    print("usage: snapshot_reader.py SNAPSHOT CONTEXTS [--now TIMESTAMP]", file=sys.stderr)
    return 2
  with open(arguments[0], encoding="utf-8") as file:
    snapshot = Snapshot(file.read())
  with open(arguments[1], encoding="utf-8") as lines:
    for line in lines:
      context = json.loads(line)
      results = [{"flag": key, **snapshot.evaluate(key, context, now)} for key in sorted(snapshot.flags)]
      print(json.dumps({"flags": results}, ensure_ascii=False))
  return 0


if __name__ == "__main__":
  sys.exit(main())
