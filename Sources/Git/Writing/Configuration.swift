internal import CGit2

/// The settings that apply to a repository, as they were when this was made.
struct Configuration: ~Copyable {
  private let library: Library
  private let handle: Handle

  init(of repository: borrowing Repository) throws(GitError) {
    let pointer = unsafe repository.handle.pointer
    let handle = try unsafe Handle(
      "git_repository_config_snapshot", of: repository.library, freeingWith: git_config_free
    ) { unsafe git_repository_config_snapshot($0, pointer) }
    self.handle = handle
    library = repository.library
  }

  /// A setting's text, or nil when nobody set it.
  func text(_ name: String) throws(GitError) -> String? {
    var value: UnsafePointer<CChar>?
    let status = unsafe git_config_get_string(&value, handle.pointer, name)
    guard try isSet(status, "git_config_get_string") else { return nil }
    return unsafe value.map { unsafe String(cString: $0) }
  }

  /// A setting that is on or off; nil when nobody set it.
  func boolean(_ name: String) throws(GitError) -> Bool? {
    var value: Int32 = 0
    let status = unsafe git_config_get_bool(&value, handle.pointer, name)
    return try isSet(status, "git_config_get_bool") ? value != 0 : nil
  }

  /// A path, `~` in it expanded; nil when nobody set it.
  func path(_ name: String) throws(GitError) -> String? {
    var value = unsafe git_buf()
    defer { unsafe git_buf_dispose(&value) }
    let status = unsafe git_config_get_path(&value, handle.pointer, name)
    return try isSet(status, "git_config_get_path") ? unsafe String(cString: value.ptr) : nil
  }

  private func isSet(_ status: Int32, _ function: String) throws(GitError) -> Bool {
    if status == GIT_ENOTFOUND.rawValue { return false }
    guard status == 0 else { throw library.error(status, function) }
    return true
  }
}
