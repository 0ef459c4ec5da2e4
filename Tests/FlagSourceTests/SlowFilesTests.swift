import Ensign
import Foundation
import Testing

@testable import FlagSource

@Suite("Files that keep a reader waiting")
struct SlowFilesTests {
  private static let texts: [(path: String, text: String)] = {
    let configs = (0..<3000).map { number in
      // Every seventh has a mistake.
      (path: "environments/production/f\(number).yaml", text: number % 7 == 0 ? "enabled: maybe\n" : "enabled: true\n")
    }
    return [("ensign.yaml", "format: 1\nproject: shop\nenvironments: [production]\n")] + configs
  }()

  @Test("are read by more threads, to the same findings in the same order")
  func waiting() throws {
    let files = SlowFiles(MemoryFiles(Self.texts))
    #expect(try Validation.run(files).lines == Validation.run(MemoryFiles(Self.texts)).lines)
    #expect(files.log.count > Threads.count(forParts: Self.texts.count))
  }

  @Test("are read by one thread when they are few")
  func few() throws {
    let files = SlowFiles(MemoryFiles(Array(Self.texts.prefix(60))))
    _ = try Validation.run(files)
    #expect(files.log.count == 1)
  }

  @Test("end in the error of the system when it gives no more readers")
  func failing() throws {
    let files = SlowFiles(MemoryFiles(Self.texts), readers: 3)
    #expect(throws: FileAccessError.self) { try Validation.run(files) }
  }
}

/// Files whose reader sleeps before each, as one does that waits for a disk.
private struct SlowFiles: FlagFiles {
  /// The threads that have read.
  final class Log: Sendable {
    private let threads = Guarded<Set<UInt>>([])
    private let readers = Guarded(0)

    var count: Int { threads.withLock { $0.count } }

    func note() { threads.withLock { _ = $0.insert(UInt(pthread_self())) } }

    /// How many readers there have been.
    func next() -> Int {
      readers.withLock {
        $0 += 1
        return $0
      }
    }
  }

  let files: MemoryFiles
  /// The system gives no more readers than these.
  let greatestNumberOfReaders: Int
  let log = Log()

  init(_ files: MemoryFiles, readers: Int = .max) {
    self.files = files
    greatestNumberOfReaders = readers
  }

  func list() throws(FileAccessError) -> [FileEntry] { try files.list() }

  func reader() throws(FileAccessError) -> any FlagFileReader {
    guard log.next() <= greatestNumberOfReaders else {
      throw FileAccessError(.failed, path: "", message: "Too many open files")
    }
    return Reader(reader: try files.reader(), log: log)
  }

  private struct Reader: FlagFileReader {
    var reader: any FlagFileReader
    let log: Log

    mutating func read(_ entry: FileEntry, limit: Int, into bytes: inout [UInt8]) throws(FileAccessError) {
      log.note()
      usleep(100)
      try reader.read(entry, limit: limit, into: &bytes)
    }
  }
}
