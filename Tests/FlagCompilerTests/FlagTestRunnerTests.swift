import Ensign
import FlagSource
import Foundation
import FoundationXML
import Testing

@testable import FlagCompiler

@Suite("Flag tests")
struct FlagTestRunnerTests {
  static let config = """
    enabled: {until: 2026-06-01T00:00:00Z}
    requires: {switch: on}
    targets: {off: [user-9]}
    rules:
      - {name: eu, when: {country: [DE, FR]}, serve: {split: {on: 50, off: 50}}}
      - {name: old, when: {appVersion: {lessThan: 2.0.0}}, serve: on}
    otherwise: off

    """
  static let others = [
    ("definitions/switch.yaml", "type: boolean\noff: off\nowner: payments\nkind: permission\n"),
    (
      "environments/production/switch.yaml",
      "enabled: true\nrules: [{name: blocked, when: {country: US}, serve: off}]\notherwise: on\n"
    ),
    (
      "definitions/number.yaml",
      "type: number\nvariants: {one: 1, two: 2.5}\noff: one\nowner: payments\nkind: permission\n"
    ),
    ("environments/staging/number.yaml", "enabled: true\notherwise: two\n"),
    (
      "definitions/theme.yaml",
      "type: object\nvariants: {plain: {a: 1, b: [x]}, fancy: {}}\noff: plain\nowner: payments\nkind: permission\n"
    ),
  ]

  static func report(_ tests: String) throws -> FlagTestReport {
    try FlagTestRunner.run(TestTree(config, others + [("tests/t.yaml", tests)]).checked())
  }

  @Test("each part of a config decides, at the moment and in the bucket that the test sets")
  func deciders() throws {
    let report = try Self.report(
      """
      - {name: bucket below, flag: flag, environment: production, given: {targetingKey: u, country: DE}, bucket: 49.999, expect: on, because: eu}
      - {name: bucket above, flag: flag, environment: production, given: {targetingKey: u, country: DE}, bucket: 50, expect: off, because: eu}
      - {name: version, flag: flag, environment: production, given: {targetingKey: u, appVersion: 1.10.0}, expect: on, because: old}
      - {name: target, flag: flag, environment: production, given: {targetingKey: user-9, country: DE}, expect: off, because: targets}
      - {name: prerequisite, flag: flag, environment: production, given: {targetingKey: u, country: US}, expect: off, because: requires}
      - {name: otherwise, flag: flag, environment: production, given: {targetingKey: u}, expectValue: false, because: otherwise}
      - {name: too late, flag: flag, environment: production, given: {country: DE}, at: 2026-06-01T00:00:00Z, expect: off, because: disabled}
      - {name: no config, flag: flag, environment: staging, expect: off, because: disabled}
      - {name: one, flag: number, environment: production, expectValue: 1.0}
      - {name: two, flag: number, environment: staging, expectValue: 2.50}
      - {name: object, flag: theme, environment: production, expectValue: {b: [x], a: 1.0}}

      """)
    #expect(report.results.map(\.test.name).count == 11)
    #expect(report.failedCount == 0, "\(report.text(below: ""))")
    #expect(report.passedCount == 11)
  }

