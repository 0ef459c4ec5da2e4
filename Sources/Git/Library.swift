internal import CGit2

/// libgit2, once it is initialised.
///
/// That takes a third of a millisecond and happens at the first use of a repository; it is never undone, because libgit2
/// may be in use on other threads and the process ends anyway.
struct Library: Sendable {
  private static let shared: Result<Library, GitError> = initialize()

  private init() {}

  /// The library, initialised by the first caller.
  static func initialized() throws(GitError) -> Library { try shared.get() }

  private static func initialize() -> Result<Library, GitError> {
    let library = Library()
    let status = git_libgit2_init()
    guard status > 0 else { return .failure(library.error(status, "git_libgit2_init")) }
    // libgit2 hashes every object that it reads, which takes as long again; Git itself does not. `Repository` does it
    // where it is asked to. This option is one of the process, so it must be set before there are threads.
    let strict = ensign_git2_set_strict_hash_verification(0)
    guard strict == 0 else { return .failure(library.error(strict, "git_libgit2_opts")) }
    let extensions = ensign_git2_allow_extensions()
    guard extensions == 0 else { return .failure(library.error(extensions, "git_libgit2_opts")) }
    return .success(library)
  }

  /// libgit2's account of a call that has just failed on this thread.
  ///
  /// Its text is kept for each thread until the next call, so nothing may come between.
  func error(_ status: Int32, _ function: String) -> GitError {
    let last = unsafe git_error_last()
    let message = unsafe last.map { unsafe String(cString: $0.pointee.message) } ?? "\(function) failed with \(status)"
    let kind = unsafe last.map { unsafe Int32($0.pointee.klass) } ?? 0
    return GitError(.init(status: status, kind: kind), message, status: status, function: function)
  }
}

extension GitError.Code {
  /// The kind of a failure to read objects; callers that do other things know better.
  fileprivate init(status: Int32, kind: Int32) {
    let ofObjects = [GIT_ERROR_ODB, GIT_ERROR_OBJECT, GIT_ERROR_ZLIB, GIT_ERROR_TREE, GIT_ERROR_INVALID]
    switch status {
    case GIT_ENOTFOUND.rawValue: self = .missingObject
    case GIT_EMISMATCH.rawValue: self = .corruptObject
    case GIT_EOWNER.rawValue: self = .notOwned
    case _ where ofObjects.contains { $0.rawValue == UInt32(bitPattern: kind) }: self = .corruptObject
    default: self = .other
    }
  }
}

/// Owns one libgit2 object and frees it exactly once.
///
/// Not copyable, so there is no second owner; not `Sendable`, because libgit2's objects may be used by one thread at a
/// time.
@safe struct Handle: ~Copyable {
  let pointer: OpaquePointer
  private let free: @convention(c) (OpaquePointer?) -> Void

  /// Takes over what `make` stores, unless it returns a negative status: then throws what `explain` makes of that.
  init(
    _ function: String, of library: Library, freeingWith free: @escaping @convention(c) (OpaquePointer?) -> Void,
    explainingWith explain: (GitError) -> GitError = { $0 },
    making make: (UnsafeMutablePointer<OpaquePointer?>) -> Int32
  ) throws(GitError) {
    var out: OpaquePointer?
    let status = unsafe make(&out)
    guard status >= 0, let out = unsafe out else { throw explain(library.error(status, function)) }
    unsafe pointer = out
    unsafe self.free = free
  }

  deinit { unsafe free(pointer) }
}
