internal import Ensign
package import FlagSource

extension FlagTestReport {
  /// The report as a JUnit file, as Jenkins and others read it.
  ///
  /// - Parameter prefix: stands before the paths, such as `flags/`.
  package func junit(below prefix: String) -> String {
    JUnitDocument(name: "ensign test", suites: junitSuites(below: prefix)).xml
  }

  /// A suite per file, a case per test.
  package func junitSuites(below prefix: String) -> [JUnitDocument.Suite] {
    var suites: [JUnitDocument.Suite] = []
    var rest = results[...]
    while let file = rest.first?.test.file {
      let results = rest.prefix { $0.test.file == file }
      rest = rest.dropFirst(results.count)
      suites.append(
        JUnitDocument.Suite(name: prefix + files.path(of: file), cases: results.map { junitCase($0, below: prefix) }))
    }
    return suites
  }

  private func junitCase(_ result: Result, below prefix: String) -> JUnitDocument.Case {
    let sentences = result.failures.map { $0.sentence(got: result.got) }
    return JUnitDocument.Case(
      name: result.test.name, className: "\(result.test.environment).\(result.test.flag)",
      failure: result.failures.isEmpty
        ? nil
        : JUnitDocument.Failure(
          type: "unexpected", message: sentences.joined(separator: "; "),
          text: lines(of: result, below: prefix).joined(separator: "\n")))
  }
}
