package import Ensign
package import YAML

/// An entry of a file in `tests/`: "this context gets that variant".
package struct FlagTest: Sendable {
  package var file: FileReference
  /// The name as written; nil when the author gave none.
  package var name: Located<String>?
  package var flag: Located<String>
  /// At least one.
  package var environments: [Located<String>]
  /// The context's attributes, nested objects flattened with dots.
  package var given: [GivenAttribute]
  /// Attributes with the values to combine, in the order of the file; empty without a matrix.
  package var matrix: [MatrixAxis]
  /// The moment of evaluation; nil means ``defaultMoment``.
  package var at: Located<Timestamp>?
  package var expectation: Located<Expectation>
  /// What must have decided; nil when the author does not say.
  package var because: Located<Decider>?
  /// Replaces every hash when set.
  package var bucket: Located<Percentage>?
  /// The whole entry of the list.
  package var range: SourceRange

  /// 2026-01-01T00:00:00Z: tests never depend on the clock.
  package static let defaultMoment = Timestamp(milliseconds: 1_767_225_600_000)

  package init(
    file: FileReference, name: Located<String>?, flag: Located<String>, environments: [Located<String>],
    given: [GivenAttribute], matrix: [MatrixAxis], at: Located<Timestamp>?, expectation: Located<Expectation>,
    because: Located<Decider>?, bucket: Located<Percentage>?, range: SourceRange
  ) {
    self.file = file
    self.name = name
    self.flag = flag
    self.environments = environments
    self.given = given
    self.matrix = matrix
    self.at = at
    self.expectation = expectation
    self.because = because
    self.bucket = bucket
    self.range = range
  }

  /// One attribute of the context.
  package struct GivenAttribute: Sendable {
    package var name: Located<String>
    package var value: Located<JSONValue>

    package init(name: Located<String>, value: Located<JSONValue>) {
      self.name = name
      self.value = value
    }
  }

  /// One attribute of a matrix with the values to try; never empty.
  package struct MatrixAxis: Sendable {
    package var name: Located<String>
    package var values: [Located<JSONValue>]

    package init(name: Located<String>, values: [Located<JSONValue>]) {
      self.name = name
      self.values = values
    }
  }

  /// What must come out.
  package enum Expectation: Sendable {
    case variant(String)
    case value(JSONValue)
  }

  /// The part of the config that may decide an evaluation.
  package enum Decider: Hashable, Sendable {
    case rule(String)
    case targets, otherwise, disabled, requires
  }
}
