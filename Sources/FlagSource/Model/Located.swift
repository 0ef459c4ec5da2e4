package import YAML

/// A value with the place where the author wrote it.
///
/// Every name and operand of the model is located, so that a finding made much later, against other files, still points
/// at the exact characters. Equality ignores nothing: two equal values in two places differ.
package struct Located<Value: Sendable>: Sendable {
  /// The value as read.
  package var value: Value
  /// Where it stands in its file.
  package var range: SourceRange

  /// Makes a located value.
  package init(_ value: Value, at range: SourceRange) {
    self.value = value
    self.range = range
  }
}

extension Located: Equatable where Value: Equatable {}
extension Located: Hashable where Value: Hashable {}
