/// Proves that a snapshot loads while it is written: its flags come in parts, of which hardly anything is kept.
///
/// It takes what ``Snapshot/init(_:)`` takes, and refuses what that refuses. What is wrong is the same, where it stands is
/// not told: a part does not know its place.
package struct SnapshotTrial: ~Copyable {
  private var loader: SnapshotLoader
  /// Bytes of the document that came so far.
  private var size: Int

  /// Checks the frame of a document, and begins with its flags.
  ///
  /// - Parameters:
  ///   - frame: the document without its flags: the member `flags` is an empty object.
  ///   - flags: the keys of the flags that will come, in their order.
  package init(frame: [UInt8], flags: [String]) throws(SnapshotError) {
    size = frame.count
    let nothing = JSONTape.View(
      tokens: UnsafeBufferPointer(start: nil, count: 0), bytes: UnsafeBufferPointer(start: nil, count: 0))
    loader = SnapshotLoader(nothing, PreparedArena(document: nothing.bytes))
    try turn(to: frame, depth: 0) { loader throws(SnapshotError) in try loader.readFrame() }
    precondition(loader.flags.isEmpty, "the flags of a frame come after it")
    loader.trial = try TrialMemory(announced: flags)
  }

  /// Checks the next flags.
  ///
  /// - Parameter part: an object whose members are flags as they stand in the document.
  /// - Complexity: O(*n*) in the size of the part.
  package mutating func add(_ part: [UInt8]) throws(SnapshotError) {
    // Braces go, and a comma comes unless these are the first.
    size += part.count - (loader.trial?.placed == 0 ? 2 : 1)
    guard size <= SnapshotLimits.size else {
      throw SnapshotError(
        code: .malformed, message: "the document has more than \(SnapshotLimits.size) bytes", path: "", offset: 0)
    }
    let start = loader.arena.count
    // The document and its flags are around it.
    try turn(to: part, depth: 1) { loader throws(SnapshotError) in try loader.readPart() }
    loader.arena.rewind(to: start)
  }

  /// Has a part of the document read.
  private mutating func turn(
    to part: [UInt8], depth: Int, _ read: (inout SnapshotLoader) throws(SnapshotError) -> Void
  ) throws(SnapshotError) {
    try part.withUnsafeBufferPointer { part throws(SnapshotError) in
      let tokens = try Snapshot.tokens(of: part, depth: depth)
      try tokens.withUnsafeBufferPointer { tokens throws(SnapshotError) in
        loader.turn(to: JSONTape.View(tokens: tokens, bytes: part))
        try read(&loader)
      }
    }
  }

  /// Checks what shows only when all flags are known.
  package consuming func finish() throws(SnapshotError) {
    precondition(loader.trial?.isComplete == true, "all flags that were announced have come")
    try loader.checkDemands()
    try loader.checkGraphs()
  }
}

/// What is remembered of flags that come in parts.
struct TrialMemory {
  /// The keys of all flags, in their order.
  private let keys: [String]
  /// Their positions in ascending order of the keys; nil where that is their own, as it is in a canonical document.
  private let order: [Int]?
  /// How many flags the parts before had.
  fileprivate(set) var placed = 0
  /// The names of all variants, each after its length in four bytes, and where those of each flag begin.
  private var names: [UInt8] = []
  private var starts: [Int] = []
  /// Variants that flags are required to have.
  fileprivate var demands: [(flag: Int, variant: [UInt8])] = []
  /// Regular expressions that were understood; the same one may be in thousands of flags.
  var patterns: Set<WrittenPattern> = []

  /// Begins with none of the flags that will come.
  fileprivate init(announced keys: [String]) throws(SnapshotError) {
    self.keys = keys
    let ascends = zip(keys, keys.dropFirst()).allSatisfy { $0 < $1 }
    order = ascends ? nil : keys.indices.sorted { keys[$0] < keys[$1] }
    guard let order else { return }
    if let twice = zip(order, order.dropFirst()).first(where: { keys[$0] == keys[$1] }) {
      throw SnapshotError(
        code: .malformed, message: "the member “\(keys[twice.0])” stands twice", path: "flags", offset: 0)
    }
  }

  /// Whether all flags have come.
  fileprivate var isComplete: Bool { placed == keys.count }

