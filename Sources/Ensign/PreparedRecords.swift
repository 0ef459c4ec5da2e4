// The prepared form of a snapshot: one buffer of a head, the document's bytes, and the records below, which refer to
// each other and to the document by their distance from the buffer's beginning. All of them are plain bytes, so that
// evaluating reads memory and nothing else: no reference is counted, nothing is allocated, and threads share no cache
// line that any of them writes.

/// A distance in bytes from the beginning of the prepared buffer.
///
/// Only the head lies at 0, which stands for "none".
typealias Reference = UInt32

/// A text in the prepared buffer: inside the document, or behind it where escapes had to be resolved.
struct TextReference {
  var offset: Reference
  var count: UInt32
}

/// The head of the prepared buffer, at its beginning.
///
/// The document follows.
struct HeadRecord {
  var documentSize: UInt32
  /// `AttributeRecord`s, and a table from names to their indices.
  var attributes: Reference
  var attributeCount: UInt32
  var attributeTable: Reference
  /// `FlagRecord`s, a table from keys to their indices, and these sorted by key, UInt32 each.
  var flags: Reference
  var flagCount: UInt32
  var flagTable: Reference
  var flagOrder: Reference
  /// `SegmentRecord`s.
  var segments: Reference
  var segmentCount: UInt32

  /// Where the document begins.
  static let size = 64
}

/// The number of an attribute: 0 and 1 are built in, the others stand in the snapshot.
typealias AttributeIndex = UInt32

extension AttributeIndex {
  static let targetingKey: AttributeIndex = 0
  static let now: AttributeIndex = 1
}

/// The types of attributes, the built-in ones included.
package enum AttributeType: UInt8, Hashable, Sendable, BitwiseCopyable, CaseIterable {
  case string
  case integer
  case number
  case boolean
  case version
  case timestamp
  case ip
  case list

  /// The type's name in the language and in snapshots.
  package var name: String { SnapshotNames.attributeTypes[Int(rawValue)] }
}

/// An attribute that conditions or hashes look at.
struct AttributeRecord {
  var name: TextReference
  /// The name as a string that holds its text itself, or `none`: found by two comparisons in most contexts.
  var nameWords: StringWords
  var type: AttributeType
  var isPrivate: Bool
}

/// The types of flags.
public enum FlagType: UInt8, Hashable, Sendable, BitwiseCopyable, CaseIterable {
  /// `true` or `false`.
  case boolean
  /// A text.
  case string
  /// A whole number of magnitude 2^53 − 1 at most.
  case integer
  /// A double.
  case number
  /// A JSON object.
  case object

  /// The type's name in the language and in snapshots.
  public var name: String { SnapshotNames.flagTypes[Int(rawValue)] }
}

/// A flag: where its parts are.
struct FlagRecord {
  var key: TextReference
  /// Where the flag's own object begins in the document, for the trace.
  var document: Reference
  var type: FlagType
  var enabled: Enabled
  /// Neither prerequisites nor targets nor rules.
  var isStatic: Bool
  /// The variant served while the flag is disabled, and when a prerequisite fails.
  var off: UInt32
  var variantCount: UInt32
  /// `VariantRecord`s.
  var variants: Reference
  /// A table from targeting keys to variants, or none.
  var targets: Reference
  var requirementCount: UInt32
  /// `RequirementRecord`s.
  var requirements: Reference
  var ruleCount: UInt32
  /// `RuleRecord`s.
  var rules: Reference
  /// A `ServeRecord`.
  var otherwise: Reference
  /// The bounds of `Enabled.window`, milliseconds.
  var enabledFrom: Int64
  var enabledUntil: Int64

  enum Enabled: UInt8 {
    case never
    case always
    case window
  }
}

/// A variant: its name and its value.
struct VariantRecord {
  var name: TextReference
  /// A boolean as 0 or 1; an integer; a double's bits; the place of a text or an object among the snapshot's own.
  var value: UInt64
}

/// A prerequisite: another flag, and which of its variants will do.
struct RequirementRecord {
  /// A `FlagRecord`.
  var flag: Reference
  var variantCount: UInt32
  /// Indices of the other flag's variants, UInt32 each.
  var variants: Reference
}

/// The state of the bucketing hash after seed and separator, and the attribute whose value follows.
struct HashRecord {
  var attribute: AttributeIndex
  var prefix: Murmur3
}

/// A rule.
struct RuleRecord {
  var name: TextReference
  /// A `ConditionRecord`, or none: everyone.
  var when: Reference
  /// A `ServeRecord`.
  var serve: Reference
  /// Buckets that take part; all of them when the rule has no share.
  var share: UInt32
  var hash: HashRecord
}

/// What is served.
struct ServeRecord {
  var form: Form
  /// Of a ramp, whether its steps are interpolated.
  var isLinear: Bool
  /// The variant; of a ramp, the one that is not ramped.
  var variant: UInt32
  /// The variant that a ramp brings in.
  var ramped: UInt32
  var hash: HashRecord
  /// How many ranges or steps.
  var count: UInt32
  /// `RangeRecord`s or `StepRecord`s.
  var parts: Reference

