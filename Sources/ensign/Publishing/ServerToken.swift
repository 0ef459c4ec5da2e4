internal import Ensign
internal import FlagPublisher

/// The token of a server that asks for one: of `--token-file`, or of the variable `ENSIGN_TOKEN`.
enum ServerToken {
  /// More bytes are no token.
  private static let maximumSize = 1024

  /// The token; nil when none is configured.
  static func read(_ file: String?, in session: Session) throws(CommandError) -> String? {
    guard let file else { return session.console.variable("ENSIGN_TOKEN") }
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try FileSystem.read(session.console.absolute(file), limit: maximumSize)
    } catch {
      throw .environment("--token-file \(file): cannot read it: \(error.reason)")
    }
    let line = bytes.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
    guard !line.isEmpty else { throw .environment("--token-file \(file): its first line is empty") }
    return String(decoding: line, as: UTF8.self)
  }

  /// The option of commands that speak to a server.
  static func option<Body: CommandBody>(
    _ path: any WritableKeyPath<Body, String?> & Sendable
  ) -> OptionDeclaration<Body> {
    .value(
      "token-file", "FILE", completion: .file, path,
      help: "a file whose first line is the server's token (default: the variable ENSIGN_TOKEN)")
  }
}

extension HTTPStore.Timeouts {
  /// The times of a command that reads and writes whole stores.
  static let ofCommands = Self(connect: .seconds(10), total: .seconds(120), stalled: .seconds(20))
}

extension Session {
  /// A store behind an address.
  func server(_ address: HTTPAddress, tokenFile: String?) throws(CommandError) -> HTTPStore {
    let token = try ServerToken.read(tokenFile, in: self)
    do throws(StoreLocationError) {
      return try HTTPStore(address, timeouts: .ofCommands, token: token)
    } catch {
      throw .usage("\(address): \(error)")
    }
  }

  /// Where `--store` says that publications go: into a folder, or to a server.
  func publicationTarget(_ store: String?, tokenFile: String?) throws(CommandError) -> any PublicationTarget {
    guard let store, store.isAddress else {
      if tokenFile != nil { throw .usage("--token-file is for a server; this store is a folder") }
      return try self.store(store)
    }
    let location: StoreLocation
    do throws(StoreLocationError) {
      location = try StoreLocation(store)
    } catch {
      throw .usage("--store \(store): \(error)")
    }
    switch location {
    case .folder(let folder): return PublishedStore(files: DiskFiles(root: console.absolute(folder)), name: store)
    case .address(let address): return RemoteStore(try server(address, tokenFile: tokenFile))
    }
  }
}
