/// Turns a snapshot's tokens into the prepared form, and refuses what is not of the format.
///
/// The loader is split over files by what it reads: this one holds the steps from text to members, the others flags,
/// serves, conditions, and the graph of what refers to what.
///
/// All of its functions are mutating, even those that only look: the others would get a copy of the loader each time.
struct SnapshotLoader: ~Copyable {
  /// The document, or the part of one, that is being read, and its tokens; valid while it is.
  private(set) var tape: JSONTape.View
  private(set) var tokens: UnsafeBufferPointer<JSONTape.Token>
  private(set) var bytes: UnsafeBufferPointer<UInt8>
  /// Where it begins in the arena.
  private var documentStart = HeadRecord.size
  var arena: PreparedArena
  /// What a trial remembers: then nobody will evaluate what is loaded, and a flag is given up once it was read.
  var trial: TrialMemory?

  var project = ""
  var environment = ""
  var attributes: [AttributeRecord] = []
  var attributeTable: Reference = 0
  /// In the order of the document; the records are filled in later than they are placed.
  var segments: [(key: TextReference, token: Int)] = []
  var segmentTable: Reference = 0
  var segmentRecords: Reference = 0
  var flags: [(key: TextReference, token: Int, members: Members)] = []
  var flagTable: Reference = 0
  var flagRecords: Reference = 0
  /// Which segments a segment mentions, which segments and flags a flag does, and how much there is to evaluate in it
  /// alone; indexed like `segments` and `flags`.
  var segmentGraph = ReferenceGraph()
  var flagGraph = ReferenceGraph()
  /// What the condition or flag being read mentions.
  var mentionedSegments: [Int] = []
  var work = 0

  var texts: [String] = []
  var objects: [JSONValue] = []
  /// Each once, however many conditions have it.
  var expressions: [WrittenPattern: RegularExpression] = [:]

  /// The tokens of the values of an object's members, by their position in the list of names; 0 where there is none,
  /// since token 0 is the document itself.
  typealias Members = InlineArray<16, Int32>

  /// - Parameter arena: has the document and nothing else.
  init(_ tape: JSONTape.View, _ arena: consuming PreparedArena) {
    self.tape = tape
    tokens = tape.tokens
    bytes = tape.bytes
    self.arena = arena
  }

  /// Turns to a part of the document, which is copied to the end of the arena.
  mutating func turn(to part: JSONTape.View) {
    tape = part
    tokens = part.tokens
    bytes = part.bytes
    documentStart = Int(arena.append(document: part.bytes))
  }

  /// Reads the whole snapshot.
  mutating func load() throws(SnapshotError) {
    try readFrame()
    try readFlags()
    try checkGraphs()
    let attributeRecords = arena.append(attributes)
    let order = sortedFlags()
    let flagOrder = arena.append(order)
    arena[0] = HeadRecord(
      documentSize: UInt32(bytes.count), attributes: attributeRecords,
      attributeCount: UInt32(attributes.count), attributeTable: attributeTable, flags: flagRecords,
      flagCount: UInt32(flags.count), flagTable: flagTable, flagOrder: flagOrder, segments: segmentRecords,
      segmentCount: UInt32(segments.count))
  }

  /// Reads all but what flags do.
  mutating func readFrame() throws(SnapshotError) {
    try checkReader()
    let top = try members(of: 0, SnapshotNames.top)
    typealias Name = SnapshotNames.Top
    project = try string(at: required(top, Name.project, in: 0, SnapshotNames.top))
    environment = try string(at: required(top, Name.environment, in: 0, SnapshotNames.top))
    try readAttributes(Int(top[Name.attributes]), privateAttributes: Int(top[Name.privateAttributes]))
    try placeSegments(Int(top[Name.segments]))
    let flags = try required(top, Name.flags, in: 0, SnapshotNames.top)
    flagTable = arena.appendTable(capacity: try count(ofMembers: flags))
    try placeFlags(flags)
    try readSegments()
  }