  /// Whether a key is that of the flag which was announced there.
  fileprivate func isKey(_ key: UnsafeBufferPointer<UInt8>, ofFlag flag: Int) -> Bool {
    guard flag < keys.count else { return false }
    let isKey = keys[flag].utf8.withContiguousStorageIfAvailable { announced in
      guard announced.count == key.count, let left = announced.baseAddress, let right = key.baseAddress else {
        return false
      }
      return memoryIsEqual(left, right, key.count)
    }
    return isKey ?? keys[flag].utf8.elementsEqual(key)
  }

  /// The position of the flag of that key.
  ///
  /// - Complexity: O(log *n*) in the number of flags.
  fileprivate func flag(_ text: UnsafeBufferPointer<UInt8>) -> Int? {
    let key = String(decoding: text, as: UTF8.self)
    var candidates = 0..<keys.count
    while let middle = candidates.isEmpty ? nil : candidates.lowerBound + candidates.count / 2 {
      let position = order?[middle] ?? middle
      // Strings of other bytes may be equal to Swift, as the sign of the kelvin is to a K.
      if keys[position] == key { return isKey(text, ofFlag: position) ? position : nil }
      candidates = keys[position] < key ? middle + 1..<candidates.upperBound : candidates.lowerBound..<middle
    }
    return nil
  }

  /// Begins with the variants of the next flag.
  fileprivate mutating func beginFlag() { starts.append(names.count) }

  /// Adds a variant of the last flag.
  fileprivate mutating func add(variant name: UnsafeBufferPointer<UInt8>) {
    withUnsafeBytes(of: UInt32(name.count)) { names += $0 }
    names += name
  }

  /// Whether a flag has a variant.
  fileprivate func has(_ variant: [UInt8], flag: Int) -> Bool {
    var place = starts[flag]
    let end = flag + 1 < starts.count ? starts[flag + 1] : names.count
    while place < end {
      let length = names.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: place, as: UInt32.self) }
      let name = place + 4..<place + 4 + Int(length)
      if names[name].elementsEqual(variant) { return true }
      place = name.upperBound
    }
    return false
  }
}

extension SnapshotLoader {
  /// Reads flags, and keeps of them what others can ask.
  fileprivate mutating func readPart() throws(SnapshotError) {
    flags.removeAll(keepingCapacity: true)
    try placeFlags(0)
    try readFlags()
    trial?.placed += flags.count
  }

  /// Refuses a flag that is not the next one that was announced.
  mutating func expect(_ key: Int) throws(SnapshotError) {
    let text = UnsafeRawPointer(arena.base).text(try text(at: key))
    guard trial?.isKey(text, ofFlag: (trial?.placed ?? 0) + flags.count) == true else {
      throw invalid("the flag “\(tape.string(at: key))” stands where another one was announced", key)
    }
  }

  /// The position of the flag of that key, which may be one that is still to come.
  mutating func findFlag(_ key: Int) throws(SnapshotError) -> Int? {
    if trial == nil { return try find(key, in: flagTable) }
    return trial?.flag(UnsafeRawPointer(arena.base).text(try text(at: key)))
  }

  /// Remembers the variants of a flag, which others may require.
  mutating func rememberVariants(_ variants: Reference, _ count: Int) {
    let base = UnsafeRawPointer(arena.base)
    let records = base.record(variants, as: VariantRecord.self)
    trial?.beginFlag()
    for index in 0..<count { trial?.add(variant: base.text(records[index].name)) }
  }

  /// Remembers that a flag has to have the variants of a list; it may be one that is still to come.
  mutating func rememberDemands(_ variants: Int, of flag: Int) throws(SnapshotError) {
    try forEachElement(of: variants) { loader, token throws(SnapshotError) in
      guard loader.tokens[token].kind == .string else { throw loader.invalid("expected the name of a variant", token) }
      loader.trial?.demands.append((flag, Array(loader.tape.string(at: token).utf8)))
    }
  }

  /// Refuses variants that were required of a flag that does not have them.
  fileprivate mutating func checkDemands() throws(SnapshotError) {
    guard let trial else { return }
    for (flag, variant) in trial.demands where !trial.has(variant, flag: flag) {
      throw invalid("the flag has no variant “\(String(decoding: variant, as: UTF8.self))”", 0)
    }
  }
}
