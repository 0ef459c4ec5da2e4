package import Ensign

/// Whom a rule or a segment concerns.
///
/// The entries of a mapping are AND-ed, so a mapping of several entries is an ``all(_:)``.
package indirect enum Condition: Sendable {
  /// True when every one holds. Never empty.
  case all([Located<Condition>])
  /// True when one holds. Never empty.
  case any([Located<Condition>])
  /// Plain negation.
  case not(Located<Condition>)
  /// True when the context is in one of the segments. Never empty.
  case segment([Located<String>])
  case attribute(AttributeTest)
}

/// The tests on one attribute, AND-ed.
package struct AttributeTest: Sendable {
  /// The attribute's name as written, declared or not (``UnknownAttribute`` is a check's finding).
  package var attribute: Located<String>
  /// `ignoreCase: true` beside the tests; nil when it is not written.
  package var ignoreCase: Located<Bool>?
  /// At least one, in the order of the file.
  package var tests: [Test]

  package init(attribute: Located<String>, ignoreCase: Located<Bool>?, tests: [Test]) {
    self.attribute = attribute
    self.ignoreCase = ignoreCase
    self.tests = tests
  }

  /// One operator with its operands.
  package struct Test: Sendable {
    /// The operator with the place of its word; for `country: DE` and `country: [DE, FR]` the place of the value.
    package var operation: Located<Operator>
    /// How the author wrote it, for messages and fixes: `is`, `in`, `before` …; nil for the short forms.
    package var spelling: Operator.Spelling?
    /// The operands in the order of the file; empty for ``Operator/exists`` and ``Operator/missing``.
    package var operands: [Located<Operand>]

    package init(operation: Located<Operator>, spelling: Operator.Spelling?, operands: [Located<Operand>]) {
      self.operation = operation
      self.spelling = spelling
      self.operands = operands
    }
  }
}

/// What a test asks of an attribute: one spelling per meaning.
///
/// The raw value is the word in snapshots.
package enum Operator: String, CaseIterable, Sendable {
  case `in`, notIn, exists, missing
  case contains, startsWith, endsWith, matches
  case lessThan, atMost, greaterThan, atLeast
  case includes, includesAll, includesNone
  case within

  /// The words that authors write.
  package enum Spelling: String, CaseIterable, Sendable {
    case `is`, isNot, `in`, notIn, exists
    case contains, startsWith, endsWith, matches
    case lessThan, atMost, greaterThan, atLeast, before, after
    case includes, includesAll, includesNone
    case within
  }
}

/// A constant that an attribute is compared with, read as the attribute's type asks.
///
/// Texts and numbers are held in place; the larger kinds are rare, and lie elsewhere.
package enum Operand: Hashable, Sendable {
  case string(String)
  /// |n| ≤ 2^53 − 1.
  case integer(Int64)
  case number(Double)
  case boolean(Bool)
  indirect case version(SemanticVersion)
  case timestamp(Timestamp)
  indirect case address(IPAddress)
  indirect case network(IPNetwork)
  /// The source of a regular expression that RE2 accepts.
  case pattern(String)
}