  /// Refuses another format and a newer reader's snapshot before anything else is looked at, so that members which only
  /// a newer reader knows do not get a lesser error.
  private mutating func checkReader() throws(SnapshotError) {
    guard tokens[0].kind == .object else { throw invalid("a snapshot is an object", 0) }
    var format: Int?
    var minimumReader: Int?
    var child = 1
    while child < tokens[0].extent {
      if matches(child, "format") { format = child + 1 }
      if matches(child, "minimumReader") { minimumReader = child + 1 }
      child = end(of: child + 1)
    }
    guard let format else { throw invalid("the member “format” is missing", 0) }
    guard let minimumReader else { throw invalid("the member “minimumReader” is missing", 0) }
    let required = try integer(at: minimumReader, in: 1...Int64.max)
    guard required <= SnapshotLimits.reader else {
      throw error(
        .newerReader, "the snapshot needs reader \(required), this is reader \(SnapshotLimits.reader)", minimumReader)
    }
    guard tape.integer(at: format) == 1 else { throw invalid("expected format 1", format) }
  }

  private mutating func readAttributes(_ list: Int, privateAttributes: Int) throws(SnapshotError) {
    let count = list == 0 ? 0 : try self.count(ofMembers: list)
    guard count <= SnapshotLimits.attributes else {
      throw invalid("more than \(SnapshotLimits.attributes) attributes", list)
    }
    attributeTable = arena.appendTable(capacity: count + 2)
    for (name, type) in [("targetingKey", AttributeType.string), ("now", .timestamp)] {
      try appendAttribute(arena.append(text: Array(name.utf8)), type, 0)
    }
    try forEachMember(of: list) { loader, key, value throws(SnapshotError) in
      guard let type = loader.position(of: value, in: SnapshotNames.attributeTypes),
        let type = AttributeType(rawValue: UInt8(type))
      else { throw loader.invalid("expected a type: \(SnapshotNames.attributeTypes.list)", value) }
      try loader.appendAttribute(loader.text(at: key), type, key)
    }
    try forEachElement(of: privateAttributes) { loader, token throws(SnapshotError) in
      let index = try loader.attribute(at: token)
      guard index > AttributeIndex.now else { throw loader.invalid("a built-in attribute is never private", token) }
      loader.attributes[Int(index)].isPrivate = true
    }
  }

  private mutating func appendAttribute(
    _ name: TextReference, _ type: AttributeType, _ token: Int
  ) throws(SnapshotError) {
    guard arena.insert(name, UInt32(attributes.count), into: attributeTable) else {
      throw invalid("the attribute is built in", token)
    }
    let words = StringWords(UnsafeRawPointer(arena.base).string(name))
    attributes.append(
      AttributeRecord(name: name, nameWords: words.isInline ? words : .none, type: type, isPrivate: false))
  }

  /// The flags in the order of their keys, which is that of a canonical document.
  private mutating func sortedFlags() -> [UInt32] {
    let base = UnsafeRawPointer(arena.base)
    let keys = flags.map { base.text($0.key) }
    let order = Array(0..<UInt32(flags.count))
    func ascends(_ left: UInt32, _ right: UInt32) -> Bool {
      keys[Int(left)].lexicographicallyPrecedes(keys[Int(right)])
    }
    return zip(order, order.dropFirst()).allSatisfy(ascends) ? order : order.sorted(by: ascends)
  }

  private mutating func placeSegments(_ list: Int) throws(SnapshotError) {
    let count = list == 0 ? 0 : try self.count(ofMembers: list)
    segmentTable = arena.appendTable(capacity: count)
    segmentRecords = arena.reserve(SegmentRecord.self, count: count)
    segments.reserveCapacity(count)
    try forEachMember(of: list) { loader, key, value throws(SnapshotError) in
      let name = try loader.key(at: key)
      _ = loader.arena.insert(name, UInt32(loader.segments.count), into: loader.segmentTable)
      loader.segments.append((name, value))
    }
  }

  /// Notes keys, types and variants of flags.
  mutating func placeFlags(_ list: Int) throws(SnapshotError) {
    let count = try self.count(ofMembers: list)
    flagRecords = arena.reserve(FlagRecord.self, count: count)
    flags.reserveCapacity(count)
    // Of a part the list is token 0, which stands for none elsewhere.
    var key = list + 1
    while key < tokens[list].extent {
      let name = try self.key(at: key)
      if trial == nil {
        _ = arena.insert(name, UInt32(flags.count), into: flagTable)
      } else {
        try expect(key)
      }
      flags.append((name, key + 1, try members(of: key + 1, SnapshotNames.flag)))
      try readVariants()
      key = end(of: key + 1)
    }
  }
}

// MARK: - From tokens to texts, numbers and members

extension SnapshotLoader {
  /// The token after the value that begins at a token.
  mutating func end(of token: Int) -> Int { tokens[token].end(at: token) }

