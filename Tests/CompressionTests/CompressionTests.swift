import Compression
import Foundation
import Testing

@Suite("Compressed files")
struct CompressionTests {
  /// Texts of several sizes and shapes.
  static let texts: [[UInt8]] = [
    [], [7], Array("one flag".utf8), Array(repeating: 0x61, count: 1_000_000),
    (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* $0 &* 2_654_435_761 >> 13) },
  ]

  @Test("have the content that they were made of, the same bytes each time", arguments: texts.indices)
  func roundTrip(_ index: Int) throws {
    let text = Self.texts[index]
    let gzip = try Gzip.compress(text)
    #expect(try Gzip.decompress(gzip, limit: text.count) == text, "text \(index)")
    #expect(try Gzip.compress(text) == gzip)
    let zstandard = try Zstandard.compress(text)
    #expect(try Zstandard.decompress(zstandard, limit: text.count) == text)
    #expect(try Zstandard.compress(text) == zstandard)
  }

  @Test("are read by gzip and zstd", arguments: texts.indices)
  func otherPrograms(_ index: Int) throws {
    let text = Self.texts[index]
    #expect(try output(of: "gzip", of: Gzip.compress(text)) == text)
    #expect(try output(of: "zstd", of: Zstandard.compress(text)) == text)
  }

  @Test("name no time and no file")
  func header() throws {
    #expect(try Gzip.compress([1]).prefix(10) == [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255])
  }

  @Test("that were cut off, changed, lengthened or are too large are refused", arguments: texts.indices)
  func refusals(_ index: Int) throws {
    let text = Self.texts[index]
    for (file, decompress) in [
      (try Gzip.compress(text), Gzip.decompress), (try Zstandard.compress(text), Zstandard.decompress),
    ] {
      #expect(throws: CompressionError.self) { try decompress(Array(file.dropLast()), text.count) }
      #expect(throws: CompressionError.self) { try decompress(file + [0], text.count) }
      #expect(throws: CompressionError.self) { try decompress(file + file, 2 * text.count) }
      #expect(throws: CompressionError.self) { try decompress([], 10) }
      if !text.isEmpty { #expect(throws: CompressionError.self) { try decompress(file, text.count - 1) } }
      for place in stride(from: 0, to: file.count, by: max(1, file.count / 50)) {
        var damaged = file
        damaged[place] ^= 0x40
        // Not every byte of a format means something, but none makes another content of it.
        if let read = try? decompress(damaged, text.count), read != text {
          // Zstandard's frames are not summed here: the digest in the manifest is what counts.
          #expect(file.starts(with: [0x28, 0xb5, 0x2f, 0xfd]))
        }
      }
    }
  }

  private func output(of program: String, of input: [UInt8]) throws -> [UInt8] {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [program, "-dc"]
    let name = NSTemporaryDirectory() + "compression-tests-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: name) }
    try Data(input).write(to: URL(filePath: name))
    process.standardInput = FileHandle(forReadingAtPath: name)
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return Array(output)
  }
}
