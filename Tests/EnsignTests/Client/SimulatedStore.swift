@testable import Ensign

/// A published store in memory, which signs with test keys, misbehaves when told to, and remembers what was asked of it.
final class SimulatedStore: Sendable {
  /// What the store does when a file is asked for.
  enum Behaviour: Hashable, Sendable {
    case serves
    /// Answers with a status of HTTP.
    case fails(Int)
    /// Sends bytes for ever.
    case endless
    /// Begins to answer, and says no more.
    case stalls
    /// Names another address.
    case redirects(String)
  }

  private struct State {
    var files: [String: [UInt8]] = [:]
    var behaviours: [String: Behaviour] = [:]
    var requests: [String] = []
    var words: [String: String] = [:]
  }

  private let state = Guarded(State())
  let root: [SigningKey]
  let publishers: [SigningKey]
  /// The first trust file: one root key, one publish key, one signature of each.
  let trust: TrustFile

  init(publishThreshold: Int = 1) throws {
    root = [try TestKeys.key(1)]
    publishers = try TestKeys.keys(2...3)
    trust = .test(root: root, publish: publishers, publishThreshold: publishThreshold)
    put(StorePath.trust(version: 1), trust.sealed(by: root))
  }

  /// The trust file that clients are installed with.
  var anchor: [UInt8] { trust.sealed(by: root) }

  // MARK: - Files

  static let latest = StorePath.latest(environment: "production")

  func put(_ path: String, _ bytes: [UInt8]?) { state.withLock { $0.files[path] = bytes } }
  func file(_ path: String) -> [UInt8]? { state.withLock { $0.files[path] } }

  /// Has every file whose path begins so behave so, from now on.
  func set(_ behaviour: Behaviour, for prefix: String) { state.withLock { $0.behaviours[prefix] = behaviour } }

  /// Publishes a snapshot whose flag `colour` is a word.
  @discardableResult
  func publish(
    _ word: String, sequence: Int, epoch: Int = 1, created: Timestamp = noon, by keys: [SigningKey]? = nil,
    _ change: (inout Manifest) -> Void = { _ in }
  ) -> Manifest {
    let snapshot = Self.snapshot(word)
    var manifest = Manifest.test(epoch: epoch, sequence: sequence, snapshot: snapshot, created: created)
    change(&manifest)
    let blob = StorePath.blob(sha256: manifest.snapshot.sha256)
    state.withLock { $0.words[blob] = word }
    put(blob, snapshot)
    put(Self.latest, manifest.sealed(by: keys ?? publishers))
    return manifest
  }

  /// A snapshot whose flag `colour` is a word for everyone.
  static func snapshot(_ word: String, project: String = "acme-shop", reader: Int = 1) -> [UInt8] {
    let flag = #"{"enabled":true,"off":"v","otherwise":{"variant":"v"},"type":"string","variants":{"v":"\#(word)"}}"#
    let text = #"{"environment":"production","flags":{"colour":\#(flag)},"format":1,"minimumReader":\#(reader),"#
    return Array("\(text)\"project\":\"\(project)\"}".utf8)
  }

  // MARK: - Requests

  /// The files asked for since the last call, shortened: `trust 2`, `latest`, `blob red`; a question mark after those that
  /// are wanted only if they have changed, an exclamation mark after those that no cache may answer.
  func takeRequests() -> [String] {
    state.withLock { state in
      defer { state.requests = [] }
      return state.requests
    }
  }

  /// Notes a request; what to answer.
  func request(
    _ path: String, isConditional: Bool, bypassesCaches: Bool
  ) -> (behaviour: Behaviour, bytes: [UInt8]?) {
    state.withLock { state in
      var name = state.words[path].map { "blob \($0)" } ?? path
      if path == Self.latest { name = "latest" }
      if path.hasPrefix("trust/") { name = "trust \(path.dropFirst(6).prefix { $0 != "." })" }
      state.requests.append(name + (isConditional ? "?" : "") + (bypassesCaches ? "!" : ""))
      let behaviour = state.behaviours.first { path.hasPrefix($0.key) }?.value ?? .serves
      return (behaviour, state.files[path])
    }
  }

  /// What identifies a content.
  static func validator(_ bytes: [UInt8]) -> String { "\"\(SHA256.hexadecimal(bytes).prefix(16))\"" }
}

/// Reads a simulated store without a network.
final class MemoryReader: StoreReader {
  let name = "memory"
  private let store: SimulatedStore

  init(_ store: SimulatedStore) { self.store = store }

  func fetch(_ request: StoreRequest) throws(StoreError) -> StoreAnswer {
    let answer = store.request(
      request.path, isConditional: request.validator != nil, bypassesCaches: request.bypassesCaches)
    switch answer.behaviour {
    case .serves: break
    case .fails(403), .fails(404): throw StoreError(.absent, "\(request.path) does not exist")
    case .fails(let status): throw StoreError(.unreachable, "\(request.path): HTTP status \(status)")
    case .endless: throw StoreError(.oversized, "\(request.path) has more than \(request.limit) bytes")
    case .stalls: throw StoreError(.unreachable, "\(request.path): time-out")
    case .redirects(let target): throw StoreError(.redirected, "\(request.path) is redirected to \(target)")
    }
    guard let bytes = answer.bytes else { throw StoreError(.absent, "\(request.path) does not exist") }
    if request.validator == SimulatedStore.validator(bytes) { return .unchanged }
    guard bytes.count <= request.limit else {
      throw StoreError(.oversized, "\(request.path) has more than \(request.limit) bytes")
    }
    return .content(bytes, validator: SimulatedStore.validator(bytes))
  }

  func cancel() {}
}
