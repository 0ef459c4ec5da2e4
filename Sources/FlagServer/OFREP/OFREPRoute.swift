/// The routes of the OpenFeature Remote Evaluation Protocol.
struct OFREPRoute: Hashable {
  /// The environment that stands before the protocol's own path.
  let environment: String?
  let target: Target

  enum Target: Hashable {
    /// One flag, by its key as it stands in the path: not decoded.
    case flag(String)
    /// All flags.
    case all
    /// None of the protocol's routes.
    case unknown(String)
  }

  /// The route of a path as it was sent; nil when it does not belong to the protocol.
  ///
  /// Slashes more than one at the beginning are taken for one: a base URL that ends with a slash leaves them.
  init?(path: String) {
    let segments = path.drop { $0 == "/" }.split(separator: "/", omittingEmptySubsequences: false)
    guard let start = segments.prefix(2).firstIndex(of: "ofrep") else { return nil }
    environment = start == 0 ? nil : String(segments[0])
    let rest = segments[(start + 1)...]
    if rest.starts(with: ["v1", "evaluate", "flags"]) {
      let key = rest.dropFirst(3)
      target = key.isEmpty ? .all : .flag(key.joined(separator: "/"))
    } else {
      target = .unknown(rest.last.map(String.init) ?? "")
    }
  }
}
