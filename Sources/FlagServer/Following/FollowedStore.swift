package import Ensign
internal import Synchronization

/// A store as a server reads it: who asks for a manifest again gets the answer when there is another one, or after a
/// while.
package final class FollowedStore: StoreReader {
  private let base: any StoreReader
  /// The folder of the store; nil when it is behind an address, whose server does the waiting if it can.
  private let folder: String?
  private let isCancelled = Atomic<Bool>(false)
  private let isPatient = Atomic<Bool>(true)
  private let last = Mutex<FolderWatch.Mark?>(nil)

  /// How long a manifest is waited for, in seconds.
  static let patience = 25

  /// The longest pause after failures, in seconds.
  ///
  /// A folder costs nothing to look at, and whoever publishes into it waits for the answer. With an address it is not
  /// longer than this because relays stand behind relays, and what one of them waits adds up.
  var longestPause: Int { folder == nil ? 8 : 1 }

  /// A store in a folder.
  package init(folder: String) {
    base = FolderStore(folder: folder)
    self.folder = folder
  }

  /// A store behind something else.
  package init(_ base: any StoreReader) {
    self.base = base
    folder = nil
  }

  package var name: String { base.name }

  package func cancel() {
    isCancelled.store(true, ordering: .releasing)
    base.cancel()
  }

  /// Whether who asks for a manifest again is to wait for another one: not when something is to be done about the one that
  /// is known.
  func wait(_ isPatient: Bool) { self.isPatient.store(isPatient, ordering: .releasing) }

  package func fetch(_ request: StoreRequest) throws(StoreError) -> StoreAnswer {
    guard request.path.hasSuffix("/latest.json") else { return try base.fetch(request) }
    let isPatient = isPatient.load(ordering: .acquiring)
    guard let folder else {
      var request = request
      if isPatient, request.validator != nil, !request.bypassesCaches { request.wait = Self.patience }
      return try base.fetch(request)
    }
    let watch = FolderWatch("\(folder)/\(request.path)")
    if isPatient, request.validator != nil {
      watch.waitForChange(from: last.withLock { $0 }, seconds: Self.patience) {
        isCancelled.load(ordering: .acquiring)
      }
    }
    // Taken before the file is read: what is replaced in between is read again.
    let mark = watch.mark()
    let answer = try base.fetch(request)
    last.withLock { $0 = mark }
    guard case .content(let bytes, _) = answer else { return answer }
    // Whatever it is, the file is read again: it only says that there is something to wait from.
    return .content(bytes, validator: "folder")
  }
}
