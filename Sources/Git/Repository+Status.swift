internal import CGit2

extension Repository {
  /// The files below a folder of the work tree that are not as `HEAD` has them: changed, added, removed, staged or not,
  /// or unknown to Git.
  ///
  /// What Git is told to ignore does not count, as with `git status`.
  ///
  /// - Parameter folder: as ``pathInWorkTree(of:)`` gives it; empty for the whole work tree.
  /// - Returns: paths from the top of the work tree, sorted; bytes that are not UTF-8 appear as U+FFFD.
  public func changedFiles(below folder: String) throws(GitError) -> [String] {
    let list = try unsafe Handle("git_status_list_new", of: library, freeingWith: git_status_list_free) {
      unsafe ensign_git2_status($0, handle.pointer, folder)
    }
    let files = unsafe (0..<git_status_list_entrycount(list.pointer)).compactMap { index -> String? in
      guard let entry = unsafe git_status_byindex(list.pointer, index) else { return nil }
      let delta = unsafe entry.pointee.index_to_workdir ?? entry.pointee.head_to_index
      return unsafe delta.flatMap { unsafe $0.pointee.new_file.path }.map { unsafe String(cString: $0) }
    }
    return files.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}
