"""Random flags trees with what they mean: `random_trees.py DIRECTORY COUNT SEED`.

Below DIRECTORY, each numbered folder gets `flags/` (the tree as YAML), `meaning.json` (the environment's flags translated
here, construct by construct, without any of the compiler's normalising, in the form that the reader in Python takes), and
`contexts.jsonl`. So the whole path from YAML to an answer is compared with one that shares no code with it.
"""

import json
import pathlib
import random
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "examples" / "python"))
import snapshot_reader  # noqa: E402

TYPES = {"tier": "string", "company.id": "string", "city": "string", "labels": "list", "count": "integer",
         "score": "number", "beta": "boolean", "app": "version", "since": "timestamp", "ip": "ip"}
STRINGS = ["a", "A", "ab", "abc", "b", "Straße", "STRASSE", "straẞe", "ΣΑΣ", "σας", "käse", "on", "NO", "1", "true", "x y",
           "", "K", "\u212a", "#no comment", "- dash", "it's", "\"quoted\"", "tab\there", "🧀"]
LABELS = ["red", "green", "blue", "on", "Ünï"]
INTEGERS = [-5, 0, 1, 2, 3, 10, 100, 2**53 - 1, -(2**53 - 1)]
NUMBERS = [-1.5, 0, 0.1, 0.5, 1, 1.0, 1e-7, 1e21, 123456.789, 3]
VERSIONS = ["1.0.0", "1.2.0", "1.10.0", "2.0.0-alpha", "2.0.0-alpha.1", "2.0.0-rc.1", "2.0.0", "2.0.0+x", "10.0.0"]
TIMES = ["2026-01-01T00:00:00Z", "2026-01-01T00:00:00.001Z", "2026-03-01T12:00:00+02:00", "2026-06-30T23:59:59Z",
         "2026-11-21T00:00:00Z", "2026-12-31T23:59:59-08:00"]
ADDRESSES = ["10.0.0.1", "10.1.2.3", "192.168.1.77", "2001:db8::1", "2001:DB8:0:0::1", "::1", "255.255.255.255"]
NETWORKS = ["10.0.0.0/8", "10.1.0.0/16", "192.168.1.64/26", "0.0.0.0/0", "2001:db8::/32", "::/0", "::1", "10.1.2.3",
            "2001:DB8::/48"]
PATTERNS = ["^a", "b$", "[A-Z]+", "a|b", "^$", "(?i)strasse", "\\d", "^.{2,3}$", "."]
POOLS = {"string": STRINGS, "list": LABELS, "integer": INTEGERS, "number": NUMBERS, "boolean": [True, False],
         "version": VERSIONS, "timestamp": TIMES, "ip": ADDRESSES}
HASHABLE = ["targetingKey", "company.id", "tier", "count", "beta"]
KEYS = [f"user-{number}" for number in range(30)]


class Plain(str):
  """Text that is written into the YAML as it is, without quotes: variants, versions, timestamps, percentages."""


def yaml(value, generator, indent=0):
  """A value as YAML: in flow or block style, by chance."""
  if isinstance(value, Plain):
    return str(value)
  if not isinstance(value, (dict, list)) or not value:
    return json.dumps(value, ensure_ascii=False)
  space = "  " * indent
  if generator.random() < 0.4:
    parts = [yaml(item, generator, -1000) for item in (value.values() if isinstance(value, dict) else value)]
    if isinstance(value, dict):
      return "{" + ", ".join(f"{key}: {part}" for key, part in zip(value, parts)) + "}"
    return "[" + ", ".join(parts) + "]"
  if indent < 0:  # inside a flow collection: no block style
    generator = Always(generator)
    return yaml(value, generator, indent)
  lines = []
  for item in value.items() if isinstance(value, dict) else value:
    lead, nested = (f"{item[0]}:", item[1]) if isinstance(value, dict) else ("-", item)
    text = yaml(nested, generator, indent + 1)
    if text.startswith("\n"):
      lines.append(f"{space}{lead}{text}")
    else:
      lines.append(f"{space}{lead} {text}")
  return "\n" + "\n".join(lines)


class Always:
  """A generator of chance that always chooses the flow style."""

  def __init__(self, generator):
    self.generator = generator

  def random(self):
    return 0.0


