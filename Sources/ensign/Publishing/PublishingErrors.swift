internal import Ensign
internal import FlagPublisher

extension CommandError {
  /// Something that was not signed, published or verified.
  static func publishing(_ error: PublishingError) -> Self {
    Self(status: error.code.isEnvironmental ? .unusable : .findings, message: error.message, help: error.help)
  }
}

/// Runs work of the publisher's, and says what went wrong as the command line does.
func publishing<Result>(_ body: () throws(PublishingError) -> Result) throws(CommandError) -> Result {
  do throws(PublishingError) {
    return try body()
  } catch {
    throw .publishing(error)
  }
}

extension Session {
  /// The time of `--now`, or the present.
  func time(_ text: String?) throws(CommandError) -> Timestamp {
    guard let text else { return .now() }
    do throws(GrammarError) {
      return try Timestamp(text)
    } catch {
      throw .usage("--now \(text): \(error)", help: "write a time such as 2026-12-01T09:00:00Z")
    }
  }

  /// The store in the folder of `--store`.
  func store(_ path: String?) throws(CommandError) -> PublishedStore {
    guard let path else { throw .usage("\(command.name) needs a store: --store DIR") }
    guard !path.isAddress else {
      throw .usage(
        "--store \(path): \(command.name) writes into folders only",
        help: "trust files are copied to a server as files; see the article Operations")
    }
    return PublishedStore(files: DiskFiles(root: console.absolute(path)), name: path)
  }

  /// The bytes of a signed file.
  func envelope(_ path: String, of option: String) throws(CommandError) -> [UInt8] {
    do throws(FileError) {
      return try FileSystem.read(console.absolute(path), limit: Envelope.maximumSize)
    } catch {
      throw .environment("\(option) \(path): cannot read it: \(error.reason)")
    }
  }
}

extension String {
  /// Whether the text is an address with a scheme, such as `https://…`, rather than a path.
  var isAddress: Bool { firstIndex(of: ":").map { self[$0...].hasPrefix("://") } ?? false }
}
