/// Reads lines, however many there are: no more than one line is held.
struct LineReader {
  /// A line without its end.
  enum Line {
    case bytes([UInt8])
    /// The line has more bytes than are read; it was skipped.
    case tooLong
  }

  private var chunks: ChunkReader
  private var chunk: ArraySlice<UInt8> = []
  private let limit: Int

  /// - Parameter limit: the longest line that is read, in bytes.
  init(_ chunks: ChunkReader, limit: Int) {
    self.chunks = chunks
    self.limit = limit
  }

  /// The next line; nil at the end.
  ///
  /// A last line needs no line feed.
  mutating func next() throws(FileError) -> Line? {
    var line: [UInt8] = []
    var isTooLong = false
    while true {
      if chunk.isEmpty {
        guard let next = try chunks.next() else {
          return isTooLong ? .tooLong : line.isEmpty ? nil : .bytes(line)
        }
        chunk = next
      }
      let end = chunk.firstIndex(of: 0x0A) ?? chunk.endIndex
      if line.count + (end - chunk.startIndex) > limit {
        isTooLong = true
        line = []
      } else if !isTooLong {
        line.append(contentsOf: chunk[..<end])
      }
      let isWhole = end < chunk.endIndex
      chunk = isWhole ? chunk[(end + 1)...] : []
      if isWhole { return isTooLong ? .tooLong : .bytes(line) }
    }
  }
}
