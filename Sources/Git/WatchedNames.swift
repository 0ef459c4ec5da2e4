internal import Glibc

/// Names in memory that they do not own, so that comparing entries with them counts no references.
@safe struct WatchedNames: @unchecked Sendable {
  // Unchecked: the bytes are never written once they are there.
  private let names: UnsafeBufferPointer<UnsafeRawBufferPointer>

  /// Names that are valid while `memory` is.
  init(_ names: [some Collection<UInt8>], in memory: NameMemory) {
    let copies = UnsafeMutableBufferPointer<UnsafeRawBufferPointer>.allocate(capacity: names.count)
    for (index, name) in names.enumerated() {
      let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: name.count, alignment: 1)
      unsafe bytes.copyBytes(from: name)
      unsafe copies.initializeElement(at: index, to: UnsafeRawBufferPointer(bytes))
      unsafe memory.own(bytes)
    }
    unsafe memory.own(UnsafeMutableRawBufferPointer(copies))
    unsafe self.names = UnsafeBufferPointer(copies)
  }

  /// The same names elsewhere.
  init(copying other: WatchedNames, to memory: NameMemory) {
    self.init((0..<other.count).map { unsafe Array(other[$0]) }, in: memory)
  }

  /// How many there are.
  var count: Int { unsafe names.count }

  /// A name; valid while the names are.
  subscript(index: Int) -> UnsafeRawBufferPointer { unsafe names[index] }

  /// Whether one of two entries, which have the same name where both are there, has a name.
  func isName(_ index: Int, of old: TreeBytes.Raw?, _ new: TreeBytes.Raw?) -> Bool {
    let name = unsafe names[index]
    return unsafe old?.isNamed(name) == true || new?.isNamed(name) == true
  }

  /// Whether one of two entries, which have the same name where both are there, has any of the names.
  func includeName(of old: TreeBytes.Raw?, _ new: TreeBytes.Raw?) -> Bool {
    for index in 0..<count where unsafe isName(index, of: old, new) { return true }
    return false
  }
}

/// The memory of some names, which it frees.
@safe final class NameMemory: @unchecked Sendable {
  // Unchecked: it is only added to by who makes it, before anybody else has it.
  private var pieces: [UnsafeMutableRawBufferPointer] = unsafe []

  fileprivate func own(_ piece: UnsafeMutableRawBufferPointer) { unsafe pieces.append(piece) }

  deinit {
    for index in unsafe pieces.indices { unsafe pieces[index].deallocate() }
  }
}
