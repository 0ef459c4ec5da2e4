internal import CMicroHTTPD

/// Why a request is refused before anybody looks at what it asks for.
package enum RequestRefusal: Hashable, Sendable {
  /// It is not formed as HTTP demands, or in a way that two programs may read differently; with what is wrong.
  case malformed(String)
  /// Its body has more bytes than the limit.
  case tooLarge(limit: Int)
  /// The server has too much to do; it is to be tried again.
  case busy

  /// One word, for counting.
  package var word: String {
    switch self {
    case .malformed: "malformed"
    case .tooLarge: "tooLarge"
    case .busy: "busy"
    }
  }

  /// The status code.
  package var status: Int {
    switch self {
    case .malformed: 400
    case .tooLarge: 413
    case .busy: 503
    }
  }
}

/// What every request has to pass before anything is made of it.
///
/// Two programs that take a request apart differently, a proxy and this server, can be made to see different requests
/// in the same bytes. libmicrohttpd 0.9.75 lets such forms pass; they are refused here as far as it lets us see them.
///
/// It takes the lines apart where it received them, and puts zeros for their ends: two for CR LF, one for LF alone. A
/// field that was continued on another line (obs-fold) is moved elsewhere.
@unsafe struct RequestGate {
  /// Whether zeros in the place of line ends are to be looked at.
  private let seesLineEnds: Bool
  private var hosts = 0
  private var lengths = 0
  private var transferEncodings = 0
  private var hasZeroLength = false
  private var isChunked = false
  private var fault: StaticString?
  private var lastValueEnd: UnsafePointer<CChar>?

  init(seesLineEnds: Bool) { unsafe self.seesLineEnds = seesLineEnds }

  /// Looks at all fields of a request's head.
  ///
  /// It is on the way of every request, which is why it goes without ``forEachField(_:_:_:)`` and its closure.
  mutating func takeFields(_ library: MicroHTTPD, _ connection: OpaquePointer) {
    unsafe withUnsafeMutablePointer(to: &self) { gate in
      _ = unsafe library.functions.pointee.MHD_get_connection_values_n(
        connection, MHD_ValueKind.HEADER_KIND,
        { gate, _, name, nameCount, value, valueCount in
          guard let gate = unsafe gate, let name = unsafe name else { return .NO }
          unsafe gate.assumingMemoryBound(to: RequestGate.self).pointee.take(name, nameCount, value, valueCount)
          return .YES
        }, gate)
    }
  }

  /// Looks at a field as it stands in memory.
  private mutating func take(
    _ name: UnsafePointer<CChar>, _ nameCount: Int, _ value: UnsafePointer<CChar>?, _ valueCount: Int
  ) {
    guard unsafe fault == nil else { return }
    if let found = unsafe faultIn(name, nameCount, value, valueCount) {
      unsafe fault = found
    } else if let value = unsafe value {
      unsafe lastValueEnd = value + valueCount
      unsafe count(UnsafeRawBufferPointer(start: name, count: nameCount), value, valueCount)
    }
  }

  private func faultIn(
    _ name: UnsafePointer<CChar>, _ nameCount: Int, _ value: UnsafePointer<CChar>?, _ valueCount: Int
  ) -> StaticString? {
    guard let value = unsafe value else { return "a header field has no value" }
    if unsafe seesLineEnds {
      // A colon and white space lie between a name and its value.
      let gap = unsafe value - (name + nameCount)
      if !(1...4096).contains(gap) { return "a header field is continued on another line" }
      if unsafe name[-1] != 0 || name[-2] != 0 { return "a line ends without a carriage return" }
    }
    for index in 0..<nameCount where unsafe !Self.isToken(UInt8(bitPattern: name[index])) {
      return "a header field has a name with characters that no name has"
    }
    if unsafe Self.hasControl(UnsafeRawBufferPointer(start: value, count: valueCount)) {
      return "a header field has control characters"
    }
    return nil
  }

  private mutating func count(_ name: UnsafeRawBufferPointer, _ value: UnsafePointer<CChar>, _ valueCount: Int) {
    switch name.count {
    case 4 where unsafe Self.equal(name, "host"): unsafe hosts += 1
    case 14 where unsafe Self.equal(name, "content-length"):
      unsafe lengths += 1
      unsafe hasZeroLength = valueCount == 1 && value[0] == 0x30
    case 17 where unsafe Self.equal(name, "transfer-encoding"):
      unsafe transferEncodings += 1
      unsafe isChunked = Self.equal(UnsafeRawBufferPointer(start: value, count: valueCount), "chunked")
    default: break
    }
  }

  /// Whether the request announces a body.
  var hasBody: Bool { unsafe transferEncodings > 0 || (lengths > 0 && !hasZeroLength) }

  /// What is wrong with the request as a whole; nil when nothing is.
  ///
  /// - Parameters:
  ///   - mayHaveBody: false for the methods that ask only.
  ///   - needsHost: false for HTTP/1.0.
  func refusal(mayHaveBody: Bool, needsHost: Bool) -> StaticString? {
    if let fault = unsafe fault { return fault }
    if unsafe seesLineEnds, let end = unsafe lastValueEnd, unsafe end[1] != 0 {
      return "a line ends without a carriage return"
    }
    if unsafe hosts > 1 { return "there is more than one Host" }
    if unsafe needsHost && hosts == 0 { return "there is no Host" }
    if unsafe lengths > 1 { return "there is more than one Content-Length" }
    if unsafe transferEncodings > 1 { return "there is more than one Transfer-Encoding" }
    if unsafe lengths > 0 && transferEncodings > 0 { return "there are Content-Length and Transfer-Encoding" }
    if unsafe transferEncodings > 0 && !isChunked { return "only the Transfer-Encoding chunked is known" }
    if unsafe hasBody && !mayHaveBody { return "a request of this method has no body" }
    return nil
  }

  private static func equal(_ text: UnsafeRawBufferPointer, _ lowerCase: StaticString) -> Bool {
    guard text.count == lowerCase.utf8CodeUnitCount else { return false }
    for index in 0..<text.count {
      let byte = unsafe text[index]
      let lowered = (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
      if unsafe lowered != lowerCase.utf8Start[index] { return false }
    }
    return true
  }

  /// RFC 9110, section 5.6.2.
  private static func isToken(_ byte: UInt8) -> Bool {
    if (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10 { return true }
    switch byte {
    case 0x21, 0x23...0x27, 0x2A, 0x2B, 0x2D, 0x2E, 0x5E...0x60, 0x7C, 0x7E: return true
    default: return false
    }
  }

  /// Whether there is a control character; eight bytes at a time where none can be one.
  private static func hasControl(_ text: UnsafeRawBufferPointer) -> Bool {
    let (ones, tops) = (UInt64(0x0101_0101_0101_0101), UInt64(0x8080_8080_8080_8080))
    var place = 0
    while place + 8 <= text.count {
      let word = unsafe text.loadUnaligned(fromByteOffset: place, as: UInt64.self)
      // The top bit of each byte that is below 0x20, or 0x7F; of a few others, too, behind such a one.
      let deleted = word ^ (ones &* 0x7F)
      let suspects = ((word &- ones &* 0x20) & ~word | (deleted &- ones) & ~deleted) & tops
      if suspects != 0 { break }
      place += 8
    }
    return unsafe text[place...].contains { unsafe isControl($0) }
  }

  private static func isControl(_ byte: UInt8) -> Bool { (byte < 0x20 && byte != 0x09) || byte == 0x7F }
}