  enum Form: UInt8 {
    case variant
    case ranges
    case ramp
  }
}

/// A range of buckets, from the end of the one before.
struct RangeRecord {
  var end: UInt32
  var variant: UInt32
}

/// A step of a ramp.
struct StepRecord {
  var at: Int64
  var buckets: Int64
}

/// A segment.
struct SegmentRecord {
  var key: TextReference
  /// Where the segment's own object begins in the document, for the trace.
  var document: Reference
  /// Tables of targeting keys, or none.
  var include: Reference
  var exclude: Reference
  /// A `ConditionRecord`, or none: nobody else.
  var when: Reference
}

/// A condition.
///
/// The children of a group follow it, each with all that belongs to it.
struct ConditionRecord {
  var test: Test
  /// Whether the context's value is folded before the test.
  var ignoresCase: Bool
  var attribute: AttributeIndex
  /// The end of this condition and of what belongs to it: where its next sibling begins.
  var end: Reference
  /// How many operands or segments.
  var count: UInt32
  /// The operands, whose form depends on the test.
  var operands: Reference
  /// The only operand where it fits 64 bits: an integer, a double's bits, a set of booleans, a pattern's address.
  var immediate: UInt64

  enum Test: UInt8 {
    // Made of other conditions.
    case all
    case any
    case not
    case segment
    // Of an attribute.
    case exists
    case missing
    // Equality, by the attribute's type. The operands are a table of texts (`textIn` and `versionIn`), sorted 64-bit
    // values, sorted networks; of booleans a set of two bits.
    case textIn
    case textNotIn
    case integerIn
    case integerNotIn
    case numberIn
    case numberNotIn
    case booleanIn
    case booleanNotIn
    case versionIn
    case versionNotIn
    case addressIn
    case addressNotIn
    // One text.
    case contains
    case startsWith
    case endsWith
    case matches
    // One integer or instant.
    case integerLess
    case integerAtMost
    case integerGreater
    case integerAtLeast
    // One double.
    case numberLess
    case numberAtMost
    case numberGreater
    case numberAtLeast
    // One canonical version.
    case versionLess
    case versionAtMost
    case versionGreater
    case versionAtLeast
    // A table of texts.
    case includes
    case includesAll
    case includesNone

    /// Whether it is made of other conditions.
    @inline(__always)
    var isGroup: Bool { rawValue <= Test.segment.rawValue }
  }
}

/// A range of addresses; ranges of one list do not overlap, and ascend.
///
/// IPv4 before IPv6.
struct AddressRangeRecord {
  var isVersion6: Bool
  var first: UInt128
  var last: UInt128
}

/// The head of a table of texts: open addressing over a power of two, at most three quarters full.
struct TableRecord {
  var mask: UInt32
  var count: UInt32

  /// A place in a table; `text.offset` is 0 in a free one.
  struct Entry {
    var hash: UInt32
    var payload: UInt32
    var text: TextReference
  }
}

extension UnsafeRawPointer {
  /// A record of the prepared buffer whose beginning this is.
  @inline(__always)
  func record<Record: BitwiseCopyable>(_ reference: Reference, as type: Record.Type) -> UnsafePointer<Record> {
    (self + Int(reference)).assumingMemoryBound(to: type)
  }

  /// The head of the prepared buffer whose beginning this is.
  @inline(__always)
  var head: UnsafePointer<HeadRecord> { assumingMemoryBound(to: HeadRecord.self) }

  /// The record of the flag whose key is so many places after the first.
  @inline(__always)
  func flag(sorted place: Int) -> Reference {
    let index = record(head.pointee.flagOrder, as: UInt32.self)[place]
    return head.pointee.flags &+ index &* Reference(MemoryLayout<FlagRecord>.stride)
  }

  /// The bytes of a text of the prepared buffer whose beginning this is.
  @inline(__always)
  func text(_ text: TextReference) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: (self + Int(text.offset)).assumingMemoryBound(to: UInt8.self), count: Int(text.count))
  }

  /// A text of the prepared buffer as a string.
  ///
  /// Strings of 15 bytes and less are not allocated.
  func string(_ text: TextReference) -> String { String(decoding: self.text(text), as: UTF8.self) }

  /// The payload of a text in a table of the prepared buffer whose beginning this is, or nil.
  @inline(__always)
  func find(_ text: UnsafePointer<UInt8>, _ count: Int, hash: UInt32, in table: Reference) -> UInt32? {
    let head = record(table, as: TableRecord.self)
    let entries = record(table &+ UInt32(MemoryLayout<TableRecord>.size), as: TableRecord.Entry.self)
    var place = hash & head.pointee.mask
    while true {
      let entry = entries + Int(place)
      if entry.pointee.text.offset == 0 { return nil }
      if entry.pointee.hash == hash, Int(entry.pointee.text.count) == count,
        memoryIsEqual(self + Int(entry.pointee.text.offset), text, count)
      {
        return entry.pointee.payload
      }
      place = (place &+ 1) & head.pointee.mask
    }
  }
}
