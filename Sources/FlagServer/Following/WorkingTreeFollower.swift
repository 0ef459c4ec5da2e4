internal import Ensign
internal import FlagCompiler
internal import FlagSource
internal import Glibc
internal import HTTP
internal import YAML

/// Compiles a working tree whenever its files change, for a server on a developer's machine.
package final class WorkingTreeFollower: Sendable {
  private let root: String
  private let distribution: Distribution
  private let log: ServerLog
  private let alarm = Alarm()

  /// Follows the tree whose folder is `root`.
  package init(root: String, into distribution: Distribution, log: ServerLog) {
    self.root = root
    self.distribution = distribution
    self.log = log
  }

  /// Compiles, and begins to follow.
  package func start() throws(ServerError) {
    let mark = mark()
    compile(sequence: 1)
    let status = BackgroundThread.start { self.run(mark) }
    if status != 0 { throw ServerError("no thread can be made: \(String(cString: strerror(status)))") }
  }

  /// Ends, within a second.
  package func stop() { alarm.ring() }

  private func run(_ first: Int) {
    var (last, sequence) = (first, 1)
    var pause = Duration.milliseconds(300)
    while !alarm.wait(for: pause) {
      let start = Client.Surroundings.monotonic()
      let now = mark()
      if now != last {
        last = now
        sequence += 1
        compile(sequence: sequence)
      }
      // A large tree takes time to look through: that is a twentieth of the time at most.
      pause = max(.milliseconds(300), (Client.Surroundings.monotonic() - start) * 20)
    }
  }

  /// What tells one state of the files from another: their paths, sizes and times.
  private func mark() -> Int {
    var hasher = Hasher()
    guard let entries = try? WorkingTreeFiles(root: root).list() else { return 0 }
    for entry in entries {
      let path = root + "/" + String(decoding: entry.path, as: UTF8.self)
      var status = stat()
      guard lstat(path, &status) == 0 else { continue }
      hasher.combine(path)
      hasher.combine(status.st_ino)
      hasher.combine(status.st_size)
      hasher.combine(status.st_mtim.tv_sec)
      hasher.combine(status.st_mtim.tv_nsec)
    }
    return hasher.finalize()
  }

  // MARK: - Compiling

  private func compile(sequence: Int) {
    do throws(ServerError) {
      for compiled in try environments() {
        do throws(VerificationError) {
          try distribution.take(unsigned: compiled.bytes, compiled.snapshot, sequence: sequence)
        } catch {
          distribution.fail(compiled.environment, error.status, error.message)
        }
      }
    } catch {
      log.note(.error, "compilation", error.description)
      distribution.failAll(.malformed, error.description)
    }
  }

  private func environments() throws(ServerError) -> [CompiledEnvironment] {
    let validation: Validation
    do throws(FileAccessError) {
      validation = try Validation.run(WorkingTreeFiles(root: root))
    } catch {
      throw ServerError("the tree \(root) cannot be read: \(error.message)")
    }
    guard let checked = validation.checked else { throw ServerError(Self.errors(of: validation)) }
    do throws(CompilationError) {
      return try SnapshotCompiler.compileAll(checked)
    } catch {
      throw ServerError(error.message)
    }
  }

  private static func errors(of validation: Validation) -> String {
    let errors = validation.findings.filter { $0.level == .error }
    guard let first = errors.first else { return "the tree has errors" }
    let place = "\(validation.files.path(of: first.file)):\(first.range.start.line):\(first.range.start.column)"
    let rest = errors.count > 1 ? ", and \(errors.count - 1) more" : ""
    return "\(place): \(first.code): \(first.message)\(rest)"
  }
}
