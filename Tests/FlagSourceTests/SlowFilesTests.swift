import Ensign
import Foundation
import Testing

@testable import FlagSource

@Suite("Files that keep a reader waiting")
struct SlowFilesTests {
  private static let texts: [(path: String, text: String)] = {
    let configs = (0..<400).map { number in
      // Every seventh has a mistake.
      (path: "environments/production/f\(number).yaml", text: number % 7 == 0 ? "enabled: maybe\n" : "enabled: true\n")
    }
    return [("ensign.yaml", "format: 1\nproject: shop\nenvironments: [production]\n")] + configs
  }()

  @Test("are read by more threads, to the same findings in the same order")
  func waiting() throws {
    let files = SlowFiles(MemoryFiles(Self.texts), nap: 300)
    #expect(try Validation.run(files).lines == Validation.run(MemoryFiles(Self.texts)).lines)
    #expect(files.log.count > Threads.count(forParts: 8))
  }

  @Test("are read by one thread when they are few")
  func few() throws {
    let files = SlowFiles(MemoryFiles(Array(Self.texts.prefix(60))), nap: 300)
    _ = try Validation.run(files)
    #expect(files.log.count == 1)
  }

  @Test("end in the error of one that cannot be read by anyone")
  func failing() throws {
    let files = SlowFiles(MemoryFiles(Self.texts), nap: 300, readers: 3)
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
  /// In microseconds.
  let nap: UInt32
  /// The system gives no more readers than these.
  let greatestNumberOfReaders: Int
  let log = Log()

  init(_ files: MemoryFiles, nap: UInt32, readers: Int = .max) {
    self.files = files
    self.nap = nap
    greatestNumberOfReaders = readers
  }

  func list() throws(FileAccessError) -> [FileEntry] { try files.list() }

  func reader() throws(FileAccessError) -> any FlagFileReader {
    guard log.next() <= greatestNumberOfReaders else {
      throw FileAccessError(.failed, path: "", message: "Too many open files")
    }
    return Reader(reader: try files.reader(), nap: nap, log: log)
  }

  private struct Reader: FlagFileReader {
    var reader: any FlagFileReader
    let nap: UInt32
    let log: Log

    mutating func read(_ entry: FileEntry, limit: Int, into bytes: inout [UInt8]) throws(FileAccessError) {
      log.note()
      if nap > 0 { usleep(nap) }
      try reader.read(entry, limit: limit, into: &bytes)
    }
  }
}