  @Test("environments and matrices multiply, in order and with names of their own")
  func expansion() throws {
    let report = try Self.report(
      """
      - name: everywhere
        flag: flag
        environment: [staging, production]
        matrix: {country: [DE, US], age: [1, 2]}
        given: {targetingKey: u, company: {id: c}}
        expect: off
        bucket: 99
      - {flag: flag, environment: staging, expect: off}
      - {flag: flag, environment: staging, given: {country: DE}, expect: off}
      - {flag: number, environment: staging, expectValue: 2.5}

      """)
    #expect(
      report.results.map(\.test.name) == [
        #"everywhere [staging, country: "DE", age: 1]"#, #"everywhere [staging, country: "DE", age: 2]"#,
        #"everywhere [staging, country: "US", age: 1]"#, #"everywhere [staging, country: "US", age: 2]"#,
        #"everywhere [production, country: "DE", age: 1]"#, #"everywhere [production, country: "DE", age: 2]"#,
        #"everywhere [production, country: "US", age: 1]"#, #"everywhere [production, country: "US", age: 2]"#,
        "flag serves off", "flag serves off (2)", "number has the value 2.5",
      ])
    #expect(report.failedCount == 0)
    #expect(
      report.results[4].test.circumstances
        == #"{"age":1,"company.id":"c","country":"DE","targetingKey":"u"} at 2026-01-01T00:00:00Z, bucket 99"#)
  }

  @Test("a failure says what was expected, what came, why, and under which circumstances")
  func failure() throws {
    let report = try Self.report(
      """
      - name: wrong
        flag: flag
        environment: production
        given: {targetingKey: u, country: US}
        expect: on
        because: eu
      - {name: wrong value, flag: number, environment: staging, expectValue: 1}

      """)
    #expect(report.failedCount == 2)
    let text = report.text(below: "flags/")
    #expect(text.contains("flags/tests/t.yaml:1:3: failed: wrong\n"))
    #expect(text.contains("  expected on, got off (PREREQUISITE_FAILED, decided by requires)\n"))
    #expect(text.contains("  expected eu to decide, got off (PREREQUISITE_FAILED, decided by requires)\n"))
    #expect(
      text.contains(#"  flag in production, given {"country":"US","targetingKey":"u"} at 2026-01-01T00:00:00Z"#))
    #expect(text.contains("  expected the value 1, got 2.5, the variant two (STATIC, decided by otherwise)\n"))
    #expect(text.contains("    flag: off, PREREQUISITE_FAILED by requires\n"))
    #expect(report.results[0].trace?.requirements.first?.holds == false)
    #expect(report.json(below: "").starts(with: #"{"summary":{"failed":2,"passed":0},"tests":[{"because":"eu""#.utf8))
    #expect(text.hasSuffix("2 tests, 0 passed, 2 failed\n"))
  }

  @Test("coverage lists what decided no test, and leaves out what is never enabled")
  func coverage() throws {
    let report = try Self.report(
      "- {flag: flag, environment: production, given: {country: DE, targetingKey: u}, bucket: 0, expect: on}\n")
    let coverage = report.coverage
    #expect(
      coverage.undecided.map { "\($0.environment) \($0.flag) \($0.place.name)" } == [
        "staging number otherwise", "production flag requires", "production flag targets", "production flag old",
        "production flag otherwise", "production switch blocked", "production switch otherwise",
      ])
    #expect(coverage.partCount == 8)
    #expect(coverage.decidedCount == 1)
    #expect(
      report.text(below: "flags/", coverage: true).contains(
        "flags/environments/production/flag.yaml:6:12: no test is decided by old (flag in production)\n"))
  }

  @Test("JSON has every case with its place, and stays the same")
  func json() throws {
    let bytes = try Self.report(
      "- {name: n, flag: flag, environment: staging, at: 2026-01-02T00:00:00Z, bucket: 1, expect: on}\n"
    )
    .json(below: "flags/", coverage: true)
    let document = try JSONValue(parsing: bytes)
    #expect(document.canonicalBytes == bytes)
    let test = try #require(document["tests"]?[0])
    #expect(test["trace"]?["reason"]?.string == "DISABLED")
    let members = try #require(test.object).filter { $0.key != "trace" }
    #expect(
      JSONValue.object(members).description
        == #"{"bucket":1000,"context":{},"end":{"column":95,"line":1},"environment":"staging","#
        + #""expected":{"variant":"on"},"failures":["expected on, got off (DISABLED, decided by disabled)"],"#
        + #""file":"flags/tests/t.yaml","flag":"flag","got":{"because":"disabled","reason":"DISABLED","value":false,"variant":"off"},"#
        + #""name":"n","now":"2026-01-02T00:00:00Z","passed":false,"start":{"column":3,"line":1}}"#)
    #expect(document["summary"]?.description == #"{"failed":1,"passed":0}"#)
    #expect(document["coverage"]?["parts"]?.integer == 8)
    #expect(document["coverage"]?["undecided"]?[0]?["file"]?.string == "flags/environments/staging/number.yaml")
  }

  @Test("JUnit is well-formed XML whatever the names hold")
  func junit() throws {
    let report = try Self.report(
      #"""
      - {name: "a < b & \"c\" 'd' ]]> \u0001 \t \n é \U0001F600 \uFFFE", flag: flag, environment: staging, expect: off}
      - {name: fails, flag: flag, environment: staging, given: {country: "<&>"}, expect: on}

      """#)
    let xml = report.junit(below: "flags/")
    let collector = XMLCollector()
    let parser = XMLParser(data: Data(xml.utf8))
    parser.delegate = collector
    #expect(parser.parse(), "\(String(describing: parser.parserError))")
    #expect(collector.elements == ["testsuites", "testsuite", "testcase", "testcase", "failure"])
    #expect(collector.attributes[0] == ["name": "ensign test", "tests": "2", "failures": "1", "errors": "0"])
    #expect(
      collector.attributes[1]
        == ["name": "flags/tests/t.yaml", "tests": "2", "failures": "1", "errors": "0", "skipped": "0"])
    #expect(
      collector.attributes[2]
        == ["name": "a < b & \"c\" 'd' ]]> \u{fffd} \t \n é \u{1F600} \u{fffd}", "classname": "staging.flag"])
    #expect(collector.text.contains(#"flag in staging, given {"country":"<&>"} at 2026-01-01T00:00:00Z"#))
  }

  @Test("ten thousand cases are run in about the time of ten times a thousand")
  func linear() throws {
    let axis = (0..<100).map(String.init).joined(separator: ", ")
    func seconds(_ second: String) throws -> Double {
      let tests =
        "- {name: n, flag: flag, environment: production, matrix: {age: [\(axis)], cartTotal: [\(second)]}, expect: off}\n"
      let tree = try TestTree(Self.config, Self.others + [("tests/t.yaml", tests)]).checked()
      let start = processorNanoseconds()
      let report = try FlagTestRunner.run(tree)
      let end = processorNanoseconds()
      #expect(report.failedCount == 0)
      return Double(end - start) / 1e9
    }
    let small = try seconds((0..<10).map(String.init).joined(separator: ", "))
    let large = try seconds(axis)
    // A quadratic runner would take a hundred times as long. Processor time: the machine may be busy with other tests.
    #expect(large < 40 * max(small, 0.005), "1,000 cases took \(small) s, 10,000 took \(large) s")
  }
}

/// The processor time that the calling thread has taken, in nanoseconds.
private func processorNanoseconds() -> Int {
  var time = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return time.tv_sec * 1_000_000_000 + time.tv_nsec
}

/// Notes what a parser of XML meets.
private final class XMLCollector: NSObject, XMLParserDelegate {
  var elements: [String] = []
  var attributes: [[String: String]] = []
  var text = ""

  func parser(
    _ parser: XMLParser, didStartElement elementName: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    elements.append(elementName)
    self.attributes.append(attributes)
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }
}
