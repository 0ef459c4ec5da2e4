"""flagd's provider in file mode reads an export, and follows a new one; percentages keep their shares:
`flagd_provider.py ENSIGN DIRECTORY`."""

import pathlib
import subprocess
import sys
import time

from openfeature import api
from openfeature.contrib.provider.flagd import FlagdProvider
from openfeature.contrib.provider.flagd.config import ResolverType
from openfeature.evaluation_context import EvaluationContext
from openfeature.flag_evaluation import Reason

CONFIG = """enabled: true
rules:
  - name: staff
    when: {plan: staff}
    serve: on
otherwise:
  split: {on: %s, off: %s}
"""
USERS = 4000


def write(tree, percent):
  (tree / "environments/production/checkout.yaml").write_text(CONFIG % (percent, 100 - percent))


def export(ensign, tree, out):
  subprocess.run([ensign, "export", "flagd", "-e", "production", "--flags", tree, "--out", out, "--quiet"], check=True)


def served(client):
  return sum(client.get_boolean_value("checkout", False, EvaluationContext(f"user-{n}")) for n in range(USERS))


def expect(found, wanted):
  if found != wanted:
    sys.exit(f"expected {wanted}, found {found}")


def main():
  ensign, directory = sys.argv[1], pathlib.Path(sys.argv[2])
  tree = directory / "provider/flags"
  for folder in ["definitions", "environments/production"]:
    (tree / folder).mkdir(parents=True)
  (tree / "ensign.yaml").write_text(
    "format: 1\nproject: shop\nenvironments: [production]\nattributes: {plan: {type: string}}\nowners: {web: {}}\n")
  (tree / "definitions/checkout.yaml").write_text("description: D.\ntype: boolean\noff: off\nowner: web\n")
  (tree / "definitions/ratio.yaml").write_text(
    "description: D.\ntype: number\noff: one\nowner: web\nvariants: {one: 1, half: 0.5}\n")
  (tree / "environments/production/ratio.yaml").write_text("enabled: true\notherwise: one\n")
  (tree / "definitions/limits.yaml").write_text(
    "description: D.\ntype: object\noff: none\nowner: web\nvariants: {none: {}, some: {items: [1, 2], name: a}}\n")
  (tree / "environments/production/limits.yaml").write_text("enabled: true\notherwise: some\n")
  write(tree, 25)
  out = directory / "flagd.json"
  export(ensign, tree, out)

  api.set_provider_and_wait(
    FlagdProvider(resolver_type=ResolverType.FILE, offline_flag_source_path=str(out), deadline_ms=200))
  client = api.get_client()
  staff = client.get_boolean_details("checkout", False, EvaluationContext("u", {"plan": "staff"}))
  expect((staff.value, staff.variant, staff.reason), (True, "on", Reason.TARGETING_MATCH))
  expect(staff.flag_metadata["flagSetId"], "production")
  expect(staff.flag_metadata["owner"], "web")
  ratio = client.get_float_details("ratio", 0.0)
  expect((ratio.value, ratio.variant, ratio.reason), (1.0, "one", Reason.STATIC))
  expect(client.get_object_value("limits", {}), {"items": [1, 2], "name": "a"})
  expect(client.get_boolean_value("checkout", False), False)  # nobody: the off variant
  expect(client.get_boolean_details("nothing", False).error_code.value, "FLAG_NOT_FOUND")
  share = served(client) / USERS
  if not 0.22 < share < 0.28:
    sys.exit(f"25 % became {share:.1%}")

  write(tree, 100)
  export(ensign, tree, out)
  limit = time.monotonic() + 10
  while served(client) != USERS:
    if time.monotonic() > limit:
      sys.exit("the provider does not read the new export")
    time.sleep(0.05)
  api.shutdown()
  print(f"flagd's provider in file mode: 25 % are {share:.1%} of {USERS} users, and a new export is read")


main()
