internal import Ensign

/// The messages of one target that are not delivered yet, in order, on the disk.
///
/// One thread adds, another one takes; the files are the only thing they share.
struct WebhookQueue: Sendable {
  /// The most messages that wait; more are refused.
  static let capacity = 10_000
  private static let maximumSize = 4 << 20
  /// Characters of a file's name before the name of the message: a number and a hyphen.
  private static let prefix = 13

  private let files: any DurableFiles
  private let folder: String

  init(files: any DurableFiles, target: String) {
    self.files = files
    folder = "webhooks/\(target)"
  }

  /// A message that waits.
  struct Entry: Hashable {
    /// The file's name: its place in the order.
    fileprivate let name: String
    /// What names the message.
    let delivery: String
    let body: [UInt8]
  }

  /// How many wait.
  func count() throws(StorageError) -> Int { try files.list(folder).count }

  /// Adds a message behind all others; whether there was room for it.
  func add(_ body: [UInt8], delivery: String) throws(StorageError) -> Bool {
    let names = try files.list(folder)
    guard names.count < Self.capacity else { return false }
    // One that was added before a crash, and is added again: it is there.
    if let last = names.last, last.dropFirst(Self.prefix) == delivery { return true }
    let number = (names.last.flatMap { Int($0.prefix(Self.prefix - 1)) } ?? 0) + 1
    try files.replace("\(folder)/\(Self.digits(number))-\(delivery)", with: body, mode: 0o600)
    return true
  }

  /// The first message; nil when none waits.
  func first() throws(StorageError) -> Entry? {
    guard let name = try files.list(folder).first else { return nil }
    guard let body = try files.read("\(folder)/\(name)", limit: Self.maximumSize) else { return nil }
    return Entry(name: name, delivery: String(name.dropFirst(Self.prefix)), body: body)
  }

  /// Takes a delivered message away.
  func remove(_ entry: Entry) throws(StorageError) { try files.remove("\(folder)/\(entry.name)") }

  private static func digits(_ number: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, prefix - 1 - digits.count)) + digits
  }
}
