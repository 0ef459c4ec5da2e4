package import Ensign
package import FlagSource

/// What came out of a run of flag tests.
package struct FlagTestReport: Sendable {
  /// The paths that the cases' files refer to.
  package var files: FileTable
  /// Every case in the order of files, entries, environments and matrix.
  package var results: [Result]
  /// What the tests decided, and what they did not.
  package var coverage: FlagTestCoverage

  /// The number of cases that came out as expected.
  package var passedCount: Int { results.count { $0.failures.isEmpty } }
  /// The number of cases that did not.
  package var failedCount: Int { results.count - passedCount }

  /// A case with what it got.
  package struct Result: Sendable {
    package var test: FlagTestCase
    package var got: Evaluation
    /// What is not as expected; empty when the test passed.
    package var failures: [Failure]
    /// The evaluation step by step; nil when the test passed.
    package var trace: Trace?
  }

  /// One difference between what was expected and what came out.
  package enum Failure: Hashable, Sendable {
    case variant(expected: String)
    case value(expected: JSONValue)
    case place(expected: Evaluation.Place)
  }
}

extension Evaluation.Place {
  /// The place that `because` names.
  package init(_ decider: FlagTest.Decider) {
    switch decider {
    case .rule(let name): self = .rule(name)
    case .targets: self = .targets
    case .otherwise: self = .otherwise
    case .disabled: self = .disabled
    case .requires: self = .requires
    }
  }
}
