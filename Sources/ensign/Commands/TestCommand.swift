internal import FlagCompiler
internal import FlagSource
internal import Glibc
internal import YAML

/// `ensign test [FILTER…]`.
struct TestCommand: CommandBody {
  var showsCoverage = false
  var revision: String?

  func run(_ operands: [String], in session: Session) throws(CommandError) -> CommandStatus {
    if showsCoverage, !operands.isEmpty {
      throw .usage("--coverage is that of all tests; it does not go with a filter")
    }
    if showsCoverage, session.format == .junit { throw .usage("JUnit has no place for --coverage") }
    let source = try session.checkedSource(revision: revision)
    var report = try session.testReport(of: source.checked, below: source.location)
    if report.results.isEmpty {
      session.summary("there are no tests; write some in \(source.location.pathPrefix)tests/")
    }
    try filter(&report, operands, in: source)
    let output = session.console.output
    switch session.format {
    case .json: output.write(report.json(below: source.location.pathPrefix, coverage: showsCoverage) + [0x0A])
    case .junit: output.write(report.junit(below: source.location.pathPrefix))
    default: output.write(report.text(below: source.location.pathPrefix, coverage: showsCoverage))
    }
    return report.failedCount == 0 ? .done : .findings
  }

  /// Keeps the tests of the flags that are named, and those whose name or file contains one of the words.
  private func filter(
    _ report: inout FlagTestReport, _ words: [String], in source: CheckedSource
  ) throws(CommandError) {
    if words.isEmpty { return }
    report.results = report.results.filter { result in
      let file = source.location.pathPrefix + source.tree.files.path(of: result.test.file)
      return words.contains { result.test.flag == $0 || strstr(result.test.name, $0) != nil || strstr(file, $0) != nil }
    }
    if report.results.isEmpty {
      throw .usage(
        "no test is of a flag, or has a name or file, with '\(words.joined(separator: "' or '"))'",
        help: "the flags that have tests: "
          + Set(source.tree.tests.map(\.flag.value)).sorted().prefix(20).joined(separator: ", "))
    }
  }
}

extension Session {
  /// Runs the flag tests of a tree.
  func testReport(of checked: CheckedTree, below location: TreeLocation) throws(CommandError) -> FlagTestReport {
    do throws(FlagTestError) {
      return try Progress.during("ensign: testing …", in: self) { () throws(FlagTestError) in
        try FlagTestRunner.run(checked)
      }
    } catch {
      switch error {
      case .compilation(let error): throw .compilation(error)
      case .tooManyCases(let limit, let file, let range):
        let place =
          "\(location.pathPrefix)\(checked.tree.files.path(of: file)):\(range.start.line):\(range.start.column)"
        throw .refused("\(place): with this test there are more than \(Plural.of(limit, "case"))")
      }
    }
  }
}

extension Command {
  static let test = Command(
    "test", TestCommand(), group: .author, summary: "Run the flag tests.",
    discussion: """
      The tests evaluate the compiled form, by the evaluator that services use: what ships is what is tested.
      """,
    operands: [
      CommandOperand(
        "FILTER", .any, completion: .flags, help: "a flag, or a part of a test's name or file (default: all tests)")
    ],
    options: [
      .flag("coverage", \.showsCoverage, help: "also list the rules that decided no test"),
      .value("rev", "REV", \.revision, help: "a commit instead of the working tree; nothing is checked out"),
    ],
    formats: [.text, .json, .junit],
    json: [
      JSONField("tests[].name", "the test's name, unique in the report"),
      JSONField("tests[].flag", "the flag that was evaluated"),
      JSONField("tests[].environment", "where"),
      JSONField("tests[].context", "for whom"),
      JSONField("tests[].now", "at which moment"),
      JSONField("tests[].bucket", "the bucket that replaced the hash, of 100,000; absent without one"),
      JSONField("tests[].expected", "the variant or the value that was expected"),
      JSONField("tests[].because", "what should have decided; absent when the test does not say"),
      JSONField("tests[].got.variant", "the variant that was served"),
      JSONField("tests[].got.value", "its value"),
      JSONField("tests[].got.reason", "the reason"),
      JSONField("tests[].got.because", "what decided"),
      JSONField("tests[].got.bucket", "where the hash fell; absent where none was taken"),
      JSONField("tests[].got.errorCode", "what went wrong; absent without an error"),
      JSONField("tests[].passed", "whether all is as expected"),
      JSONField("tests[].failures[]", "what is not, in words"),
      JSONField("tests[].file", "the test's file, relative to the repository's top"),
      JSONField("tests[].start", "where the test begins: line and column, from 1"),
      JSONField("tests[].end", "where it ends"),
      JSONField("summary.passed", "how many tests passed"),
      JSONField("summary.failed", "how many failed"),
      JSONField("coverage.parts", "with --coverage: how many rules and other parts could decide"),
      JSONField("coverage.decided", "how many of them decided a test"),
      JSONField("coverage.undecided[].flag", "the flag of a part that decided none"),
      JSONField("coverage.undecided[].environment", "its environment"),
      JSONField("coverage.undecided[].because", "the rule's name, or targets, requires or otherwise"),
      JSONField("coverage.undecided[].file", "the config"),
      JSONField("coverage.undecided[].start", "where the part stands: line and column, from 1"),
      JSONField("coverage.undecided[].end", "where it ends"),
    ],
    examples: [
      ("test", "all tests"), ("test checkout-v2 --format junit", "those of a flag, for a CI service"),
      ("test --coverage", "what no test decides"),
    ])
}
