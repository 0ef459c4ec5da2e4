@testable import Ensign

/// What goes wrong on a disk, for the hook of ``DiskFiles``: a step that fails once, or every step from one on.
final class Faults: Sendable {
  enum Kind {
    /// The process is gone: this step does not happen, nor any after it.
    case killed
    /// No space left, from this step on, for the steps that need space.
    case full
    /// The folder cannot be written, from this step on.
    case readOnly
  }

  private struct State {
    var hasEnded = false
    var count = 0
    var hasFailed = false
    var steps: [DiskFiles.Step] = []
  }

  private let kind: Kind
  private let start: Int
  private let state = Guarded(State())

  /// - Parameter start: how many steps that change something succeed before.
  init(failingAt start: Int, as kind: Kind) {
    self.start = start
    self.kind = kind
  }

  /// Whether a step has failed.
  var hasFailed: Bool { state.withLock { $0.hasFailed } }
  /// The steps asked for until now, the failed ones among them.
  var steps: [DiskFiles.Step] { state.withLock { $0.steps } }

  /// From now on nothing fails.
  func end() { state.withLock { $0.hasEnded = true } }

  var check: @Sendable (DiskFiles.Step) throws(StorageError) -> Void {
    { step throws(StorageError) in
      let fails = self.state.withLock { state in
        state.steps.append(step)
        guard step.kind.isChange || state.hasFailed && self.kind == .killed else { return false }
        defer { state.count += 1 }
        guard !state.hasEnded, state.count >= self.start, self.affects(step.kind) else { return false }
        state.hasFailed = true
        return true
      }
      if fails { throw self.error(step) }
    }
  }

  private func affects(_ step: DiskFiles.Step.Kind) -> Bool {
    switch kind {
    case .killed: true
    case .full: [.openTemporary, .write, .makeFolder].contains(step)
    case .readOnly: step.isChange
    }
  }

  private func error(_ step: DiskFiles.Step) -> StorageError {
    switch kind {
    case .killed: StorageError(.failed, "write", step.path, reason: "the process has been killed")
    case .full: StorageError(.full, "write", step.path, reason: "No space left on device")
    case .readOnly: StorageError(.notPermitted, "write", step.path, reason: "Read-only file system")
    }
  }
}
