import Ensign
import FlagCompiler
import Foundation

@testable import FlagPublisher

/// A store in a temporary folder, with keys, and snapshots to publish into it.
final class StoreWorld {
  let folder: TemporaryFolder
  let root: SigningKey
  let publisher: SigningKey
  let second: SigningKey
  /// Half past nine in the evening of the day before.
  static let start: Int64 = 1_795_000_000_000

  init() throws {
    folder = try TemporaryFolder()
    root = try testKey(1)
    publisher = try testKey(2)
    second = try testKey(3)
  }

  var store: PublishedStore { PublishedStore(files: DiskFiles(root: folder.path), name: "store") }

  static func time(_ seconds: Int64 = 0) -> Timestamp { Timestamp(milliseconds: start + seconds * 1000) }

  /// The first trust file: a root key, two publish keys of which one is enough but for `strict`, which needs both.
  func change() -> TrustChange {
    var change = TrustChange()
    change.addedRoots = [root.publicKey]
    change.addedPublishers = [publisher.publicKey, second.publicKey]
    change.environmentThresholds = [("strict", 2)]
    return change
  }

  /// Writes the first trust file.
  func begin() throws {
    var draft = try TrustDraft(change().first(expires: Self.time(365 * 86_400)), after: nil)
    try draft.sign(with: root)
    _ = try store.install(draft.envelope)
  }

  /// Writes the next trust file.
  func rotate(_ change: TrustChange) throws {
    let newest = try store.newestTrust()
    var draft = try TrustDraft(change.applied(to: newest, expires: Self.time(365 * 86_400)), after: newest)
    try draft.sign(with: root)
    _ = try store.install(draft.envelope)
  }

  func publisher(
    _ keys: [SigningKey]? = nil, at seconds: Int64 = 0, store: PublishedStore? = nil
  ) throws(PublishingError) -> Publisher {
    try Publisher(
      to: store ?? self.store, anchor: nil, keys: keys ?? [publisher],
      compiler: .init(name: "ensign", version: "test"), now: Self.time(seconds), lifetime: 7 * 86_400_000)
  }

  /// A publication of the commit with a sequence, whose snapshot holds a number.
  func publication(
    _ sequence: Int, _ number: Int? = nil, environments: [String] = ["production"], isDirty: Bool = false
  ) -> Publication {
    Publication(
      project: "shop",
      source: .init(commit: Self.commit(sequence), tree: Self.commit(sequence), ref: "refs/heads/main"),
      sequence: sequence, isDirty: isDirty,
      snapshots: environments.map {
        .init(environment: $0, bytes: Self.snapshot($0, number ?? sequence), flagCount: 1, minimumReader: 1)
      })
  }

  static func commit(_ sequence: Int) -> String {
    let digits = String(sequence)
    return String(repeating: "0", count: 40 - digits.count) + digits
  }

  static func snapshot(_ environment: String, _ number: Int) -> [UInt8] {
    Array(
      """
      {"environment":"\(environment)","flags":{"f":{"enabled":true,"off":"a","otherwise":{"variant":"a"},\
      "type":"integer","variants":{"a":\(number)}}},"format":1,"minimumReader":1,"project":"shop"}
      """.utf8)
  }

  /// Publishes, as a repository with a straight history would.
  @discardableResult
  func publish(
    _ publication: Publication, _ keys: [SigningKey]? = nil, at seconds: Int64 = 0, store: PublishedStore? = nil
  ) throws(PublishingError) -> [PublishedManifest] {
    try publisher(keys, at: seconds, store: store).publish(publication) { commit in
      commit <= publication.source.commit
    }
  }

  /// What a reader that trusts the first trust file finds.
  func report(_ environments: [String] = ["production"], at seconds: Int64 = 60) throws -> StoreReport {
    let anchor = try Data(contentsOf: URL(filePath: folder.path + "/trust/1.json"))
    return StoreVerifier(
      now: Self.time(seconds), project: "shop", read: StoreVerifier.reading(FolderStore(folder: folder.path))
    )
    .verify(environments, anchor: Array(anchor))
  }

  /// The number in the snapshot that a reader gets; nil while there is none.
  func number(of environment: String = "production") throws -> Int? {
    guard let bytes = try report([environment]).environments.first?.snapshot else { return nil }
    return try JSONValue(parsing: bytes)["flags"]?["f"]?["variants"]?["a"]?.integer.map { Int($0) }
  }

  /// The relative paths of all files below the store, sorted.
  var files: [String] {
    let found = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
    return found.filter { file in
      var isFolder: ObjCBool = false
      return FileManager.default.fileExists(atPath: folder.path + "/" + file, isDirectory: &isFolder)
        && !isFolder.boolValue
    }.sorted()
  }

  /// Changes a byte of a file.
  func damage(_ path: String, at place: Int = 40) throws {
    var bytes = try Data(contentsOf: URL(filePath: folder.path + "/" + path))
    bytes[min(place, bytes.count - 1)] ^= 1
    try bytes.write(to: URL(filePath: folder.path + "/" + path))
  }
}

/// The error that `body` throws.
func failure(_ body: () throws(PublishingError) -> Void) -> PublishingError? {
  do throws(PublishingError) {
    try body()
    return nil
  } catch {
    return error
  }
}
