internal import YAML

/// Applies the safe fixes of findings to the bytes of one file.
struct FixApplier {
  /// The bytes with the fixes.
  private(set) var bytes: [UInt8]
  /// The findings whose fixes are in ``bytes``.
  private(set) var applied: [Finding] = []
  /// The findings whose fixes overlap one that was applied: their turn is in the next pass.
  private(set) var postponed: [Finding] = []

  /// Applies the safe fixes among `findings`, which are all of one file and in the order of reports.
  ///
  /// Columns are characters, line ends stay as they are, and no byte outside of the edits changes.
  ///
  /// - Returns: nil when a place is not in the text, so that the file is not the one that was checked.
  init?(_ findings: [Finding], to original: [UInt8]) {
    let text = EditableText(original)
    var edits: [(bytes: Range<Int>, replacement: String)] = []
    var end = -1
    for finding in findings {
      guard let fix = finding.fix, fix.applicability == .safe else { continue }
      var own: [(bytes: Range<Int>, replacement: String)] = []
      for edit in fix.edits {
        guard let bytes = text.offsets(of: edit.range) else { return nil }
        own.append((bytes, edit.replacement))
      }
      // Edits stand in ascending order, so looking at the last one is enough. Two insertions at one place overlap, too:
      // nothing says which comes first.
      guard let first = own.first?.bytes, let last = own.last?.bytes else { continue }
      if first.lowerBound < end || (first.isEmpty && first.lowerBound == end) {
        postponed.append(finding)
        continue
      }
      edits += own
      end = last.upperBound
      applied.append(finding)
    }
    bytes = []
    bytes.reserveCapacity(original.count)
    var position = 0
    for edit in edits {
      bytes += original[position..<edit.bytes.lowerBound]
      bytes += edit.replacement.utf8
      position = edit.bytes.upperBound
    }
    bytes += original[position...]
  }
}
