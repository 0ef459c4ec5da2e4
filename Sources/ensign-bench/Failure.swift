internal import Glibc

/// Why a benchmark could not run: a sentence for the person who started it.
struct Failure: Error {
  let message: String

  init(_ message: String) {
    self.message = message
  }

  /// A call of the C library that failed, with the reason that `errno` gives.
  init(_ call: String, errno code: Int32) {
    message = "\(call): \(String(cString: strerror(code)))"
  }
}
