package import Ensign

/// A store behind a server of ours, which takes what was signed elsewhere.
///
/// Two who publish at once are told apart by the server: it takes the one that comes first, and refuses the other if that
/// is older.
package struct RemoteStore: PublicationTarget {
  private let server: HTTPStore

  /// The store below an address, such as `https://flags.example.com/v1`.
  package init(_ server: HTTPStore) { self.server = server }

  package var store: PublishedStore { PublishedStore(files: RemoteFiles(server: server), name: server.name) }

  package func whileLocked<Result>(_ body: () throws(PublishingError) -> Result) throws(PublishingError) -> Result {
    try body()
  }

  package func accept(_ publications: [VerifiedPublication]) throws(PublishingError) -> Set<String>? {
    let message = PublicationMessage.write(publications.map(\.signed))
    let (status, answer): (Int, [UInt8])
    do throws(StoreError) {
      (status, answer) = try server.put(
        message, to: "publish", mediaType: PublicationMessage.mediaType, limit: Self.longestAnswer)
    } catch {
      throw PublishingError(.storage, "cannot publish to \(server.name): \(error)")
    }
    if (200..<300).contains(status) { return PublicationReceipt.served(answer) }
    let refusal = PublicationRefusal(answer)
    let reason = refusal?.message ?? "HTTP status \(status)"
    switch status {
    case 401:
      throw PublishingError(
        .storage, "\(server.name) does not know who publishes: \(reason)",
        helps: PublishingError.tokenAdvice)
    case 403:
      throw PublishingError(
        .storage, "\(server.name) does not take that from this token: \(reason)",
        helps: PublishingError.tokenAdvice)
    case 409: throw PublishingError(.notNewer, "\(server.name) refuses it: \(reason)", helps: refusal?.help ?? [])
    case 404, 405:
      throw PublishingError(
        .storage, "\(server.name) takes nothing: \(reason)",
        help: "name the address of a server started with --tokens, with its path: https://…/v1")
    default: throw PublishingError(.storage, "\(server.name) refuses it: \(reason)", helps: refusal?.help ?? [])
    }
  }

  /// More bytes of an answer are not read.
  private static let longestAnswer = 65_536
}

/// What a server says when it does not take a publication: `{"error":{"code":…,"help":[…],"message":…}}`.
package struct PublicationRefusal: Hashable, Sendable {
  /// The kind of failure, one of ``PublishingError/Code-swift.enum``.
  package var code: String
  /// What is wrong.
  package var message: String
  /// What to do about it.
  package var help: [String]

  /// The refusal for an error.
  package init(_ error: PublishingError) {
    code = error.code.rawValue
    message = error.message
    help = error.help
  }

  /// Reads an answer; nil when it is something else.
  package init?(_ bytes: [UInt8]) {
    guard let error = (try? JSONValue(parsing: bytes))?["error"], let code = error["code"]?.string,
      let message = error["message"]?.string
    else { return nil }
    self.code = code
    self.message = message
    help = error["help"]?.array?.compactMap(\.string) ?? []
  }

  /// The answer.
  package var document: [UInt8] {
    let error: [JSONValue.Member] = [
      .init(key: "code", value: .string(code)), .init(key: "help", value: .array(help.map { .string($0) })),
      .init(key: "message", value: .string(message)),
    ]
    return JSONValue.object([.init(key: "error", value: .object(error))]).canonicalBytes
  }
}

/// The files of a store behind a server, to read.
private struct RemoteFiles: DurableFiles {
  let server: HTTPStore

  func read(_ path: String, limit: Int) throws(StorageError) -> [UInt8]? {
    do throws(StoreError) {
      // What a cache on the way still has may be older than what was published last.
      guard case .content(let bytes, _) = try server.fetch(StoreRequest(path, limit: limit, bypassesCaches: true))
      else { return nil }
      return bytes
    } catch {
      if error.code == .absent { return nil }
      let prefix = "\(path): "
      let reason = error.description
      throw StorageError(
        error.code == .unauthorized ? .unauthorized : .failed, "read", path,
        reason: reason.hasPrefix(prefix) ? String(reason.dropFirst(prefix.count)) : reason)
    }
  }

  /// A server lists nothing: the newest manifest is `latest.json`.
  func list(_ folder: String) throws(StorageError) -> [String] { [] }

  func replace(_ path: String, with bytes: [UInt8], mode: UInt32) throws(StorageError) { throw refusal(path) }
  func create(_ path: String, with bytes: [UInt8], mode: UInt32) throws(StorageError) -> Bool { throw refusal(path) }
  func remove(_ path: String) throws(StorageError) { throw refusal(path) }
  func removeLeftovers(in folder: String) throws(StorageError) { throw refusal(folder) }
  func lock(_ path: String) throws(StorageError) -> FileLock? { throw refusal(path) }

  private func refusal(_ path: String) -> StorageError {
    StorageError(.failed, "write", path, reason: "a server takes whole publications only")
  }
}
