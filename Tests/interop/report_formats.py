"""Judges reports of findings: report_formats.py FOLDER…, each with a tree in flags/ and report.FORMAT."""

import collections
import json
import pathlib
import re
import sys
import urllib.parse
from xml.etree import ElementTree

import jsonschema
import junitparser
import sarif.loader
import sarif_pydantic
import xmlschema

SCHEMAS = pathlib.Path(__file__).parent / "schemas"
COMMAND = re.compile(r"::(?P<name>error|warning|notice)(?: (?P<properties>[^:]*))?::(?P<message>.*)")
LEVELS = {"error": "error", "warning": "warning", "notice": "information"}


class Judge:
    """One folder, with the findings as `--format json` tells them."""

    def __init__(self, folder: pathlib.Path):
        self.folder = folder
        report = json.loads((folder / "report.json").read_text())
        self.findings = report["findings"]
        self.is_check = "base" in report
        self.failed_tests = report.get("tests", {}).get("failed", 0)
        self.failures = 0

    def expect(self, holds: bool, message: str) -> None:
        if not holds:
            print(f"{self.folder.name}: {message}")
            self.failures += 1

    def same(self, found, expected, what: str) -> None:
        self.expect(found == expected, f"{what}: {found!r:.300} is not {expected!r:.300}")

    def document(self, name: str, schema: str):
        document = json.loads((self.folder / f"report.{name}").read_text())
        validator_of = jsonschema.Draft202012Validator
        rules = json.loads((SCHEMAS / schema).read_text())
        validator_of.check_schema(rules)
        for error in validator_of(rules, format_checker=validator_of.FORMAT_CHECKER).iter_errors(document):
            self.expect(False, f"{name}: {error.json_path}: {error.message}")
        return document

    def text(self, path: str) -> list[str]:
        """The lines of a file."""
        return (self.folder / path).read_text(encoding="utf-8-sig").split("\n")

    def gitlab(self) -> None:
        report = self.document("gitlab", "gitlab-code-quality.json")
        self.same(
            [(entry["location"]["path"], entry["location"]["lines"]["begin"]) for entry in report],
            [(finding["file"], finding["start"]["line"]) for finding in self.findings],
            "gitlab: places",
        )
        prints = [entry["fingerprint"] for entry in report]
        self.same(len(set(prints)), len(prints), "gitlab: unique fingerprints")

    def sarif(self) -> None:
        log = self.document("sarif", "sarif-2.1.0.json")
        sarif_pydantic.Sarif.model_validate(log)
        # Another reader's findings, as it would make a Code Climate report of them.
        records = sarif.loader.load_sarif_file(str(self.folder / "report.sarif")).get_records()
        severities = {"error": "error", "warning": "warning", "information": "note"}
        self.same(
            [
                (urllib.parse.unquote(record["Location"]), record["Line"], record["Severity"], record["Code"])
                for record in records
            ],
            [
                (finding["file"], finding["start"]["line"], severities[finding["level"]], finding["code"])
                for finding in self.findings
            ],
            "sarif: another reader's findings",
        )
        run = log["runs"][0]
        rules = run["tool"]["driver"]["rules"]
        for result, finding in zip(run["results"], self.findings, strict=True):
            self.same(rules[result["ruleIndex"]]["id"], result["ruleId"], "sarif: rule")
            place = result["locations"][0]["physicalLocation"]
            self.same(urllib.parse.unquote(place["artifactLocation"]["uri"]), finding["file"], "sarif: file")
            self.same(place["region"]["startColumn"], finding["start"]["column"], "sarif: column")
            self.same("fixes" in result, "fix" in finding, "sarif: fix")

    def rdjson(self) -> None:
        report = self.document("rdjson", "rdjson.json")
        for diagnostic, finding in zip(report["diagnostics"], self.findings, strict=True):
            self.same(diagnostic["location"]["path"], finding["file"], "rdjson: file")
            start = diagnostic["location"]["range"]["start"]
            line = self.text(finding["file"])[finding["start"]["line"] - 1]
            column = len(line[: finding["start"]["column"] - 1].encode()) + 1
            self.same((start["line"], start["column"]), (finding["start"]["line"], column), "rdjson: place")

    def junit(self) -> None:
        schema = xmlschema.XMLSchema(str(SCHEMAS / "junit.xsd"))
        for name in ["report.junit", "tests.junit"]:
            file = self.folder / name
            if not file.exists() or file.stat().st_size == 0:  # no tests are run in a tree with errors
                continue
            suites = junitparser.JUnitXml.fromfile(str(file))
            written = (suites.tests, suites.failures, suites.errors)
            suites.update_statistics()
            self.same(written, (suites.tests, suites.failures, suites.errors), f"{name}: counts of another reader")
            for error in schema.iter_errors(str(self.folder / name)):
                self.expect(False, f"{name}: {error.path}: {error.reason}")
        report = ElementTree.parse(self.folder / "report.junit").getroot()
        failed = sum(1 for _ in report.iter("failure"))
        errors = sum(finding["level"] == "error" for finding in self.findings)
        self.same(failed, errors + self.failed_tests, "junit: failures")
        self.same(int(report.get("failures")), failed, "junit: count")

    def github(self) -> None:
        counts: collections.Counter = collections.Counter()
        rest = 0
        lines = (self.folder / "report.github").read_text().splitlines()
        if self.is_check:
            self.expect(not lines.pop().startswith("::"), "github: the last line is a summary")
        for line in lines:
            command = COMMAND.fullmatch(line)
            if not command:
                self.expect(line.startswith(" "), f"github: this is neither a command nor text: {line}")
                rest += 1
                continue
            counts[LEVELS[command["name"]]] += 1
            properties = dict(pair.split("=", 1) for pair in command["properties"].split(","))
            if "file" in properties:
                path = properties["file"]
                for code, character in [("%2C", ","), ("%3A", ":"), ("%0A", "\n"), ("%0D", "\r"), ("%25", "%")]:
                    path = path.replace(code, character)
                self.expect((self.folder / path).is_file() or path.endswith("/"), f"github: there is no {path}")
        for level, count in counts.items():
            self.expect(count <= 10, f"github: {count} annotations of the level {level}")
        notice = 1 if rest else 0
        self.same(sum(counts.values()) + rest - notice, len(self.findings), "github: findings")

    def markdown(self) -> None:
        text = (self.folder / "report.markdown").read_text()
        self.expect(len(text.encode()) <= 60_000, "markdown: too long")
        self.same(sum(line.startswith("- **") for line in text.splitlines()), len(self.findings), "markdown: findings")


def main(folders: list[str]) -> int:
    failures = 0
    for folder in folders:
        judge = Judge(pathlib.Path(folder))
        for format in ["gitlab", "sarif", "rdjson", "junit", "github", "markdown"]:
            getattr(judge, format)()
        print(f"{judge.folder.name}: {len(judge.findings)} findings in 6 formats, {judge.failures} failures")
        failures += judge.failures
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