class Tree:
  def __init__(self, generator):
    self.generator = generator
    self.flags, self.segments = {}, {}
    self.files = {}

  def chance(self, probability):
    return self.generator.random() < probability

  def some(self, pool, most=3):
    distinct = list({json.dumps(item): item for item in pool}.values())
    return self.generator.sample(distinct, self.generator.randint(1, min(most, len(distinct))))

  def build(self):
    for number in range(3):
      self.segment(f"segment-{number}")
    for number in range(7):
      self.flag(f"flag-{number}")
    self.files["ensign.yaml"] = {
      "format": 1, "project": "random", "environments": ["live"],
      "attributes": {name: {"type": kind} for name, kind in TYPES.items()}, "owners": {"us": {"contact": "here"}}}
    meaning = {"attributes": TYPES, "environment": "live", "flags": self.flags, "format": 1, "minimumReader": 1,
               "project": "random", "segments": self.segments}
    return meaning

  # Conditions: each function returns the authored form and its meaning.

  def condition(self, depth):
    kinds = ["test"] * 4 + (["all", "any", "not", "many"] if depth else []) + (["segment"] if self.segments else [])
    kind = self.generator.choice(kinds)
    if kind in ("all", "any"):
      children = [self.condition(depth - 1) for _ in range(self.generator.randint(1, 3))]
      return {kind: [child[0] for child in children]}, {kind: [child[1] for child in children]}
    if kind == "not":
      child = self.condition(depth - 1)
      return {"not": child[0]}, {"not": child[1]}
    if kind == "segment":
      keys = self.some(self.segments, 2)
      return {"segment": keys if len(keys) > 1 or self.chance(0.3) else keys[0]}, {"segment": keys}
    if kind == "many":
      written, meanings = {}, []
      for _ in range(self.generator.randint(2, 3)):
        child = self.condition(depth - 1)
        if len(child[0]) == 1 and not set(child[0]) & set(written):
          written.update(child[0])
          meanings.append(child[1])
      return (written, {"all": meanings}) if written else self.test()
    return self.test()

  def test(self):
    name = self.generator.choice([*TYPES, "targetingKey", "now"])
    kind = {"targetingKey": "string", "now": "timestamp"}.get(name) or TYPES[name]
    pool = KEYS if name == "targetingKey" else POOLS[kind]
    form = self.generator.choice(["scalar", "list", "operators", "operators"])
    if kind == "list":
      form = "operators"
    if form == "scalar":
      value = self.generator.choice(pool)
      return {name: self.write(kind, value)}, self.equals(name, kind, "in", [value])
    if form == "list":
      values = self.some(pool)
      return {name: [self.write(kind, value) for value in values]}, self.equals(name, kind, "in", values)
    return self.operators(name, kind, pool)

  def operators(self, name, kind, pool):
    written, meanings = {}, []
    fold = kind == "string" and self.chance(0.3)
    for operator in self.some(self.choices(kind), 2):
      if operator == "exists":
        truth = self.chance(0.6)
        written[operator] = truth
        meanings.append({"attribute": name, "op": "exists" if truth else "missing"})
      elif operator in ("is", "isNot", "in", "notIn"):
        values = self.some(pool, 1 if operator.startswith("is") else 3)
        one = operator.startswith("is")
        written[operator] = self.write(kind, values[0]) if one else [self.write(kind, value) for value in values]
        meanings.append(self.equals(name, kind, "notIn" if "ot" in operator else "in", values, fold))
      elif operator in ("contains", "startsWith", "endsWith"):
        values = [value for value in self.some(pool) if value] or ["a"]
        written[operator] = values if len(values) > 1 else values[0]
        meanings.append({"any": [self.equals(name, kind, operator, [value], fold) for value in values]})
      elif operator == "matches":
        pattern = self.generator.choice(PATTERNS)
        written[operator] = pattern
        meanings.append({"attribute": name, "op": "matches", "values": [pattern], "ignoreCase": fold})
      elif operator == "within":
        values = self.some(NETWORKS)
        written[operator] = [Plain(f'"{value}"') if ":" in value else Plain(value) for value in values]
        meanings.append({"attribute": name, "op": "within", "values": values})
      elif kind == "list":
        values = self.some(pool)
        written[operator] = values if len(values) > 1 or self.chance(0.5) else values[0]
        meanings.append({"attribute": name, "op": operator, "values": values})
      else:
        value = self.generator.choice(pool)
        written[operator] = self.write(kind, value)
        plain = {"before": "lessThan", "after": "greaterThan"}.get(operator, operator)
        meanings.append(self.equals(name, kind, plain, [value]))
    if fold and set(written) - {"exists"}:
      written["ignoreCase"] = True
    return {name: written}, {"all": meanings}

  def choices(self, kind):
    operators = ["is", "isNot", "in", "notIn", "exists"]
    if kind == "list":
      return ["exists", "includes", "includesAll", "includesNone"]
    if kind == "string":
      operators += ["contains", "startsWith", "endsWith", "matches"]
    if kind in ("integer", "number", "version", "timestamp"):
      operators += ["lessThan", "atMost", "greaterThan", "atLeast"]
    if kind == "timestamp":
      operators += ["before", "after"]
    return operators + (["within"] if kind == "ip" else [])

  def write(self, kind, value):
    return Plain(value) if kind in ("version", "timestamp") and self.chance(0.7) else value

  def equals(self, name, kind, op, values, fold=False):
    if kind == "timestamp":
      values = [snapshot_reader.instant(value) for value in values]
    if fold:
      values = [snapshot_reader.folded(value) for value in values]
    return {"attribute": name, "op": op, "values": values, "ignoreCase": fold}

  # Segments and flags.

  def segment(self, key):
    written, meaning = {"description": "Random."}, {}
    for part in ("include", "exclude"):
      if self.chance(0.5):
        written[part] = meaning[part] = self.some(KEYS, 4)
    if self.chance(0.3):
      extra = self.some(KEYS, 4)
      written["includeFrom"] = f"{key}.txt"
      self.files[f"segments/{key}.txt"] = "\n".join(extra) + "\n"
      meaning["include"] = meaning.get("include", []) + extra
    if self.chance(0.7) or not meaning.get("include"):
      written["when"], meaning["when"] = self.condition(2)
    self.files[f"segments/{key}.yaml"] = written
    self.segments[key] = meaning

  def percent(self, buckets):
    return Plain(f"{buckets // 1000}.{buckets % 1000:03}".rstrip("0").rstrip("."))

  def hashing(self, key):
    written = {}
    if self.chance(0.4):
      written["by"] = self.generator.choice(HASHABLE)
    if self.chance(0.4):
      written["seed"] = self.generator.choice(["seed", "käse/2026", "1"])
    return written, {"by": written.get("by", "targetingKey"), "seed": written.get("seed", key)}

  def serve(self, key, variants):
    form = self.generator.choice(["variant", "variant", "split", "ranges", "ramp"])
    if form == "variant":
      variant = self.generator.choice(variants)
      return variant, {"variant": variant}, {}
    hashing, meant = self.hashing(key)
    meaning = {"algorithm": "murmur3-100000", **meant}
    if form == "ramp":
      times = sorted(self.some(TIMES), key=snapshot_reader.instant)
      weights = sorted(self.generator.randint(0, 100_000) for _ in times)
      shape = self.generator.choice([None, "step", "linear"])
      start, end = self.generator.sample(variants, 2)
      written = {"ramp": end, "from": start, **hashing,
                 "steps": [{"at": Plain(at), "percent": self.percent(weight)} for at, weight in zip(times, weights)]}
      if shape:
        written["shape"] = shape
      steps = [[snapshot_reader.instant(at), weight] for at, weight in zip(times, weights)]
      ramp = {"from": start, "variant": end, "shape": shape or "step", "steps": steps}
      return written, {**meaning, "ramp": ramp}, hashing
    cuts = [0, *sorted(self.generator.randint(0, 100_000) for _ in variants[1:]), 100_000]
    pieces = [[variant, cuts[index], cuts[index + 1]] for index, variant in enumerate(variants)]
    if form == "split":
      return ({"split": {variant: self.percent(end - start) for variant, start, end in pieces}, **hashing},
              {**meaning, "ranges": pieces}, hashing)
    middle = self.generator.randint(1, 99_999)
    parts = sorted((piece for variant, start, end in pieces for piece in (
      [[variant, start, middle], [variant, middle, end]] if start < middle < end else [[variant, start, end]])
      if piece[1] < piece[2]), key=lambda piece: piece[1])
    written = {}
    for variant, start, end in parts:
      written.setdefault(variant, []).append([self.percent(start), self.percent(end)])
    return {"ranges": written, **hashing}, {**meaning, "ranges": parts}, hashing

  def flag(self, key):
    kind = self.generator.choice(["boolean", "string", "integer", "number", "object"])
    values = {
      "boolean": {"on": True, "off": False},
      "string": {"a": "A", "b": "", "c": "käse 🧀"},
      "integer": {"small": -1, "large": 2**53 - 1},
      "number": {"half": 0.5, "tiny": 1e-7, "whole": 3},
      "object": {"empty": {}, "full": {"list": [1, "x", None, True], "nested": {"ü": 1.5}}},
    }[kind]
    variants = list(values)
    off = self.generator.choice(variants)
    definition = {"description": "Random.", "type": kind, "off": off, "owner": "us", "kind": "operational"}
    if kind != "boolean" or self.chance(0.5):
      definition["variants"] = values
    self.files[f"definitions/{key}.yaml"] = definition
    meaning = {"type": kind, "variants": values, "off": off}
    written = {}
    written["enabled"], meaning["enabled"] = self.enabled()
    requirements = self.some(self.flags, 2) if self.flags and self.chance(0.3) else []
    for required in requirements:
      wanted = self.some(self.flags[required]["variants"], 2)
      written.setdefault("requires", {})[required] = wanted if len(wanted) > 1 else wanted[0]
      meaning.setdefault("requires", []).append({"flag": required, "variants": wanted})
    if self.chance(0.4):
      keys = self.some(KEYS, 6)
      for variant, part in zip(variants, (keys[::2], keys[1::2])):
        if part:
          written.setdefault("targets", {})[variant] = part
          meaning.setdefault("targets", []).append({"variant": variant, "keys": part})
    rules = [self.rule(key, number, variants) for number in range(self.generator.randint(0, 4))]
    if rules:
      written["rules"], meaning["rules"] = [rule[0] for rule in rules], [rule[1] for rule in rules]
    written["otherwise"], meaning["otherwise"], _ = self.serve(key, variants)
    self.files[f"environments/live/{key}.yaml"] = written
    self.flags[key] = meaning

  def enabled(self):
    if self.chance(0.75):
      return True, True
    if self.chance(0.3):
      return False, False
    bounds = sorted(self.some(TIMES, 2), key=snapshot_reader.instant)
    names = ["from", "until"] if len(bounds) == 2 else [self.generator.choice(["from", "until"])]
    return ({name: Plain(bound) for name, bound in zip(names, bounds)},
            {name: snapshot_reader.instant(bound) for name, bound in zip(names, bounds)})

  def rule(self, key, number, variants):
    written, meaning = {"name": f"rule-{number}"}, {"name": f"rule-{number}"}
    if self.chance(0.85):
      written["when"], meaning["when"] = self.condition(2)
    written["serve"], meaning["serve"], below = self.serve(key, variants)
    if self.chance(0.4):
      buckets = self.generator.choice([0, 1, 12_345, 50_000, 99_999, 100_000])
      own, _ = self.hashing(key)
      hashing = {"by": "targetingKey", "seed": key, **below, **own}
      written.update({"share": self.percent(buckets), **own})
      if buckets < 100_000:
        meaning["share"] = {"algorithm": "murmur3-100000", "buckets": buckets, **hashing}
    return written, meaning


