package import Ensign
internal import Glibc

/// A snapshot as the analysis sees it: its parts by key, each as the bytes it has in the document.
///
/// Nothing but the keys is read before a part is asked for.
package struct AnalyzedEnvironment: Sendable {
  /// The environment's name.
  package var environment: String { snapshot.environment }
  /// The loaded snapshot, which witnesses are re-run in.
  package let snapshot: Snapshot
  /// The types of all attributes that conditions may test, the built-in ones included.
  let attributes: [String: AttributeType]
  let flags: Parts
  let segments: Parts
  private let tape: JSONTape

  /// Parts of the document, sorted by key.
  struct Parts: Sendable {
    fileprivate(set) var keys: [String] = []
    fileprivate(set) var tokens: [Int] = []
    fileprivate(set) var ranges: [Range<Int>] = []
    private(set) var places: [String: Int] = [:]

    fileprivate mutating func append(_ key: String, token: Int, range: Range<Int>) {
      places[key] = keys.count
      keys.append(key)
      tokens.append(token)
      ranges.append(range)
    }

    /// The number of a part.
    func place(_ key: String) -> Int? { places[key] }
  }

  /// Reads a snapshot.
  ///
  /// - Parameters:
  ///   - bytes: what the compiler wrote: canonical JSON.
  ///   - snapshot: the same bytes, loaded by the runtime library, which checks them.
  /// - Throws: what is no JSON.
  package init(bytes: [UInt8], snapshot: Snapshot) throws(JSONError) {
    self.snapshot = snapshot
    let tape = try JSONReader.read(bytes)
    self.tape = tape
    var attributes: [String: AttributeType] = [Context.targetingKeyName: .string, Self.now: .timestamp]
    var flags = Parts()
    var segments = Parts()
    Self.forEachMember(of: 0, in: tape) { key, token, range in
      switch key {
      case "attributes":
        Self.forEachMember(of: token, in: tape) { name, type, _ in
          let word = tape.string(at: type)
          attributes[name] = AttributeType.allCases.first { $0.name == word }
        }
      case "flags":
        Self.forEachMember(of: token, in: tape, end: range.upperBound) { flags.append($0, token: $1, range: $2) }
      case "segments":
        Self.forEachMember(of: token, in: tape, end: range.upperBound) { segments.append($0, token: $1, range: $2) }
      default: break
      }
    }
    self.attributes = attributes
    self.flags = flags
    self.segments = segments
  }

  /// The name of the built-in attribute for the moment of evaluation.
  static let now = "now"

  /// The keys of all flags, sorted.
  package var flagKeys: [String] { flags.keys }

  /// Calls `body` with each member's name, the token of its value, and the bytes of the value.
  ///
  /// - Parameter end: where the object ends in the document.
  private static func forEachMember(
    of object: Int, in tape: JSONTape, end: Int? = nil, _ body: (String, Int, Range<Int>) -> Void
  ) {
    guard tape.tokens[object].kind == .object else { return }
    let last = tape.tokens[object].extent
    var child = object + 1
    while child < last {
      let next = tape.end(of: child + 1)
      // In canonical JSON a comma and a quotation mark stand before the text of the next name, a brace after the last.
      let upper = next < last ? tape.tokens[next].offset - 2 : (end ?? tape.bytes.count) - 1
      // An object or array begins where its token says; the quotation mark of a string stands before it.
      let lower = tape.tokens[child + 1].offset
      body(tape.string(at: child), child + 1, min(lower, upper)..<upper)
      child = next
    }
  }
}

extension AnalyzedEnvironment {
  /// A flag, read anew.
  func flag(_ key: String) -> FlagForm? {
    flags.place(key).map { FlagForm(tape.value(at: flags.tokens[$0]), key: key) }
  }

  /// A segment's compiled form, read anew.
  func segment(_ key: String) -> JSONValue? { segments.place(key).map { tape.value(at: segments.tokens[$0]) } }

  /// Whether a part has the same bytes on both sides.
  static func isEqual(
    _ parts: KeyPath<AnalyzedEnvironment, Parts>, _ key: String, _ left: AnalyzedEnvironment,
    _ right: AnalyzedEnvironment
  ) -> Bool {
    guard let leftPlace = left[keyPath: parts].place(key), let rightPlace = right[keyPath: parts].place(key) else {
      return false
    }
    return isEqual(
      left[keyPath: parts].ranges[leftPlace], of: left, right[keyPath: parts].ranges[rightPlace], of: right)
  }

  /// Whether two ranges of bytes are equal.
  static func isEqual(
    _ leftRange: Range<Int>, of left: AnalyzedEnvironment, _ rightRange: Range<Int>, of right: AnalyzedEnvironment
  ) -> Bool {
    guard leftRange.count == rightRange.count else { return false }
    return left.tape.bytes.withUnsafeBytes { left in
      right.tape.bytes.withUnsafeBytes { right in
        guard let leftBase = left.baseAddress, let rightBase = right.baseAddress else { return leftRange.isEmpty }
        return memcmp(leftBase + leftRange.lowerBound, rightBase + rightRange.lowerBound, leftRange.count) == 0
      }
    }
  }

  // MARK: Who mentions whom

  /// The segments and flags that a flag mentions itself.
  func mentions(ofFlagAt place: Int) -> (segments: Set<String>, flags: Set<String>) {
    var segments: Set<String> = []
    var flags: Set<String> = []
    forEachMember(of: self.flags.tokens[place]) { name, value in
      if name == "requires" {
        forEachElement(of: value) { requirement in
          forEachMember(of: requirement) { name, value in
            if name == "flag" { flags.insert(tape.string(at: value)) }
          }
        }
      } else if name == "rules" {
        forEachElement(of: value) { rule in
          forEachMember(of: rule) { name, value in
            if name == "when" { collectSegments(of: value, into: &segments) }
          }
        }
      }
    }
    return (segments, flags)
  }

  /// The segments that a segment mentions itself.
  func mentions(ofSegmentAt place: Int) -> Set<String> {
    var mentioned: Set<String> = []
    forEachMember(of: segments.tokens[place]) { name, value in
      if name == "when" { collectSegments(of: value, into: &mentioned) }
    }
    return mentioned
  }

  private func collectSegments(of condition: Int, into segments: inout Set<String>) {
    forEachMember(of: condition) { name, value in
      switch name {
      case "all", "any": forEachElement(of: value) { collectSegments(of: $0, into: &segments) }
      case "not": collectSegments(of: value, into: &segments)
      case "segment": forEachElement(of: value) { segments.insert(tape.string(at: $0)) }
      default: break
      }
    }
  }

  private func forEachMember(of object: Int, _ body: (String, Int) -> Void) {
    var child = object + 1
    while child < tape.tokens[object].extent {
      body(tape.string(at: child), child + 1)
      child = tape.end(of: child + 1)
    }
  }

  private func forEachElement(of array: Int, _ body: (Int) -> Void) {
    var child = array + 1
    while child < tape.tokens[array].extent {
      body(child)
      child = tape.end(of: child)
    }
  }
}