  /// The values of an object's members.
  ///
  /// A member that is not in `names` is an error.
  mutating func members(of object: Int, _ names: NameList) throws(SnapshotError) -> Members {
    let token = tokens[object]
    guard token.kind == .object else { throw invalid("expected an object", object) }
    var members = Members(repeating: 0)
    // Names ascend in a canonical document, so the next one is looked for behind the last one.
    var place = 0
    var child = object + 1
    while child < token.extent {
      guard let name = shortText(child), let found = names.position(of: name, from: place) else {
        throw invalid("unknown member “\(tape.string(at: child))”; known are \(names.list)", child)
      }
      members[found] = Int32(truncatingIfNeeded: child + 1)
      child = end(of: child + 1)
      place = found &+ 1 == names.count ? 0 : found &+ 1
    }
    return members
  }

  /// The token of a member that has to be there.
  mutating func required(
    _ members: Members, _ place: Int, in object: Int, _ names: NameList
  ) throws(SnapshotError) -> Int {
    guard members[place] != 0 else { throw invalid("the member “\(names[place])” is missing", object) }
    return Int(members[place])
  }

  /// Calls `body` with the tokens of each name and value of an object; with none when `object` is 0.
  mutating func forEachMember(
    of object: Int, _ body: (inout SnapshotLoader, _ key: Int, _ value: Int) throws(SnapshotError) -> Void
  ) throws(SnapshotError) {
    guard object != 0 else { return }
    guard tokens[object].kind == .object else { throw invalid("expected an object", object) }
    let end = tokens[object].extent
    var child = object + 1
    while child < end {
      try body(&self, child, child + 1)
      child = self.end(of: child + 1)
    }
  }

  /// Calls `body` with the token of each element of an array; with none when `array` is 0.
  mutating func forEachElement(
    of array: Int, _ body: (inout SnapshotLoader, _ token: Int) throws(SnapshotError) -> Void
  ) throws(SnapshotError) {
    guard array != 0 else { return }
    guard tokens[array].kind == .array else { throw invalid("expected an array", array) }
    let end = tokens[array].extent
    var child = array + 1
    while child < end {
      try body(&self, child)
      child = self.end(of: child)
    }
  }

  /// The number of elements of an array.
  mutating func count(ofElements array: Int) throws(SnapshotError) -> Int {
    guard tokens[array].kind == .array else { throw invalid("expected an array", array) }
    if tokens[array].isFlat { return tokens[array].extent - array - 1 }
    var count = 0
    var child = array + 1
    while child < tokens[array].extent {
      count += 1
      child = end(of: child)
    }
    return count
  }

  /// The number of members of an object.
  mutating func count(ofMembers object: Int) throws(SnapshotError) -> Int {
    guard tokens[object].kind == .object else { throw invalid("expected an object", object) }
    if tokens[object].isFlat { return (tokens[object].extent - object - 1) / 2 }
    var count = 0
    var child = object + 1
    while child < tokens[object].extent {
      count += 1
      child = end(of: child + 1)
    }
    return count
  }

  /// The bytes between a string's quotation marks, as they are written.
  @inline(__always)
  mutating func raw(_ token: Int) -> UnsafeBufferPointer<UInt8> {
    let token = tokens[token]
    return UnsafeBufferPointer(start: bytes.baseAddress.map { $0 + token.offset }, count: token.extent)
  }

  /// Whether a token is the string of a name of the format, which has no escapes.
  @inline(__always)
  mutating func matches(_ token: Int, _ name: StaticString) -> Bool {
    let token = tokens[token]
    guard token.kind == .string, token.extent == name.utf8CodeUnitCount, let base = bytes.baseAddress else {
      return false
    }
    return memoryIsEqual(base + token.offset, name.utf8Start, token.extent)
  }

  /// The position of a string token among names of the format.
  mutating func position(of token: Int, in names: NameList) -> Int? {
    guard tokens[token].kind == .string, let text = shortText(token) else { return nil }
    return names.position(of: text)
  }

  /// A string token's text as it is written, if it is short enough for a name of the format.
  @inline(__always)
  mutating func shortText(_ token: Int) -> ShortText? {
    // In the prepared buffer there is room behind the document, so that all 16 bytes can be read.
    ShortText(arena.base + Int(reference(at: token)), tokens[token].extent)
  }

