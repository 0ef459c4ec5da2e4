internal import FlagPublisher
internal import Glibc

/// Where a passphrase comes from: `--passphrase-file`, the variable `ENSIGN_PASSPHRASE`, or the terminal.
struct Passphrase {
  private let session: Session
  private let file: String?

  /// The longest passphrase, in bytes.
  private static let maximumSize = 1024

  init(_ session: Session, file: String?) {
    self.session = session
    self.file = file
  }

  /// The passphrase of a key that is there.
  func known(for key: String) throws(PublishingError) -> SecretBytes {
    if let configured = try configured() { return configured }
    return try Terminal.ask("Passphrase of \(key): ")
  }

  /// The passphrase of a new key, which is asked for twice.
  func new(for key: String) throws(PublishingError) -> SecretBytes {
    if let configured = try configured() { return configured }
    let first = try Terminal.ask("New passphrase for \(key): ")
    guard first.count > 0 else {
      throw PublishingError(.passphrase, "the passphrase is empty", help: "for a key without one: --no-passphrase")
    }
    guard first.isEqual(to: try Terminal.ask("The same again: ")) else {
      throw PublishingError(.passphrase, "the two passphrases differ", help: "try again; nothing was written")
    }
    return first
  }

  private func configured() throws(PublishingError) -> SecretBytes? {
    if let file { return try read(file) }
    guard var bytes = session.console.variable("ENSIGN_PASSPHRASE").map({ Array($0.utf8) }) else { return nil }
    guard !bytes.isEmpty else {
      throw PublishingError(
        .passphrase, "the variable ENSIGN_PASSPHRASE is empty", help: "unset it, or give it a value")
    }
    return try SecretBytes(taking: &bytes)
  }

  /// The first line of a file.
  private func read(_ file: String) throws(PublishingError) -> SecretBytes {
    let descriptor = open(session.console.absolute(file), O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw PublishingError(.storage, "cannot read \(file): \(String(cString: strerror(errno)))")
    }
    defer { close(descriptor) }
    var status = stat()
    // A pipe from a secret store has no owner to speak of.
    if fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_mode & 0o077 != 0 {
      throw PublishingError(
        .exposedKey, "others than its owner can read or write \(file), so it is secret no more",
        help: "chmod 600 \(file), and choose another passphrase")
    }
    var line = try Terminal.line(from: descriptor, limit: Self.maximumSize) { $0 == UInt8(ascii: "\n") }
    guard !line.isEmpty else { throw PublishingError(.passphrase, "the first line of \(file) is empty") }
    return try SecretBytes(taking: &line)
  }
}

/// Questions at the terminal, whatever standard input is.
enum Terminal {
  /// Asks for a text that is not shown.
  static func ask(_ question: String) throws(PublishingError) -> SecretBytes {
    let terminal = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)
    var before = termios()
    guard terminal >= 0, tcgetattr(terminal, &before) == 0 else {
      if terminal >= 0 { close(terminal) }
      throw PublishingError(
        .passphrase, "a passphrase is needed, and there is no terminal to ask at",
        help: "name a file with --passphrase-file, or set the variable ENSIGN_PASSPHRASE")
    }
    defer { close(terminal) }
    _ = writeAll(Array(question.utf8)[...], to: terminal)
    var silent = before
    // Without signals as well: Ctrl-C arrives as a byte, so that the terminal is never left without its echo.
    silent.c_lflag &= ~tcflag_t(ECHO | ICANON | ISIG)
    tcsetattr(terminal, TCSAFLUSH, &silent)
    defer {
      tcsetattr(terminal, TCSAFLUSH, &before)
      _ = writeAll([UInt8(ascii: "\n")], to: terminal)
    }
    var line = try line(from: terminal, limit: 1024) { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
    return try SecretBytes(taking: &line)
  }

  /// The bytes up to one that ends the line, with what a terminal's keys do to it done.
  static func line(
    from descriptor: Int32, limit: Int, endingAt isEnd: (UInt8) -> Bool
  ) throws(PublishingError) -> [UInt8] {
    var line: [UInt8] = []
    line.reserveCapacity(limit)
    let isTerminal = isatty(descriptor) == 1
    var byte: UInt8 = 0
    while true {
      let count = read(descriptor, &byte, 1)
      if count < 0, errno == EINTR { continue }
      guard count == 1, !isEnd(byte) else { return line }
      switch byte {
      case 0x03 where isTerminal:
        SecretBytes.clear(&line)
        throw PublishingError(.passphrase, "interrupted; nothing was written")
      case 0x04 where isTerminal: return line
      case 0x15 where isTerminal: line.removeAll(keepingCapacity: true)
      case 0x08 where isTerminal, 0x7f where isTerminal: removeLastCharacter(&line)
      default: line.append(byte)
      }
      guard line.count <= limit else {
        SecretBytes.clear(&line)
        throw PublishingError(.passphrase, "the passphrase has more than \(limit) bytes")
      }
    }
  }

  /// Removes a character, which may have several bytes in UTF-8.
  private static func removeLastCharacter(_ line: inout [UInt8]) {
    while let last = line.popLast(), last & 0xc0 == 0x80 {}
  }
}