def contexts(generator, count):
  for _ in range(count):
    made = {}
    if generator.random() < 0.9:
      made["targetingKey"] = generator.choice(KEYS)
    for name, kind in TYPES.items():
      if generator.random() < 0.6:
        value = generator.choice(POOLS[kind])
        if kind == "list":
          value = generator.sample(LABELS, generator.randint(0, 3))
        if generator.random() < 0.05:
          value = generator.choice([None, 1, "x", True, 0.5, []])
        if name == "company.id" and generator.random() < 0.5:
          made["company"] = {"id": value}
        else:
          made[name] = value
    yield made


def main():
  directory, count, seed = pathlib.Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
  for number in range(count):
    generator = random.Random(seed * 1_000_003 + number)
    tree = Tree(generator)
    meaning = tree.build()
    folder = directory / str(number)
    for name, content in tree.files.items():
      place = folder / "flags" / name
      place.parent.mkdir(parents=True, exist_ok=True)
      place.write_text(content if isinstance(content, str) else yaml(content, generator).lstrip("\n") + "\n", "utf-8")
    (folder / "meaning.json").write_text(json.dumps(meaning, ensure_ascii=False), "utf-8")
    lines = [json.dumps(context, ensure_ascii=False) for context in contexts(generator, 60)]
    (folder / "contexts.jsonl").write_text("\n".join(lines) + "\n", "utf-8")


main()
