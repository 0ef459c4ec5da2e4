"""Judges the schemas in a folder: schemas.py FOLDER TREE."""

import json
import pathlib
import re
import sys

import jsonschema
import yaml


class CoreLoader(yaml.SafeLoader):
    """YAML with the scalars of the 1.2 core schema, which PyYAML does not know."""


CoreLoader.yaml_implicit_resolvers = {}
for tag, pattern, first in [
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("null", r"null|Null|NULL|~|", "nN~\0"),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", "-+0123456789"),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", "-+0123456789."),
]:
    CoreLoader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"^(?:{pattern})$"), list(first))

# One mistake each, in a file that would be right without it.
MISTAKES = {
    "manifest": [
        "format: 2\nproject: p\nenvironments: [a]",
        "format: 1\nenvironments: [a]",
        "format: 1\nproject: p\nenvironments: []",
        "format: 1\nproject: p\nenvironments: [a]\nattributes: {x: {type: text}}",
        "format: 1\nproject: p\nenvironments: [a]\nattributes: {x: {type: string, secret: true}}",
        "format: 1\nproject: p\nenvironments: [a]\nowner: {}",
        "format: 1\nproject: p\nenvironments: [a]\npolicies: {a: {requireOwners: true}}",
        "format: 1\nproject: p\nenvironments: [a]\npolicies: {a: {approvals: {count: 2}}}",
        "format: 1\nproject: p\nenvironments: [a]\npolicies: {a: {approvals: {from: trailers, count: 0}}}",
        "format: 1\nproject: p\nenvironments: [a]\npolicies: {a: {freeze: [{from: 2026-12-20T00:00:00Z}]}}",
        "format: 1\nproject: p\nenvironments: [a]\npolicies: {a: {auto-approve: always}}",
        "[]",
    ],
    "definition": [
        "off: off",
        "type: boolean",
        "type: bool\noff: off",
        "type: boolean\noff: off\nvariant: {}",
        "type: boolean\noff: off\nexpires: tomorrow",
        "type: boolean\noff: off\narchived: maybe",
        "type: boolean\noff: off\ntags: checkout",
        "type: string\noff: off\nvariants: {}",
    ],
    "environment": [
        "otherwise: on",
        "enabled: true",
        "enabled: yes\notherwise: on",
        "enabled: {since: 2026-12-01T00:00:00Z}\notherwise: on",
        "enabled: true\notherwise: {split: {on: 101}}",
        "enabled: true\notherwise: {split: {on: 100}, ramp: on}",
        "enabled: true\notherwise: {by: email}",
        "enabled: true\notherwise: {ranges: {on: [[0, 50, 100]]}}",
        "enabled: true\notherwise: {ramp: on, from: off, steps: [{at: soon, percent: 5}]}",
        "enabled: true\notherwise: on\nrules: [{name: r}]",
        "enabled: true\notherwise: on\nrules: [{name: r, serve: on, when: {country: {equals: DE}}}]",
        "enabled: true\notherwise: on\nrules: [{name: r, serve: on, when: {any: {country: DE}}}]",
        "enabled: true\notherwise: on\nrules: [{name: r, serve: on, share: 200}]",
        "enabled: true\notherwise: on\ntargets: [user-1]",
    ],
    "segment": [
        "includes: [a]",
        "include: a",
        "when: [country]",
        "when: {age: {atLeast: [1, 2]}}",
        "description: [x]",
    ],
    "test": [
        "flag: f",
        "- {environment: e, expect: on}",
        "- {flag: f, environment: e}",
        "- {flag: f, environment: e, expect: on, expectValue: 1}",
        "- {flag: f, environment: e, expect: on, given: [x]}",
        "- {flag: f, environment: e, expect: on, matrix: {country: DE}}",
        "- {flag: f, environment: e, expect: on, bucket: 101}",
        "- {flag: f, environment: [], expect: on}",
    ],
}

FOLDERS = {"definition": "definitions", "environment": "environments", "segment": "segments", "test": "tests"}


def main(folder: pathlib.Path, tree: pathlib.Path) -> int:
    failures = 0
    judged = 0
    for kind, mistakes in MISTAKES.items():
        schema = json.loads((folder / f"{kind}.json").read_text())
        jsonschema.Draft202012Validator.check_schema(schema)
        validator = jsonschema.Draft202012Validator(schema)
        files = [tree / "ensign.yaml"] if kind == "manifest" else sorted((tree / FOLDERS[kind]).rglob("*.yaml"))
        if not files:
            print(f"no file of the kind {kind}")
            failures += 1
        for file in files:
            judged += 1
            for error in validator.iter_errors(yaml.load(file.read_text(), Loader=CoreLoader)):
                print(f"{file}: {error.json_path}: {error.message}")
                failures += 1
        for mistake in mistakes:
            judged += 1
            if validator.is_valid(yaml.load(mistake, Loader=CoreLoader)):
                print(f"{kind}: this should not be valid: {mistake!r}")
                failures += 1
    print(f"{judged} documents judged, {failures} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])))
