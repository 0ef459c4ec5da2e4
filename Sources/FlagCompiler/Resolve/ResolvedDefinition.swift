internal import Ensign
package import FlagSource

/// What a flag's definition says in the snapshots of all environments, spelled once.
package struct ResolvedDefinition {
  var key: String
  /// The variant of a disabled flag.
  var off: String
  /// The members that stand before `otherwise`, but `enabled`, as canonical JSON without braces.
  var first: [UInt8]
  /// The members that stand behind `targets`, in the same form.
  var last: [UInt8]

  /// Resolves and spells a definition.
  package init(_ definition: borrowing Definition) {
    key = definition.key
    off = definition.off.value
    var json = CanonicalJSON(capacity: 128)
    Self.writeMetadata(of: definition, to: &json)
    json.member(literal: "off", off)
    first = json.bytes
    json = CanonicalJSON(capacity: 128)
    json.member(literal: "type", definition.type.value.rawValue)
    json.key(literal: "variants")
    json.beginObject()
    let variants = definition.variants.map { (name: $0.name.value, value: $0.value.value) }
    for variant in variants.sorted(by: { CanonicalJSON.precedes($0.name, $1.name) }) {
      json.key(variant.name)
      json.append(variant.value)
    }
    json.endObject()
    last = json.bytes
  }

  /// Writes what people want to know of a flag and evaluation does not, unless there is nothing.
  private static func writeMetadata(of definition: borrowing Definition, to json: inout CanonicalJSON) {
    let tags = UTF8Order.unique(definition.tags.map(\.value))
    guard definition.kind != nil || definition.owner != nil || !tags.isEmpty else { return }
    json.key(literal: "metadata")
    json.beginObject()
    if let kind = definition.kind { json.member(literal: "kind", kind.value.rawValue) }
    if let owner = definition.owner { json.member(literal: "owner", owner.value) }
    if !tags.isEmpty {
      json.key(literal: "tags")
      json.array(nil, tags) { $0.append($1) }
    }
    json.endObject()
  }
}
