internal import Ensign
package import FlagSource

/// Runs a tree's flag tests against what ships: the compiled snapshots, by the runtime library.
package enum FlagTestRunner {
  /// Runs every test, compiling each environment that one needs once.
  ///
  /// - Throws: ``FlagTestError`` when an environment cannot be compiled or a matrix is too large; a test that fails is
  ///   no error.
  /// - Complexity: O(*n*) in the number of cases, beside the compilation.
  package static func run(_ tree: CheckedTree) throws(FlagTestError) -> FlagTestReport {
    let cases = try FlagTestExpansion.cases(of: tree.tree)
    let needed = Set(cases.map(\.environment))
    let environments = tree.tree.manifest.environments.map(\.value).filter(needed.contains)
    var snapshots: [String: Snapshot] = [:]
    do throws(CompilationError) {
      for compiled in try SnapshotCompiler.compileAll(tree, environments: environments) {
        snapshots[compiled.environment] = compiled.snapshot
      }
    } catch {
      throw .compilation(error)
    }
    return report(cases, against: snapshots, of: tree.tree)
  }

  private static func report(
    _ cases: [FlagTestCase], against snapshots: [String: Snapshot], of tree: FlagsTree
  ) -> FlagTestReport {
    var results: [FlagTestReport.Result] = []
    results.reserveCapacity(cases.count)
    var decided: [String: [String: Set<Evaluation.Place>]] = [:]
    for test in cases {
      // Every environment of a case was compiled: a checked tree names no other.
      guard let snapshot = snapshots[test.environment] else { continue }
      let result = run(test, against: snapshot)
      if let place = result.got.decidedBy {
        decided[test.environment, default: [:]][test.flag, default: []].insert(place)
      }
      results.append(result)
    }
    return FlagTestReport(
      files: tree.files, results: results, coverage: FlagTestCoverage(of: tree, decided: decided))
  }

  private static func run(_ test: FlagTestCase, against snapshot: Snapshot) -> FlagTestReport.Result {
    let context = test.evaluationContext
    let got = snapshot.evaluate(test.flag, in: context, forcedBucket: test.bucket?.buckets)
    let failures = failures(of: test, got: got)
    let trace =
      failures.isEmpty ? nil : snapshot.trace(test.flag, in: context, forcedBucket: test.bucket?.buckets)
    return FlagTestReport.Result(test: test, got: got, failures: failures, trace: trace)
  }

  /// What is not as expected.
  private static func failures(of test: FlagTestCase, got: Evaluation) -> [FlagTestReport.Failure] {
    var failures: [FlagTestReport.Failure] = []
    switch test.expectation.value {
    case .variant(let expected): if got.variant != expected { failures.append(.variant(expected: expected)) }
    case .value(let expected):
      // Canonical bytes are equal for 1 and 1.0, and for objects however their members are ordered.
      if expected.canonicalBytes != got.value?.canonicalBytes { failures.append(.value(expected: expected)) }
    }
    if let expected = test.because.map({ Evaluation.Place($0.value) }), expected != got.decidedBy {
      failures.append(.place(expected: expected))
    }
    return failures
  }
}

extension FlagTestCase {
  /// The context as the runtime library takes it.
  var evaluationContext: Context {
    var context = Context(
      attributes: self.context.compactMap { attribute in
        Context.Value(attribute.value).map { (attribute.name, $0) }
      })
    context.now = now
    return context
  }
}

extension Context.Value {
  /// A value of a test's context; nil for what no context holds and the reader of tests refuses.
  fileprivate init?(_ value: JSONValue) {
    switch value {
    case .string(let text): self = .string(text)
    case .integer(let number): self = .integer(number)
    case .number(let number): self = .number(number)
    case .boolean(let value): self = .boolean(value)
    case .array(let elements): self = .list(elements.compactMap(\.string))
    case .null, .object: return nil
    }
  }
}
