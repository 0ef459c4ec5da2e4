package import Ensign
package import FlagSource
package import YAML

/// One expectation to evaluate: an entry of a test file in one environment with one combination of its matrix.
package struct FlagTestCase: Sendable {
  /// The author's name, or one made of flag and expectation, with what tells it from others of the entry; unique in a
  /// report.
  package var name: String
  package var file: FileReference
  /// The whole entry of the list, shared by all cases that it stands for.
  package var range: SourceRange
  package var flag: String
  package var environment: String
  /// The context: `given` in the order of the file, then what the matrix adds to it.
  package var context: [Attribute]
  /// The moment of evaluation.
  package var now: Timestamp
  /// Replaces every hash when set.
  package var bucket: Percentage?
  package var expectation: Located<FlagTest.Expectation>
  package var because: Located<FlagTest.Decider>?

  /// An attribute of the context; dots in the name mean nested objects.
  package struct Attribute: Sendable {
    package var name: String
    package var value: JSONValue
  }
}
