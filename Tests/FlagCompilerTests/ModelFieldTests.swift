import Testing

@testable import FlagSource

/// Where each field of the model goes.
///
/// A field that somebody adds is in no table, and these tests say so: it reaches the
/// snapshot, or it is declared to be for the source only.
@Suite("The model's fields and the snapshot")
struct ModelFieldTests {
  enum Destination {
    /// The member of the snapshot that it decides.
    case snapshot(String)
    /// Why no snapshot has it.
    case sourceOnly(String)
  }

  static let place: Destination = .sourceOnly("a place in the source")

  static let tables: [String: [String: Destination]] = [
    "Manifest": [
      "file": place, "project": .snapshot("project"), "environments": .snapshot("environment"),
      "attributes": .snapshot("attributes"), "owners": .sourceOnly("checked against; who answers"),
      "policies": .sourceOnly("what changes must comply with"),
    ],
    "AttributeDeclaration": [
      "name": .snapshot("attributes"), "type": .snapshot("attributes"), "isPrivate": .snapshot("private"),
      "values": .sourceOnly("conditions are checked against it"),
    ],
    "Definition": [
      "file": place, "key": .snapshot("flags"), "description": .sourceOnly("words"), "type": .snapshot("type"),
      "variants": .snapshot("variants"), "off": .snapshot("off"), "owner": .snapshot("metadata.owner"),
      "kind": .snapshot("metadata.kind"), "tags": .snapshot("metadata.tags"), "expires": .sourceOnly("checked"),
      "archived": .snapshot("flags: absent when true"),
    ],
    "Variant": ["name": .snapshot("variants"), "value": .snapshot("variants")],
    "Segment": [
      "file": place, "key": .snapshot("segments"), "description": .sourceOnly("words"),
      "include": .snapshot("include"), "exclude": .snapshot("exclude"), "includeFrom": .snapshot("include"),
      "when": .snapshot("when"),
    ],
    "IncludedKeys": ["name": place, "file": place, "bytes": .snapshot("include"), "keys": .snapshot("include")],
    "EnvironmentConfig": [
      "file": place, "environment": .snapshot("environment"), "flag": .snapshot("flags"),
      "enabled": .snapshot("enabled"), "requires": .snapshot("requires"), "targets": .snapshot("targets"),
      "rules": .snapshot("rules"), "otherwise": .snapshot("otherwise"),
    ],
    "Requirement": ["flag": .snapshot("requires.flag"), "variants": .snapshot("requires.variants")],
    "Target": ["variant": .snapshot("targets.variant"), "keys": .snapshot("targets.keys")],
    "Rule": [
      "name": .snapshot("rules.name"), "when": .snapshot("rules.when"), "share": .snapshot("rules.share"),
      "serve": .snapshot("rules.serve"), "range": place,
    ],
    "Share": ["percentage": .snapshot("share.buckets"), "hashing": .snapshot("share.by, share.seed")],
    "Hashing": ["written": .snapshot("by, seed")],
    "Values": ["by": .snapshot("by"), "seed": .snapshot("seed")],
    "Weight": ["variant": .snapshot("ranges"), "percentage": .snapshot("ranges")],
    "Allocation": ["variant": .snapshot("ranges"), "intervals": .snapshot("ranges")],
    "Interval": ["from": .snapshot("ranges"), "to": .snapshot("ranges"), "range": place],
    "Ramp": [
      "variant": .snapshot("ramp.variant"), "from": .snapshot("ramp.from"), "steps": .snapshot("ramp.steps"),
      "shape": .snapshot("ramp.shape"),
    ],
    "Step": ["at": .snapshot("ramp.steps"), "percentage": .snapshot("ramp.steps")],
    "AttributeTest": [
      "attribute": .snapshot("attribute"), "ignoreCase": .snapshot("ignoreCase"), "tests": .snapshot("op, values"),
    ],
    "Test": [
      "operation": .snapshot("op"), "operands": .snapshot("values"),
      "spelling": .sourceOnly("the word that was written for `operation`"),
    ],
  ]

  @Test("each field has a destination, and each destination a field")
  func fields() throws {
    var seen: [String: Set<String>] = [:]
    let tree = try TestTree.check(MemoryFiles(RichTree.files)).tree
    for value in [tree.manifest] as [Any] + tree.definitions + tree.configs + tree.segments {
      Self.collect(value, into: &seen)
    }
    #expect(Set(seen.keys) == Set(Self.tables.keys))
    for (type, fields) in seen {
      #expect(fields == Set(Self.tables[type, default: [:]].keys), "the fields of \(type)")
    }
  }

  /// Walks a value and notes the stored properties of every struct of the model on the way.
  private static func collect(_ value: Any, into seen: inout [String: Set<String>]) {
    let mirror = Mirror(reflecting: value)
    let type = String(describing: mirror.subjectType)
    let name = type.split(separator: ".").last.map(String.init) ?? type
    if tables[name] != nil || (mirror.displayStyle == .struct && isOfModel(value)) {
      seen[name, default: []].formUnion(mirror.children.compactMap(\.label))
    }
    for child in mirror.children { collect(child.value, into: &seen) }
  }

  /// True for types of the model itself: not the wrapper ``Located``, and not what other targets define.
  private static func isOfModel(_ value: Any) -> Bool {
    let name = String(reflecting: type(of: value))
    let isValue = ["Located<", "FileReference", "Owner", "CalendarDate"].contains { name.hasPrefix("FlagSource.\($0)") }
    return name.hasPrefix("FlagSource.") && !isValue
  }
}
