internal import Ensign
internal import YAML

/// What makes a finding the same one tomorrow, though lines were moved and files too: rule, flag, environment and field.
///
/// Fingerprints are made from it, and baselines are lists of it.
package struct FindingIdentity: Hashable, Comparable, Sendable {
  /// The rule's code.
  package var code: String
  /// The flag concerned, when there is one.
  package var flag: String?
  /// The environment concerned, when there is one.
  package var environment: String?
  /// The file's path from the tree's root, for what concerns no flag; nil otherwise, because files may be moved.
  package var file: String?
  /// The way from the file's beginning to the place, by keys, names and values: `["rules", "staff", "when"]`.
  package var field: [String]
  /// How many findings with the same rest come before it.
  package var occurrence: Int

  package init(
    code: String, flag: String?, environment: String?, file: String?, field: [String], occurrence: Int
  ) {
    self.code = code
    self.flag = flag
    self.environment = environment
    self.file = file
    self.field = field
    self.occurrence = occurrence
  }

  /// A digest of it, 64 hexadecimal digits.
  package var fingerprint: String {
    var json = CanonicalJSON()
    json.array(nil, parts) { $0.append($1) }
    return SHA256.hexadecimal(json.bytes)
  }

  package static func < (left: Self, right: Self) -> Bool {
    left.parts.lexicographicallyPrecedes(right.parts) { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// Everything as texts; two identities have the same ones only when they are equal, because keys are never empty.
  private var parts: [String] {
    [code, flag ?? "", environment ?? "", file ?? "", String(occurrence)] + field
  }
}

extension Report {
  /// The identities of the findings, in their order.
  package var identities: [FindingIdentity] {
    var locator = FieldLocator(bytes: bytes)
    var counts: [FindingIdentity: Int] = [:]
    return findings.map { finding in
      var identity = FindingIdentity(
        code: finding.code.description, flag: finding.flag, environment: finding.environment,
        file: finding.flag == nil ? files.path(of: finding.file) : nil,
        field: locator.field(at: finding.range, of: finding.file), occurrence: 0)
      let count = counts[identity, default: 0]
      counts[identity] = count + 1
      identity.occurrence = count
      return identity
    }
  }
}

/// Tells the way to a place in a YAML file by what stands there, so that it stays the same when lines move.
struct FieldLocator {
  private let bytes: (FileReference) -> [UInt8]?
  private var parsed: (file: FileReference, document: Document?)?

  init(bytes: @escaping (FileReference) -> [UInt8]?) { self.bytes = bytes }

  /// The keys on the way; of a list's entries the name they have, the text they are, or their position.
  ///
  /// Empty for the file as a whole and for a file that is no YAML.
  mutating func field(at range: SourceRange, of file: FileReference) -> [String] {
    if range == .wholeFile { return [] }
    if parsed?.file != file { parsed = (file, bytes(file).flatMap { Document.parse($0).document }) }
    guard let document = parsed?.document else { return [] }
    var (node, way) = (document.root, [String]())
    while let (label, next) = Self.step(into: node, at: range.start) {
      way.append(label)
      guard let next else { break }
      node = next
    }
    return way
  }

  /// The child that a position is in; without a node when the position is in the key itself.
  private static func step(
    into node: Document.Node, at position: SourcePosition
  ) -> (label: String, node: Document.Node?)? {
    switch node.kind {
    case .scalar: return nil
    case .mapping:
      for (key, value) in node.entries where key.range.start <= position && position <= value.range.end {
        if position < value.range.start { return (key.text, nil) }
        return (key.text, value)
      }
    case .sequence:
      for (index, element) in node.elements.enumerated() where element.range.contains(position) {
        return (label(of: element, at: index), element)
      }
    }
    return nil
  }

  private static func label(of element: Document.Node, at index: Int) -> String {
    switch element.kind {
    case .scalar: element.text
    case .mapping: element.entries.first { $0.key.textEquals("name") }?.value.text ?? "#\(index)"
    case .sequence: "#\(index)"
    }
  }
}

extension SourceRange {
  fileprivate func contains(_ position: SourcePosition) -> Bool { start <= position && position <= end }
}
