internal import CMicroHTTPD
internal import Synchronization

/// A connection that can be put aside, and taken up again from another thread.
@safe final class Suspension: @unchecked Sendable {
  // Unchecked: the library locks a connection that is resumed, and it exists for as long as it is suspended.
  private let library: MicroHTTPD
  private let connection: OpaquePointer
  private let isSuspended = Atomic<Bool>(false)

  init(_ library: MicroHTTPD, _ connection: OpaquePointer) {
    self.library = library
    unsafe self.connection = connection
  }

  /// Puts the connection aside, on the thread that serves it.
  ///
  /// Whatever it is to wait for must be looked at once more afterwards: who called ``resume()`` before did nothing.
  func suspend() {
    unsafe library.functions.pointee.MHD_suspend_connection(connection)
    isSuspended.store(true, ordering: .sequentiallyConsistent)
  }

  /// Takes the connection up again, if it was put aside.
  func resume() {
    let (wasSuspended, _) = isSuspended.compareExchange(
      expected: true, desired: false, ordering: .sequentiallyConsistent)
    guard wasSuspended else { return }
    unsafe library.functions.pointee.MHD_resume_connection(connection)
  }
}
