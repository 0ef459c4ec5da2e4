internal import Ensign

/// What the server says about a snapshot's flags beside their evaluation.
struct SnapshotNotes: Sendable {
  /// The owners of flags, by key; flags without one are missing.
  let owners: [String: String]
  /// Whether what flags give can change without another snapshot: there are windows, ramps, or conditions on `now`.
  ///
  /// It may be true without need where an object that a flag serves looks like a condition.
  let dependsOnTime: Bool

  init(_ bytes: [UInt8]) throws(JSONError) {
    let tape = try JSONReader.read(bytes)
    var owners: [String: String] = [:]
    var dependsOnTime = false
    tape.forEachMember(of: 0) { name, value in
      if name == "segments" { dependsOnTime = dependsOnTime || tape.looksAtTime(value) }
      guard name == "flags" else { return }
      tape.forEachMember(of: value) { key, flag in
        tape.forEachMember(of: flag) { name, value in
          switch name {
          case "enabled": dependsOnTime = dependsOnTime || tape.tokens[value].kind == .object
          case "rules", "otherwise": dependsOnTime = dependsOnTime || tape.looksAtTime(value)
          case "metadata": owners[key] = tape.text(of: "owner", in: value)
          default: break
          }
        }
      }
    }
    self.owners = owners
    self.dependsOnTime = dependsOnTime
  }
}

extension JSONTape {
  /// Calls `body` with the name of each member of an object, and the index of its value; of anything else with nothing.
  func forEachMember(of object: Int, _ body: (String, Int) -> Void) {
    guard tokens[object].kind == .object else { return }
    var child = object + 1
    while child < tokens[object].extent {
      body(string(at: child), child + 1)
      child = end(of: child + 1)
    }
  }

  /// The index of the value of an object's member.
  func member(_ name: String, of object: Int) -> Int? {
    var found: Int?
    forEachMember(of: object) { if $0 == name { found = $1 } }
    return found
  }

  fileprivate func text(of name: String, in object: Int) -> String? {
    member(name, of: object).flatMap { tokens[$0].kind == .string ? string(at: $0) : nil }
  }

  /// Whether there is a ramp or a condition on `now` in what begins at an index.
  fileprivate func looksAtTime(_ index: Int) -> Bool {
    (index..<end(of: index)).contains { place in
      guard tokens[place].kind == .string, tokens[place].extent <= 4 else { return false }
      let text = string(at: place)
      return text == "ramp" || text == "now"
    }
  }
}
