package import FlagCompiler
package import FlagSource

extension FlagTestReport {
  /// A finding for each test that failed, at the test.
  package var findings: [Finding] {
    results.filter { !$0.failures.isEmpty }.map { result in
      let sentences = result.failures.map { $0.sentence(got: result.got) }
      return .failedTest(
        result.test.name, sentences.joined(separator: "; "),
        at: Site(file: result.test.file, flag: result.test.flag, environment: result.test.environment),
        result.test.range)
    }
  }
}
