import FuzzSupport
import YAML

/// Any bytes are read without a crash or a hang into a tree that keeps its promises, or refused with a reason; and the
/// scanner of the most frequent forms reads what libyaml does.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzYAML(_ start: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
  let bytes = UnsafeRawBufferPointer(start: start, count: size)
  let limits = Limits(bytes: 1 << 16, depth: 20, nodes: 5000)
  let (document, errors) = Document.parse(bytes, limits: limits)
  let reference = Document.parse(bytes, limits: limits, by: .libyaml)
  require(errors.map(\.code) == reference.errors.map(\.code), "the errors are libyaml's")
  require((document == nil) == (reference.document == nil), "there is a document where libyaml has one")
  if let document, let other = reference.document { checkEqual(document.root, other.root) }
  require(document != nil || !errors.isEmpty, "no document has a reason")
  let lines = lineLengths(bytes)
  for error in errors {
    require(error.range.start <= error.range.end, "\(error) goes forward")
    require(error.code == .tooLarge || isInside(error.range, lines), "\(error) is inside the file")
    if let related = error.related { require(isInside(related.range, lines), "\(error) is related to a place inside") }
  }
  if let document {
    require(isInside(document.root.range, lines), "\(document.root.range) is inside the file")
    var last = document.root.range.start
    checkOrder(document.root, in: document, &last)
  }
  return 0
}

/// Checks that two trees are the same, with their places.
private func checkEqual(_ left: Document.Node, _ right: Document.Node) {
  let isSame =
    left.kind == right.kind && left.style == right.style && left.range == right.range && left.text == right.text
    && left.count == right.count
  require(isSame, "\(left.range) is \(right.range) for libyaml")
  for (one, other) in zip(left.elements, right.elements) { checkEqual(one, other) }
  for (one, other) in zip(left.entries, right.entries) {
    checkEqual(one.key, other.key)
    checkEqual(one.value, other.value)
  }
}

/// Checks that places go forward and lie inside the parent's, and that scalars are found by their place.
private func checkOrder(_ node: Document.Node, in document: Document, _ last: inout SourcePosition) {
  require(last <= node.range.start && node.range.start <= node.range.end, "\(node.range) goes forward")
  last = node.range.start
  var count = 0
  switch node.kind {
  case .scalar:
    require(node.textEquals(node.text), "a text equals itself")
    _ = node.value
    let isQuoted = node.style == .singleQuoted || node.style == .doubleQuoted
    if isQuoted { require(document.isInsideScalar(node.range.start), "\(node.range) is inside itself") }
  case .sequence:
    for element in node.elements {
      checkOrder(element, in: document, &last)
      count += 1
    }
  case .mapping:
    for (key, value) in node.entries {
      require(key.kind == .scalar, "a key is a scalar")
      checkOrder(key, in: document, &last)
      checkOrder(value, in: document, &last)
      count += 1
    }
  }
  require(count == node.count, "all children are reached")
  require(last <= node.range.end, "\(node.range) contains its children")
  last = node.range.end
}

/// The Unicode scalars of every line, without its line break; of bytes that are not UTF-8, at least as many.
private func lineLengths(_ bytes: UnsafeRawBufferPointer) -> [Int] {
  var lengths = [0]
  for byte in bytes {
    if byte == UInt8(ascii: "\n") { lengths.append(0) } else if byte & 0xC0 != 0x80 { lengths[lengths.count - 1] += 1 }
  }
  return lengths
}

private func isInside(_ range: SourceRange, _ lines: [Int]) -> Bool {
  for place in [range.start, range.end] {
    guard place.line >= 1, place.column >= 1, Int(place.line) <= lines.count else { return false }
    // One place beyond the end of a line is where its last character ends; a byte order mark has no column.
    guard Int(place.column) <= lines[Int(place.line) - 1] + 2 else { return false }
  }
  return true
}
