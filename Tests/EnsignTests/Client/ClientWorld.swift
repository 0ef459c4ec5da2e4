import Foundation

@testable import Ensign

/// How a client of a test reaches its store.
enum Transport: String, CaseIterable, Sendable {
  case memory
  case http
}

/// A store, a clock and a state directory, in which clients come and go.
final class ClientWorld: Sendable {
  let store: SimulatedStore
  let folder: TemporaryFolder
  let server: LoopbackServer?
  private let time = Guarded((now: noon, elapsed: Duration.zero))

  init(_ transport: Transport = .memory, publishThreshold: Int = 1) throws {
    store = try SimulatedStore(publishThreshold: publishThreshold)
    folder = try TemporaryFolder()
    server = transport == .http ? try LoopbackServer(store) : nil
  }

  /// Lets time pass, on both clocks.
  func pass(_ time: Duration) {
    self.time.withLock { clocks in
      clocks.now = clocks.now.adding(seconds: time.components.seconds)
      clocks.elapsed += time
    }
  }

  /// Sets the clock of the wall alone.
  func set(_ now: Timestamp) { time.withLock { $0.now = now } }

  /// A client that is installed with the first trust file.
  ///
  /// - Parameter faults: what goes wrong on its disk; without any, nothing.
  func client(
    keepsState: Bool = true, faults: Faults? = nil, project: String? = "acme-shop",
    _ configure: (inout Client.Configuration) -> Void = { _ in }
  ) throws -> Client {
    var configuration = Client.Configuration(
      project: project ?? "", environment: "production", store: server?.address ?? "unused", trust: store.anchor)
    configuration.requestTimeout = .seconds(20)
    configure(&configuration)
    let reader: any StoreReader
    switch try StoreLocation(configuration.store) {
    case .address(let address):
      reader = try HTTPStore(
        address,
        timeouts: .init(connect: .seconds(20), total: configuration.requestTimeout, stalled: configuration.stallTimeout)
      )
    case .folder: reader = MemoryReader(store)
    }
    let files = faults.map { DiskFiles(root: folder.path, beforeStep: $0.check) } ?? DiskFiles(root: folder.path)
    let surroundings = Client.Surroundings(
      store: reader, files: keepsState ? files : nil, now: { self.time.withLock { $0.now } },
      elapsed: { self.time.withLock { $0.elapsed } }, random: { 0.5 })
    return try Client(configuration, in: surroundings, project: project)
  }

  /// The content of the state directory, by path; without the lock.
  var state: [String: Data] {
    var state: [String: Data] = [:]
    for path in folder.files where path != "lock" {
      state[path] = FileManager.default.contents(atPath: folder.path + "/" + path)
    }
    return state
  }
}

extension Client {
  /// The word that the store published last, as this client sees it.
  var colour: String { string("colour", in: Context(), default: "default") }
}
