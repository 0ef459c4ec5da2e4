internal import Glibc

/// Bytes on their way to a file descriptor, buffered; or kept, for a caller in the same process.
///
/// Writing never fails at the call: the first error is remembered in ``failure``, and what follows is dropped. Whoever
/// produces without end looks at ``isOpen``.
final class Output {
  /// The error number of the first write that failed.
  private(set) var failure: Int32?
  /// What is not written yet; everything, without a descriptor.
  private(set) var buffer: [UInt8] = []
  /// Whether this is a terminal; also while a pager stands before it.
  let isTerminal: Bool
  private var descriptor: Int32?
  private var prepare: (() -> Void)?
  /// Whether every write is handed on at once.
  private var isImmediate = false

  /// - Parameter descriptor: stays open, and stays the caller's; nil keeps the bytes in ``buffer``.
  init(descriptor: Int32? = nil) {
    self.descriptor = descriptor
    isTerminal = descriptor.map { isatty($0) == 1 } ?? false
  }

  /// Whether somebody may still read what is written.
  var isOpen: Bool { failure == nil }

  /// Whether the reader closed its end, which is its right.
  var isBrokenPipe: Bool { failure == EPIPE }

  /// Has `body` called before anything is written.
  ///
  /// From then on nothing waits in the buffer: somebody is reading along, and may leave.
  func beforeFirstWrite(_ body: @escaping () -> Void) {
    prepare = body
    isImmediate = true
  }

  /// Writes to another descriptor from now on, where nothing has failed yet.
  func redirect(to descriptor: Int32) {
    self.descriptor = descriptor
    failure = nil
  }

  func write(_ text: String) {
    buffer.append(contentsOf: text.utf8)
    flushWhenFull()
  }

  func write(_ bytes: some Sequence<UInt8>) {
    buffer.append(contentsOf: bytes)
    flushWhenFull()
  }

  /// Writes `text` and a line feed.
  func line(_ text: String) {
    write(text)
    write("\n")
  }

  private func flushWhenFull() {
    if isImmediate || buffer.count >= 1 << 16 { flush() }
  }

  /// Hands everything buffered to the system.
  func flush() {
    if !buffer.isEmpty, let prepare {
      self.prepare = nil
      prepare()
    }
    guard let descriptor else { return }
    defer { buffer.removeAll(keepingCapacity: true) }
    guard isOpen else { return }
    failure = writeAll(buffer[...], to: descriptor)
  }
}

/// Writes all bytes, however many calls it takes.
///
/// - Returns: the error number, or nil when all is written.
func writeAll(_ bytes: ArraySlice<UInt8>, to descriptor: Int32) -> Int32? {
  bytes.withUnsafeBytes { bytes in
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
      if count >= 0 {
        rest = rest.dropFirst(count)
      } else if errno != EINTR {
        return errno
      }
    }
    return nil
  }
}
