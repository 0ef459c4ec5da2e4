internal import YAML

/// Makes the edits of fixes exact: which comma, dash or line goes with an entry that is removed is a matter of the text.
struct EditResolver {
  private let bytes: (FileReference) -> [UInt8]?
  private var text: (file: FileReference, text: EditableText)?

  /// - Parameter bytes: the bytes of a file; nil when it cannot be read.
  init(bytes: @escaping (FileReference) -> [UInt8]?) { self.bytes = bytes }

  /// The finding with exact edits; without its fix where the text does not say what has to go.
  mutating func resolve(_ finding: Finding) -> Finding {
    guard let fix = finding.fix, fix.edits.contains(where: \.removesEntry) else { return finding }
    var resolved = finding
    resolved.fix = exact(fix, in: finding.file)
    return resolved
  }

  private mutating func exact(_ fix: Finding.Fix, in file: FileReference) -> Finding.Fix? {
    if text?.file != file {
      guard let bytes = bytes(file) else { return nil }
      text = (file, EditableText(bytes))
    }
    guard let text = text?.text else { return nil }
    var exact = fix
    exact.edits = []
    for edit in fix.edits {
      guard edit.removesEntry else {
        exact.edits.append(edit)
        continue
      }
      guard let bytes = text.offsets(of: edit.range), let entry = text.listEntry(bytes) else { return nil }
      exact.edits.append(Finding.Fix.Edit(range: text.range(of: entry), replacement: ""))
    }
    return exact
  }
}

extension EditableText {
  /// The bytes that go with an entry of a list: in brackets with one of its commas, below each other with its lines.
  ///
  /// Nil when the entry is the only one in brackets, or when what stands around it is not plain to see.
  fileprivate func listEntry(_ entry: Range<Int>) -> Range<Int>? {
    guard let before = lastNonBlank(before: entry.lowerBound) else { return nil }
    // What stands at the end of the line above may be the end of a comment.
    let isOnOneLine = !bytes[before..<entry.lowerBound].contains(UInt8(ascii: "\n"))
    guard isOnOneLine || !bytes[startOfLine(at: before)..<before].contains(UInt8(ascii: "#")) else { return nil }
    switch bytes[before] {
    case UInt8(ascii: "-"): return blockEntry(entry, dash: before)
    case UInt8(ascii: ","):
      // After a comma, what stands in front of it stays, and what comes behind the entry too.
      return before..<entry.upperBound
    case UInt8(ascii: "["):
      guard let after = firstNonBlank(from: entry.upperBound), bytes[after] == UInt8(ascii: ",") else { return nil }
      return entry.lowerBound..<skipSpaces(from: after + 1)
    case UInt8(ascii: "{"):
      // A mapping of this entry alone, in a list.
      guard let after = firstNonBlank(from: entry.upperBound), bytes[after] == UInt8(ascii: "}") else { return nil }
      return listEntry(before..<after + 1)
    default: return nil
    }
  }

  /// The lines of an entry behind a dash.
  private func blockEntry(_ entry: Range<Int>, dash: Int) -> Range<Int>? {
    let start = startOfLine(at: dash)
    guard bytes[start..<dash].allSatisfy({ $0 == UInt8(ascii: " ") }) else { return nil }
    guard startOfLine(at: entry.lowerBound) == start else { return nil }
    let rest = skipSpaces(from: entry.upperBound)
    let end = endOfLine(from: rest)
    guard rest == end || bytes[rest] == UInt8(ascii: "#") || bytes[rest] == UInt8(ascii: "\r") else { return nil }
    let next = min(end + 1, bytes.count)
    // More that is indented deeper belongs to the same entry, which is not this one alone then.
    guard indentationOfNextContent(from: next) <= dash - start else { return nil }
    return start..<next
  }
}