  /// A string token as a text of the prepared buffer: the document's own bytes, unless escapes have to be resolved.
  mutating func text(at token: Int) throws(SnapshotError) -> TextReference {
    let string = tokens[token]
    guard string.kind == .string else { throw invalid("expected a string", token) }
    guard string.hasEscapes else {
      return TextReference(offset: reference(at: token), count: UInt32(string.extent))
    }
    var text: [UInt8] = []
    JSONTape.unescape(raw(token), into: &text)
    return arena.append(text: text)
  }

  /// Where a token lies in the prepared buffer.
  mutating func reference(at token: Int) -> Reference { Reference(documentStart + tokens[token].offset) }

  /// A string token's text.
  mutating func string(at token: Int) throws(SnapshotError) -> String {
    guard tokens[token].kind == .string else { throw invalid("expected a string", token) }
    return tape.string(at: token)
  }

  /// The key of a flag or segment.
  mutating func key(at token: Int) throws(SnapshotError) -> TextReference {
    let text = raw(token)
    let isKey = text.allSatisfy { byte in
      byte.isLetter || byte.isDigit || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_")
        || byte == UInt8(ascii: "-")
    }
    guard isKey, text.count <= SnapshotLimits.keyLength, let first = text.first, first.isLetter || first.isDigit else {
      throw invalid("expected a key: letters, digits, “.”, “_”, “-”, \(SnapshotLimits.keyLength) at most", token)
    }
    return try self.text(at: token)
  }

  /// An integer token's value, inside bounds.
  mutating func integer(at token: Int, in range: ClosedRange<Int64>) throws(SnapshotError) -> Int64 {
    guard tokens[token].kind == .integer, let value = JSONTape.integer(raw(token)) else {
      throw invalid("expected an integer", token)
    }
    guard range.contains(value) else {
      throw invalid("expected an integer from \(range.lowerBound) to \(range.upperBound)", token)
    }
    return value
  }

  /// An instant: milliseconds since 1970.
  mutating func instant(at token: Int) throws(SnapshotError) -> Int64 { try integer(at: token, in: Timestamp.range) }

  /// The number of an attribute that a name stands for.
  mutating func attribute(at token: Int) throws(SnapshotError) -> AttributeIndex {
    let name = try text(at: token)
    let bytes = UnsafeRawPointer(arena.base).text(name)
    // A text of the buffer has an address even when it is empty.
    guard let start = bytes.baseAddress,
      let index = UnsafeRawPointer(arena.base).find(
        start, bytes.count, hash: TextHash.hash(start, bytes.count), in: attributeTable)
    else { throw invalid("“\(tape.string(at: token))” is not among the snapshot's attributes", token) }
    return index
  }

  /// A table of the texts of an array; none for an absent array, and for an empty one.
  ///
  /// A text that stands twice is an error.
  mutating func table(at array: Int) throws(SnapshotError) -> Reference {
    let count = array == 0 ? 0 : try count(ofElements: array)
    guard count > 0 else { return 0 }
    let table = arena.appendTable(capacity: count)
    try forEachElement(of: array) { loader, token throws(SnapshotError) in
      guard loader.arena.insert(try loader.text(at: token), into: table) else {
        throw loader.invalid("“\(loader.tape.string(at: token))” stands twice", token)
      }
    }
    return table
  }

  /// An error at a token.
  mutating func invalid(_ message: String, _ token: Int) -> SnapshotError { error(.invalid, message, token) }

  private mutating func error(_ code: SnapshotError.Code, _ message: String, _ token: Int) -> SnapshotError {
    // A part does not know where it stands.
    if trial != nil { return SnapshotError(code: code, message: message, path: "", offset: 0) }
    return SnapshotError(code: code, message: message, path: path(to: token), offset: tokens[token].offset)
  }

  /// The way from the document to a token: found by walking, since only an error asks for it.
  private mutating func path(to target: Int) -> String {
    var path = ""
    var token = 0
    while token < target, tokens[token].kind == .object || tokens[token].kind == .array {
      let isObject = tokens[token].kind == .object
      var child = token + 1
      var index = 0
      while child < tokens[token].extent {
        let value = isObject ? child + 1 : child
        if target < end(of: value) {
          path += isObject ? (path.isEmpty ? "" : ".") + tape.string(at: child) : "[\(index)]"
          break
        }
        child = end(of: value)
        index += 1
      }
      let value = isObject ? child + 1 : child
      guard target >= value else { break }
      token = value
    }
    return path
  }
}
