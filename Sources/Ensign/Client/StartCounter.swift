/// How often a service has started with a snapshot, and not said since that it runs well.
///
/// The file holds the snapshot's digest, the number, and a check of the two. It is written before a snapshot is activated, so that a service
/// which crashes because of it leaves a trace.
struct StartCounter: Hashable {
  /// The failed starts after which the safe snapshot is used.
  static let untilSafe = 3
  /// The failed starts after which the defaults in the code are used.
  static let untilDefaults = 6

  /// The digest of the snapshot.
  var sha256: String
  /// How many starts have failed, or are not known to be good yet.
  var count: Int

  /// What to serve at the next start.
  var served: ClientReport.Served {
    count >= Self.untilDefaults ? .defaults : count >= Self.untilSafe ? .safe : .current
  }

  /// The number after a good start: the service runs with what was served, which says nothing of what was not.
  static func settled(with served: ClientReport.Served) -> Int {
    switch served {
    case .current: 0
    case .safe: untilSafe
    case .defaults: untilDefaults
    }
  }
}

extension StartCounter {
  /// A number of starts of a snapshot.
  init(_ sha256: String, _ count: Int) {
    self.sha256 = sha256
    self.count = count
  }

  /// Reads the file's content; nil when it is not of the form, or damaged.
  init?(_ bytes: [UInt8]) {
    let words = String(decoding: bytes, as: UTF8.self).split(separator: " ")
    guard words.count == 3, words[0].utf8.count == 64, let count = Int(words[1]), count >= 0 else { return nil }
    self.init(String(words[0]), count)
    guard self.bytes == bytes else { return nil }
  }

  /// The file's content.
  var bytes: [UInt8] {
    let text = "\(sha256) \(count)"
    return Array("\(text) \(SHA256.hexadecimal(Array(text.utf8)).prefix(8))\n".utf8)
  }
}
