"""flagd's own evaluator against Ensign's, over what `ensign export flagd` wrote: `flagd_export.py ENSIGN FLAGS ENVIRONMENT
CONTEXTS TIME…`.

Contexts are reduced to attributes of the declared types first: flagd has no tests of types. A flag with percentages is
compared in the variants that it can have; `shares` below counts how many get which.
"""

import datetime
import ipaddress
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import time

import semver
import yaml
from openfeature.contrib.tools.flagd.core import FlagdCore
from openfeature.evaluation_context import EvaluationContext

INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?(Z|[+-]\d\d:\d\d)$")
DEFAULTS = {"boolean": False, "string": "", "integer": 0, "float": 0.5, "object": {}}


def is_typed(value, kind):
  """Whether a value is of an attribute's declared type."""
  match kind:
    case "string":
      return isinstance(value, str)
    case "integer":
      return isinstance(value, int) and not isinstance(value, bool)
    case "number":
      return isinstance(value, (int, float)) and not isinstance(value, bool)
    case "boolean":
      return isinstance(value, bool)
    case "list":
      return isinstance(value, list) and all(isinstance(element, str) for element in value)
    case "version":
      return isinstance(value, str) and semver.Version.is_valid(value)
    case "timestamp":
      try:
        return isinstance(value, str) and INSTANT.match(value) and bool(datetime.datetime.fromisoformat(value))
      except ValueError:
        return False
    case "ip":
      try:
        return isinstance(value, str) and bool(ipaddress.ip_address(value))
      except ValueError:
        return False
  return False


def reduced(context, types, prefix=""):
  """The attributes of a context that are declared, and of their types."""
  kept = {}
  for name, value in context.items():
    if isinstance(value, dict):
      if inner := reduced(value, types, prefix + name + "."):
        kept[name] = inner
    elif is_typed(value, types.get(prefix + name)):
      kept[name] = value
  return kept


def run(ensign, *arguments):
  done = subprocess.run([ensign, *arguments], capture_output=True, text=True)
  if done.returncode != 0:
    sys.exit(f"ensign {' '.join(arguments)}: {done.stderr}")
  return done.stdout


def resolve(core, key, kind, context):
  attributes = dict(context)
  evaluation = EvaluationContext(attributes.pop("targetingKey", None), attributes)
  return getattr(core, f"resolve_{kind}_value")(key, DEFAULTS[kind], evaluation)


def main():
  ensign, flags, environment, contexts, *times = sys.argv[1:]
  manifest = yaml.safe_load((pathlib.Path(flags) / "ensign.yaml").read_text())
  types = {name: declared["type"] for name, declared in manifest["attributes"].items()} | {"targetingKey": "string"}
  contexts = [reduced(json.loads(line), types) for line in pathlib.Path(contexts).read_text().splitlines()]
  scope = ["--environment", environment, "--flags", flags, "--quiet"]
  document = json.loads(run(ensign, "export", "flagd", "--partial", *scope))
  kinds = {key: flag["flagType"] for key, flag in json.loads(run(ensign, "export", "openfeature", *scope))["flags"].items()}
  assert all(re.fullmatch("[A-Za-z0-9][A-Za-z0-9._-]*", key) for key in document["flags"])
  core = FlagdCore()
  core.set_flags(json.dumps(document))
  exact = percentages = 0
  with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
    file.writelines(json.dumps(context) + "\n" for context in contexts)
    file.flush()
    for moment in times:
      # flagd asks this clock for whole seconds.
      time.time = datetime.datetime.fromisoformat(moment).timestamp
      lines = run(ensign, "eval", *scope, "--contexts", file.name, "--now", moment, "--format", "json").splitlines()
      assert len(lines) == len(contexts)
      for context, line in zip(contexts, lines):
        for expected in json.loads(line)["flags"]:
          key = expected["flag"]
          flag = document["flags"].get(key)
          if flag is None:
            continue
          found = resolve(core, key, kinds[key], context)
          if "fractional" in json.dumps(flag.get("targeting")):
            assert found.variant in flag["variants"], (key, context, found)
            percentages += 1
            continue
          exact += 1
          if (found.variant, found.value) != (expected["variant"], expected["value"]):
            sys.exit(f"{flags}, {moment}, {context}\nEnsign: {expected}\nflagd: {found}\n{json.dumps(flag)}")
  print(len(document["flags"]), len(kinds) - len(document["flags"]), exact, percentages)


main()
