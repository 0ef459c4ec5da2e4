internal import Ensign
internal import FlagImpact

/// Flags of a snapshot as if all of them were switched on, so that the rules of those that are not are checked, too.
enum EnabledEnvironment {
  /// Why a snapshot cannot be read again.
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// The environment of some flags with all that they need: their prerequisites, and the segments.
  ///
  /// - Parameter flags: keys; nil for all of the snapshot.
  /// - Throws: never for what the compiler wrote, of which a part loads, too.
  static func make(from bytes: [UInt8], flags: Set<String>?) throws(Failure) -> AnalyzedEnvironment {
    do {
      let document = try JSONValue(parsing: bytes)
      let all = document["flags"]?.object ?? []
      let wanted = flags.map { closure(of: $0, in: all) }
      let enabled = all.filter { wanted?.contains($0.key) ?? true }.map { flag in
        JSONValue.Member(key: flag.key, value: flag.value.replacing("enabled", by: true, where: .boolean(false)))
      }
      let bytes = document.replacing("flags", by: .object(enabled)).canonicalBytes
      return try AnalyzedEnvironment(bytes: bytes, snapshot: Snapshot(bytes))
    } catch {
      throw Failure(description: "\(error)")
    }
  }

  /// Flags with those that they require, directly or through others.
  private static func closure(of flags: Set<String>, in all: [JSONValue.Member]) -> Set<String> {
    let byKey = Dictionary(all.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
    var found: Set<String> = []
    var waiting = Array(flags)
    while let key = waiting.popLast() {
      guard let flag = byKey[key], found.insert(key).inserted else { continue }
      waiting += (flag["requires"]?.array ?? []).compactMap { $0["flag"]?.string }
    }
    return found
  }
}

extension JSONValue {
  /// The object with another value for a member, if that is there and has a certain value.
  fileprivate func replacing(_ key: String, by value: JSONValue, where old: JSONValue? = nil) -> JSONValue {
    guard case .object(let members) = self else { return self }
    return .object(
      members.map { member in
        let isMeant = member.key == key && (old.map { $0 == member.value } ?? true)
        return isMeant ? Member(key: key, value: value) : member
      })
  }
}
