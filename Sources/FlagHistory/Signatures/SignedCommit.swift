/// A commit object taken apart: the signature that it carries, and the bytes that this is a signature of.
package struct SignedCommit {
  /// The values of the headers `gpgsig`, unfolded, in their order: none in a commit that is not signed.
  package private(set) var signatures: [[UInt8]] = []
  /// The object without its signatures.
  ///
  /// As Git takes them out: every header whose name begins with `gpgsig` goes, such as the one of the other hash function.
  package private(set) var payload: [UInt8] = []

  /// - Parameter object: the content of the commit object.
  package init(object: [UInt8]) {
    var rest = object[...]
    var place = Place.elsewhere
    while let first = rest.first {
      // An empty line ends the headers.
      if first == UInt8(ascii: "\n") {
        payload += rest
        return
      }
      let line = rest.prefix(through: rest.firstIndex(of: UInt8(ascii: "\n")) ?? rest.endIndex - 1)
      rest = rest[line.endIndex...]
      if first != UInt8(ascii: " ") {
        place = Place(of: line)
        if place == .signature { signatures.append([]) }
      }
      switch place {
      case .signature:
        let value = first == UInt8(ascii: " ") ? line.dropFirst() : line.dropFirst(Place.signatureName.count)
        signatures[signatures.count - 1] += value
      case .otherSignature: break
      case .elsewhere: payload += line
      }
    }
  }

  /// Which header a line belongs to.
  private enum Place {
    case signature
    case otherSignature
    case elsewhere

    static let signatureName = Array("gpgsig ".utf8)

    init(of line: ArraySlice<UInt8>) {
      self =
        line.starts(with: Self.signatureName)
        ? .signature : line.starts(with: Self.signatureName.dropLast()) ? .otherSignature : .elsewhere
    }
  }
}
