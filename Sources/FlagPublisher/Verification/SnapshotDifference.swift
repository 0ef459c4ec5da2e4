package import Ensign

/// The first place in which two snapshots differ.
package struct SnapshotDifference: Hashable, Sendable, CustomStringConvertible {
  /// The flag that it is in; nil when it is not in one.
  package var flag: String?
  /// The members that lead there, such as `rules[0].serve.ranges[1]`: of the flag, or of the snapshot.
  package var path: String
  /// The first snapshot's canonical text there; nil when it has nothing.
  package var left: String?
  /// The second snapshot's.
  package var right: String?

  /// The first difference, flags before everything else; nil when there is none.
  ///
  /// - Throws: when one of them is no JSON.
  package static func first(_ left: [UInt8], _ right: [UInt8]) throws(JSONError) -> SnapshotDifference? {
    let (left, right) = (try JSONValue(parsing: left), try JSONValue(parsing: right))
    for key in names(left["flags"], right["flags"]) {
      if let difference = first(left["flags"]?[key], right["flags"]?[key], at: "") {
        return SnapshotDifference(flag: key, path: difference.path, left: difference.left, right: difference.right)
      }
    }
    return first(left, right, at: "")
  }

  private static func first(_ left: JSONValue?, _ right: JSONValue?, at path: String) -> SnapshotDifference? {
    if left == right { return nil }
    if left?.object != nil, right?.object != nil {
      let found = names(left, right).lazy.compactMap {
        first(left?[$0], right?[$0], at: path.isEmpty ? $0 : "\(path).\($0)")
      }.first
      if let found { return found }
    }
    if let elements = left?.array, let others = right?.array {
      let found = (0..<max(elements.count, others.count)).lazy.compactMap {
        first(left?[$0], right?[$0], at: "\(path)[\($0)]")
      }.first
      if let found { return found }
    }
    return SnapshotDifference(path: path, left: left?.description, right: right?.description)
  }

  private static func names(_ left: JSONValue?, _ right: JSONValue?) -> [String] {
    let names = ((left?.object ?? []) + (right?.object ?? [])).map(\.key)
    return Set(names).sorted(by: CanonicalJSON.precedes)
  }

  /// A sentence without a full stop, for the second snapshot being the one rebuilt.
  package var description: String {
    let place =
      switch (flag, path.isEmpty) {
      case (let flag?, true): "flag '\(flag)'"
      case (let flag?, false): "flag '\(flag)', \(path)"
      case (nil, _): path
      }
    switch (left, right) {
    case (nil, let right?): return "\(place): missing in the published snapshot; rebuilt it is \(Self.short(right))"
    case (let left?, nil): return "\(place): \(Self.short(left)) in the published snapshot; missing when rebuilt"
    default:
      return "\(place): \(Self.short(left ?? "")) in the published snapshot; rebuilt it is \(Self.short(right ?? ""))"
    }
  }

  private static func short(_ text: String) -> String {
    text.count <= 80 ? text : text.prefix(77) + "…"
  }
}
