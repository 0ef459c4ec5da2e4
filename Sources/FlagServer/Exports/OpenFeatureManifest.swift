package import Ensign

/// What the OpenFeature command line generates typed code from: each flag with its type and its code default, which is
/// the value of its off variant.
package struct OpenFeatureManifest: Sendable {
  /// A flag of the manifest.
  fileprivate struct Entry {
    let key: String
    let type: String
    let defaultValue: JSONValue
    let description: String?
  }

  private let entries: [Entry]

  /// Reads a snapshot.
  ///
  /// - Parameters:
  ///   - bytes: a document that was loaded as a snapshot before.
  ///   - descriptions: what flags are for, by key; snapshots do not say it.
  package init(_ bytes: [UInt8], descriptions: [String: String] = [:]) throws(JSONError) {
    let flags = try JSONValue(parsing: bytes)["flags"]?.object ?? []
    entries = flags.map { flag in
      Entry(
        key: flag.key, type: flag.value["type"]?.string ?? "",
        defaultValue: flag.value["variants"]?[flag.value["off"]?.string ?? ""] ?? .null,
        description: descriptions[flag.key])
    }
  }

  /// The file that `openfeature generate` reads: flags by key.
  package var file: [UInt8] {
    var json = CanonicalJSON()
    json.beginObject()
    json.key(literal: "$schema")
    json.append("https://raw.githubusercontent.com/open-feature/cli/main/schema/v0/flag-manifest.json")
    json.key(literal: "flags")
    json.beginObject()
    for entry in entries {
      json.key(entry.key)
      json.beginObject()
      json.append(entry, typeName: "flagType")
      json.endObject()
    }
    json.endObject()
    json.endObject()
    return json.bytes
  }

  /// The answer of `GET /openfeature/v0/manifest`, for `openfeature pull`: a list of flags.
  package var list: [UInt8] {
    var json = CanonicalJSON()
    json.beginObject()
    json.key(literal: "flags")
    json.beginArray()
    for entry in entries {
      json.beginObject()
      json.key(literal: "key")
      json.append(entry.key)
      json.append(entry, typeName: "type")
      json.endObject()
    }
    json.endArray()
    json.endObject()
    return json.bytes
  }
}

extension CanonicalJSON {
  fileprivate mutating func append(_ entry: OpenFeatureManifest.Entry, typeName: StaticString) {
    key(literal: "defaultValue")
    append(entry.defaultValue, ofType: entry.type)
    if let description = entry.description {
      key(literal: "description")
      append(description)
    }
    key(literal: typeName)
    append(entry.type == "number" ? "float" : entry.type)
  }
}
