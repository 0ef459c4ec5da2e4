package import Ensign

/// The names of environments, from which a relay learns what there is to follow.
///
/// Nobody signs it: it decides what is asked for, not what is believed.
package struct EnvironmentList: Hashable, Sendable {
  /// Where a server has it, relative to its store.
  package static let path = "environments.json"

  /// The names, sorted.
  package let names: [String]

  /// A list of names in any order.
  package init(_ names: [String]) { self.names = names.sorted() }

  /// Reads a list.
  package init(parsing bytes: [UInt8]) throws(VerificationError) {
    let value: JSONValue
    do throws(JSONError) {
      value = try JSONValue(parsing: bytes)
    } catch {
      throw VerificationError(.malformed, "\(Self.path) is no JSON: \(error)")
    }
    guard let list = value["environments"]?.array, list.count <= 1000 else {
      throw VerificationError(.malformed, "\(Self.path) has no list 'environments' of at most 1000 names")
    }
    self.init(list.compactMap(\.string))
  }

  /// The document.
  var json: [UInt8] {
    JSONValue.object([.init(key: "environments", value: .array(names.map { .string($0) }))]).canonicalBytes
  }
}
